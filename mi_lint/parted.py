"""Values that only lose their secret part: `Key=Value;` strings, URLs and `key=value` words, in parts with places.

What goes and what comes is said as cuts in the text, so that a text with expressions in it, in whatever file, can be
changed where it stands. Expressions of the scanned program are holes, as in `templates`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from mi_lint.templates import derive, is_hole, parse_connection_string

SYNTAXES = ("pairs", "url", "words", "credential")
_PAIR = re.compile(r"(?P<key>[^=;{}]+)=(?P<value>\s*\{(?:[^}]|\}\})*\}[^;]*|[^;]*)")
_WORD = re.compile(r"(?P<key>[A-Za-z_]+)\s*=\s*(?P<value>'(?:[^'\\]|\\.)*'|[^\s']+)")
_URL = re.compile(
    r"\s*[A-Za-z][A-Za-z0-9+.-]*://(?P<info>(?P<user>[^:/@?#]*)(?::(?P<password>[^@]*))?@)?[^?#]*(?:\?(?P<query>[^#]*))?"
)
_CREDENTIAL = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*://(?:(?P<before>.+)@|(?P<all>[^@]+)$)")
_QUERY = re.compile(r"(?P<key>[^=&]+)=(?P<value>[^&]*)")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a text: `[start, end)` is all of it without what separates it from the next."""

    key: str  # in lower case
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cut:
    """`[start, end)` of a text gives way to `text`."""

    start: int
    end: int
    text: str = ""


def parts_of(text: str, syntax: str) -> list[Part] | None:
    """The parts of a text, in order; None when it is not of that form.

    A URL has `user` and `password` among them. What merely looks like one has a `credential`: all up to the last `@`,
    with a key as it is, slashes and all; or all that there is. Where this is a `Key=Value;` string, its parts count.
    """
    if syntax == "credential":
        return _credential_parts(text)
    if _is_url(text, syntax):
        return _url_parts(text)
    found = []
    at = 0
    for match in (_PAIR if syntax == "pairs" else _WORD).finditer(text):
        if text[at : match.start()].strip("; \t\r\n") or any(is_hole(c) for c in match["key"]):
            return None
        start = match.start() + len(match["key"]) - len(match["key"].lstrip())
        end = match.end() - len(match[0]) + len(match[0].rstrip())
        found.append(Part(match["key"].strip().lower(), match["value"].strip(), start, end))
        at = match.end()
    return found if not text[at:].strip("; \t\r\n") else None


def _is_url(text: str, syntax: str) -> bool:
    """Where words are expected, a URL says the same."""
    return syntax == "url" or (syntax == "words" and "://" in text.lstrip()[:20])


def _url_parts(text: str) -> list[Part] | None:
    match = _URL.match(text)
    if match is None:
        return None
    found = [Part(key, match[key], *match.span(key)) for key in ("user", "password") if match[key]]
    if match["query"]:
        at = match.start("query")
        found += [
            Part(item["key"].lower(), item["value"], at + item.start(), at + item.end())
            for item in _QUERY.finditer(match["query"])
        ]
    return found


def cuts(text: str, syntax: str, drops: Collection[str], adds: Sequence[tuple[str, str]]) -> list[Cut] | None:
    """How a text loses the parts of some keys and gains others that it lacks; None where it has nothing to lose.

    The keys of `drops` are in lower case. What is added as `credential` may be a template, for parts of the old one.
    """
    if syntax == "credential":
        return _credential_cuts(text, adds)
    parts = parts_of(text, syntax)
    gone = [part for part in parts or () if part.key in drops]
    if not parts or not gone:
        return None
    kept = {part.key for part in parts if part.key not in drops}
    added = [(key, value) for key, value in adds if key.lower() not in kept]
    if _is_url(text, syntax):
        return _url_cuts(text, gone, added)
    new = [f"{key}={value}" for key, value in added]
    first, rest = (gone[0], gone[1:]) if new else (None, gone)
    separator = ";" if syntax == "pairs" else " "
    found = [Cut(first.start, first.end, separator.join(new))] if first is not None else []
    return [*found, *_joined(_with_separator(text, part, syntax) for part in rest)]


def trimmed(text: str, syntax: str, drops: Collection[str], adds: Sequence[tuple[str, str]]) -> str | None:
    """The text after its cuts; None where it has nothing to lose."""
    found = cuts(text, syntax, drops, adds)
    return apply_cuts(text, found) if found is not None else None


def apply_cuts(text: str, found: Iterable[Cut]) -> str:
    for cut in sorted(found, key=lambda cut: cut.start, reverse=True):
        text = text[: cut.start] + cut.text + text[cut.end :]
    return text


def _credential_parts(text: str) -> list[Part] | None:
    span = _credential(text)
    if span is None:
        return None
    start, end = span
    pairs = parts_of(text[start:end], "pairs") or []
    if len(pairs) > 1:
        return [Part(part.key, part.value, start + part.start, start + part.end) for part in pairs]
    return [Part("credential", text[start:end], start, end)]


def _credential(text: str) -> tuple[int, int] | None:
    """Where the credential of a text stands."""
    match = _CREDENTIAL.match(text)
    return match.span("before" if match["before"] else "all") if match is not None else None


def _credential_cuts(text: str, adds: Sequence[tuple[str, str]]) -> list[Cut] | None:
    span = _credential(text)
    old = text[slice(*span)] if span is not None else ""
    new = derive([value for _, value in adds], parse_connection_string(old)) if old else None
    return [Cut(*span, new)] if span is not None and new is not None and new != old else None


def _with_separator(text: str, part: Part, syntax: str) -> Cut:
    """A part with what separates it: the semicolon behind it and the blanks before, or else the semicolon before."""
    start, end = part.start, part.end
    while start and text[start - 1] in " \t\r\n":
        start -= 1
    if syntax == "words":
        behind = end + len(text[end:]) - len(text[end:].lstrip())
        return Cut(start, end) if start else Cut(start, behind)
    behind = end + len(text[end:]) - len(text[end:].lstrip(" \t"))
    if text[behind : behind + 1] == ";":
        return Cut(start, behind + 1)
    return Cut(start - 1, end) if start and text[start - 1] == ";" else Cut(start, end)


def _url_cuts(text: str, gone: Sequence[Part], added: Sequence[tuple[str, str]]) -> list[Cut]:
    match = _URL.match(text)
    assert match is not None
    keys = {part.key for part in gone}
    user = next((f"{value}@" for key, value in added if key == "user"), "")
    new = [f"{key}={value}" for key, value in added if key != "user"]
    found = []
    if match["info"] and {"user", "password"} & keys:
        whole = "user" in keys or not match["user"]
        password = Cut(match.start("password") - 1, match.end("password"))
        found.append(Cut(*match.span("info"), user) if whole else password)
    query = [part for part in gone if match["query"] and part.start >= match.start("query")]
    for part in query:
        behind = text[part.end : part.end + 1] == "&"
        found.append(Cut(part.start, part.end + 1) if behind else Cut(part.start - 1, part.end))
    if new:
        left = match["query"] and len(query) < len(_QUERY.findall(match["query"]))
        found.append(Cut(match.end(), match.end(), ("&" if left else "?") + "&".join(new)))
    return _joined(found)


def _joined(found: Iterable[Cut]) -> list[Cut]:
    """Cuts that meet become one."""
    out: list[Cut] = []
    for cut in sorted(found, key=lambda cut: (cut.start, cut.end)):
        if out and cut.start < out[-1].end:
            out[-1] = Cut(out[-1].start, max(out[-1].end, cut.end), out[-1].text + cut.text)
        else:
            out.append(cut)
    return out
