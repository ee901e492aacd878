"""What an analysis found, kept for later runs over the same files: without any text of the files.

A fix often carries arguments over, and what people wrote there is nobody's to keep: words that stand in the file are
kept as places in it. Where redaction would hide anything else of an edit, nothing is kept at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mi_lint import cache
from mi_lint.errors import SourceError
from mi_lint.findings import Applicability, Confidence, Edit, Finding, Fix, Place, Precondition, Severity, Source
from mi_lint.textfile import TextFile

_MOST = 4  # analyses of one project that are kept
_WORD = re.compile(r"[^\s\"'`()\[\]{},=:]{4,}")


@dataclass(slots=True)
class Remembered:
    """`calls` are findings of calls and declarations, `values` those of values that only their use gives away."""

    calls: list[Finding] = field(default_factory=list)
    values: list[Finding] = field(default_factory=list)
    errors: list[SourceError] = field(default_factory=list)


def key_of(state: str, options: str, files: Mapping[str, bytes]) -> str:
    """A hash of all that decides about an analysis: the program and its packs, what was asked, every file."""
    digest = hashlib.sha256(f"{state}\0{options}\0".encode("utf-8", "surrogateescape"))
    for path in sorted(files):
        digest.update(path.encode("utf-8", "surrogateescape") + b"\0")
        digest.update(hashlib.sha256(files[path]).digest())
    return digest.hexdigest()


def load(root: str, key: str, text_of: Callable[[str], TextFile | None]) -> Remembered | None:
    """What an earlier run found in the same state; `text_of` gives the files that edits take words from."""
    path = _path(root, key)
    document = cache.read(path) if path else {}
    if document.get("key") != key:
        return None
    try:
        calls, values = ([_finding(row, text_of) for row in document[name]] for name in ("calls", "values"))
        found = Remembered(calls, values, [SourceError(*row) for row in document["errors"]])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        return None  # of another make
    with contextlib.suppress(OSError):
        os.utime(path)  # the most recently used ones stay
    return found


def save(
    root: str, key: str, found: Remembered, text_of: Callable[[str], TextFile | None], hide: Callable[[str], str]
) -> None:
    """Keep what was found, with its sentences as they are shown. `hide` is the redaction of this run."""
    path = _path(root, key)
    rows = [[_row(finding, text_of, hide) for finding in group] for group in (found.calls, found.values)]
    if not path or any(hide(text) != text for group in rows for row in group for text in _exact(row[5])):
        return
    errors = [[error.path, hide(error.reason), error.line] for error in found.errors]
    cache.write(path, {"key": key, "calls": rows[0], "values": rows[1], "errors": errors})
    _prune(path)


def _path(root: str, key: str) -> str:
    folder = cache.cache_folder()
    name = hashlib.sha256(os.path.realpath(root).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return os.path.join(folder, f"found-{name}", f"{key[:32]}.json") if folder else ""


def _prune(path: str) -> None:
    with contextlib.suppress(OSError):  # another run may tidy up too
        kept = sorted((entry.stat().st_mtime_ns, entry.path) for entry in os.scandir(os.path.dirname(path)))
        for _, old in kept[:-_MOST]:
            os.unlink(old)


def _exact(fix: Sequence[Any] | None) -> Iterator[str]:
    """The texts of a fix that are needed letter by letter."""
    if fix is not None:
        _, _, _, edits, conditions = fix
        yield from (piece for _, pieces in edits for piece in pieces if isinstance(piece, str))
        yield from (value for _, _, data in conditions for _, value in data)


# -- findings as rows --------------------------------------------------------------------------------------------------


def _row(finding: Finding, text_of: Callable[[str], TextFile | None], hide: Callable[[str], str]) -> list[Any]:
    source, fix = finding.source, finding.fix
    return [
        [finding.rule, finding.name, finding.kind, finding.service],
        [finding.severity, finding.confidence, finding.applicability],
        _place_row(finding.place),
        [hide(finding.message), finding.fingerprint, finding.redacted, finding.help_url, hide(finding.advice)],
        [source.kind, hide(source.text), _place_row(source.place) if source.place else None] if source else None,
        _fix_row(fix, text_of, hide) if fix else None,
        [[hide(text) for text in texts] for texts in (finding.reasons, finding.notes)],
        [[_place_row(p) for p in places] for places in (finding.related, finding.parts, finding.also, finding.hidden)],
    ]


def _finding(row: Sequence[Any], text_of: Callable[[str], TextFile | None]) -> Finding:
    names, ranks, place, texts, source, fix, lists, places = row
    rule, name, kind, service = names
    message, fingerprint, redacted, help_url, advice = texts
    related, parts, also, hidden = (tuple(Place(*item) for item in group) for group in places)
    return Finding(
        rule,
        name,
        kind,
        service,
        Severity(ranks[0]),
        Confidence(ranks[1]),
        Applicability(ranks[2]),
        Place(*place),
        message,
        fingerprint,
        redacted,
        Source(source[0], source[1], Place(*source[2]) if source[2] else None) if source else None,
        help_url,
        _fix(fix, text_of) if fix else None,
        tuple(lists[0]),
        advice,
        related,
        tuple(lists[1]),
        parts,
        also,
        hidden,
    )


def _place_row(place: Place) -> list[Any]:
    return [place.path, place.start, place.end, place.line, place.column, place.end_line, place.end_column]


def _fix_row(fix: Fix, text_of: Callable[[str], TextFile | None], hide: Callable[[str], str]) -> list[Any]:
    edits = [[_place_row(edit.place), _pieces(edit.text, text_of(edit.place.path))] for edit in fix.edits]
    conditions = [[c.kind, hide(c.text), [list(pair) for pair in c.data]] for c in fix.preconditions]
    return [fix.connection, hide(fix.title), fix.applicability, edits, conditions]


def _fix(row: Sequence[Any], text_of: Callable[[str], TextFile | None]) -> Fix:
    connection, title, applicability, edits, conditions = row
    made = (Edit(Place(*place), _joined(pieces, text_of(place[0]))) for place, pieces in edits)
    asked = (Precondition(kind, text, tuple((a, b) for a, b in data)) for kind, text, data in conditions)
    return Fix(connection, title, Applicability(applicability), tuple(made), tuple(asked))


def _pieces(text: str, file: TextFile | None) -> list[Any]:
    """A text as pieces: what stands in the file as where it starts and its length, anything else as it is."""
    pieces: list[Any] = []
    at = 0
    for word in _WORD.finditer(text):
        start = file.text.find(word[0]) if file is not None else -1
        if start >= 0:
            pieces += [text[at : word.start()], [start, len(word[0])]]
            at = word.end()
    return [*pieces, text[at:]]


def _joined(pieces: Iterable[Any], file: TextFile | None) -> str:
    text = file.text if file is not None else ""
    return "".join(p if isinstance(p, str) else text[p[0] : p[0] + p[1]] for p in pieces)
