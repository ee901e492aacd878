"""Write docs/rules/ and docs/services/ from the packs, and the reference from the code.

`--check` writes nothing and fails if a page is not current.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mi_lint.rulebook.kind_pages import kind_page, kinds_table
from mi_lint.rulebook.loader import build
from mi_lint.rulebook.location import pack_files
from mi_lint.rulebook.model import Rulebook
from mi_lint.rulebook.pages import coverage, levels, rule_page, service_page
from mi_lint.rulebook.tables import COVERAGE_HEADER, coverage_rows, one_line, table

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("rules", "services")
_COUNTED = (
    "An API is a callable with one way to give it a secret; an async twin is one of its own. Those under `rewritten`\n"
    "become a call with an identity, those under `manual` are reported with what to do."
)
_NOTICE = "<!-- Written by scripts/docs.py from rules/; edit the pack and run the script. -->\n\n"


def pages(rulebook: Rulebook) -> dict[str, str]:
    """All generated pages by their path under docs/."""
    found = {"rules/README.md": _rules_index(rulebook), "services/README.md": _services_index(rulebook)}
    for rule in rulebook.rules:
        found[f"rules/{rule.id}.md"] = rule_page(rule, rulebook.pack_of(rule))
    for pack in rulebook.packs:
        for kind in pack.secrets:
            found[f"rules/{kind.id}.md"] = kind_page(kind, pack)
        if pack.rules or pack.secrets:
            found[f"services/{pack.service}.md"] = service_page(pack)
    return {path: _NOTICE + text for path, text in found.items()}


def stale(wanted: dict[str, str], docs: Path) -> list[str]:
    """Paths under docs/ that are missing, differ, or should not be there."""
    existing = {p.relative_to(docs).as_posix() for folder in FOLDERS for p in (docs / folder).glob("*.md")}
    differing = {path for path, text in wanted.items() if not (docs / path).exists() or _read(docs / path) != text}
    return sorted(differing | (existing - wanted.keys()))


def write(wanted: dict[str, str], docs: Path) -> list[str]:
    """Bring docs/ up to date; the changed paths."""
    changed = stale(wanted, docs)
    for path in changed:
        target = docs / path
        if path in wanted:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(wanted[path], encoding="utf-8", newline="\n")
        else:
            target.unlink()
    return changed


def main(arguments: list[str] | None = None) -> int:
    from reference import reference_pages  # beside this script

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail if a page is not current")
    check = parser.parse_args(arguments).check
    wanted = pages(build(pack_files())) | reference_pages()
    changed = stale(wanted, ROOT / "docs") if check else write(wanted, ROOT / "docs")
    for path in changed:
        print(f"docs/{path}: {'not current; run scripts/docs.py' if check else 'written'}")
    return 1 if check and changed else 0


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _rules_index(rulebook: Rulebook) -> str:
    rows = [
        [f"[{r.id}]({r.id}.md)", r.name, r.service, *levels(r), one_line(r.summary)]
        for r in sorted(rulebook.rules, key=lambda rule: rule.id)
    ]
    header = ["rule", "name", "service", "severity", "applicability", "what is wrong"]
    kinds = tuple(sorted(rulebook.kinds, key=lambda kind: kind.id))
    return f"# Rules\n\n{table(header, rows)}\n\n# Secrets\n\n{kinds_table(kinds)}\n"


def _services_index(rulebook: Rulebook) -> str:
    *services, total = coverage_rows(coverage(rulebook))
    rows = [(f"`{service}`", f"[{title}]({service}.md)", *counts) for service, title, *counts in services]
    secrets = [[f"[{p.title}]({p.service}.md)", str(len(p.secrets))] for p in rulebook.packs if p.secrets]
    return (
        f"# Services\n\n{table(COVERAGE_HEADER, [*rows, total])}\n\n{_COUNTED}\n\n"
        f"# Secrets\n\n{table(['title', 'kinds'], secrets)}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
