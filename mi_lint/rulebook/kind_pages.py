"""Write what the packs say about kinds of secrets as Markdown."""

from __future__ import annotations

import re

from mi_lint.rulebook.kinds import SecretExample, SecretKind
from mi_lint.rulebook.model import Pack
from mi_lint.rulebook.tables import one_line, table

_TOKEN = re.compile(r"\{([a-z0-9]+(?:-[a-z0-9]+)*)(?::broken|:base64)?\}")
_IDENTITY = {"yes": "yes", "partial": "for some uses", "no": "no"}
_FAILURE = {
    "drop": "a value that fails it is not reported",
    "lower": "a value that fails it is reported with less confidence",
    "keep": "a value that fails it is reported all the same",
}


def kind_page(kind: SecretKind, pack: Pack) -> str:
    """All that is known about a kind of secret."""
    parts = [
        f"# {kind.id} {kind.name}",
        f"{kind.title} written out in a file. {kind.grants}",
        _facts(kind, pack),
        "## What to do",
        kind.advice,
        "## How it is found",
        "\n".join(f"- {line}" for line in _searches(kind)),
        *(["## Traps", "\n".join(f"- {one_line(trap)}" for trap in kind.traps)] if kind.traps else []),
        "## Found",
        *[_shown(example) for example in kind.examples if not example.silent],
        "## Left alone",
        *[_shown(example) for example in kind.examples if example.silent],
        "## Silence it",
        f"A comment on its line: `# mi-lint: ignore[{kind.id}] why it stays`, or `# pragma: allowlist secret`. "
        f'For a whole project: `ignore = ["{kind.id}"]` under `[tool.mi-lint]`, or a baseline.',
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def kinds_table(kinds: tuple[SecretKind, ...]) -> str:
    """Kinds as a Markdown table, with links to their pages."""
    rows = [
        [f"[{k.id}](../rules/{k.id}.md)", k.name, k.title, k.severity.name.lower(), _IDENTITY[k.identity]]
        for k in kinds
    ]
    return table(["rule", "name", "secret", "severity", "managed identity instead"], rows)


def _facts(kind: SecretKind, pack: Pack) -> str:
    lines = [
        f"- Service: {pack.title} (`{pack.service}`)",
        f"- Class: {kind.secret_class}",
        f"- Severity: {kind.severity.name.lower()}",
        f"- Confidence: {kind.confidence.name.lower()}" + (", high where its checksum holds" if kind.checksum else ""),
        f"- A managed identity can take its place: {_IDENTITY[kind.identity]}",
        f"- Documentation: {kind.docs or pack.docs}",
    ]
    if not kind.default:
        lines.append(f"- Off by default: `--select {kind.id}` reports it.")
    return "\n".join(lines)


def _searches(kind: SecretKind) -> list[str]:
    lines = []
    if any(search.text for search in kind.find):
        lines.append("By its shape, in any text: also escaped, percent-encoded or in base64.")
    if any(search.names for search in kind.find):
        lines.append("By the name of a value that has its shape, in code and in configuration.")
    if any(search.near or search.file for search in kind.find):
        lines.append("Some names count only near words that speak of the service.")
    if kind.checksum is not None:
        lines.append(f"It carries a checksum ({kind.checksum.algorithm}): {_FAILURE[kind.checksum.failure]}.")
        told = [words for _, words in kind.checksum.labels if words]
        if told:
            lines.append(f"The checksum tells the use of the key: {'; '.join(told)}.")
    if kind.expires:
        lines.append("A token that has expired is reported with low severity.")
    return lines


def _shown(example: SecretExample) -> str:
    text = _TOKEN.sub(lambda match: f"<{match.group().strip('{}')}>", example.text).rstrip()
    fence = "````" if "```" in text else "```"
    return f"{example.title[:1].upper()}{example.title[1:]} (`{example.path}`):\n\n{fence}\n{text}\n{fence}"
