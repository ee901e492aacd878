"""Scopes and bindings: a table of Python's scoping rules, checked against what Python itself compiles."""

from __future__ import annotations

import ast
import symtable
import textwrap

import pytest

from mi_lint.python.names import Names, Scope


def names_of(code: str) -> Names:
    return Names(ast.parse(textwrap.dedent(code)))


def owner_of_last_load(code: str, name: str) -> Scope | None:
    """Who binds the last load of a name in the text."""
    names = names_of(code)
    loads = [
        n for n in ast.walk(names.tree) if isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load)
    ]
    last = max(loads, key=lambda n: (n.lineno, n.col_offset))
    return names.owner(names.scope_of[last], name)


MODULE, UNKNOWN = "", None

OWNERS = {
    "module": ("x = 1\nx\n", MODULE),
    "function": ("x = 1\ndef f():\n    x = 2\n    return x\n", "f"),
    "parameter": ("def f(x):\n    return x\n", "f"),
    "positional only": ("def f(x, /):\n    return x\n", "f"),
    "starred parameters": ("def f(*a, **x):\n    return x\n", "f"),
    "bound later in the function": ("x = 1\ndef f():\n    print(x)\n    x = 2\n    return x\n", "f"),
    "closure": ("def f():\n    x = 1\n    def g():\n        return x\n", "f"),
    "method skips the class": ("x = 1\nclass A:\n    x = 2\n    def f(self):\n        return x\n", MODULE),
    "class body": ("class A:\n    x = 2\n    y = x\n", "A"),
    "default is evaluated outside": ("x = 1\ndef f(x=x):\n    pass\n", MODULE),
    "decorator is evaluated outside": ("x = 1\n@x\ndef f(x):\n    pass\n", MODULE),
    "annotation is evaluated outside": ("x = 1\ndef f(y: x, x=2):\n    pass\n", MODULE),
    "base class is evaluated outside": ("x = 1\nclass A(x):\n    x = 2\n", MODULE),
    "lambda": ("x = 1\nf = lambda x: x\n", "<lambda>"),
    "lambda default": ("x = 1\nf = lambda x=x: 0\n", MODULE),
    "comprehension": ("x = 1\n[x for x in y]\n", "<comprehension>"),
    "first iterable is evaluated outside": ("x = 1\n[0 for x in x]\n", MODULE),
    "second iterable is evaluated inside": ("[0 for x in y for z in x]\n", "<comprehension>"),
    "condition": ("[0 for x in y if x]\n", "<comprehension>"),
    "dict comprehension": ("{x: 1 for x in y}\n", "<comprehension>"),
    "walrus leaves the comprehension": ("def f():\n    [x := 1 for y in z]\n    return x\n", "f"),
    "global": ("x = 1\ndef f():\n    global x\n    x = 2\n    return x\n", MODULE),
    "global, bound only there": ("def f():\n    global x\n    x = 2\ndef g():\n    return x\n", MODULE),
    "global of an outer function": (
        "x = 1\ndef f():\n    global x\n    x = 2\n    def g():\n        return x\n",
        MODULE,
    ),
    "nonlocal": ("def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2\n        return x\n", "f"),
    "nonlocal skips a class": (
        "def f():\n    x = 1\n    class A:\n        x = 3\n        def g():\n            nonlocal x\n            x\n",
        "f",
    ),
    "for": ("for x in y:\n    x\n", MODULE),
    "with": ("with y as x:\n    x\n", MODULE),
    "except": ("try:\n    pass\nexcept E as x:\n    x\n", MODULE),
    "unpacking": ("a, (x, *b) = y\nx\n", MODULE),
    "import": ("import x.y\nx\n", MODULE),
    "import as": ("import y.z as x\nx\n", MODULE),
    "from": ("from y import z as x\nx\n", MODULE),
    "import in a function": ("def f():\n    import x\n    return x\n", "f"),
    "case": ("match y:\n    case [x, *_]:\n        x\n", MODULE),
    "case, star": ("match y:\n    case [_, *x]:\n        x\n", MODULE),
    "case, mapping": ("match y:\n    case {**x}:\n        x\n", MODULE),
    "case, as": ("match y:\n    case int() as x:\n        x\n", MODULE),
    "annotated": ("x: int = 1\nx\n", MODULE),
    "augmented": ("def f():\n    x = 1\n    x += 1\n    return x\n", "f"),
    "deleted": ("x = 1\ndef f():\n    del x\n    return x\n", "f"),
    "async": ("async def f():\n    async with y as x:\n        await x\n", "f"),
    "builtin": ("print(1)\nx = print\nx\n", MODULE),
    "import in a class": ("class A:\n    import x\n    def f(self):\n        return x\n", UNKNOWN),
    "nobody": ("def f():\n    return x\n", UNKNOWN),
    "another function": ("def f():\n    x = 1\ndef g():\n    return x\n", UNKNOWN),
    "comprehension variable is gone": ("[1 for x in y]\nx\n", UNKNOWN),
}


@pytest.mark.parametrize("case", OWNERS)
def test_owner(case: str) -> None:
    code, expected = OWNERS[case]
    owner = owner_of_last_load(code, "x")
    assert (owner.qualname.rpartition(".")[2] if owner is not None else None) == expected


@pytest.mark.parametrize("case", OWNERS)
def test_owner_agrees_with_python(case: str) -> None:
    """The compiler's own symbol table says the same about every name of every scope."""
    code, _ = OWNERS[case]
    names = names_of(code)
    for scope in names.scopes:
        if scope.kind in ("comprehension", "module"):  # inlined by recent versions of Python; nothing to decide
            continue
        table = _table(symtable.symtable(code, "x.py", "exec"), scope)
        assert [name for name in scope.bindings if not table.lookup(name).is_local()] == []
        for name in scope.loads:
            symbol, owner = table.lookup(name), names.owner(scope, name)
            assert symbol.is_global() == (owner is None or owner.kind == "module"), (scope.qualname, name)
            assert symbol.is_free() == (owner not in (None, scope, names.module)), (scope.qualname, name)


