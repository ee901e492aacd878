"""Read the examples of a rule, and check that they are what they say they are before any test runs them."""

from __future__ import annotations

import ast
import difflib
import re

from mi_lint.rulebook.examples import TOKENS
from mi_lint.rulebook.model import Example
from mi_lint.rulebook.nodes import Value

_EXAMPLE = {
    "title": "environment variable",
    "before": "|",
    "after": "|",
    "silent": "true",
    "manual": '"part of the reason"',
    "settings": "{before: ..., after: ...}",
    "files": "{config.py: {before: ..., after: ...}}",
    "options": "{identity: user}",
}
_PAIR = {"before": "|", "after": "|"}
_OPTIONS = {
    "identity": "user",
    "client-id": "00000000-0000-0000-0000-000000000000",
    "client-id-setting": "AZURE_CLIENT_ID",
    "credential": "managed-identity",
}
_CHOICES = {"identity": ("system", "user"), "credential": ("default", "managed-identity", "chain", "workload")}
_OUTCOMES = ("after", "silent", "manual")
_TOKEN_LIKE = re.compile(r"\{([a-z]+(?:-[a-z]+)+)\}")


def read_example(value: Value) -> Example:
    """One example. Where it shows no code, the files alone say what comes of them."""
    given = {key for key, _ in value.entries()}
    fields = value.fields(_EXAMPLE, required=("title",) if "files" in given else ("title", "before"))
    files = tuple((path, *_pair(pair, path)) for path, pair in _files(fields.get("files")))
    shown = "before" not in fields and any(after is not None for _, _, after in files)
    outcomes = [name for name in _OUTCOMES if name in fields] + ["after"] * shown
    if len(outcomes) != 1:
        found = " and ".join(f"`{name}`" for name in outcomes) or "no outcome"
        raise value.error(f"the example has {found}", "write exactly one of after: |, silent: true, manual: TEXT")
    if "silent" in fields and not fields.flag("silent"):
        raise fields["silent"].error("`silent: false` says nothing", "write silent: true, or after: or manual:")
    settings = fields.get("settings")
    settings_before, settings_after = _pair(settings, "") if settings is not None else (None, None)
    return Example(
        title=fields.text("title"),
        before=_code(fields["before"]) if "before" in fields else "",
        after=_code(fields["after"]) if "after" in fields else None,
        silent="silent" in fields,
        manual=fields.text("manual"),
        settings_before=settings_before,
        settings_after=settings_after,
        files=files,
        options=_options(fields.get("options")),
        line=value.line,
    )


def _pair(value: Value, path: str) -> tuple[str, str | None]:
    fields = value.fields(_PAIR, required=("before",))
    read = _code if path.endswith(".py") else _text
    return read(fields["before"]), read(fields["after"]) if "after" in fields else None


def _files(value: Value | None) -> list[tuple[str, Value]]:
    entries = [] if value is None else value.entries()
    for path, entry in entries:
        parts = path.split("/")
        if path.startswith("/") or "\\" in path or ".." in parts or "" in parts or path in ("app.py", ".env"):
            raise entry.error(f"`{path}` is not a further file", "write a relative path other than app.py and .env")
    return entries


def _options(value: Value | None) -> tuple[tuple[str, str], ...]:
    if value is None:
        return ()
    fields = value.fields(_OPTIONS)
    for name, allowed in _CHOICES.items():
        if name in fields:
            fields[name].choice(allowed)
    return tuple((name, option.text()) for name, option in fields.values.items())


def _code(value: Value) -> str:
    text = _text(value)
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f" in its line {line}" if line else ""
        raise value.error(f"not Python{where} ({getattr(error, 'msg', error)})", "correct the example") from None
    return text


def _text(value: Value) -> str:
    text = value.text()
    for name in _TOKEN_LIKE.findall(text):
        near = difflib.get_close_matches(name, TOKENS, n=1, cutoff=0.8)
        if name not in TOKENS and near:
            raise value.error(f"`{{{name}}}` stands for no secret", f"did you mean `{{{near[0]}}}`?")
    return text
