"""Secrets that are known by their use alone: a value of the right shape at a parameter which authenticates."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mi_lint.findings import Confidence
from mi_lint.secrets.detector import CompiledKind, Detector
from mi_lint.secrets.judge import is_emulator_key, is_stand_in
from mi_lint.secrets.secret import Secret
from mi_lint.secrets.verdict import judge_checksum
from mi_lint.textfile import Span


def secret_of(value: str, span: Span, name: str, kinds: Collection[str], detector: Detector) -> Secret | None:
    """The secret that a value at a sink is, of the first of the kinds whose shape it has; None if it is none."""
    bare = value.strip()
    named = [entry for entry in map(detector.named, kinds) if entry is not None and entry.shape.fullmatch(bare)]
    if not named or is_emulator_key(bare, detector):
        return None
    verdict = judge_checksum(bare, detector)
    if verdict.drop or (not verdict.holds and is_stand_in(bare, "account-key", detector)):
        return None
    kind = _chosen(named, verdict.kinds).kind
    confidence = Confidence.HIGH if verdict.holds else Confidence.MEDIUM
    return Secret(kind, bare, (span,), kind.severity, confidence, name, bool(verdict.holds), verdict.notes, bare)


def _chosen(named: Sequence[CompiledKind], verified: Collection[str]) -> CompiledKind:
    return next((entry for entry in named if entry.kind.name in verified), named[0])
