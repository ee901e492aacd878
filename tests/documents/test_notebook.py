"""The cells of a notebook come out as text that maps back to the file."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mi_lint.documents.notebook import cells

_LINES = st.lists(st.text(st.characters(blacklist_categories=["Cs"]), max_size=20), max_size=5)


def notebook(*parts: dict[str, Any]) -> str:
    return json.dumps({"cells": list(parts), "metadata": {"source": "x", "text": "y"}, "nbformat": 4}, indent=1)


def read(text: str) -> list[tuple[str, str]]:
    return [(cell.kind, cell.view.text) for cell in cells(text)]


def test_cells_in_order_with_their_kinds() -> None:
    text = notebook(
        {"cell_type": "markdown", "metadata": {"source": "no"}, "source": ["# T\n", "text"]},
        {"source": "import os\n%pip install x\n!ls", "cell_type": "code", "outputs": []},
        {"cell_type": "raw", "source": "raw"},
        {"cell_type": "code", "source": []},
    )
    assert read(text) == [
        ("markdown", "# T\ntext"),
        ("code", "import os\n%pip install x\n!ls"),
        ("markdown", "raw"),
    ]


def test_outputs_are_cells() -> None:
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["a\n", "b"]},
        {"output_type": "execute_result", "data": {"text/plain": "p", "text/html": ["<b>", "</b>"], "image/png": "x"}},
        {"output_type": "error", "ename": "E", "evalue": "bad", "traceback": ["one", "two"]},
    ]
    text = notebook({"cell_type": "code", "source": "c", "outputs": outputs})
    assert read(text) == [
        ("code", "c"),
        ("output", "a\nb"),
        ("output", "p"),
        ("output", "<b></b>"),
        ("output", "bad"),
        ("output", "one\ntwo"),
    ]


def test_notebooks_of_the_third_format() -> None:
    cell = {"cell_type": "code", "input": ["x = 1\n", "y"], "outputs": [{"text": ["o"]}]}
    assert read(json.dumps({"worksheets": [{"cells": [cell]}]})) == [("code", "x = 1\ny"), ("output", "o")]


def test_text_maps_to_the_file() -> None:
    text = notebook({"cell_type": "code", "source": ['k = "a\\n"\n', "é"]})
    (cell,) = cells(text)
    start = cell.view.text.index("a\\n")
    (span,) = cell.view.spans(start, start + 3)
    assert text[span.start : span.end] == r"a\\n"
    assert [text[span.start : span.end] for span in cell.view.spans(len(cell.view) - 1, len(cell.view))] == [r"\u00e9"]


def test_a_broken_notebook_gives_what_can_be_read() -> None:
    text = notebook({"cell_type": "markdown", "source": "m"}, {"cell_type": "code", "source": ["a", "b"]})
    assert read(text[: text.index('"b"')]) == [("markdown", "m"), ("code", "a")]
    assert read("no notebook") == []


@given(st.lists(_LINES, max_size=4), st.booleans())
def test_every_source_comes_back(sources: list[list[str]], ascii_only: bool) -> None:
    parts = [{"cell_type": "code", "source": lines} for lines in sources]
    text = json.dumps({"cells": parts}, ensure_ascii=ascii_only)
    assert read(text) == [("code", "".join(lines)) for lines in sources if any(lines)]
