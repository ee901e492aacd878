"""How far a long loop has come, for whoever wants to know: nobody, unless the command line listens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")


class Listener(Protocol):
    """Is told of one loop after the other; `unit` is what its numbers count."""

    def begin(self, title: str, total: int, unit: str) -> None: ...

    def advance(self, count: int) -> None: ...

    def end(self) -> None: ...


class _Watch:
    listener: Listener | None = None


def listen(listener: Listener | None) -> None:
    """Tell `listener` of all loops from now on."""
    _Watch.listener = listener


def tracked(
    items: Iterable[T], title: str, total: int, unit: str = "file", size: Callable[[T], int] = lambda item: 1
) -> Iterable[T]:
    """The items, one by one; `size` is what one of them counts."""
    listener = _Watch.listener
    return items if listener is None else _told(listener, items, title, total, unit, size)


def _told(
    listener: Listener, items: Iterable[T], title: str, total: int, unit: str, size: Callable[[T], int]
) -> Iterator[T]:
    listener.begin(title, total, unit)
    try:
        for item in items:
            yield item
            listener.advance(size(item))
    finally:
        listener.end()
