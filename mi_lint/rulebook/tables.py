"""Small pieces of Markdown that several pages share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

COVERAGE_HEADER = ("service", "title", "APIs", "rewritten", "manual")


class Covered(Protocol):
    """A service with the number of its callables that take a secret, and what becomes of them."""

    @property
    def service(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def calls(self) -> int: ...
    @property
    def rewritten(self) -> int: ...
    @property
    def manual(self) -> int: ...


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def one_line(text: str) -> str:
    """Text without line breaks and double blanks."""
    return " ".join(text.split())


def coverage_rows(services: Sequence[Covered]) -> list[tuple[str, ...]]:
    """A row per service in the order of their names, and the total of all; the columns are `COVERAGE_HEADER`."""
    ordered = sorted(services, key=lambda s: s.service)
    rows = [(s.service, s.title, str(s.calls), str(s.rewritten), str(s.manual)) for s in ordered]
    sums = (sum(s.calls for s in services), sum(s.rewritten for s in services), sum(s.manual for s in services))
    return [*rows, ("total", counted(len(services), "service"), *map(str, sums))]


def counted(number: int, noun: str) -> str:
    """`1 service`, `2 services`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
