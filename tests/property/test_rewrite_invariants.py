"""Invariants of every rewrite, on the packs' examples after random changes to their spelling.

Whatever the code looks like, the result parses, uses no name that was not there before, is final, and outside of the
edits not one byte moves: neither a line ending, nor a byte order mark, nor a tab.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from shipped import shipped_rulebook

from mi_lint.engine import ChangeSet, analyse, change_set
from mi_lint.findings import Applicability
from mi_lint.python.names import Names
from mi_lint.rulebook.examples import CODE_PATH, contract, example_files, example_options
from mi_lint.rulebook.model import Example

EXAMPLES = [example for rule in shipped_rulebook().rules for example in rule.examples if example.before]
REWRITTEN = [example for example in EXAMPLES if example.after is not None]
BOM = b"\xef\xbb\xbf"
Mutation = Callable[[str, st.DataObject], str]


def drop_import(code: str, data: st.DataObject) -> str:
    """Remove one import statement: a file that does not run, as people have them."""
    found = [n for n in ast.parse(code).body if isinstance(n, ast.Import | ast.ImportFrom)]
    if not found:
        return code
    node = data.draw(st.sampled_from(found))
    lines = code.splitlines(keepends=True)
    return "".join(lines[: node.lineno - 1] + lines[node.end_lineno or node.lineno :])


def rename_import(code: str, data: st.DataObject) -> str:
    """Import something under another name."""
    found = [
        (node, alias)
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.ImportFrom) and node.lineno == node.end_lineno
        for alias in node.names
        if not alias.asname and alias.name != "*"
    ]
    if not found:
        return code
    node, alias = data.draw(st.sampled_from(found))
    lines = code.splitlines(keepends=True)
    word = re.compile(rf"(?<![\w.\"']){re.escape(alias.name)}(?![\w\"'])")
    statement = word.sub(f"{alias.name} as Renamed", lines[node.lineno - 1], count=1)
    renamed = [word.sub("Renamed", line) for line in lines]
    return "".join([*renamed[: node.lineno - 1], statement, *renamed[node.lineno :]])


def change_quotes(code: str, data: st.DataObject) -> str:
    """Single quotes where there were double ones."""

    def change(token: tokenize.TokenInfo) -> str:
        simple = re.fullmatch(r'([rbuRBU]{0,2})"([^"\'\\{}\n]*)"', token.string)
        return f"{simple[1]}'{simple[2]}'" if simple and data.draw(st.booleans()) else token.string

    return _each_token(code, tokenize.STRING, change)


def add_comments(code: str, data: st.DataObject) -> str:
    """A comment at the end of lines where none is."""

    def change(token: tokenize.TokenInfo) -> str:
        bare = token.string in ("\n", "\r\n") and "#" not in token.line
        return f"  # né ☃{token.string}" if bare and data.draw(st.booleans()) else token.string

    return _each_token(_each_token(code, tokenize.NL, change), tokenize.NEWLINE, change)


def _each_token(code: str, kind: int, change: Callable[[tokenize.TokenInfo], str]) -> str:
    lines = code.splitlines(keepends=True)
    for token in reversed(list(tokenize.generate_tokens(io.StringIO(code).readline))):
        if token.type == kind and token.start[0] == token.end[0] and token.start[0] <= len(lines):
            line = lines[token.start[0] - 1]
            lines[token.start[0] - 1] = line[: token.start[1]] + change(token) + line[token.end[1] :]
    return "".join(lines)


def tabs(code: str, data: st.DataObject) -> str:
    return re.sub(r"(?m)^(?:    )+", lambda match: "\t" * (len(match[0]) // 4), code)


def docstring(code: str, data: st.DataObject) -> str:
    return f'#!/usr/bin/env python\n"""A module.\n\nMore.\n"""\n\n{code}'


def in_function(code: str, data: st.DataObject) -> str:
    """All of it, imports too, in a function; literals over several lines would change, so they stay out."""
    if '"""' in code or "import *" in code or "__future__" in code:
        return code
    keyword = "async def" if re.search(r"\b(?:await|async (?:with|for))\b", code) else "def"
    return f"{keyword} main():\n{_indented(code)}"


def in_branch(code: str, data: st.DataObject) -> str:
    """All of it below `if True:`, still at module level."""
    return code if '"""' in code or "__future__" in code else f"if True:\n{_indented(code)}"


def in_class(code: str, data: st.DataObject) -> str:
    """All of it in the body of a class: functions in it no longer see its names, so only flat code goes there."""
    unfit = re.search(r'"""|import \*|__future__|\b(?:def|class|lambda|for|async|await)\b', code)
    return code if unfit else f"class Main:\n{_indented(code)}"


def _indented(code: str) -> str:
    return "".join(f"    {line}" if line.strip() else line for line in code.splitlines(keepends=True))


def text_before(code: str, data: st.DataObject) -> str:
    """Characters of two, three and four bytes on lines before, and on the line of each statement."""
    lines = code.splitlines(keepends=True)
    if "__future__" in code or lines[0].rstrip().endswith(":"):
        return code
    return "# é € 𝒳\nTEXT = 'é € 𝒳'; " + lines[0] + "".join(lines[1:]) if lines[0][:1].isalpha() else code


