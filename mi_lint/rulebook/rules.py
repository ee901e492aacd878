"""Read one rule of a pack: its calls, its conditions and what it tells the user."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from mi_lint.findings import Applicability, Severity
from mi_lint.rulebook.bindings import read_binding
from mi_lint.rulebook.calls import Known, read_calls
from mi_lint.rulebook.config_changes import SAMPLES, read_command, read_mention, read_policy, read_step, read_variable
from mi_lint.rulebook.model import Binding, Block, Call, Delegation, Example, Following, Request, Rule
from mi_lint.rulebook.nodes import Fields, Value, suggest
from mi_lint.rulebook.parts import read_regex, read_symbol
from mi_lint.rulebook.samples import read_example
from mi_lint.rulebook.template_changes import read_template_change, template_words

SHAPES = ("connection-string", "str", "dict")
APPLICABILITIES = {level.name.lower(): level for level in Applicability}
SEVERITIES = {level.name.lower(): level for level in Severity}
_ID = re.compile(r"MI\d{3}")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_RULE = {
    "id": "MI201",
    "name": "widgets-connection-string",
    "summary": "What is wrong, and what happens instead.",
    "severity": "high",
    "applicability": "safe",
    "secret": "conn_str",
    "accepts": "[connection-string]",
    "kinds": "[storage-key]",
    "async": "{package.module: package.module.aio}",
    "calls": "[{old: package.Class(key), new: package.Class(credential=IDENTITY)}]",
    "request": '{header: api-key, url: "https://...", scope: "https://.../.default"}',
    "binding": "{module: acme.functions, methods: {widget_trigger: connection}, format: acme, becomes: {...}}",
    "template": "{blocks: [provider acme], secrets: [client_secret], sets: {...}}",
    **SAMPLES,
    "delegation": "{clients: [package.Client], method: get_key, start: start, expiry: expiry, days: 7, window: [a, b]}",
    "following": "{text: |, function: give_token, scope: https://.../.default, uses: {event: package.event}}",
    "role": "write",
    "docs": "https://learn.microsoft.com/...",
    "advice": "What to do, in one to three sentences.",
    "unless": "[azure_ad_token_provider]",
    "when": '{base_url: "https://.*"}',
    "item": "connection",
    "hosts": "[acme.net]",
    "implicit": "AZURE_OPENAI_API_KEY",
    "environment": "[ACME_KEY]",
    "blocks": "[{methods: [name], lowers: review, because: One sentence.}]",
    "traps": "[One sentence.]",
    "examples": "[{title: ..., before: |, after: |}]",
}
_REQUIRED = ("id", "name", "summary", "examples")
_CALLS = ("secret", "accepts", "calls")  # what a rule says about calls; or it has one of these:
_INSTEAD = ("request", "binding", "template", *SAMPLES)
_FOLLOWING = {
    "text": "|",
    "function": "give_token",
    "scope": "https://.../.default",
    "uses": "{event: package.event}",
}
_DELEGATION = {
    "clients": "[package.Client]",
    "method": "get_key",
    "start": "key_start_time",
    "expiry": "key_expiry_time",
    "days": "7",
    "window": "[start, expiry]",
    "key": "credential.account_key",
    "account": "account_name",
}
_REQUEST = {
    "header": "api-key",
    "query": "code",
    "value": '"^SharedKey"',
    "url": '"(?i)^https://[^/?#]+[.]acme[.]net"',
    "scope": '"https://acme.net/.default"',
    "words": "[acme.net]",
}
_BLOCK = {
    "lowers": "review",
    "because": "One sentence for the user.",
    "methods": "[name]",
    "reads": "[credential.account_key]",
    "calls": "[package.function]",
    "keywords": "[name]",
    "parts": "[EntityPath]",
    "parameter": "name",
    "matches": '"regex"',
    "identity": "user",
}
_CONDITIONS = ("methods", "reads", "calls", "keywords", "parts", "parameter", "identity")


def read_rule(value: Value, known: Known) -> Rule:
    without_calls = set(_INSTEAD) & {key for key, _ in value.entries()}
    fields = value.fields(_RULE, _REQUIRED if without_calls else (*_REQUIRED, *_CALLS))
    request = _read_request(fields) if "request" in fields else None
    binding = _read_binding(fields, known) if "binding" in fields else None
    template = read_template_change(fields) if "template" in fields else None
    calls = () if without_calls else read_calls(fields, known)
    rewrites = any(call.new is not None for call in calls) or (request is not None and bool(request.scope))
    rewrites = rewrites or (binding is not None and bool(binding.becomes))
    rewrites = rewrites or (template is not None and template.rewrites)
    step, step_words = read_step(fields) if "step" in fields else (None, ())
    variable, variable_words = read_variable(fields) if "variable" in fields else (None, ())
    command, command_words = read_command(fields) if "command" in fields else (None, ())
    policy, policy_words = read_policy(fields) if "policy" in fields else (None, ())
    mention, mention_words = read_mention(fields) if "mention" in fields else (None, ())
    rewrites = rewrites or step is not None or variable is not None or (command is not None and command.rewrites)
    rewrites = rewrites or (policy is not None and bool(policy.becomes))
    applicability = _read_applicability(fields, calls, rewrites)
    examples = _read_examples(fields["examples"], applicability)
    return Rule(
        id=_matching(fields["id"], _ID, "MI and three digits"),
        name=_matching(fields["name"], _NAME, "words in lower case, joined by hyphens"),
        service=known.service,
        summary=fields.text("summary"),
        calls=calls,
        secret=fields.text("secret"),
        accepts=_read_accepts(fields["accepts"], known) if not without_calls else ("str",),
        severity=SEVERITIES[fields["severity"].choice(SEVERITIES)] if "severity" in fields else Severity.HIGH,
        applicability=applicability,
        role=fields["role"].choice(known.roles) if "role" in fields else "",
        advice=fields.text("advice"),
        docs=read_link(fields.get("docs")),
        unless=_names_in(fields.items("unless"), calls),
        when=_read_when(fields, calls),
        item=fields.text("item"),
        hosts=fields.texts("hosts"),
        implicit=fields.text("implicit"),
        blocks=tuple(_read_block(item, calls) for item in fields.items("blocks")),
        request=request,
        binding=binding,
        template=template,
        step=step,
        variable=variable,
        command=command,
        policy=policy,
        mention=mention,
        words=(
            *(template_words(template) if template is not None else ()),
            *(*step_words, *variable_words, *command_words, *policy_words, *mention_words),
        ),
        following=_read_following(fields, calls) if "following" in fields else None,
        delegation=_read_delegation(fields, calls),
        environment=fields.texts("environment"),
        kinds=fields.texts("kinds"),
        traps=fields.texts("traps"),
        examples=examples,
        path=value.path,
        line=value.line,
    )


def _read_examples(value: Value, applicability: Applicability) -> tuple[Example, ...]:
    examples = tuple(read_example(item) for item in value.items())
    if not examples:
        raise value.error("the list is empty", "write at least one example")
    if applicability is not Applicability.MANUAL and not any(example.rewrites for example in examples):
        raise value.error("no example shows the rewrite", "write one with after: |")
    return examples


def read_link(value: Value | None) -> str:
    if value is None:
        return ""
    if not value.text().startswith("https://"):
        raise value.error(f"`{value.text()}` is not a link", "write https://...")
    return value.text()


def _matching(value: Value, pattern: re.Pattern[str], words: str) -> str:
    if not pattern.fullmatch(value.text()):
        raise value.error(f"`{value.text()}` does not fit", f"write {words}")
    return value.text()


def _read_accepts(value: Value, known: Known) -> tuple[str, ...]:
    items = value.items()
    if not items:
        raise value.error("the list is empty", f"write one of {', '.join(SHAPES)} or the name of a wrapper class")
    known.shapes.extend(item for item in items if item.text() not in SHAPES)
    return value.texts()


def _read_request(fields: Fields) -> Request:
    owner = fields["request"]
    for key in (*_CALLS, "async", "implicit", "unless", "when", "hosts", "item"):
        if key in fields:
            raise fields[key].error("does not go with `request`", "leave it out")
    request = owner.fields(_REQUEST, required=("words",))
    if ("header" in request) == ("query" in request):
        raise owner.error("an entry has either `header` or `query`", f"write header: {_REQUEST['header']}")
    if "scope" in request and ("url" not in request or "header" not in request):
        raise request["scope"].error(
            "a token is only sent in a header, and to a known host", "write `header` and `url`"
        )
    if not request.items("words"):
        raise request["words"].error("the list is empty", f"write words: {_REQUEST['words']}")
    return Request(
        header=request.text("header").lower(),
        query=request.text("query"),
        value=read_regex(request["value"]) if "value" in request else "",
        url=read_regex(request["url"]) if "url" in request else "",
        scope=request.text("scope"),
        words=request.texts("words"),
    )


def _read_binding(fields: Fields, known: Known) -> Binding:
    for key in (*_CALLS, "request", "async", "implicit", "unless", "when", "hosts", "item", "blocks"):
        if key in fields:
            raise fields[key].error("does not go with `binding`", "leave it out")
    return read_binding(fields["binding"], known.roles)


def _read_delegation(fields: Fields, calls: tuple[Call, ...]) -> Delegation | None:
    parameters = [p for call in calls if call.new is not None for p in call.new.parameters]
    wanted = any(p.credential is not None and p.credential.kind == "delegated" for p in parameters)
    if wanted != ("delegation" in fields):
        raise fields.owner.error("DELEGATED_KEY and `delegation` belong together", "write both")
    if not wanted:
        return None
    required = ("clients", "method", "start", "expiry", "days", "window")
    inner = fields["delegation"].fields(_DELEGATION, required=required)
    if len(_names_in(inner.items("window"), calls)) != 2:
        raise inner["window"].error("not two parameters of the call", f"write window: {_DELEGATION['window']}")
    start, expiry = inner.texts("window")
    return Delegation(
        clients=tuple(read_symbol(item) for item in inner.items("clients")),
        method=inner.text("method"),
        start=inner.text("start"),
        expiry=inner.text("expiry"),
        days=int(inner["days"].number()),
        window=(start, expiry),
        key=inner.text("key"),
        account=_names_in([inner["account"]], calls)[0] if "account" in inner else "",
    )


def _read_following(fields: Fields, calls: tuple[Call, ...]) -> Following:
    owner = fields["following"]
    inner = owner.fields(_FOLLOWING, required=_FOLLOWING)
    if any(p.credential is not None for call in calls if call.new is not None for p in call.new.parameters):
        raise owner.error("a `new` takes a credential too", "write the one or the other")
    text = inner.text("text")
    for name in ("target", "function", "token"):
        if f"{{{name}}}" not in text:
            raise inner["text"].error(f"does not say {{{name}}}", "see the schema")
        text = text.replace(f"{{{name}}}", name)
    try:
        ast.parse(text)
    except SyntaxError:
        raise inner["text"].error("not Python", "correct it") from None
    uses = tuple((name, read_symbol(value)) for name, value in inner.entries("uses"))
    return Following(inner.text("text"), inner.text("function"), inner.text("scope"), uses)


def _read_applicability(fields: Fields, calls: tuple[Call, ...], rewrites: bool) -> Applicability:
    given = fields["applicability"].choice(APPLICABILITIES) if "applicability" in fields else ""
    if given not in ("", "manual") and not rewrites:
        raise fields["applicability"].error(
            f"no call has a `new`, so nothing is {given}", "write applicability: manual"
        )
    level = APPLICABILITIES[given or ("safe" if rewrites else "manual")]
    only_reported = level is Applicability.MANUAL or not calls or any(call.new is None for call in calls)
    if only_reported and "advice" not in fields:
        raise fields.owner.error("the key `advice` is missing, and a call is only reported", "write advice: what to do")
    return level


def _names_in(items: Iterable[Value], calls: tuple[Call, ...]) -> tuple[str, ...]:
    """The names, each of which is a parameter of some call, or may be among its `**kwargs`."""
    texts: list[str] = []
    for item in items:
        name = item.text()
        if not any(c.old.parameter(name) is not None or c.old.var_keyword for c in calls):
            names = sorted({p.name for c in calls for p in c.old.parameters})
            raise item.error(f"`{name}` is no parameter of `old`", suggest(name, names))
        texts.append(name)
    return tuple(texts)


def _read_when(fields: Fields, calls: tuple[Call, ...]) -> tuple[tuple[str, str], ...]:
    pairs = []
    for name, value in fields.entries("when"):
        if not all(c.old.parameter(name) is not None or c.old.var_keyword for c in calls):
            names = sorted({p.name for c in calls for p in c.old.parameters})
            raise value.error(f"`{name}` is no parameter of every `old`", suggest(name, names))
        pairs.append((name, read_regex(value)))
    return tuple(pairs)


def _read_block(value: Value, calls: tuple[Call, ...]) -> Block:
    fields = value.fields(_BLOCK, required=("lowers", "because"))
    conditions = [name for name in _CONDITIONS if name in fields]
    if len(conditions) != 1:
        raise value.error(f"{len(conditions)} conditions", f"write exactly one of {', '.join(_CONDITIONS)}")
    if ("parameter" in fields) > ("matches" in fields) or (
        "matches" in fields and not {"parameter", "parts"} & {*conditions}
    ):
        raise value.error("`parameter` and `matches` belong together", "write both")
    parameter = _names_in([fields["parameter"]], calls)[0] if "parameter" in fields else ""
    return Block(
        lowers=APPLICABILITIES[fields["lowers"].choice(("review", "manual"))],
        because=fields.text("because"),
        methods=fields.texts("methods"),
        reads=fields.texts("reads"),
        calls=tuple(read_symbol(item) for item in fields.items("calls")),
        keywords=_names_in(fields.items("keywords"), calls),
        parts=fields.texts("parts"),
        parameter=parameter,
        matches=read_regex(fields["matches"]) if "matches" in fields else "",
        identity=fields["identity"].choice(("system", "user")) if "identity" in fields else "",
    )
