"""Findings that a team knows and has decided about: a file of fingerprints, without any secret.

Two formats are read and written: our own, which knows every kind of finding and keeps labels and notes, and the one of
detect-secrets, which knows secrets only, by their SHA-1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mi_lint.errors import ConfigError
from mi_lint.findings import Applicability, Confidence, Finding, Place, Severity

VERSION = 1
DEFAULT_FILE = ".mi-lint-baseline.json"
LABELS = ("unreviewed", "to-fix", "accepted", "false-positive")
UNUSED_RULE = "MI002"
UNUSED_NAME = "unused-baseline-entry"


@dataclass(frozen=True, slots=True)
class Entry:
    """One known finding. `id` is its fingerprint, or the SHA-1 of a secret; `places` are where it was last seen."""

    id: str
    rule: str = ""
    name: str = ""
    places: tuple[tuple[str, int], ...] = ()
    label: str = LABELS[0]
    note: str = ""
    line: int = 1  # of the baseline file


@dataclass(slots=True)
class Baseline:
    """The entries of a file by id. `foreign` is the whole document where it is one of detect-secrets."""

    path: Path
    entries: dict[str, Entry] = field(default_factory=dict)
    foreign: dict[str, Any] | None = None

    def entry_of(self, finding: Finding) -> Entry | None:
        """The entry that knows a finding."""
        if self.foreign is None:
            return self.entries.get(finding.fingerprint)
        return next((self.entries[sha] for sha in finding.sha1 if sha in self.entries), None)


def load(path: Path) -> Baseline:
    """Read a baseline in either format.

    Raises:
        ConfigError: there is no such file, or it is no baseline.
    """
    try:
        text = path.read_text("utf-8")
        document = json.loads(text)
    except OSError as error:
        raise ConfigError(f"{path}: can't be read ({error.strerror}); `mi-lint baseline create` makes one") from None
    except (ValueError, RecursionError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise ConfigError(f"{path}: is not UTF-8 text; restore it from version control") from None
        conflict = re.search(r"(?m)^<{7} ", text)
        if conflict:
            line = text.count("\n", 0, conflict.start()) + 1
            raise ConfigError(
                f"{path}:{line}: has merge conflicts; take either side with `git checkout --ours {path}`, then run "
                "`mi-lint baseline update`"
            ) from None
        raise ConfigError(f"{path}: is not JSON; restore it from version control, or create it again") from None
    try:
        if isinstance(document, dict) and "results" in document and "plugins_used" in document:
            return Baseline(path, _foreign_entries(document, text), document)
        if document["version"] != VERSION:
            raise ConfigError(f"{path}: has version {document['version']!r}, this mi-lint reads version {VERSION}")
        return Baseline(path, {entry.id: entry for entry in _own_entries(document, text)})
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ConfigError(f"{path}: is no baseline of mi-lint or detect-secrets") from None


def dumps(entries: Iterable[Entry]) -> str:
    """Our own format; the order does not depend on where things stand."""
    rows = [
        {
            "fingerprint": entry.id,
            "rule": entry.rule,
            "name": entry.name,
            "label": entry.label,
            "note": entry.note,
            "places": [{"path": path, "line": line} for path, line in entry.places],
        }
        for entry in sorted(entries, key=lambda e: (e.rule, e.id))
    ]
    return json.dumps({"version": VERSION, "findings": rows}, indent=2, ensure_ascii=False) + "\n"


def entry_for(finding: Finding, old: Entry | None = None) -> Entry:
    """The entry of a finding; what a person has said about it before is kept."""
    places = tuple(sorted({(place.path, place.line) for place in (finding.place, *finding.also)}))
    fresh = Entry(finding.fingerprint, finding.rule, finding.name, places)
    return replace(fresh, label=old.label, note=old.note) if old else fresh


def updated(baseline: Baseline, findings: Sequence[Finding], covered: Callable[[str], bool]) -> list[Entry]:
    """The entries after a scan: new findings come in, and what is gone from the files that were looked at goes out."""
    found = {finding.fingerprint: entry_for(finding, baseline.entries.get(finding.fingerprint)) for finding in findings}
    kept = [e for e in baseline.entries.values() if e.id not in found and not _all_covered(e, covered)]
    return [*kept, *found.values()]


def apply(
    baseline: Baseline, findings: Sequence[Finding], covered: Callable[[str], bool], titles: Collection[str] = ()
) -> tuple[list[Finding], list[Finding], list[Finding]]:
    """What is new, what the baseline knows, and a finding for every entry that nothing matches any more.

    `covered(path)` tells whether a file was looked at, or is gone; other entries may still be in use. Of a baseline of
    detect-secrets only entries with one of `titles` are ours to judge.
    """
    new: list[Finding] = []
    known: list[Finding] = []
    used: set[str] = set()
    for finding in findings:
        entry = baseline.entry_of(finding)
        (known if entry else new).append(finding)
        used |= {entry.id} if entry else set()
    own = [e for e in baseline.entries.values() if baseline.foreign is None or e.name in titles]
    idle = [e for e in own if e.id not in used and _all_covered(e, covered)]
    return new, known, [_unused(baseline.path, entry) for entry in idle]


def _all_covered(entry: Entry, covered: Callable[[str], bool]) -> bool:
    return all(covered(path) for path, _ in entry.places)


def _unused(path: Path, entry: Entry) -> Finding:
    places = f" (it was at {entry.places[0][0]}:{entry.places[0][1]})" if entry.places else ""
    return Finding(
        rule=UNUSED_RULE,
        name=UNUSED_NAME,
        kind=UNUSED_NAME,
        service="mi-lint",
        severity=Severity.LOW,
        confidence=Confidence.HIGH,
        applicability=Applicability.MANUAL,
        place=Place(path.as_posix(), 0, 0, entry.line, 1, entry.line, 1),
        message=f"nothing matches this entry for {entry.name or entry.rule} any more{places}",
        fingerprint=entry.id,
        advice="Run `mi-lint baseline update`, which drops it.",
    )


def _own_entries(document: Mapping[str, Any], text: str) -> list[Entry]:
    entries = []
    for row in document["findings"]:
        places = tuple((str(place["path"]), int(place["line"])) for place in row.get("places", ()))
        label = row.get("label", LABELS[0])
        entries.append(
            Entry(
                str(row["fingerprint"]),
                str(row.get("rule", "")),
                str(row.get("name", "")),
                places,
                label if label in LABELS else LABELS[0],
                str(row.get("note", "")),
                _line_of(text, str(row["fingerprint"])),
            )
        )
    return entries


def _foreign_entries(document: Mapping[str, Any], text: str) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for path, rows in document["results"].items():
        for row in rows:
            sha = str(row["hashed_secret"])
            places = (*(entries[sha].places if sha in entries else ()), (str(path), int(row.get("line_number", 1))))
            label = {True: "to-fix", False: "false-positive"}.get(row.get("is_secret"), LABELS[0])
            entries[sha] = Entry(sha, "", str(row.get("type", "")), places, label, "", _line_of(text, sha))
    return entries


def _line_of(text: str, needle: str) -> int:
    return text[: max(0, text.find(needle))].count("\n") + 1