def code_after(code: str, data: st.DataObject) -> str:
    """Unrelated code, with names that the rewrite would like to have."""
    body = "    conn_str = [account_url, credential]\n    return conn_str\n"
    return f"{code.rstrip()}\n\n\ndef unrelated(account_url, credential=None):\n{body}"


def blank_lines(code: str, data: st.DataObject) -> str:
    """Empty lines, some of blanks, between statements; inside brackets too."""

    def change(token: tokenize.TokenInfo) -> str:
        return f"{token.string}\n   \n" if data.draw(st.booleans()) else token.string

    return _each_token(code, tokenize.NEWLINE, change)


def no_last_newline(code: str, data: st.DataObject) -> str:
    return code.rstrip("\n")


MUTATIONS: list[Mutation] = [
    drop_import,
    rename_import,
    change_quotes,
    add_comments,
    tabs,
    docstring,
    in_function,
    in_branch,
    in_class,
    text_before,
    code_after,
    blank_lines,
    no_last_newline,
]


def encode(code: str, crlf: bool, bom: bool) -> bytes:
    text = code.replace("\n", "\r\n") if crlf else code
    return (BOM if bom else b"") + text.encode()


def undefined_names(code: bytes) -> list[str]:
    """Names that nothing defines, by an independent judge."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--isolated",
        "--select",
        "F821,F823",
        "--output-format",
        "json",
        "-",
    ]
    done = subprocess.run(command, input=code, capture_output=True, check=False)
    return sorted(re.findall(rb'"message": "([^\n]*)"', done.stdout), key=str)


def run(files: dict[str, bytes], example: Example) -> ChangeSet:
    return change_set(analyse(files, shipped_rulebook(), example_options(example)), Applicability.REVIEW)


def spliced(before: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    """The edits applied by nothing but their byte offsets."""
    out, position = [], 0
    for start, end, text in sorted(edits):
        assert position <= start <= end <= len(before), "edits overlap or are out of range"
        out += [before[position:start], text]
        position = end
    return b"".join([*out, before[position:]])


def check_file(path: str, before: bytes, after: bytes, edits: list[tuple[int, int, bytes]]) -> None:
    assert spliced(before, edits) == after
    assert after.startswith(BOM) == before.startswith(BOM)
    if b"\r\n" in before and not re.search(rb"(?<!\r)\n", before):
        assert not re.search(rb"(?<!\r)\n", after), "a line feed among CRLF"
    if b"\r" not in before:
        assert b"\r" not in after
    if path.endswith(".py"):
        ast.parse(after)
        assert Names(ast.parse(after)).unresolved() <= Names(ast.parse(before)).unresolved()
        assert set(undefined_names(after)) <= set(undefined_names(before))


def check_invariants(example: Example, files: dict[str, bytes]) -> ChangeSet:
    changes = run(files, example)
    for path, change in changes.files.items():
        note(contract(f"--- {path}\n{change.before.decode()}\n+++\n{change.after.decode()}"))
        assert change.before == files[path]
        edits = [(edit.place.start, edit.place.end, edit.text.encode()) for edit in change.edits]
        check_file(path, change.before, change.after, edits)
    after = {**files, **{path: change.after for path, change in changes.files.items()}}
    again = run(after, example)
    assert again.files == {}, contract(str({p: c.after.decode() for p, c in again.files.items()}))
    return changes


SETTINGS = settings(
    max_examples=250,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@SETTINGS
@given(data=st.data())
def test_mutated_examples(data: st.DataObject) -> None:
    example = data.draw(st.sampled_from(EXAMPLES))
    crlf, bom = data.draw(st.booleans()), data.draw(st.booleans())
    mutations = data.draw(st.lists(st.sampled_from(MUTATIONS), max_size=4, unique=True))
    texts = example_files(example)
    for mutation in mutations:
        changed = mutation(texts[CODE_PATH], data)
        try:
            ast.parse(changed)
        except SyntaxError:
            continue
        texts[CODE_PATH] = changed
    files = {path: encode(text, crlf, bom and path.endswith(".py")) for path, text in texts.items()}
    changes = check_invariants(example, files)
    if example.silent and drop_import not in mutations:
        assert not changes.files, "what is silent stays as it is, however it is spelled"


@pytest.mark.parametrize(
    "mutation",
    [change_quotes, rename_import, tabs, docstring, code_after, blank_lines, text_before],
    ids=lambda m: m.__name__,
)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_spelling_does_not_hide_a_sink(mutation: Mutation, data: st.DataObject) -> None:
    """What is rewritten in one spelling is rewritten in the other."""
    example = data.draw(st.sampled_from(REWRITTEN))
    texts = example_files(example)
    texts[CODE_PATH] = mutation(texts[CODE_PATH], data)
    note(contract(texts[CODE_PATH]))
    ast.parse(texts[CODE_PATH])
    assert check_invariants(example, {path: text.encode() for path, text in texts.items()}).files
