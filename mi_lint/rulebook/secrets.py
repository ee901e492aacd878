"""Read the `secrets:` of a pack: kinds of secrets, checked so that running them on a stranger's text is safe."""

from __future__ import annotations

import re

from mi_lint.findings import Confidence, Severity
from mi_lint.rulebook.kinds import SECRET_CLASSES, SHAPE, Checksum, Search, SecretExample, SecretKind
from mi_lint.rulebook.nodes import Fields, Value
from mi_lint.rulebook.regexes import regex_problem
from mi_lint.rulebook.rules import read_link

LONGEST_PATTERN = 900
ALGORITHMS = ("his1", "cask", "entra8", "ado-crc")
PLUGINS = ("BasicAuthDetector", "KeywordDetector", "PrivateKeyDetector")  # of detect-secrets
BORDERS = ("none", "base64", "word", "alnum", "token")
_RULE_ID = re.compile(r"MI[0-9]{3,4}")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KIND = {
    "id": "MI101",
    "name": "acme-key",
    "title": "Key of an Acme account",
    "class": "account-key",
    "severity": "critical",
    "confidence": "high",
    "identity": '"yes"',
    "grants": "What the holder can do.",
    "advice": "What to do about it.",
    "docs": "https://learn.microsoft.com/...",
    "keywords": "[acme]",
    "also": "[]",
    "shape": "'[A-Za-z0-9]{32}'",
    "sample": "'[A-Za-z0-9]{32}'",
    "checksum": '{algorithm: his1, signature: "+ASt", size: 64, labels: {Default0: full control}, failure: drop}',
    "find": '[{text: "{shape}", borders: base64}]',
    "precedence": "40",
    "default": "false",
    "expires": "se",
    "permissions": "{parameter: sp, letters: {r: read}}",
    "traps": "[One sentence.]",
    "examples": "[{title: in an .env file, path: .env, text: ...}]",
}
_SEARCH = {
    "text": '"AcmeKey={shape}"',
    "names": '"acme_key$"',
    "line": '"acme"',
    "plugins": "[KeywordDetector]",
    "borders": "base64",
    "within": "regex",
    "without": "regex",
    "near": "regex",
    "file": "regex",
    "entropy": "3.0",
    "confidence": "low",
    "contains": "[other-kind]",
    "needs_checksum": "true",
}
_CHECKSUM = {
    "algorithm": "his1",
    "signature": '"+ASt"',
    "size": "64",
    "labels": "{Default0: ...}",
    "failure": "drop",
    "swapped": "true",
}
_PERMISSIONS = {"parameter": "sp", "letters": "{r: read}"}
_EXAMPLE = {"title": "in an .env file", "path": ".env", "text": "|", "silent": "true"}
_PATTERNS = ("text", "names", "line", "within", "without", "near", "file")


def read_kind(value: Value, service: str) -> SecretKind:
    required = ("id", "name", "title", "class", "severity", "confidence", "identity", "keywords", "shape", "find")
    fields = value.fields(_KIND, required=required)
    for key, pattern in (("id", _RULE_ID), ("name", _NAME)):
        if not pattern.fullmatch(fields.text(key)):
            raise fields[key].error(f"`{fields.text(key)}` is no {key} of a kind", f"write {key}: {_KIND[key]}")
    secret_class = fields["class"].choice(SECRET_CLASSES)
    shape = _pattern(fields["shape"])
    find = tuple(_search(item, shape) for item in fields.items("find"))
    if not find:
        raise fields["find"].error("the list is empty", f"write find: {_KIND['find']}")
    if not fields.items("keywords"):
        raise fields["keywords"].error("the list is empty", "write a word that every file with this secret holds")
    parameter, letters = _permissions(fields)
    return SecretKind(
        id=fields.text("id"),
        name=fields.text("name"),
        service=service,
        title=fields.text("title"),
        secret_class=secret_class,
        severity=Severity[fields["severity"].choice([s.name.lower() for s in Severity]).upper()],
        confidence=_confidence(fields["confidence"]),
        identity=fields["identity"].choice(("yes", "partial", "no")),
        grants=fields.text("grants"),
        advice=fields.text("advice"),
        docs=read_link(fields.get("docs")),
        keywords=fields.texts("keywords"),
        shape=shape,
        find=find,
        also=fields.texts("also"),
        sample=_pattern(fields["sample"]) if "sample" in fields else "",
        checksum=_checksum(fields["checksum"]) if "checksum" in fields else None,
        precedence=int(fields["precedence"].number()) if "precedence" in fields else SECRET_CLASSES[secret_class],
        default=fields.flag("default", True),
        expires=fields.text("expires"),
        permissions=letters,
        permissions_in=parameter,
        traps=fields.texts("traps"),
        examples=tuple(_example(item) for item in fields.items("examples")),
        path=value.path,
        line=value.line,
    )


