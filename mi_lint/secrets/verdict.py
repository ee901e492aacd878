"""What a value's own checksum says: it holds (and for which use the key was made), it fails, or there is none."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from mi_lint.rulebook.kinds import Checksum
from mi_lint.secrets import checksum as algorithms
from mi_lint.secrets.detector import CompiledKind, Detector

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")
_MONTH_NAMES = (*_MONTHS, "November", "December")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`holds` is None where no checksum applies. `kinds` are the kinds whose checksum holds; `notes` are for people."""

    holds: bool | None = None
    drop: bool = False
    lower: bool = False
    kinds: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


def judge_checksum(value: str, detector: Detector) -> Verdict:
    """Test a value against the checksum of every kind whose shape it has."""
    plain = unquote(value) if "%" in value else value
    failures: list[str] = []
    good: dict[str, str] = {}
    for entry in detector.signed:
        if entry.kind.checksum is None or not entry.shape.fullmatch(plain):
            continue
        note = _passes(plain, entry, entry.kind.checksum)
        if note is None:
            failures.append(entry.kind.checksum.failure)
        else:
            good[entry.kind.name] = note
    notes = _issued(plain) if good or failures else ()
    if good:
        told = tuple(dict.fromkeys(f"its checksum says: {note}" for note in good.values() if note))
        return Verdict(True, kinds=frozenset(good), notes=(*told, *notes))
    if failures:
        return Verdict(False, "drop" in failures, "lower" in failures, notes=notes)
    return Verdict()


def _passes(value: str, entry: CompiledKind, checksum: Checksum) -> str | None:
    """What the checksum says about the use of the key (may be empty), or None if it fails."""
    if checksum.algorithm == "his1":
        labels = [label for label, _ in checksum.labels]
        label = algorithms.his1_label(value, checksum.signature, checksum.size, labels, swapped=checksum.swapped)
        return dict(checksum.labels)[label] if label else None
    if checksum.algorithm == "cask":
        return "" if algorithms.cask_holds(value) else None
    if checksum.algorithm == "entra8":
        return "" if algorithms.entra8_holds(value) else None
    return "" if algorithms.ado_crc(value) else None


def _issued(value: str) -> tuple[str, ...]:
    fields = algorithms.cask_fields(value)
    if fields is None:
        return ()
    return (f"it was issued in {_MONTH_NAMES[fields.month - 1]} {fields.year}",)
