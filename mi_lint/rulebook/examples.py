"""Run the examples of packs: documentation that proves itself.

A pack names secrets by tokens such as `{storage-account-key}`; synthetic values are made here at run time, the same
ones on every run, so that no file of the project ever holds one.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mi_lint.findings import Applicability, Finding
from mi_lint.rulebook.model import Example, Rulebook

if TYPE_CHECKING:
    from mi_lint.engine import Options

CODE_PATH = "app.py"
SETTINGS_PATH = ".env"
_ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def _bytes(seed: str, count: int) -> bytes:
    return hashlib.shake_256(f"mi-lint example {seed}".encode()).digest(count)


def _base64(count: int) -> Callable[[str], str]:
    return lambda seed: base64.b64encode(_bytes(seed, count)).decode()


def _hex(count: int) -> Callable[[str], str]:
    return lambda seed: _bytes(seed, count // 2).hex()


def _alnum(count: int) -> Callable[[str], str]:
    return lambda seed: "".join(_ALNUM[b % len(_ALNUM)] for b in _bytes(seed, count))


def _client_secret(seed: str) -> str:
    text = _alnum(40)(seed)
    return f"{text[:3]}8Q~{text[6:]}"


def _sas_token(seed: str) -> str:
    signature = _base64(32)(seed).replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    return f"sv=2022-11-02&ss=b&srt=sco&sp=rl&se=2030-01-01T00:00:00Z&spr=https&sig={signature}"


def _guid(seed: str) -> str:
    text = _bytes(seed, 16).hex()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


TOKENS: Mapping[str, Callable[[str], str]] = {
    "storage-account-key": _base64(64),
    "servicebus-key": _base64(32),
    "eventhubs-key": _base64(32),
    "eventgrid-key": _base64(32),
    "iothub-key": _base64(32),
    "signalr-key": _base64(32),
    "webpubsub-key": _base64(32),
    "relay-key": _base64(32),
    "notificationhubs-key": _base64(32),
    "communication-key": _base64(64),
    "cosmos-key": _base64(64),
    "appconfig-key": _base64(32),
    "redis-key": _base64(32),
    "batch-key": _base64(64),
    "maps-key": _alnum(43),
    "openai-key": _hex(32),
    "cognitive-key": _hex(32),
    "functions-key": _alnum(54),
    "ml-key": _alnum(32),
    "search-key": _alnum(52),
    "acr-password": _alnum(52),
    "password": _alnum(24),
    "client-secret": _client_secret,
    "sas-token": _sas_token,
    "guid": _guid,
    "tenant-id": _guid,
    "client-id": _guid,
    "subscription-id": _guid,
}
_TOKEN = re.compile(r"\{(" + "|".join(sorted(TOKENS, key=len, reverse=True)) + r")\}")


def expand(text: str) -> str:
    """Replace the known tokens. Other braces, as those of f-strings, stay; so do names that an f-string may mean."""
    return _TOKEN.sub(lambda match: TOKENS[match[1]](match[1]), text)


def label_tokens(text: str) -> str:
    """The text as a reader should see it: `<storage-account-key>` in place of the token."""
    return _TOKEN.sub(lambda match: f"<{match[1]}>", text)


def contract(text: str) -> str:
    """The text with synthetic values turned back into tokens, for messages."""
    for name, make in TOKENS.items():
        text = text.replace(make(name), f"{{{name}}}")
    return text


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """What became of an example: expected and actual texts by path, and why it failed (empty if it passed)."""

    expected: Mapping[str, str]
    actual: Mapping[str, str]
    findings: tuple[Finding, ...]
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.problems


def run_example(example: Example, rulebook: Rulebook) -> ExampleResult:
    """Analyse and fix the files of an example in memory, and compare with what it promises."""
    from mi_lint.engine import analyse, change_set

    before = example_files(example)
    files = {path: text.encode() for path, text in before.items()}
    analysis = analyse(files, rulebook, example_options(example))
    changes = change_set(analysis, Applicability.REVIEW)
    actual = dict(before)
    for path, change in changes.files.items():
        actual[path] = change.after.decode()
    expected = expected_files(example)
    findings = tuple(analysis.findings)
    problems = [*_text_problems(expected, actual), *_finding_problems(example, findings)]
    problems.extend(f"error: {error}" for error in analysis.errors)
    return ExampleResult(expected, actual, findings, tuple(problems))


def example_files(example: Example) -> dict[str, str]:
    """The files before, with synthetic secrets in place of tokens."""
    files = {CODE_PATH: example.before} if example.before else {}
    if example.settings_before is not None:
        files[SETTINGS_PATH] = example.settings_before
    files.update((path, before) for path, before, _ in example.files)
    return {path: expand(text) for path, text in files.items()}


def expected_files(example: Example) -> dict[str, str]:
    """The files after; what an example leaves out stays as it was."""
    files = {CODE_PATH: example.before if example.after is None else example.after} if example.before else {}
    if example.settings_before is not None:
        unchanged = example.settings_after is None
        files[SETTINGS_PATH] = example.settings_before if unchanged else str(example.settings_after)
    files.update((path, before if after is None else after) for path, before, after in example.files)
    return {path: expand(text) for path, text in files.items()}


def example_options(example: Example) -> Options:
    from mi_lint.engine import Options

    given = dict(example.options)
    return Options(
        identity=given.get("identity", "system"),
        client_id=given.get("client-id", ""),
        client_id_setting=given.get("client-id-setting", ""),
        credential=given.get("credential", "default"),
    )


def _text_problems(expected: Mapping[str, str], actual: Mapping[str, str]) -> list[str]:
    paths = sorted({*expected, *actual})
    return [f"{path} differs" for path in paths if expected.get(path) != actual.get(path)]


def _finding_problems(example: Example, findings: tuple[Finding, ...]) -> list[str]:
    if example.silent:
        return [f"{f.place.path}:{f.place.line}: unexpected finding {f.rule}: {f.message}" for f in findings]
    if not findings:
        return ["no finding"]
    if example.manual:
        told = [text for f in findings for text in (*f.reasons, f.advice, f.message)]
        if not any(example.manual in text for text in told):
            return [f"no reason or advice holds {example.manual!r}; told: {told}"]
    return []
