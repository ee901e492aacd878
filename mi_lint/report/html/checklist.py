"""The plan as a checklist that can be ticked: what its Markdown has, as HTML.

The plan is written once, in Markdown; this reads the few forms that it uses: headings, tasks with notes, lists, tables,
code and paragraphs.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from html import escape

from mi_lint.report.html.words import inline

_HEADING = re.compile(r"(#{2,4}) (.+)")
_ITEM = re.compile(r"(?P<indent> *)(?:[-*]|\d+\.) (?P<box>\[[ xX]\] )?(?P<text>.+)")
_ROW = re.compile(r"\|(.+)\|\s*")
_CELL = re.compile(r"(?<!\\)\|")


def checklist(markdown: str) -> str:
    """The body of a plan as HTML, without its title."""
    lines = [line.rstrip() for line in markdown.splitlines() if not line.startswith("# ")]
    return "".join(_blocks(lines))


def _blocks(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        line = lines[at]
        end = at + 1
        if line.startswith("```"):
            while end < len(lines) and not lines[end].startswith("```"):
                end += 1
            yield f"<pre><code>{escape(chr(10).join(lines[at + 1 : end]))}</code></pre>"
            end += 1
        elif heading := _HEADING.fullmatch(line):
            level = len(heading[1]) + 1
            yield f"<h{level}>{inline(heading[2], True)}</h{level}>"
        elif _ROW.fullmatch(line):
            end = _while(_ROW, lines, at)
            yield "".join(_table([_ROW.fullmatch(row) for row in lines[at:end]]))
        elif _ITEM.fullmatch(line):
            end = _while(_ITEM, lines, at)
            yield "".join(_list([match for row in lines[at:end] if (match := _ITEM.fullmatch(row))]))
        elif line:
            yield f"<p>{inline(line, True)}</p>"
        at = end


def _while(form: re.Pattern[str], lines: list[str], at: int) -> int:
    while at < len(lines) and form.fullmatch(lines[at]):
        at += 1
    return at


def _table(rows: list[re.Match[str] | None]) -> Iterator[str]:
    cells = [[cell.strip() for cell in _CELL.split(row[1])] for row in rows if row]
    head, *body = [row for row in cells if not all(set(cell) <= set("-: ") for cell in row)]
    yield (
        "<table><thead><tr>" + "".join(f'<th scope="col">{inline(c, True)}</th>' for c in head) + "</tr></thead><tbody>"
    )
    for row in body:
        yield "<tr>" + "".join(f"<td>{inline(cell, True)}</td>" for cell in row) + "</tr>"
    yield "</tbody></table>"


def _list(items: list[re.Match[str]]) -> Iterator[str]:
    """Items, those that stand further in as a list inside of the one before."""
    yield "<ul>"
    at = 0
    while at < len(items):
        item = items[at]
        inner = at + 1
        while inner < len(items) and len(items[inner]["indent"]) > len(item["indent"]):
            inner += 1
        yield f"<li>{_item(item)}"
        if inner > at + 1:
            yield from _list(items[at + 1 : inner])
        yield "</li>"
        at = inner
    yield "</ul>"


def _item(item: re.Match[str]) -> str:
    text = inline(item["text"], True)
    if not item["box"]:
        return text
    key = hashlib.sha256(item["text"].encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return f'<label class="task"><input type="checkbox" data-task="{key}"> <span>{text}</span></label>'
