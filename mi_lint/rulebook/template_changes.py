"""Read what a rule says about resources of infrastructure: Terraform, Bicep, and templates in JSON."""

from __future__ import annotations

from mi_lint.rulebook.model import TemplateChange
from mi_lint.rulebook.nodes import Fields, Value
from mi_lint.rulebook.regexes import regex_problem

WAYS = ("system", "user", "pipeline")
_TEMPLATE = {
    "blocks": "[provider acme, Microsoft.Widgets/accounts]",
    "secrets": "[client_secret]",
    "settings": "[ACME_PASSWORD, ACME_USERNAME]",
    "at": "[site_config]",
    "value": '"true"',
    "drops": "[client_secret_file]",
    "whole": "true",
    "held": "[secret]",
    "within": "[site_config]",
    "sets": '{system: {use_msi: "true"}}',
    "identity": "true",
    "scope": "[account_name]",
    "only": '{server: "[.]acme[.]net"}',
}
_NOT_WITH = ("secret", "accepts", "calls", "async", "implicit", "unless", "when", "blocks")


def read_template_change(fields: Fields) -> TemplateChange:
    for key in _NOT_WITH:
        if key in fields:
            raise fields[key].error("does not go with `template`", "leave it out")
    inner = fields["template"].fields(_TEMPLATE, required=("blocks",))
    if not inner.items("blocks"):
        raise inner["blocks"].error("the list is empty", f"write blocks: {_TEMPLATE['blocks']}")
    if bool(inner.items("secrets")) == bool(inner.items("settings")):
        advice = f"write secrets: {_TEMPLATE['secrets']}"
        raise fields["template"].error("it names either `secrets` or `settings`", advice)
    patterns = [*([inner["value"]] if "value" in inner else []), *(value for _, value in inner.entries("only"))]
    for pattern in patterns:
        problem = regex_problem(pattern.text())
        if problem:
            raise pattern.error(problem, "write a simpler regular expression")
    return TemplateChange(
        blocks=inner.texts("blocks"),
        secrets=inner.texts("secrets"),
        settings=inner.texts("settings"),
        at=inner.texts("at"),
        value=inner.text("value"),
        drops=inner.texts("drops"),
        whole=inner.flag("whole"),
        held=inner.texts("held"),
        within=inner.texts("within") if "within" in inner else inner.texts("at"),
        sets=tuple((way, _read_sets(way, value)) for way, value in inner.entries("sets")),
        identity=inner.flag("identity"),
        scope=inner.texts("scope"),
        only=inner.pairs("only"),
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
    words = change.secrets or change.settings
    return tuple((ending, words) for ending in dict.fromkeys(e for group in endings for e in group))
