"""Requirements that stand one a line inside of a larger file: setup.cfg, setup.py, Pipfile, conda's environment.yml."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from packaging.requirements import Requirement

from mi_lint.dependencies.addition import Addition, conflict, excludes, parse, predecessor, same
from mi_lint.textfile import Span, TextFile

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
_SECTION = re.compile(r"\s*\[(?P<name>[^\]]*)\]")
_INSTALL = re.compile(r"install_requires\s*=\s*")
_CONTINUED = re.compile(r"(?P<lead>\s+)(?P<text>[^\s#;][^#\r\n]*?)\s*(?:\s#.*)?")
_PIP = re.compile(r"(?P<indent>\s*)-\s*pip:\s*(?:#.*)?")
_LISTED = re.compile(r"(?P<lead>(?P<indent>\s*)-\s+[\"']?)(?P<text>[^\s\"'#][^\"'#\r\n]*?)(?P<tail>[\"']?\s*)(?:#.*)?")
_PIPFILE = re.compile(r"(?P<name>[\"']?[A-Za-z0-9][\w.-]*[\"']?)\s*=\s*(?P<value>\"[^\"]*\"|'[^']*'|\{.*\})\s*(?:#.*)?")
_VERSION = re.compile(r"version\s*=\s*[\"']([^\"']*)")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A requirement; `span` is its line; another one would stand between `lead` and `tail`."""

    requirement: Requirement
    span: Span
    lead: str
    tail: str


def is_embedded(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name in ("setup.cfg", "setup.py", "Pipfile") or bool(re.fullmatch(r"environment[\w.-]*\.ya?ml", name))


def listed(file: TextFile) -> list[str]:
    """Names of the packages that the file lists."""
    return [entry.requirement.name for entry in _entries(file)]


def add(file: TextFile, needed: Requirement) -> Addition:
    entries = _entries(file)
    present = [entry for entry in entries if same(entry.requirement.name, needed.name)]
    hindering = [entry for entry in present if excludes(entry.requirement.specifier, needed.specifier)]
    if present and len(hindering) < len(present):
        return Addition()
    if hindering:
        number, _ = file.line_column(hindering[0].span.start)
        return Addition(reason=conflict(f"{file.path}:{number}", str(hindering[0].requirement), needed))
    if not entries:
        return Addition(reason=f"{file.path} lists no packages that are understood: add `{needed}` there")
    before = predecessor([entry.requirement.name for entry in entries], needed.name)
    # Before the last one at the latest: behind it a comma may be missing, or the end of the line.
    following = min(0 if before is None else before + 1, len(entries) - 1)
    like = entries[following]
    text = f'{needed.name} = "{needed.specifier or "*"}"' if _is_pipfile(file) else str(needed)
    at = like.span.start
    return Addition(((Span(at, at), f"{like.lead}{text}{like.tail or file.newline}"),))


def _is_pipfile(file: TextFile) -> bool:
    return file.path.rpartition("/")[2] == "Pipfile"


def _entries(file: TextFile) -> Sequence[_Entry]:
    name = file.path.rpartition("/")[2]
    found = {"setup.cfg": _setup_cfg, "setup.py": _setup_py, "Pipfile": _pipfile}.get(name, _environment)(file)
    return [] if any(entry is None for entry in found) else [entry for entry in found if entry is not None]


def _lines(text: str) -> Iterator[tuple[str, Span]]:
    for match in _LINE.finditer(text):
        if match[0]:
            yield match[0].rstrip("\r\n"), Span(*match.span())


def _ending(file: TextFile, span: Span) -> str:
    line = file.text[span.start : span.end]
    return line[len(line.rstrip("\r\n")) :] or file.newline


def _setup_cfg(file: TextFile) -> list[_Entry | None]:
    found: list[_Entry | None] = []
    section, inside = "", False
    for line, span in _lines(file.text):
        header = _SECTION.match(line)
        if header is not None or (line and not line[0].isspace()):
            section = header["name"] if header is not None else section
            inside = section == "options" and _INSTALL.fullmatch(line) is not None
        elif inside and (match := _CONTINUED.fullmatch(line)) is not None:
            found.append(_entry(match["text"], span, match["lead"], _ending(file, span)))
    return found


def _setup_py(file: TextFile) -> list[_Entry | None]:
    try:
        tree = ast.parse(file.text)
    except (SyntaxError, ValueError, RecursionError):
        return []
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "install_requires" and isinstance(node.value, ast.List):
            return [_literal(file, item) for item in node.value.elts]
    return []


def _literal(file: TextFile, node: ast.expr) -> _Entry | None:
    """A string on a line of its own."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node.lineno != node.end_lineno:
        return None
    start = file.line_starts[node.lineno - 1]
    end = file.line_starts[node.lineno] if node.lineno < len(file.line_starts) else len(file.text)
    line = file.text[start:end]
    at = line.find(node.value)
    if at < 1 or line[: at - 1].strip() or line[at - 1] not in "\"'" or line.count(line[at - 1]) != 2:
        return None
    return _entry(node.value, Span(start, end), line[:at], f"{line[at - 1]},{_ending(file, Span(start, end))}")


def _environment(file: TextFile) -> list[_Entry | None]:
    """What pip installs; packages of conda have names and versions of their own."""
    found: list[_Entry | None] = []
    depth: int | None = None
    for line, span in _lines(file.text):
        opening = _PIP.fullmatch(line)
        match = _LISTED.fullmatch(line)
        if opening is not None:
            depth = len(opening["indent"])
        elif depth is not None and match is not None and len(match["indent"]) > depth:
            found.append(_entry(match["text"], span, match["lead"], match["tail"].rstrip() + _ending(file, span)))
        elif line.strip() and not line.lstrip().startswith("#"):
            depth = None
    return found


def _pipfile(file: TextFile) -> list[_Entry | None]:
    found: list[_Entry | None] = []
    section = ""
    for line, span in _lines(file.text):
        header, match = _SECTION.match(line), _PIPFILE.fullmatch(line)
        if header is not None:
            section = header["name"]
        elif section == "packages" and match is not None:
            value = match["value"]
            inner = _VERSION.search(value)
            version = (inner[1] if inner else "*") if value.startswith("{") else value[1:-1]
            name = match["name"].strip("\"'")
            found.append(_entry(name + ("" if version == "*" else version), span, "", _ending(file, span)))
    return found


def _entry(text: str, span: Span, lead: str, tail: str) -> _Entry | None:
    requirement = parse(text)
    return _Entry(requirement, span, lead, tail) if requirement is not None else None
