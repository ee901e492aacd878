"""Read what a rule says about pipelines, scripts and policies, and what a pack says about signing in on a platform."""

from __future__ import annotations

import re
from collections.abc import Mapping

from mi_lint.rulebook.config_model import (
    CommandChange,
    Mention,
    Pairs,
    PolicyChange,
    Rights,
    SignIn,
    StepChange,
    VariableChange,
)
from mi_lint.rulebook.nodes import Fields, Value
from mi_lint.rulebook.parts import read_regex

ENDINGS = {
    "script": (".sh", ".bash"),
    "powershell": (".ps1",),
    "dockerfile": ("Dockerfile",),
    "github": (".yml", ".yaml"),
    "gitlab": (".yml", ".yaml"),
    "azure-pipelines": (".yml", ".yaml"),
}
_STEP = {
    "words": "[creds]",
    "uses": "[acme/login]",
    "secrets": "[creds]",
    "when": '{registry: "[.]acme[.]io$"}',
    "needs": "[app-name]",
    "drops": "[username]",
    "signs_in": "true",
    "run": '"acme login --name {registry}"',
    "strips": '"[.]acme[.]io$"',
}
_VARIABLE = {
    "words": "[acme_secret]",
    "names": "[ACME_SECRET]",
    "sets": '{ACME_USE_TOKEN: "true"}',
    "needs": "[ACME_ID]",
    "readers": '"(?m)acmectl"',
}
_COMMAND = {
    "words": '["--password"]',
    "name": '"acme login"',
    "places": "[script]",
    "reports": "[dockerfile]",
    "needs": "[--service]",
    "secrets": '{"--password|-p": ".*"}',
    "variables": "[ACME_PASSWORD]",
    "already": '"get-token"',
    "about": '"[.]acme[.]net"',
    "drops": '["--user|-u"]',
    "adds": '{system: "--identity", user: "--identity --client-id {client_id}"}',
    "swaps": '{"--password|-p": "--token $TOKEN"}',
    "becomes": '"acme login --name {name}"',
    "client": '["--username|-u"]',
    "tenant": '["--tenant|-t"]',
    "account": "--account",
    "account_variable": "ACME_ACCOUNT",
    "account_part": "AccountName",
    "account_sources": '"--name|-n"',
    "sources": '"acme keys list"',
    "unless": '{"acme cloud set": "One sentence."}',
    "flags": "[--quiet]",
}
_POLICY = {
    "words": '["api-key"]',
    "element": "set-header",
    "headers": "[api-key]",
    "about": '"[.]acme[.]net"',
    "becomes": '"<authenticate resource=..."',
}
_MENTION = {
    "words": "[acme]",
    "endings": "[connections.json]",
    "files": '"(?i)(?:^|/)connections[.]json$"',
    "pattern": '"acmeKey"',
    "comment": '"#"',
}
_SIGN_IN = {
    "action": "acme/login",
    "version": "v2",
    "inputs": "{client-id: CLIENT_ID}",
    "prefix": "ACME",
    "permission": "id-token",
    "readable": "[contents]",
    "actions": "{acme/release: {contents: write}}",
    "commands": '{"git push": {contents: write}}',
    "unclear": "[acme/script]",
    "forks": "One sentence.",
    "token": "ACME_TOKEN",
    "audience": "api://...",
    "subjects": '{branch: "repo:<owner>/<repository>:ref:refs/heads/{name}"}',
    "trust": '"az ... --subject {subject}"',
    "asks": "[One sentence.]",
    "deletes": "[One sentence.]",
}
SAMPLES = {
    "step": "{words: [...], uses: [acme/login], secrets: [creds]}",
    "variable": "{words: [...], names: [ACME_SECRET], sets: {ACME_USE_TOKEN: ...}}",
    "command": "{words: [...], name: acme login, places: [script], secrets: {--password: ...}}",
    "mention": "{words: [...], endings: [.json], pattern: acmeKey}",
    "policy": "{words: [...], element: set-header, headers: [api-key]}",
}
Words = tuple[tuple[str, tuple[str, ...]], ...]


def read_step(fields: Fields) -> tuple[StepChange, Words]:
    inner = _inner(fields, "step", _STEP, ("words", "uses", "secrets"))
    change = StepChange(
        uses=tuple(text.lower() for text in inner.texts("uses")),
        secrets=inner.texts("secrets"),
        when=_patterns(inner, "when"),
        needs=inner.texts("needs"),
        drops=inner.texts("drops"),
        signs_in=inner.flag("signs_in"),
        run=inner.text("run"),
        strips=_pattern(inner, "strips"),
    )
    return change, _words(inner, ("github",))


