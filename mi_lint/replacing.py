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
    return [*(edit for edit in edits if not _is_inside(edit.span, span)), TextEdit(span, text)]


def _is_inside(inner: Span, outer: Span) -> bool:
    """Whether an edit is part of a span; what is inserted at its edges is not."""
    if inner.start == inner.end:
        return outer.start < inner.start < outer.end
    return outer.start <= inner.start and inner.end <= outer.end


def width(text: str) -> int:
    """How wide a text will be once its stand-ins are names."""
    return len(PATTERN.sub(lambda match: match[2] or match[1], text))
