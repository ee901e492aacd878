"""Write what the packs say as Markdown: one page a rule, one page a service, and the overview tables.

`mi-lint explain`, `mi-lint rules` and the documentation all show these pages, so that none can say something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mi_lint.findings import Applicability
from mi_lint.rulebook.config_pages import places_of
from mi_lint.rulebook.examples import label_tokens
from mi_lint.rulebook.kind_pages import kinds_table
from mi_lint.rulebook.model import (
    ANY_TEXT,
    Binding,
    Block,
    Call,
    Derivation,
    Example,
    Pack,
    Rule,
    Rulebook,
    TemplateChange,
)
from mi_lint.rulebook.signature import format_signature
from mi_lint.rulebook.tables import one_line, table

_SHAPES = {"connection-string": "a connection string with a secret", "str": "a text", "dict": "a mapping"}
_WAYS = {
    "system": "With a system-assigned identity",
    "user": "With a user-assigned identity",
    "pipeline": "In a pipeline",
}
_APPLICABILITY = {
    Applicability.SAFE: "applied by `--fix`: the text change is certain once the roles below exist",
    Applicability.REVIEW: "applied by `--fix --unsafe-fixes`: right as far as can be seen, look at it",
    Applicability.MANUAL: "not rewritten: the finding says what to do",
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many callables of a service are known, and how many of them are rewritten."""

    service: str
    title: str
    calls: int
    rewritten: int
    manual: int


def coverage(rulebook: Rulebook) -> tuple[Coverage, ...]:
    """One row per pack that has rules, in the order of the packs."""
    rows = []
    for pack in rulebook.packs:
        calls = [(rule, call) for rule in pack.rules for call in rule.calls]
        requests = [r for r in pack.rules if not r.about_calls]  # each speaks of one kind of request or declaration
        done = sum(is_rewritten(rule, call) for rule, call in calls)
        done += sum(rule.applicability is not Applicability.MANUAL for rule in requests)
        known = len(calls) + len(requests)
        if known:
            rows.append(Coverage(pack.service, pack.title, known, done, known - done))
    return tuple(rows)


def is_rewritten(rule: Rule, call: Call) -> bool:
    return call.new is not None and rule.applicability is not Applicability.MANUAL