def read_variable(fields: Fields) -> tuple[VariableChange, Words]:
    inner = _inner(fields, "variable", _VARIABLE, ("words", "names", "sets"))
    sets = inner["sets"].pairs()
    if len(sets) != 1:
        raise inner["sets"].error("not one variable", f"write sets: {_VARIABLE['sets']}")
    change = VariableChange(inner.texts("names"), sets[0], inner.texts("needs"), _pattern(inner, "readers"))
    return change, _words(inner, ("github",))


def read_command(fields: Fields) -> tuple[CommandChange, Words]:
    inner = _inner(fields, "command", _COMMAND, ("words", "name", "places"))
    for place in (*inner.items("places"), *inner.items("reports")):
        place.choice(ENDINGS)
    if ("secrets" in inner) == ("variables" in inner):
        raise inner.owner.error("an entry has either `secrets` or `variables`", f"write secrets: {_COMMAND['secrets']}")
    change = CommandChange(
        name=_pattern(inner, "name"),
        places=inner.texts("places"),
        reports=inner.texts("reports"),
        needs=inner.texts("needs"),
        secrets=_patterns(inner, "secrets"),
        variables=inner.texts("variables"),
        already=_pattern(inner, "already"),
        about=_pattern(inner, "about"),
        drops=inner.texts("drops"),
        adds=_pairs(inner, "adds"),
        swaps=_pairs(inner, "swaps"),
        becomes=inner.text("becomes"),
        client=inner.texts("client"),
        tenant=inner.texts("tenant"),
        account=inner.text("account"),
        account_variable=inner.text("account_variable"),
        account_part=inner.text("account_part"),
        account_sources=inner.text("account_sources"),
        sources=_pattern(inner, "sources"),
        unless=_pairs(inner, "unless"),
        flags=inner.texts("flags"),
    )
    return change, _words(inner, (*change.places, *change.reports))


def read_policy(fields: Fields) -> tuple[PolicyChange, Words]:
    inner = _inner(fields, "policy", _POLICY, ("words", "element", "headers"))
    headers = tuple(text.lower() for text in inner.texts("headers"))
    change = PolicyChange(inner.text("element"), headers, _pattern(inner, "about"), inner.text("becomes"))
    return change, tuple((ending, inner.texts("words")) for ending in (".xml", ".cshtml"))


def read_mention(fields: Fields) -> tuple[Mention, Words]:
    inner = _inner(fields, "mention", _MENTION, ("words", "endings", "pattern"))
    change = Mention(_pattern(inner, "files"), _pattern(inner, "pattern"), inner.text("comment"))
    return change, tuple((ending, inner.texts("words")) for ending in inner.texts("endings"))


def read_sign_in(platform: str, value: Value) -> SignIn:
    if platform not in ENDINGS:
        raise value.error(f"`{platform}` is no platform", f"write one of {', '.join(ENDINGS)}")
    inner = value.fields(_SIGN_IN)
    if "version" in inner and not re.fullmatch(r"v\d+", inner.text("version")):
        raise inner["version"].error("not a major version", "write version: v2")
    return SignIn(
        platform=platform,
        action=inner.text("action"),
        version=inner.text("version"),
        inputs=_pairs(inner, "inputs"),
        prefix=inner.text("prefix"),
        permission=inner.text("permission"),
        readable=inner.texts("readable"),
        actions=_rights(inner, "actions"),
        commands=_rights(inner, "commands"),
        unclear=inner.texts("unclear"),
        forks=inner.text("forks"),
        token=inner.text("token"),
        audience=inner.text("audience"),
        subjects=_pairs(inner, "subjects"),
        trust=inner.text("trust"),
        asks=inner.texts("asks"),
        deletes=inner.texts("deletes"),
    )


def _inner(fields: Fields, key: str, samples: Mapping[str, str], required: tuple[str, ...]) -> Fields:
    for other in ("secret", "accepts", "calls", "async", "implicit", "unless", "when", "blocks"):
        if other in fields:
            raise fields[other].error(f"does not go with `{key}`", "leave it out")
    inner = fields[key].fields(samples, required=required)
    if not inner.items("words"):
        raise inner["words"].error("the list is empty", f"write words: {samples['words']}")
    return inner


def _words(inner: Fields, places: tuple[str, ...]) -> Words:
    endings = dict.fromkeys(ending for place in places for ending in ENDINGS[place])
    return tuple((ending, inner.texts("words")) for ending in endings)


def _pairs(inner: Fields, key: str) -> Pairs:
    return inner[key].pairs() if key in inner else ()


def _patterns(inner: Fields, key: str) -> Pairs:
    return tuple((name, read_regex(value)) for name, value in inner.entries(key))


def _pattern(inner: Fields, key: str) -> str:
    return read_regex(inner[key]) if key in inner else ""


def _rights(inner: Fields, key: str) -> Rights:
    return tuple((name, value.pairs()) for name, value in inner.entries(key))
