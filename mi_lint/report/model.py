"""What a report is made from: the findings to show, the sources they are in, and the redactor for all text."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mi_lint.findings import Applicability, Finding
from mi_lint.report.redact import Redactor
from mi_lint.textfile import TextFile

_COMMANDS = {
    Applicability.SAFE: "mi-lint migrate --write",
    Applicability.REVIEW: "mi-lint migrate --write --unsafe-fixes",
}


@dataclass(frozen=True, slots=True)
class RuleText:
    """What a rule is about: one sentence, the title of its service, and its whole page in Markdown."""

    title: str
    service: str
    summary: str
    page: str


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a run, ready to be shown. `errors` are one line each; with `root`, paths are shown from here.

    `ignored` and `known` (to the baseline) are findings that are not reported. `rules` and `plan` (in Markdown) are for
    the formats that explain. `narrowed`: the run was asked about a part of the project only.
    """

    findings: Sequence[Finding]
    sources: Mapping[str, TextFile]
    redactor: Redactor = field(default_factory=Redactor)
    errors: Sequence[str] = ()
    files_scanned: int = 0
    bytes_scanned: int = 0
    ignored: Sequence[Finding] = ()
    known: Sequence[Finding] = ()
    root: str = ""
    rules: Mapping[str, RuleText] = field(default_factory=dict)
    plan: str = ""
    narrowed: bool = False

    def shown(self, path: str) -> str:
        """A path of the project as the user would type it here."""
        if not self.root:
            return path
        return os.path.relpath(os.path.join(self.root, path)).replace(os.sep, "/")

    def built(self, path: str, variable: str) -> str:
        """A path of the project as a build knows it: from the folder in a variable, if the project lies below that."""
        top = os.environ.get(variable, "")
        if not self.root or not top or not os.path.isabs(top):
            return path
        below = os.path.relpath(os.path.join(self.root, path), top).replace(os.sep, "/")
        return path if below.startswith("../") else below

    @property
    def suppressed(self) -> int:
        return len(self.ignored)

    @property
    def baselined(self) -> int:
        return len(self.known)

    @property
    def files(self) -> int:
        """In how many files there are findings."""
        return len({finding.place.path for finding in self.findings})

    def by_applicability(self) -> dict[Applicability, int]:
        """How many findings can be fixed how; those without a fix count as manual."""
        counts = Counter(effective(finding) for finding in self.findings)
        return {applicability: counts[applicability] for applicability in Applicability}


def effective(finding: Finding) -> Applicability:
    """How far the finding's own fix may be applied; manual without one."""
    if finding.fix is None or not finding.fix.edits:
        return Applicability.MANUAL
    return finding.fix.applicability


def what_to_do(finding: Finding) -> str:
    """One sentence on what helps: how to get the fix, what the rule advises, or what stands in the way of a fix."""
    command = _COMMANDS.get(effective(finding))
    if command and finding.fix:
        return f"{finding.fix.title}: `{command}`."
    return finding.advice or (f"No fix: {sentence(finding.reasons[0])}" if finding.reasons else "")


def sentence(text: str) -> str:
    """A text with a full stop, if it has none."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