def rule_page(rule: Rule, pack: Pack, examples: int | None = None) -> str:
    """All that is known about a rule, with so many of its examples."""
    parts = [
        f"# {rule.id} {rule.name}",
        rule.summary.strip(),
        _facts(rule, pack),
        *_examples(rule, examples),
        "## Calls" if rule.template is None and not places_of(rule) else "## Where",
        _calls(rule),
        *_limits(rule),
        *_azure(rule, pack),
        *_bullets("## Traps", rule.traps),
        "## Silence it",
        _silence(rule),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def service_page(pack: Pack) -> str:
    """All that is known about a service."""
    rows = [[f"[{r.id}](../rules/{r.id}.md)", r.name, *levels(r), one_line(r.summary)] for r in pack.rules]
    header = ["rule", "name", "severity", "applicability", "what is wrong"]
    roles = [[key, role.name, f"`{role.id}`", role.kind] for key, role in pack.roles]
    derived = [_derived(d) for d in pack.derive]
    parts = [
        f"# {pack.title}",
        f"Service `{pack.service}`." + (f" [Documentation of the service]({pack.docs})." if pack.docs else ""),
        _packages(pack),
        *_section("## Rules", table(header, rows), bool(rows)),
        *_section("## Secrets", kinds_table(pack.secrets), bool(pack.secrets)),
        *_section("## Roles", table(["use", "role", "id", "kind"], roles), bool(roles)),
        *_section(
            "## What a connection string becomes",
            table(["value", "setting", "derived from"], derived),
            bool(derived),
        ),
        *_keys_off(pack),
        *_bullets("## Notes", pack.notes),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _derived(derivation: Derivation) -> list[str]:
    """The row of a derived value: what it is called, which setting holds it, and how it comes about."""
    if not derivation.drops:
        templates = "<br>".join(f"`{text}`" for text in derivation.templates)
        return [f"`{derivation.name}`", f"`..._{derivation.setting}`", templates]
    gone = ", ".join(f"`{key}`" for key in derivation.drops)
    added = " and ".join(f"`{key}={value}`" for key, value in derivation.adds)
    return [f"`{derivation.name}`", "the same", f"itself without {gone}" + (f", with {added}" if added else "")]


def levels(rule: Rule) -> tuple[str, str]:
    return rule.severity.name.lower(), rule.applicability.name.lower()


def _facts(rule: Rule, pack: Pack) -> str:
    severity, applicability = levels(rule)
    facts = [
        f"- Service: {pack.title} (`{pack.service}`)",
        f"- Severity: {severity}",
        f"- Applicability: {applicability}, {_APPLICABILITY[rule.applicability]}",
        f"- Documentation: {rule.docs or pack.docs}",
    ]
    if pack.packages and rule.applicability is not Applicability.MANUAL:
        facts.append(f"- {_packages(pack)}")
    return "\n".join(facts)


def _packages(pack: Pack) -> str:
    """The packages that the result needs; of a pack that rewrites nothing, those that it speaks about."""
    listed = ", ".join(f"`{name}{version}`" for name, version in pack.packages)
    rewrites = any(is_rewritten(rule, call) for rule in pack.rules for call in rule.calls)
    return f"{'Needs' if rewrites or not pack.rules else 'About'} {listed}." if listed else ""


def _examples(rule: Rule, limit: int | None) -> list[str]:
    parts: list[str] = []
    found = [example for example in rule.examples if example.rewrites]
    for example in found[:limit]:
        parts.append(f"## Example: {example.title}")
        if example.options:
            parts.append("With " + ", ".join(f"`--{name} {value}`" for name, value in example.options) + ".")
        if example.before:
            parts += ["Before", _code("python", example.before), "After", _code("python", example.after or "")]
        for path, before, after in _other_files(example):
            language = "python" if path.endswith(".py") else ""
            parts += [f"`{path}` before", _code(language, before), f"`{path}` after", _code(language, after)]
    hidden = len(found) - len(found[:limit])
    if hidden:
        parts.append(f"{hidden} more with `mi-lint explain {rule.id} --output-format markdown`.")
    return parts


def _other_files(example: Example) -> list[tuple[str, str, str]]:
    pairs = list(example.files)
    if example.settings_before is not None:
        pairs.insert(0, (".env", example.settings_before, example.settings_after))
    return [(path, before, after) for path, before, after in pairs if after is not None and after != before]


def _code(language: str, text: str) -> str:
    return f"```{language}\n{label_tokens(text).rstrip()}\n```"


def _calls(rule: Rule) -> str:
    """Each call once; a twin in an async module is only mentioned."""
    lines = []
    if rule.request is not None:
        request = rule.request
        where = f"header `{request.header}`" if request.header else f"query parameter `{request.query}`"
        return f"Requests of HTTP libraries with the {where}" + _hosts(rule) + "."
    if rule.binding is not None:
        return _binding(rule.binding)
    if rule.template is not None:
        return _template(rule.template)
    if places_of(rule):
        return places_of(rule)
    for call in rule.calls:
        old = f"- `{format_signature(call.old)}`" + (" (async)" if call.is_async else "")
        if call.is_assigned:
            beside = [f"`{p.name}`" for p in call.old.parameters if p.name != rule.secret]
            old = f"- an assignment to `{call.old.symbol}`" + (f", beside {_listed(beside)}," if beside else "")
        if call.new is None:
            new = "is only reported"
        elif not call.new.symbol:
            new = "becomes the credential itself"
        else:
            new = f"becomes `{format_signature(call.new)}`"
        lines.append(f"{old} {new}")
    return "\n".join(lines)


def _binding(binding: Binding) -> str:
    """What names a setting, and what takes the setting's place."""
    methods = [f"- `{name}(..., {p}=...)` of `{binding.module}`" for name, given in binding.methods for p in given]
    types = [
        f"- bindings of type `{name}` in `function.json`, by `{m}`" for name, given in binding.types for m in given
    ]
    types += [f"- `{'.'.join(place.keys)}` in `{place.file}`" for place in binding.declared]
    hosts = [f"- the setting `{name}`, which the host itself reads" for name in binding.hosts]
    becomes = [f"`{name}__{item.setting}`" for name in ["NAME"] for item in binding.becomes]
    new = f"\n\nThe setting `NAME` becomes {_listed(becomes)}." if becomes else ""
    off = f"\n\n{_listed([f'`{name}`' for name in binding.turned_off])} becomes false." if binding.turned_off else ""
    entity = f"\n\nThe entity of the connection string becomes `{binding.entity}`." if binding.entity else ""
    return "\n".join([*methods, *types, *hosts]) + new + entity + off


def _template(change: TemplateChange) -> str:
    """Where the secret stands, and what takes its place."""
    where = "".join(f"`{name}`, " for name in change.at)
    what = _or(change.secrets) if change.secrets else f"the setting {_or(change.settings[:1])}"
    value = f" that matches `{change.value}`" if change.value else ""
    lines = [f"- `{block}`: {where}{what}{value}" for block in change.blocks]
    for way, members in change.sets:
        lines.append(f"- {_WAYS[way]}: " + ", ".join(f"`{name}` = `{value}`" for name, value in members))
    if change.whole:
        lines.append(f"- `{change.at[-1]}` goes, and an identity comes")
    return "\n".join(lines)


def _hosts(rule: Rule) -> str:
    """To whom a request goes, and what takes the place of its secret."""
    request = rule.request
    assert request is not None
    where = f", to a URL that matches `{request.url}`" if request.url else ", to any host"
    value = f", whose value matches `{request.value}`" if request.value else ""
    return f"{value}{where}" + (f"; it becomes a token for `{request.scope}`" if request.scope else "")


def _limits(rule: Rule) -> list[str]:
    lines = [
        f"Only where `{rule.secret}` is {_listed([_shape(s) for s in rule.accepts])}; anything else is left alone."
    ][: 1 if rule.about_calls else 0]
    if rule.implicit:
        lines.append(f"Without `{rule.secret}` the setting `{rule.implicit}` is read.")
    if rule.unless:
        lines.append(f"A call that has {_or(rule.unless)} already uses a token and is left alone.")
    lines += [
        f"Only where `{name}` is given." if pattern == ANY_TEXT else f"Only where `{name}` matches `{pattern}`."
        for name, pattern in rule.when
    ]
    lines += [f"{_condition(b)}: {b.lowers.name.lower()}. {one_line(b.because)}" for b in rule.blocks]
    lines += [f"Left alone: {e.title}." for e in rule.examples if e.silent]
    lines += [f"Reported without a fix: {e.title} ({e.manual})." for e in rule.examples if e.manual]
    advice = ["## What to do by hand", rule.advice.strip()] if rule.advice else []
    return [*_bullets("## Limits", lines), *advice]


def _condition(block: Block) -> str:
    if block.reads:
        return f"Where {_or(block.reads)} of the client is read"
    if block.methods:
        return f"Where {_or(block.methods)} is called"
    if block.calls:
        return f"Where {_or(block.calls)} is used"
    if block.keywords:
        return f"With {_or(block.keywords)}"
    if block.parts:
        return f"Where the connection string has {_or(block.parts)}"
    return f"Where `{block.parameter}` matches `{block.matches}`"


def _azure(rule: Rule, pack: Pack) -> list[str]:
    role = dict(pack.roles).get(rule.role)
    resource = (role.resource if role is not None else "") or "resource"
    lines = [] if role is None else ["## Role", f"{role.name} (`{role.id}`, {role.kind}) on the {resource}."]
    return [*lines, *_keys_off(pack)]


def _keys_off(pack: Pack) -> list[str]:
    off = dict(pack.keys_off)
    if not off:
        return []
    parts = ["## Turn keys off afterwards"]
    if "az" in off:
        parts.append(f"```\n{off['az']}\n```")
    if "arm" in off:
        parts.append(f"In Bicep and ARM: `{off['arm']}`.")
    if "breaks" in off:
        parts.append(f"This stops: {one_line(off['breaks'])}")
    return parts


def _silence(rule: Rule) -> str:
    line = f"```python\n...  # mi-lint: ignore[{rule.id}] why it stays\n```"
    project = f'Or for a whole project: `ignore = ["{rule.id}"]` under `[tool.mi-lint]`, or `--ignore {rule.id}`.'
    return f"{line}\n\n{project}"


def _bullets(heading: str, lines: Sequence[str]) -> list[str]:
    return [heading, "\n".join(f"- {one_line(line)}" for line in lines)] if lines else []


def _section(heading: str, body: str, wanted: bool) -> list[str]:
    return [heading, body] if wanted else []


def _shape(name: str) -> str:
    return _SHAPES.get(name) or f"an instance of `{name}`"


def _or(names: Sequence[str]) -> str:
    return _listed([f"`{name}`" for name in names])


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]
