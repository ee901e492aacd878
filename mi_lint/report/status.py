"""How far a migration is, as text for people and as JSON for tools."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mi_lint import __version__
from mi_lint.report.model import count
from mi_lint.report.style import Style, printable


@dataclass(frozen=True, slots=True)
class Line:
    """One place, what is there, and why it is not done or what to do about it."""

    place: str
    service: str
    what: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """`safe` and `review` are pending, by how far they may be applied without a person. `secrets` are written out."""

    done: Sequence[Line]
    safe: Sequence[Line]
    review: Sequence[Line]
    blocked: Sequence[Line]
    leftovers: Sequence[Line]
    secrets: int = 0

    @property
    def is_finished(self) -> bool:
        return not (self.safe or self.review or self.blocked or self.leftovers or self.secrets)

    @property
    def percent(self) -> int:
        """How many of the places that sign in use an identity."""
        total = len(self.done) + len(self.safe) + len(self.review) + len(self.blocked)
        return 100 * len(self.done) // total if total else 100


def status_text(status: Status, style: Style) -> str:
    return "\n".join(_lines(status, style)) + "\n"


def _lines(status: Status, style: Style) -> Iterator[str]:
    sections = (
        ("Done: signs in with an identity", "green", status.done, False),
        ("Pending, safe: mi-lint migrate --write", "green", status.safe, False),
        ("Pending, to review: mi-lint migrate --unsafe-fixes --write", "yellow", status.review, True),
        ("Blocked: a person has to change something first", "red", status.blocked, True),
        ("Left behind by the old way", "yellow", status.leftovers, True),
    )
    for title, colour, lines, explained in sections:
        if lines:
            yield f"{style.paint(title, 'bold', colour)} ({len(lines)})"
            for line in lines:
                service = f"{line.service}: " if line.service else ""
                yield f"  {printable(line.place)}  {service}{printable(line.what)}"
                if explained and line.why:
                    yield f"    {printable(line.why)}"
            yield ""
    if status.secrets:
        yield f"{count(status.secrets, 'secret')} written out in files: see `mi-lint check`."
    places = len(status.done) + len(status.safe) + len(status.review) + len(status.blocked)
    if not places and status.is_finished:
        yield "Nothing here signs in to Azure in a way that mi-lint knows."
    else:
        word = "Finished" if status.is_finished else "Under way"
        yield f"{word}: {len(status.done)} of {places} places use an identity ({status.percent}%)."


def status_json(status: Status) -> str:
    body = dataclasses.asdict(status)
    pending = {"safe": body.pop("safe"), "review": body.pop("review")}
    summary = {name: len(body[name]) for name in ("done", "blocked", "leftovers")}
    summary |= {"pending": len(status.safe) + len(status.review), "percent": status.percent}
    summary["finished"] = status.is_finished
    tool = {"name": "mi-lint", "version": __version__}
    order = {"done": body["done"], "pending": pending, "blocked": body["blocked"], "leftovers": body["leftovers"]}
    return (
        json.dumps({"version": 1, "tool": tool, **order, "secrets": status.secrets, "summary": summary}, indent=2)
        + "\n"
    )
