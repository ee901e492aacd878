"""A secret found in a file, as detection passes it on. Its value stays in memory and out of every text."""

from __future__ import annotations

from dataclasses import dataclass, field

from mi_lint.findings import Confidence, Severity
from mi_lint.rulebook.kinds import SecretKind
from mi_lint.textfile import Span


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret at one place. `spans` are the characters of the file that carry it: several if it is assembled.

    `name` is what the value is called where it stands; `notes` say in words what the value tells about itself.
    """

    kind: SecretKind
    value: str = field(repr=False)
    spans: tuple[Span, ...]
    severity: Severity
    confidence: Confidence
    name: str = ""
    verified: bool = False
    notes: tuple[str, ...] = ()
    extent: str = field(default="", repr=False)  # the value that the secret is part of

    @property
    def start(self) -> int:
        return self.spans[0].start

    @property
    def end(self) -> int:
        return max(span.end for span in self.spans)
