"""Calls before and after: a table of layouts, and what must hold for any call."""

from __future__ import annotations

import ast
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mi_lint.python.call import Argument, rewrite_call


def keep(index: int, name: str | None = None) -> Argument:
    return Argument(index, name, None)


def put(index: int, text: str, name: str | None = None) -> Argument:
    return Argument(index, name, text)


def add(text: str, name: str | None = "credential") -> Argument:
    return Argument(None, name, text)


STACKED = "f(\n    a,  # about a\n    # above b\n    b,  # about b\n    c,  # about c\n)"
LAST_BARE = "f(\n    a,  # about a\n    b  # about b\n)"

CASES = {
    "nothing changes": ("f( a , b )", None, [keep(0), keep(1)], "f( a , b )"),
    "callee": ("m.C.from_x(a)", "m.C", [keep(0)], "m.C(a)"),
    "callee on lines of its own": ("C\n    .from_x(\n        a\n    )", "C", [keep(0)], "C(\n        a\n    )"),
    "callee kept on its lines": ("C\n    .from_x(a)", None, [keep(0), add("c")], "C\n    .from_x(a, credential=c)"),
    "append": ("f(a)", None, [keep(0), add("c")], "f(a, credential=c)"),
    "append positional": ("f(a)", None, [keep(0), add("c", None)], "f(a, c)"),
    "append to nothing": ("f()", None, [add("c"), add("d", "e")], "f(credential=c, e=d)"),
    "append to an empty line": ("f(\n)", None, [add("c")], "f(credential=c)"),
    "append to a comment": ("f(\n    # hm\n)", None, [add("c")], "f(\n    # hm\n    credential=c\n)"),
    "append with trailing comma": ("f(a, b,)", None, [keep(0), keep(1), add("c")], "f(a, b, credential=c,)"),
    "append in lines": (
        "f(\n    a,\n    b,\n)",
        None,
        [keep(0), keep(1), add("c")],
        "f(\n    a,\n    b,\n    credential=c,\n)",
    ),
    "append in lines without trailing comma": (
        LAST_BARE,
        None,
        [keep(0), keep(1), add("c")],
        "f(\n    a,  # about a\n    b,  # about b\n    credential=c\n)",
    ),
    "append in aligned lines": ("f(a,\n  b)", None, [keep(0), keep(1), add("c")], "f(a,\n  b,\n  credential=c)"),
    "append in a filled line": (
        "f(\n    a, b,\n    c, d\n)",
        None,
        [keep(0), keep(1), keep(2), keep(3), add("e")],
        "f(\n    a, b,\n    c, d, credential=e\n)",
    ),
    "append to one on its line": ("f(\n    a\n)", None, [keep(0), add("c")], "f(\n    a, credential=c\n)"),
    "append to one with comma": ("f(\n    a,\n)", None, [keep(0), add("c")], "f(\n    a,\n    credential=c,\n)"),
    "append to a long one": (
        f"f(\n    {'a' * 70}\n)",
        None,
        [keep(0), add("c" * 10)],
        f"f(\n    {'a' * 70},\n    credential={'c' * 10}\n)",
    ),
    "append after a bare comment": (
        "f(a  # about a\n)",
        None,
        [keep(0), add("c")],
        "f(a,  # about a\n    credential=c\n)",
    ),
    "append where commas lead": (
        "f(\n    a  # about a\n    , b  # about b\n)",
        None,
        [keep(0), keep(1), add("c")],
        "f(\n    a  # about a\n    , b  # about b\n    , credential=c\n)",
    ),
    "append before **": ("f(a, **kw)", None, [keep(0), keep(1), add("c")], "f(a, credential=c, **kw)"),
    "append before a lone **": ("f(**kw)", None, [keep(0), add("c")], "f(credential=c, **kw)"),
    "append before ** in lines": (
        "f(\n    a,\n    **kw,  # rest\n)",
        None,
        [keep(0), keep(1), add("c")],
        "f(\n    a,\n    credential=c,\n    **kw,  # rest\n)",
    ),
    "append after *": ("f(*a)", None, [keep(0), add("c")], "f(*a, credential=c)"),
    "append to a generator": ("f(x for x in y)", None, [keep(0), add("c")], "f((x for x in y), credential=c)"),
    "a lone generator": ("f(x for x in y)", "g", [keep(0)], "g(x for x in y)"),
    "a walrus gets a name": ("f(a := 1)", None, [keep(0, "url")], "f(url=(a := 1))"),
    "drop first": ("f(a, b)", None, [keep(1)], "f(b)"),
    "drop last": ("f(a, b)", None, [keep(0)], "f(a)"),
    "drop last, trailing comma": ("f(a, b,)", None, [keep(0)], "f(a,)"),
    "drop middle": ("f(a, b,  c)", None, [keep(0), keep(2)], "f(a, c)"),
    "drop only": ("f(a)", None, [], "f()"),
    "drop all in lines": ("f(\n    a,\n    b,  # about b\n)", None, [], "f()"),
    "drop all but comments": ("f(  # x\n    # y\n    a,\n)", None, [], "f(  # x\n    # y\n)"),
    "drop first in lines": (
        STACKED,
        None,
        [keep(1), keep(2)],
        "f(\n    # above b\n    b,  # about b\n    c,  # about c\n)",
    ),
    "drop middle in lines": (
        STACKED,
        None,
        [keep(0), keep(2)],
        "f(\n    a,  # about a\n    # above b\n    c,  # about c\n)",
    ),
    "drop last in lines": (
        STACKED,
        None,
        [keep(0), keep(1)],
        "f(\n    a,  # about a\n    # above b\n    b,  # about b\n)",
    ),
    "drop last, bare": (LAST_BARE, None, [keep(0)], "f(\n    a  # about a\n)"),
    "drop first of aligned": ("f(a,\n  b)", None, [keep(1)], "f(b)"),
    "drop first of a line": ("f(\n    a,\n    b, c,\n)", None, [keep(0), keep(2)], "f(\n    a,\n    c,\n)"),
    "drop before **": ("f(a, b=1, **kw)", None, [keep(0), keep(2)], "f(a, **kw)"),
    "replace": ("f(a, b=1)", None, [keep(0), put(1, "2", "b")], "f(a, b=2)"),
    "replace and rename": ("f(a, b = 1 )", None, [keep(0), put(1, "2", "c")], "f(a, c = 2 )"),
    "replace in lines": (
        LAST_BARE,
        None,
        [put(0, "x", "url"), put(1, "y", "credential")],
        "f(\n    url=x,  # about a\n    credential=y  # about b\n)",
    ),
    "replace under a star": ("f(*a, **b)", None, [put(0, "x"), put(1, "y")], "f(*x, **y)"),
    "becomes a keyword": ("f(a, b)", None, [keep(0), keep(1, "name")], "f(a, name=b)"),
    "becomes positional": ("f(a=1)", None, [keep(0)], "f(1)"),
    "new order": ("f(a, b)", None, [keep(1), keep(0)], "f(b, a)"),
    "new first": ("f(a, b)", None, [add("x", None), keep(0), keep(1)], "f(x, a, b)"),
    "new first in lines": (
        "f(\n    # above a\n    a,\n    b,\n)",
        None,
        [add("x", None), keep(0), keep(1)],
        "f(\n    x,\n    # above a\n    a,\n    b,\n)",
    ),
    "drop and append in lines": (
        "f(\n    a,\n    # above b\n    b,  # about b\n)",
        None,
        [keep(0), add("c")],
        "f(\n    a,\n    # above b\n    credential=c,\n)",
    ),
    "value over lines": ("f({\n    1: 2,\n})", None, [keep(0), add("c")], "f({\n    1: 2,\n}, credential=c)"),
    "strings over lines": ("f(a)", None, [put(0, '"x"\n  "y"')], 'f("x"\n  "y")'),
    "tuple": ("f(a)", None, [put(0, "1, 2")], "f((1, 2))"),
    "f-string, comma and parenthesis in strings": (
        'f(f"{a!r:>{w}}, )", ") # no", x)',
        None,
        [keep(0), keep(1)],
        'f(f"{a!r:>{w}}, )", ") # no")',
    ),
    "nested": ("f(g(a, b), c[1, 2])", None, [keep(0)], "f(g(a, b))"),
    "parentheses of an argument": ("f(( a ), (b))", None, [keep(1), add("c")], "f((b), credential=c)"),
    "continuation": ("f(a, \\\n  b)", None, [keep(0), add("c")], "f(a, credential=c)"),
    "await": ("f(await a)", None, [keep(0), add("c")], "f(await a, credential=c)"),
    "white space before the parenthesis": ("f (a)", "g", [keep(0)], "g (a)"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_table(case: tuple[str, str | None, list[Argument], str], newline: str) -> None:
    source, function, arguments, expected = (
        part.replace("\n", newline) if isinstance(part, str) else part for part in case
    )
    result = rewrite_call(source, function, arguments)
    if newline not in source:  # a call on one line does not know its file's line ending
        result = re.sub(r"\r\n|\r|\n", newline, result)
    assert result == expected


@pytest.mark.parametrize(
    ("source", "arguments"),
    [
        ("a + b", []),
        ("(f)", []),
        ("(f(a))", [keep(0)]),
        ("f(a", []),
        ("", []),
        ("f(a)", [put(0, "x  # y")]),
        ("f(a)", [put(0, " ")]),
        ("f(a)", [put(0, "x = 1")]),
        ("f(a)", [put(0, "x) + (y")]),
        ("f(a)", [Argument(None, "b", None)]),
        ("f(a)", [keep(0, "b"), add("c", None)]),
        ("f(a)", [keep(0, "not a name")]),
    ],
)
def test_refuses(source: str, arguments: list[Argument]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        rewrite_call(source, None, arguments)


def test_a_wide_stand_in_is_measured_as_told() -> None:
    wide = "STAND_IN_" * 12
    source = "f(\n    a\n)"
    assert rewrite_call(source, None, [keep(0), add(wide)]).count("\n") == 3
    assert rewrite_call(source, None, [keep(0), add(wide)], lambda text: 1).count("\n") == 2


VALUES = st.sampled_from(
    [
        "a",
        "1",
        '"x, y"',
        "g(1, 2)",
        "(p)",
        "[1,\n 2]",
        'f"{q!r}, )"',
        "lambda z: z",
        "x if y else z",
        "{**d}",
        '"""l\nm"""',
    ]
)
SPACE = st.sampled_from(["", " ", "\n    ", "  # note\n  ", "\n    # above, )\n    ", " \\\n ", "\n\n  "])


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, list[str], list[str]]:
    """Source, text of each argument, and the comments."""
    count = draw(st.integers(0, 5))
    values = draw(st.lists(VALUES, min_size=count, max_size=count))
    positional = draw(st.integers(0, count))
    texts = [v if i < positional else f"k{i}={v}" for i, v in enumerate(values)]
    if draw(st.booleans()):
        texts.append("**kw")
    out = ["m.f(", draw(SPACE)]
    for number, text in enumerate(texts):
        last = number == len(texts) - 1
        comma = "," if not last or draw(st.booleans()) else ""
        out += [text, draw(SPACE), comma, draw(SPACE)]
    source = "".join([*out, ")"])
    return source, texts, re.findall(r"# above, \)", source)


@given(calls(), st.data())
def test_any_call(call: tuple[str, list[str], list[str]], data: st.DataObject) -> None:
    source, texts, above = call
    if data.draw(st.booleans()):
        source, texts = source.replace("\n", "\r\n"), [text.replace("\n", "\r\n") for text in texts]
    keeps = [data.draw(st.booleans()) for _ in texts]
    names = [text.split("=")[0] if re.match(r"k\d=", text) else None for text in texts]
    kept = [index for index, yes in enumerate(keeps) if yes]
    new = [Argument(None, f"n{i}", "h(1)") for i in range(data.draw(st.integers(0, 2)))]
    result = rewrite_call(source, "C", [*(keep(i, names[i]) for i in kept), *new])

    node = ast.parse(f"({result}\n)", mode="eval").body
    assert isinstance(node, ast.Call)
    assert ast.unparse(node.func) == "C"
    wanted = [texts[i] for i in kept if texts[i] != "**kw"] + [f"{a.name}={a.text}" for a in new]
    wanted += ["**kw"] if any(texts[i] == "**kw" for i in kept) else []
    assert ast.dump(node) == ast.dump(ast.parse(f"C({', '.join(wanted)})", mode="eval").body)
    assert all(texts[i] in result for i in kept)
    assert result.count("# above, )") == len(above)
    if "\r\n" in source:
        assert not re.search(r"\r(?!\n)|(?<!\r)\n", result)


@given(calls())
def test_keeping_all_changes_nothing(call: tuple[str, list[str], list[str]]) -> None:
    source, texts, _ = call
    names = [text.split("=")[0] if re.match(r"k\d=", text) else None for text in texts]
    assert rewrite_call(source, None, [keep(i, name) for i, name in enumerate(names)]) == source or not texts
