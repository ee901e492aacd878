"""Write findings as a `.secrets.baseline` of detect-secrets, by its own library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mi_lint.findings import Finding


def document(findings: Sequence[Finding], old: dict[str, Any] | None, covered: Callable[[str], bool]) -> dict[str, Any]:
    """The document for these secrets; of an old one, its settings, its audit labels and what was not looked at stay."""
    from detect_secrets.core import baseline as library
    from detect_secrets.core.potential_secret import PotentialSecret
    from detect_secrets.core.secrets_collection import SecretsCollection
    from detect_secrets.settings import default_settings

    from mi_lint.secrets import plugins

    titles = {plugin.kind_name: str(plugin.secret_type) for plugin in plugins.PLUGINS.values()}
    labels = _labels(old)
    rows: list[dict[str, Any]] = []
    for finding in findings:
        row: dict[str, Any] = {
            "type": titles.get(finding.kind, finding.kind),
            "filename": finding.place.path,
            "hashed_secret": finding.sha1[0],
            "is_verified": False,
            "line_number": finding.place.line,
        }
        for sha in finding.sha1:
            if sha in labels:
                row |= {"hashed_secret": sha, "is_secret": labels[sha]}
        rows.append(row)
    known = {(row["filename"], row["hashed_secret"]) for row in rows}
    for path, entries in (old or {}).get("results", {}).items():
        kept = [e for e in entries if not covered(path) or e["type"] not in titles.values()]
        rows += [{**entry, "filename": path} for entry in kept if (path, entry["hashed_secret"]) not in known]
    secrets = SecretsCollection()
    for row in rows:
        secrets[row["filename"]].add(PotentialSecret.load_secret_from_dict(row))
    with default_settings():
        result: dict[str, Any] = library.format_for_output(secrets)
    if old is not None:
        result |= {key: old[key] for key in ("plugins_used", "filters_used") if key in old}
    else:
        path = f"file://{Path(plugins.__file__).resolve()}"
        result["plugins_used"] += [{"name": name, "path": path} for name in sorted(plugins.PLUGINS)]
    return result


def _labels(old: dict[str, Any] | None) -> dict[str, bool]:
    rows = [row for entries in (old or {}).get("results", {}).values() for row in entries]
    return {row["hashed_secret"]: row["is_secret"] for row in rows if row.get("is_secret") is not None}
