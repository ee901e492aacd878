"""Read what a rule says about resources of infrastructure: Terraform, Bicep, and templates in JSON."""

from __future__ import annotations

from mi_lint.rulebook.model import TemplateChange
from mi_lint.rulebook.nodes import Fields, Value

WAYS = ("system", "user", "pipeline")
_TEMPLATE = {
    "blocks": "[provider acme, Microsoft.Widgets/accounts]",
    "secrets": "[client_secret]",
    "at": "[site_config]",
    "drops": "[client_secret_file]",
    "within": "[site_config]",
    "sets": '{system: {use_msi: "true"}}',
}
_NOT_WITH = ("secret", "accepts", "calls", "async", "implicit", "unless", "when", "blocks")


def read_template_change(fields: Fields) -> TemplateChange:
    for key in _NOT_WITH:
        if key in fields:
            raise fields[key].error("does not go with `template`", "leave it out")
    inner = fields["template"].fields(_TEMPLATE, required=("blocks", "secrets"))
    for key in ("blocks", "secrets"):
        if not inner.items(key):
            raise inner[key].error("the list is empty", f"write {key}: {_TEMPLATE[key]}")
    return TemplateChange(
        blocks=inner.texts("blocks"),
        secrets=inner.texts("secrets"),
        at=inner.texts("at"),
        drops=inner.texts("drops"),
        within=inner.texts("within") if "within" in inner else inner.texts("at"),
        sets=tuple((way, _read_sets(way, value)) for way, value in inner.entries("sets")),
    )


def _read_sets(way: str, value: Value) -> tuple[tuple[str, str], ...]:
    if way not in WAYS:
        raise value.error(f"`{way}` is no way to sign in", f"write one of {', '.join(WAYS)}")
    return value.pairs()


def is_terraform(block: str) -> bool:
    """Whether a block is one of Terraform; a type of Azure Resource Manager has a slash."""
    return "/" not in block


def template_words(change: TemplateChange) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """By ending of a file: the words of which one with a finding holds one at least."""
    endings = [(".tf",) if is_terraform(block) else (".bicep", ".json") for block in change.blocks]
    return tuple((ending, change.secrets) for ending in dict.fromkeys(e for group in endings for e in group))
