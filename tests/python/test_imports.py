"""Imports before and after: tables of what people write, and what must hold for any file."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.edits import apply
from mi_lint.python.imports import plan_import, remove_import_name

DAC = "DefaultAzureCredential"


def nobody(name: str) -> bool:
    return False


def plan(text: str, module: str, name: str, near: str | None, taken: Callable[[str], bool] = nobody) -> tuple[str, str]:
    """Local name and new text; `near` is part of the source of an import statement."""
    tree = ast.parse(text)
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom) and near is not None and near in ast.unparse(node)
    ]
    local, edit = plan_import(text, tree, module, name, found[0] if found else None, taken)
    return local, apply(text, [edit] if edit is not None else [])


# before, after; `near` is the first import of "sdk", the request is `from azure.identity import DefaultAzureCredential`
ADDED = {
    "sorted, after": ("from azure.core import x\nfrom azure.sdk import S\n", "@@I\n", 1),
    "sorted, before near": ("import os\nfrom azure.sdk import S\n", "", 1),
    "sorted, last": ("from a import b\nfrom azure.a_sdk import S\n", "", 2),
    "after future": ("from __future__ import annotations\nfrom azure.sdk import S\n", "", 1),
    "after future and blank": ("from __future__ import annotations\n\nfrom azure.sdk import S\n", "", 2),
    "unsorted, family": ("from z import y\nfrom azure.a_sdk import S\nfrom b import c\n", "", 2),
    "plain near": ("import os\nimport azure.sdk\n", "", 2),
    "plain near, froms below": ("import azure.sdk\nfrom aaa import b\n", "", 2),
    "other runs are left alone": ("from azure.a import b\n\nfrom azure.sdk import S\n", "", 2),
    "multi-line neighbours": ("from azure.a_sdk import (\n    S,\n    T,\n)\nx = 1\n", "", 4),
    "relative imports stay last": ("from azure.a_sdk import S\nfrom .config import c\n", "", 1),
    "comment behind": ("from azure.a_sdk import S  # noqa\nx = 1\n", "", 1),
    "comment above": ("import os\n# about sdk\nfrom azure.a_sdk import S\n", "", 3),
    "semicolon": ("import os; from azure.sdk import S\nx = 1\n", "", 1),
    "semicolon behind": ("import a\nfrom azure.sdk import S; x = 1\ny = 2\n", "", 1),
    "shebang, coding, docstring": (
        '#!/usr/bin/env python\n# coding: utf-8\n"""Doc."""\n\nfrom azure.sdk import S\n',
        "",
        4,
    ),
    "no line feed at the end": ("from azure.a_sdk import S", "", 1),
    "near in a later block": ("import os\n\nx = 1\n\nfrom azure.sdk import S\n", "", 4),
}


@pytest.mark.parametrize("case", ADDED.values(), ids=ADDED.keys())
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_added(case: tuple[str, str, int], newline: str) -> None:
    before, _, line = case
    rows = before.removesuffix("\n").split("\n")
    rows.insert(line, f"from azure.identity import {DAC}")
    expected = newline.join(rows) + (newline if before.endswith("\n") else "")
    if before.count("\n") == 0:
        expected = expected.replace("\r\n", "\n")  # a file of one line has no line ending to follow
    assert plan(before.replace("\n", newline), "azure.identity", DAC, "sdk") == (DAC, expected)


INDENTED = {
    "function": "def f():\n    from azure.a_sdk import S\n@    return S\n",
    "function, sorted": "def f():\n@    from azure.sdk import S\n    return S\n",
    "try": "try:\n    from azure.a_sdk import S\n@except ImportError:\n    S = None\n",
    "if": "if x:\n\tfrom azure.a_sdk import S\n@",
    "else": "if TYPE_CHECKING:\n    pass\nelse:\n    from azure.a_sdk import S\n@",
    "method": "class A:\n    def f(self):\n@        from azure.sdk import S\n",
    "one line falls back": "import os\n@def f():\n    if x: from azure.sdk import S\n",
    "type checking falls back": "import os\n@if TYPE_CHECKING:\n    from azure.sdk import S\n",
    "docstring only": '"""Doc."""\n!@def f(): from azure.sdk import S\n',
    "future only": "from __future__ import annotations\n!@def f(): from azure.sdk import S\n",
    "nothing at the top": "# about\n@def f(): from azure.sdk import S\n",
    "decorator": "@@g\ndef f(): from azure.sdk import S\n",
}


@pytest.mark.parametrize("case", INDENTED.values(), ids=INDENTED.keys())
def test_added_inside(case: str) -> None:
    before = case.replace("!", "").replace("@", "", 1)
    near = next(row for row in before.split("\n") if "sdk" in row)
    indent = near[: len(near) - len(near.lstrip())] if near.lstrip().startswith("from") else ""
    if "TYPE_CHECKING:\n    from" in before:
        indent = ""
    expected = case.replace("!", "\n").replace("@", f"{indent}from azure.identity import {DAC}\n", 1)
    assert plan(before, "azure.identity", DAC, "sdk") == (DAC, expected)


EXTENDED = [
    ("from m import A, C", "from m import A, B, C"),
    ("from m import A", "from m import A, B"),
    ("from m import C", "from m import B, C"),
    ("from m import A as a, C as c  # why", "from m import A as a, B, C as c  # why"),
    ("from m import (A, C)", "from m import (A, B, C)"),
    ("from m import (\n    A, C\n)", "from m import (\n    A, B, C\n)"),
    ("from m import (\n    A,  # a\n    C,  # c\n)", "from m import (\n    A,  # a\n    B,\n    C,  # c\n)"),
    ("from m import (\n    A,\n    # about C\n    C,\n)", "from m import (\n    A,\n    B,\n    # about C\n    C,\n)"),
    ("from m import (\n    A,\n    AA  # aa\n)", "from m import (\n    A,\n    AA,  # aa\n    B\n)"),
    ("from m import (\n    A,\n)", "from m import (\n    A,\n    B,\n)"),
    ("from m import (  # type: ignore\n    C,\n)", "from m import (  # type: ignore\n    B,\n    C,\n)"),
    ("from m import A, \\\n    C", "from m import A, B, C"),
    ("from m import \\\n    A", "from m import \\\n    A, B"),
    ("from m import Z, A", "from m import Z, A, B"),
    ("from m import a, Z, c", "from m import a, Z, c, B"),
    ("from m import a, C, d", "from m import a, B, C, d"),
    ("from m import X_Y, A, C, f", "from m import X_Y, A, B, C, f"),
    ("from m import A; x = 1", "from m import A, B; x = 1"),
]


@pytest.mark.parametrize(("before", "after"), EXTENDED)
@pytest.mark.parametrize(
    "frame", ["{}\nimport sdk\n", "import sdk\n{}\n", "import sdk\r\n{}\r\n", "ä = 'ö'; {}\nimport sdk"]
)
def test_extended(before: str, after: str, frame: str) -> None:
    newline = "\r\n" if "\r\n" in frame else "\n"
    text, expected = (frame.format(part.replace("\n", newline)) for part in (before, after))
    assert plan(text, "m", "B", "import sdk") == ("B", expected)


def test_extended_inside_a_function() -> None:
    text = "def f():\n    import sdk\n    from m import A\n"
    assert plan(text, "m", "B", "sdk") == ("B", text.replace("import A", "import A, B"))
    text = "from m import A\ndef f():\n    import sdk\n"
    assert plan(text, "m", "B", "sdk") == ("B", text.replace("import A", "import A, B"))


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("import sdk\nfrom m import B\n", "B"),
        ("from m import A, B as b\nimport sdk\n", "b"),
        ("from m import B\ndef f():\n    import sdk\n", "B"),
        ("def f():\n    import sdk\nfrom m import B\n", "B"),
        ("def f():\n    from m import B as b\n    def g():\n        import sdk\n", "b"),
        ("try:\n    from m import B\n    import sdk\nexcept ImportError:\n    raise\n", "B"),
        ("import sdk\nx = 1\nfrom m import B\n", "B"),
    ],
)
def test_already_there(text: str, local: str) -> None:
    assert plan(text, "m", "B", "sdk") == (local, text)


@pytest.mark.parametrize(
    "text",
    [
        "def g():\n    from m import B\ndef f():\n    import sdk\n",
        "class A:\n    from m import B\n    def f(self):\n        import sdk\n",
        "import sdk\nx = sdk.y()\nfrom m import B\n",
        "if TYPE_CHECKING:\n    from m import B\nimport sdk\n",
        "import sdk\nfrom .m import B\n",
        "import sdk\nfrom m import *\n",
        "from m import B\nfrom n import B\nimport sdk\n",
    ],
)
def test_not_visible(text: str) -> None:
    assert plan(text, "m", "B", "sdk")[1] != text


@pytest.mark.parametrize(
    ("module", "name", "taken", "local"),
    [
        ("azure.identity.aio", DAC, {DAC}, f"Async{DAC}"),
        ("azure.identity", DAC, {DAC}, f"Sync{DAC}"),
        ("azure.identity", DAC, {DAC, f"Sync{DAC}"}, f"Sync{DAC}2"),
        ("azure.identity.aio", "get_token", {"get_token"}, "async_get_token"),
    ],
)
def test_taken(module: str, name: str, taken: set[str], local: str) -> None:
    text = f"from azure.identity import {name}\nfrom azure.sdk import S\n"
    if module == "azure.identity":
        text = f"from other import {name}\nfrom zzz.sdk import S\n"
    found, after = plan(text, module, name, "sdk", taken.__contains__)
    assert found == local
    assert f"\nfrom {module} import {name} as {local}\n" in f"\n{after}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import sdk\n", "@\n\nimport sdk\n"),
        ("import json\nimport sys\nimport sdk\n", "import json\n@\nimport sys\nimport sdk\n"),
        ("import json\n\nimport sdk\n", "import json\n@\n\nimport sdk\n"),
        ("import sys\nimport json\nimport sdk\n", "import sys\nimport json\n@\nimport sdk\n"),
        ("from pathlib import Path\n\nimport sdk\n", "@\nfrom pathlib import Path\n\nimport sdk\n"),
        ("import sdk\nx = 1\nimport zlib\n", "@\n\nimport sdk\nx = 1\nimport zlib\n"),
        (
            '"""Doc."""\nfrom __future__ import x\n\nimport sdk\n',
            '"""Doc."""\nfrom __future__ import x\n\n@\n\nimport sdk\n',
        ),
        ("def f():\n    import sdk\n", "def f():\n    @\n    import sdk\n"),
        ("import os.path\nimport sdk\n", "@\nimport os.path\nimport sdk\n"),
        ("import os as o\nimport sdk\n", None),
        ("import sdk, os\n", None),
    ],
)
def test_plain(before: str, after: str | None) -> None:
    after = after.replace("@", "import os") if after is not None else before
    before = before.replace("__future__ import x", "__future__ import annotations")
    after = after.replace("__future__ import x", "__future__ import annotations")
    assert plan(before, "os", "", "sdk")[1] == after


def removed(text: str, name: str) -> str:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                if alias.name == name:
                    return apply(text, [remove_import_name(text, node, alias)])
    raise AssertionError(name)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import B\nx\n", "x\n"),
        ("import B  # why\nx\n", "x\n"),
        ("# above\nimport B\n# below\nx\n", "# above\n# below\nx\n"),
        ("from m import (\n    B,\n)\nx\n", "x\n"),
        ("from m import \\\n    B\nx\n", "x\n"),
        ("import B", ""),
        ("import B;\nx\n", "x\n"),
        ("import B; x\n", "x\n"),
        ("x; import B\n", "x\n"),
        ("x; import B; y  # z\n", "x; y  # z\n"),
        ("try:\n    import B\nexcept E:\n    y\n", "try:\n    pass\nexcept E:\n    y\n"),
        ("if x: import B\n", "if x: pass\n"),
        ("if x: import B; y\n", "if x: y\n"),
        ("if x:\n    import B\n    y\n", "if x:\n    y\n"),
        ("import A, B\n", "import A\n"),
        ("import B, C\n", "import C\n"),
        ("from m import A, B as b, C  # why\n", "from m import A, C  # why\n"),
        ("from m import A, \\\n    B\n", "from m import A\n"),
        ("from m import B, \\\n    A\n", "from m import A\n"),
        ("from m import (A, B)\n", "from m import (A)\n"),
        ("from m import (\n    A,\n    B,\n)\n", "from m import (\n    A,\n)\n"),
        ("from m import (\n    A,  # a\n    B,  # b\n)\n", "from m import (\n    A,  # a\n)\n"),
        ("from m import (\n    B,  # b\n    # about C\n    C\n)\n", "from m import (\n    # about C\n    C\n)\n"),
        ("from m import (A,\n               B,\n               C)\n", "from m import (A,\n               C)\n"),
        ("from m import (B,\n               C)\n", "from m import (C)\n"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_removed(before: str, after: str, newline: str) -> None:
    assert removed(before.replace("\n", newline), "B") == after.replace("\n", newline)


NAMES = st.sampled_from(["A", "Ab", "C", "D", "a", "c", "X_Y"])
FORMS = st.sampled_from(
    ["{0}", "({0})", "(\n    {1},\n)", "(\n    {1}\n)", "(  # why\n    {1},  # last\n)", "\\\n    {0}", "({1})"]
)
OTHERS = st.sampled_from(
    [
        "import os",
        "from b import other",
        "from z import y",
        "x = 1",
        "",
        "# note",
        "import json; y = 2",
        "try:\n    import q\nexcept E:\n    pass",
    ]
)


@st.composite
def files(draw: st.DrawFn) -> str:
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    statement = f"from m import {draw(FORMS).format(', '.join(names), f',{chr(10)}    '.join(names))}"
    rows = [*draw(st.lists(OTHERS, max_size=3)), *draw(st.sampled_from([[], [statement]])), "import sdk"]
    text = "\n".join([*draw(st.permutations(rows)), ""])
    if draw(st.booleans()):
        text = f"import zlib\ndef f():\n{textwrap.indent(text, '    ')}    return 'ä'\n"
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


def imported(text: str) -> list[str]:
    nodes = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.ImportFrom) and n.module == "m"]
    return sorted(alias.name for node in nodes for alias in node.names)


@given(files())
def test_any_file(text: str) -> None:
    local, after = plan(text, "m", "B", "sdk")
    assert local == "B"
    assert imported(after) == sorted([*imported(text), "B"])
    assert plan(after, "m", "B", "sdk") == ("B", after)
    assert after.count("#") == text.count("#")
    if "\r\n" in text:
        assert after.count("\r\n") == after.count("\n")
    again = removed(after, "B")
    assert imported(again) == imported(text)
    assert ast.dump(ast.parse(again)) == ast.dump(ast.parse(text))


@given(files(), st.data())
def test_any_removal(text: str, data: st.DataObject) -> None:
    if not imported(text):
        return
    name = data.draw(st.sampled_from(imported(text)))
    after = removed(text, name)
    assert imported(after) == sorted(set(imported(text)) - {name})