def _confidence(value: Value) -> Confidence:
    return Confidence[value.choice([c.name.lower() for c in Confidence]).upper()]


def _pattern(value: Value, shape: str = "") -> str:
    text = value.text().strip()
    problem = regex_problem(text.replace(SHAPE, "x"), LONGEST_PATTERN)
    if problem:
        raise value.error(f"the pattern is refused: {problem}", "rewrite it so that its cost stays linear")
    return text


def _search(value: Value, shape: str) -> Search:
    fields = value.fields(_SEARCH)
    if sum(key in fields for key in ("text", "names", "line")) != 1:
        raise value.error("an entry has one of `text`, `names` and `line`", f"write text: {_SEARCH['text']}")
    if ("line" in fields) != ("plugins" in fields):
        raise value.error("`line` and `plugins` go together", f"write plugins: {_SEARCH['plugins']}")
    for plugin in fields.items("plugins"):
        plugin.choice(PLUGINS)
    patterns = {key: _pattern(fields[key]) if key in fields else "" for key in _PATTERNS}
    text = patterns["text"]
    if text and SHAPE not in text and "(?P<secret>" not in text:
        raise fields["text"].error("the pattern does not say what the secret is", f"write {SHAPE} in it")
    return Search(
        **patterns,
        plugins=fields.texts("plugins"),
        borders=fields["borders"].choice(BORDERS) if "borders" in fields else BORDERS[0],
        entropy=fields["entropy"].number() if "entropy" in fields else 0.0,
        confidence=_confidence(fields["confidence"]) if "confidence" in fields else None,
        contains=fields.texts("contains"),
        needs_checksum=fields.flag("needs_checksum"),
    )


def _checksum(value: Value) -> Checksum:
    fields = value.fields(_CHECKSUM, required=("algorithm",))
    algorithm = fields["algorithm"].choice(ALGORITHMS)
    labels = tuple((label, _words(words)) for label, words in fields.entries("labels"))
    for label, _ in labels:
        if len(label) != 8 or not label.isascii():
            raise fields["labels"].error(f"`{label}` is no seed label", "write its eight characters")
    if algorithm == "his1" and not (labels and "signature" in fields and "size" in fields):
        raise value.error("his1 needs signature, size and labels", f"write {_KIND['checksum']}")
    return Checksum(
        algorithm,
        fields.text("signature"),
        int(fields["size"].number()) if "size" in fields else 0,
        labels,
        fields["failure"].choice(("drop", "lower", "keep")) if "failure" in fields else "keep",
        fields.flag("swapped"),
    )


def _words(value: Value) -> str:
    """A text that may be empty."""
    return str(value.node.value) if value.kind == "a text" and not value.node.value else value.text()


def _permissions(fields: Fields) -> tuple[str, tuple[tuple[str, str], ...]]:
    if "permissions" not in fields:
        return "", ()
    inner = fields["permissions"].fields(_PERMISSIONS, required=("parameter", "letters"))
    return inner.text("parameter"), inner.pairs("letters")


def _example(value: Value) -> SecretExample:
    fields = value.fields(_EXAMPLE, required=("title", "path", "text"))
    path = fields.text("path")
    return SecretExample(fields.text("title"), path, fields["text"].text(), fields.flag("silent"), value.line)