def _table(top: symtable.SymbolTable, scope: Scope) -> symtable.SymbolTable:
    """The compiler's table of a scope, found by its name along the way."""
    if scope.parent is None:
        return top
    names = ("lambda", "<lambda>") if scope.kind == "lambda" else (scope.name,)
    return next(t for t in _table(top, scope.parent).get_children() if t.get_name() in names)


UNRESOLVED = {
    "y\n": {"y"},
    "import os\nos.x\n": set(),
    "print(len(__file__), __name__)\n": set(),
    "from a import *\ny\n": set(),
    "def f(a, *b, c=1, **d):\n    return a, b, c, d\n": set(),
    "class A:\n    x = 1\n    def f(self):\n        return x, self\n": {"x"},
    "try:\n    import a\nexcept ImportError as e:\n    raise e\n": set(),
    "[a for a in b]\n": {"b"},
    "del y\n": set(),
    "def f():\n    global g\n    g = 1\nprint(g)\n": set(),
    "def f():\n    global g\n    return g\n": {"g"},
    "f'{y!r:>{z}}'\n": {"y", "z"},
    "@y\nclass A(z, metaclass=w): ...\n": {"y", "z", "w"},
    "def f(a: y = z) -> w: ...\n": {"y", "z", "w"},
    "x: y = 1\n": {"y"},
    "async def f():\n    async for a in b:\n        await a\n": {"b"},
    "try:\n    pass\nexcept* ValueError as e:\n    e\n": set(),
}


@pytest.mark.parametrize("code", UNRESOLVED)
def test_unresolved(code: str) -> None:
    try:
        tree = ast.parse(code)
    except SyntaxError:
        pytest.skip("newer than the Python that runs the tests")
    assert Names(tree).unresolved() == UNRESOLVED[code]


@pytest.mark.parametrize(
    "code",
    [
        "class A:\n    def f(self):\n        return __class__\n",
        "class A:\n    name = __qualname__, __module__\n",
        "x = __builtins__, __annotations__\n",
    ],
)
def test_names_that_python_sets_are_resolved(code: str) -> None:
    assert names_of(code).unresolved() == set()


@pytest.mark.parametrize(
    ("code", "kind", "value", "target"),
    [
        ("x = 1\n", "assign", "1", ""),
        ("x: int = 1\n", "assign", "1", ""),
        ("x: int\n", "annotation", None, ""),
        ("x = y = 1\n", "other", None, ""),
        ("x, y = 1, 2\n", "other", None, ""),
        ("x += 1\n", "other", None, ""),
        ("for x in y: pass\n", "other", None, ""),
        ("with f() as x: pass\n", "with", "f()", ""),
        ("with f() as (x, y): pass\n", "other", None, ""),
        ("(x := 1)\n", "other", None, ""),
        ("import x\n", "import", None, "x"),
        ("import x.y\n", "import", None, "x"),
        ("import a.b as x\n", "import", None, "a.b"),
        ("from a.b import x\n", "from", None, "a.b.x"),
        ("from a import b as x\n", "from", None, "a.b"),
        ("from . import x\n", "from", None, ".x"),
        ("from .a import x\n", "from", None, ".a.x"),
        ("from .. import x\n", "from", None, "..x"),
        ("def x(): pass\n", "def", None, ""),
        ("async def x(): pass\n", "def", None, ""),
        ("class x: pass\n", "class", None, ""),
    ],
)
def test_bindings(code: str, kind: str, value: str | None, target: str) -> None:
    (binding,) = names_of(code).module.bindings["x"]
    assert (binding.kind, binding.target) == (kind, target)
    assert (ast.unparse(binding.value) if binding.value is not None else None) == value


def test_loads_of_a_name_are_found_in_every_scope_that_sees_it() -> None:
    names = names_of(
        """
        x = 1
        def a():
            return x
        def b(x):
            return x
        class C:
            y = x
            def d(self):
                return [x for _ in range(x)]
        def e():
            global x
            x += 1
            return x
        """
    )
    assert len(names.loads(names.module, "x")) == 5
    assert len(names.module.bindings["x"]) == 2
    assert len(names.loads(names.inner[names.tree.body[2]], "x")) == 1


def test_qualified_names_and_classes() -> None:
    names = names_of("class A:\n    class B:\n        def f(self):\n            return (lambda: self)\n")
    inner = names.scopes[-1]
    assert inner.qualname == "A.B.f.<lambda>"
    assert inner.function.qualname == "A.B.f"
    found = names.class_scope(inner)
    assert found is not None
    assert found.qualname == "A.B"


def test_statements_and_ancestors() -> None:
    names = names_of("if a:\n    x = f(1)\n")
    one = next(n for n in ast.walk(names.tree) if isinstance(n, ast.Constant))
    statement = names.statement(one)
    assert isinstance(statement, ast.Assign)
    kinds = [type(n).__name__ for n in names.ancestors(one)]
    assert kinds == ["Call", "Assign", "If", "Module"]


def test_every_node_has_a_parent_and_a_scope() -> None:
    names = names_of("".join(code for code, _ in OWNERS.values()))
    for node in ast.walk(names.tree):
        if isinstance(node, ast.expr | ast.stmt):
            assert node in names.scope_of
            assert node in names.parents


def test_deep_nesting_does_not_exhaust_the_stack() -> None:
    code = "x = " + "+".join(["y"] * 900) + "\n"
    assert names_of(code).unresolved() == {"y"}
