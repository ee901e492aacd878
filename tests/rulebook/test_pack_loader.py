"""A good pack becomes what it says; a bad one is refused with file, line, key and advice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from mi_lint.errors import RulePackError
from mi_lint.findings import Applicability, Severity
from mi_lint.rulebook.loader import build, load_pack, load_rulebook
from mi_lint.rulebook.model import Block, Derivation, Role
from mi_lint.rulebook.signature import format_signature, parse_signature

Write = Callable[..., Path]


def test_a_good_pack_becomes_what_it_says(write: Write) -> None:
    pack = load_pack(write())
    rule = pack.rules[0]
    assert (pack.service, pack.title, pack.path) == ("acme", "Acme Store", "acme.yaml")
    assert pack.packages == (("acme-store", ">=1.0"),)
    assert pack.derivation("account_url") == Derivation(
        "account_url", ("{Endpoint:rstrip=/}", "https://{Account}.acme.{Suffix|example.com}"), "ACCOUNT_URL"
    )
    assert dict(pack.roles) == {"write": Role("Acme Writer", "11111111-1111-4111-8111-111111111111")}
    assert dict(pack.keys_off)["az"] == "az acme update -n {name}"
    assert (rule.severity, rule.applicability) == (Severity.CRITICAL, Applicability.REVIEW)
    assert rule.accepts == ("connection-string", "Key")
    assert rule.when == (("base_url", "^https://.*$"),)
    assert rule.blocks[0] == Block(Applicability.MANUAL, "Signing needs a key.", methods=("sign",))
    assert [e.line for e in rule.examples] == [45, 62, 66]
    assert rule.examples[0].files == (("config.py", "x = 1", None),)
    assert rule.examples[2].manual == "Use the client"


def test_an_async_module_gives_every_call_a_twin(write: Write) -> None:
    calls = load_pack(write()).rules[0].calls
    assert [(format_signature(c.old), c.is_async) for c in calls] == [
        ("acme.store.Client.parse(text, name=None, credential=None, **kwargs)", False),
        ("acme.store.aio.Client.parse(text, name=None, credential=None, **kwargs)", True),
        ("acme.store.open(text, *, base_url=None, **kwargs)", False),
    ]
    assert calls[1].new == parse_signature(
        "acme.store.aio.Client(account_url, name=None, credential=IDENTITY, **kwargs)"
    )


def test_the_longest_module_prefix_wins(write: Write) -> None:
    path = write(("{acme.store: acme.store.aio}", "{acme: acme.aio, acme.store.Client: acme.store.AsyncClient}"))
    assert load_pack(path).rules[0].calls[1].old.symbol == "acme.store.AsyncClient.parse"


def test_async_only(write: Write) -> None:
    calls = load_pack(write(("async: false", "async: only"))).rules[0].calls
    assert [c.is_async for c in calls] == [False, True, True]


def test_dropped_parameters(write: Write) -> None:
    """A parameter that goes away with the secret does so in the async twin too."""
    path = write(
        (
            "Client(account_url, name=None, credential=IDENTITY, **kwargs)\n",
            "Client(account_url, credential=IDENTITY, **kwargs)\n        drops: [name]\n",
        ),
    )
    assert [c.drops for c in load_pack(path).rules[0].calls] == [("name",), ("name",), ()]


def test_indexes(write: Write) -> None:
    book = load_rulebook([write()])
    rule = book.rules[0]
    assert book.rule("MI901") is book.rule("acme-connection-string") is rule
    assert book.candidates("acme.store.open") == ((rule, rule.calls[2]),)
    assert book.candidates("acme.store.close") == ()
    assert book.wrappers["acme.core.Key"].secret == "value"
    assert book.connection_format(book.pack_of(rule)) is book.formats["acme"]
    assert book.keywords == (b"acme import", b"acme.core", b"acme.store")


def test_reported_only_calls_make_a_manual_rule(write: Write) -> None:
    path = write(
        ("        new: acme.store.Client(account_url, name=None, credential=IDENTITY, **kwargs)\n", ""),
        ("    applicability: review\n", ""),
    )
    assert load_pack(path).rules[0].applicability is Applicability.MANUAL


BAD = yaml.safe_load((Path(__file__).parent / "bad_packs.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in BAD])
def test_a_bad_pack_is_refused_with_place_and_advice(write: Write, case: dict[str, str]) -> None:
    with pytest.raises(RulePackError) as caught:
        build([write((case["old"], case["new"]))])
    assert str(caught.value) == case["message"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "unless: [provider]",
            "unless: [nam]",
            "acme.yaml:37: rules[0].unless[0]: `nam` is no parameter of `old`; did you mean `name`?",
        ),
        (
            'when: {base_url: "^https://.*$"}',
            "when: {base_uri: x}",
            "acme.yaml:38: rules[0].when.base_uri: `base_uri` is no parameter of every `old`; did you mean `base_url`?",
        ),
        (
            "{parameter: name, ",
            "{parameter: nam, ",
            "acme.yaml:42: rules[0].blocks[1].parameter: `nam` is no parameter of `old`; did you mean `name`?",
        ),
    ],
)
def test_names_of_parameters_are_checked_where_no_kwargs_can_hold_them(
    write: Write, old: str, new: str, message: str
) -> None:
    closed = (
        ("credential=None, **kwargs)\n        new", "credential=None)\n        new"),
        ("base_url=None, **kwargs)", "base_url=None)"),
        ("unless: [provider]", "unless: [name]"),
        ('when: {base_url: "^https://.*$"}', "when: {text: x}"),
    )
    build([write(*closed)])
    with pytest.raises(RulePackError) as caught:
        build([write(*(pair for pair in closed if pair[0] != old), (old, new))])
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "x.yaml:1: the file is empty; write service: NAME"),
        ("- a\n", "x.yaml:1: expected a mapping, found a list; write key: value pairs"),
        ("a: b\n c: {\n", "x.yaml:2: not valid YAML: mapping values are not allowed in this context; ADVICE"),
        ("service: &a x\ntitle: *a\n", "x.yaml:2: aliases (`*name`) are not supported; write the value out"),
        ("a: 1\n---\nb: 2\n", "x.yaml:2: not valid YAML: but found another document; ADVICE"),
        ("? [a]\n: b\n", "x.yaml:1: expected a text, found a list; write a text"),
        ("[" * 200_000, "x.yaml:1: nested too deeply; follow the pack schema"),
        ("- " * 200_000, "x.yaml:1: nested too deeply; follow the pack schema"),
        ("x" * 1_000_001, "x.yaml: larger than 1000000 bytes; split the pack"),
        ("a: \x00", "x.yaml:1: not valid YAML"),
    ],
)
def test_a_file_that_is_no_pack_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.yaml").write_text(text)
    with pytest.raises(RulePackError) as caught:
        load_pack(Path("x.yaml"))
    wanted = message.replace("ADVICE", "check its quotes and indentation")
    assert str(caught.value).startswith(wanted) if message.endswith("YAML") else str(caught.value) == wanted


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    path = tmp_path / "none"
    with pytest.raises(RulePackError, match=r"none: no such file or folder; correct the path of the rule pack$"):
        load_rulebook([path])
    with pytest.raises(RulePackError, match=r"none: cannot be read \(No such file or directory\); check the path$"):
        load_pack(path)


def _other(write: Write, *changes: tuple[str, str]) -> Path:
    return write(
        ("service: acme", "service: other"),
        ("  acme: {keys", "  other: {keys"),
        ("MI901", "MI902"),
        ("name: acme-connection-string", "name: other-string"),
        *changes,
        name="other.yaml",
    )


def test_packs_speak_of_each_other(write: Write) -> None:
    other = _other(write, ('wrappers:\n  - {class: "acme.core.Key(value)", secret: value}\n', ""))
    assert len(load_rulebook([write(), other]).rules) == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("MI902", "MI901"),
            "other.yaml:22: rules[0].id: the rule id MI901 is taken (acme.yaml:22); write another one",
        ),
        (
            ("other-string", "acme-connection-string"),
            "other.yaml:23: rules[0].name: the rule name acme-connection-string is taken (acme.yaml:23); "
            "write another one",
        ),
        (
            ("  other: {keys", "  acme: {keys"),
            "other.yaml:18: formats.acme: the format acme is taken (acme.yaml:18); write another one",
        ),
    ],
)
def test_what_two_packs_claim_is_refused(write: Write, change: tuple[str, str], message: str) -> None:
    with pytest.raises(RulePackError) as caught:
        load_rulebook([write(), _other(write, change)])
    assert str(caught.value) == message
