"""A notebook is analysed as one module, and edits of it change lines of the JSON and nothing else."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.documents.cell_code import plain_code
from mi_lint.edits import TextEdit, apply, place_of
from mi_lint.notebook import NotebookFile, read_notebook, stored_edits
from mi_lint.textfile import Span


def code(source: str | list[str]) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


def notebook(*cells: dict[str, Any], **style: Any) -> bytes:
    whole = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(whole, **{"indent": 1, "ensure_ascii": False, **style}).encode()


def read(data: bytes) -> NotebookFile:
    file = read_notebook("n.ipynb", data)
    assert file is not None
    return file


def change(data: bytes, old: str, new: str) -> str:
    """The notebook's text after `old` became `new` in its module."""
    file = read(data)
    start = file.text.index(old)
    return apply(file.stored.text, stored_edits(file, [TextEdit(Span(start, start + len(old)), new)]))


def test_cells_are_one_module_on_the_lines_of_the_file() -> None:
    data = notebook(code(["import os\n", "a = 1"]), {"cell_type": "markdown", "source": "text"}, code(["b = a\n"]))
    file = read(data)
    assert file.text.split() == ["import", "os", "a", "=", "1", "b", "=", "a"]
    for piece in ("import os", "a = 1", "b = a"):
        start = file.text.index(piece)
        place = place_of(file, Span(start, start + len(piece)))
        assert data[place.start : place.end].decode() == piece
        assert data.decode().splitlines()[place.line - 1][place.column - 1 :].startswith(piece)
        assert file.line_column(start)[0] == place.line


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("%pip install x\nimport a", "0#############\nimport a"),
        ("if a:\n    !ls -l\n    b()", "if a:\n    0#####\n    b()"),
        ("x = !ls\ny = 1", "x = []#\ny = 1"),
        ("%%time\nx = 1", "0#####\nx = 1"),
        ("!a \\\n  b\nc", "0###\n###\nc"),
        ("x?", "0#"),
        ("x = 5 %y", "x = 5 %y"),
        ("await f()", "await f()"),
        ('a = """\n%b\n"""', 'a = """\n%b\n"""'),
    ],
)
def test_commands_stand_aside(source: str, module: str) -> None:
    found = plain_code(source)
    assert found is not None
    assert found[0] == module


@pytest.mark.parametrize("source", ["%%bash\nls", "%%sql\nselect 1", "this is no Python", "def f(:"])
def test_cells_of_other_languages_are_left_alone(source: str) -> None:
    assert plain_code(source) is None


def test_other_kernels_are_left_alone() -> None:
    for key, value in (("kernelspec", {"name": "ir", "language": "R"}), ("language_info", {"name": "julia"})):
        whole = {"cells": [code("x")], "metadata": {key: value}, "nbformat": 4, "nbformat_minor": 4}
        assert read_notebook("n.ipynb", json.dumps(whole).encode()) is None
    assert read_notebook("n.ipynb", b"{") is None
    assert read_notebook("n.ipynb", b'"cells"') is None


def test_a_changed_line_is_one_string() -> None:
    old = notebook(code(["import os\n", "# é\n", 'a = "x"']), code(["b"])).decode()
    assert change(old.encode(), 'a = "x"', 'a = "y"\nc = 1') == old.replace(
        '    "a = \\"x\\""', '    "a = \\"y\\"\\n",\n    "c = 1"'
    )
    assert change(old.encode(), "import os\n", "") == old.replace('    "import os\\n",\n', "")


def test_an_emptied_cell_stays_as_a_cell() -> None:
    old = notebook(code(["import os"]), code(["b"])).decode()
    assert change(old.encode(), "import os\n", "") == old.replace('[\n    "import os"\n   ]', "[]")


@pytest.mark.parametrize("style", [{}, {"indent": None}, {"indent": "\t"}, {"indent": None, "separators": (",", ":")}])
@pytest.mark.parametrize("source", [["a = 1\n", "b = 'é'\n", "c"], "a = 1\nb = 'é'\nc"])
def test_every_layout(style: dict[str, Any], source: str | list[str]) -> None:
    for ascii_only in (True, False):
        data = notebook(code(source), ensure_ascii=ascii_only, **style)
        new = change(data, "b = 'é'\n", "b = 'ü'\nd = 2\n")
        found = nbformat.reads(new, as_version=4)
        assert found.cells[0].source == "a = 1\nb = 'ü'\nd = 2\nc"
        whole = json.loads(data)
        lines = ["a = 1\n", "b = 'ü'\n", "d = 2\n", "c"]
        whole["cells"][0]["source"] = lines if isinstance(source, list) else "".join(lines)
        assert new == json.dumps(whole, **{"indent": 1, **style}, ensure_ascii=ascii_only)


def test_windows_line_ends_and_a_byte_order_mark_stay() -> None:
    data = b"\xef\xbb\xbf" + notebook(code(["a = 1\n", "b"])).replace(b"\n", b"\r\n")
    file = read(data)
    edits = stored_edits(file, [TextEdit(Span(file.text.index("b"), file.text.index("b") + 1), "c\nd")])
    new = file.stored.encode(apply(file.stored.text, edits))
    assert new == data.replace(b'    "b"', b'    "c\\n",\r\n    "d"')


def test_edits_that_the_file_cannot_hold_are_refused() -> None:
    data = notebook(code(["%pip install x\n", "a"]), code(["b"]))
    with pytest.raises(ValueError, match="command of the notebook"):
        change(data, "0###", "")
    file = read(data)
    both = Span(file.text.index("a"), file.text.index("b") + 1)
    with pytest.raises(ValueError, match="more than one cell"):
        stored_edits(file, [TextEdit(both, "c")])
    with pytest.raises(ValueError, match="strings of their own"):
        change(notebook(code(["a", "b = 1\n"])), "ab = 1", "c")


_LINE = st.sampled_from(["a = 1", "# é", "", "b = 'x\\\\y'", 'c = "q"', "%time", "d = (1,", "2)", "\u2028 = 3", "😀"])
_SOURCE = st.lists(_LINE, max_size=5).map("\n".join)
_STYLE = st.fixed_dictionaries({"indent": st.sampled_from([None, 1, 2, "\t"]), "ensure_ascii": st.booleans()})


@given(st.lists(st.tuples(_SOURCE, st.booleans()), min_size=1, max_size=4), _STYLE, st.data())
def test_any_edit_gives_the_notebook_with_that_text(
    sources: list[tuple[str, bool]], style: dict[str, Any], data: st.DataObject
) -> None:
    whole = notebook(*(code(s.splitlines(True) if listed else s) for s, listed in sources), **style)
    file = read_notebook("n.ipynb", whole)
    if file is None:
        return
    cell = data.draw(st.sampled_from(file.cells))
    start = data.draw(st.integers(cell.start, cell.end - 1))
    end = data.draw(st.integers(start, cell.end - 1))
    edit = TextEdit(Span(start, end), data.draw(st.sampled_from(["", "x", "y\n", 'é"\\', "\n\n"])))
    try:
        edits = stored_edits(file, [edit])
    except ValueError as error:
        assert "command of the notebook" in str(error)  # noqa: PT017
        return
    texts = ["".join(c["source"]) for c in json.loads(whole)["cells"]]
    index = [i for i, text in enumerate(texts) if text and plain_code(text)][file.cells.index(cell)]
    low, high = start - cell.start, min(end - cell.start, len(texts[index]))
    texts[index] = texts[index][:low] + edit.text + texts[index][high:]
    new = json.loads(apply(file.stored.text, edits))
    assert ["".join(c["source"]) for c in new["cells"]] == texts
