"""Edits inside of an expression that is replaced as a whole: they are applied to its source first, or dropped."""

from __future__ import annotations

from mi_lint.edits import TextEdit, apply
from mi_lint.placeholder import PATTERN
from mi_lint.python.project import Module
from mi_lint.textfile import Span


def changed_source(module: Module, span: Span, edits: list[TextEdit]) -> tuple[str, list[TextEdit]]:
    """The source of a span with the edits inside of it, and the edits outside."""
    inner = [e for e in edits if span.start < e.span.start < span.end or (e.span.start == span.start < e.span.end)]
    moved = [TextEdit(Span(e.span.start - span.start, e.span.end - span.start), e.text) for e in inner]
    return apply(module.file.text[span.start : span.end], moved), [e for e in edits if e not in inner]


def replaced(edits: list[TextEdit], span: Span, text: str) -> list[TextEdit]:
    """Drop all edits inside a span and replace the span as a whole."""
    kept = [e for e in edits if not (span.start <= e.span.start and e.span.end <= span.end and e.span.end > span.start)]
    return [*kept, TextEdit(span, text)]


def width(text: str) -> int:
    """How wide a text will be once its stand-ins are names."""
    return len(PATTERN.sub(lambda match: match[2] or match[1], text))
