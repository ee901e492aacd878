"""What packs say about secrets written out in files: the shape of a value, how it is found, what it opens."""

from __future__ import annotations

from dataclasses import dataclass

from mi_lint.findings import Confidence, Severity

SHAPE = "{shape}"  # in a `text` pattern: the shape, as the group `secret`
SECRET_CLASSES = {
    "connection-string": 40,
    "connection-url": 40,
    "webhook": 40,
    "sas": 40,
    "private-key": 40,
    "account-key": 30,
    "pat": 30,
    "client-secret": 30,
    "host-key": 30,
    "password": 20,
    "not-secret": 10,
}
"""The classes of secrets; of overlapping matches the class with the highest number wins."""


@dataclass(frozen=True, slots=True)
class Checksum:
    """A check that some keys carry in themselves. `labels` are seed labels with what each of them grants, in words.

    `failure` is what a failed check does: drop the match, lower its confidence, or keep it as it is. `swapped`: the
    service writes `P` for `+` and `F` for `/` after it has made the key.
    """

    algorithm: str  # his1, cask, entra8, ado-crc
    signature: str = ""
    size: int = 0  # bytes of the decoded key
    labels: tuple[tuple[str, str], ...] = ()
    failure: str = "keep"
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """One way to find a kind: by a pattern in the text, by the name of a value that has the kind's shape, or by a
    plugin of detect-secrets on the lines that match `line`.

    `within` and `without` look at the value around the secret (a connection string, a URL), `near` at the lines and
    siblings around, `file` at the whole file. All patterns ignore case, apart from the shape.
    """

    text: str = ""
    names: str = ""
    line: str = ""
    plugins: tuple[str, ...] = ()
    borders: str = "none"
    within: str = ""
    without: str = ""
    near: str = ""
    file: str = ""
    entropy: float = 0.0  # least bits per character
    confidence: Confidence | None = None
    contains: tuple[str, ...] = ()  # kinds of which the base64-decoded value holds one
    needs_checksum: bool = False


@dataclass(frozen=True, slots=True)
class SecretExample:
    """A text in which the kind is found once, or nothing is found. `{kind-name}` stands for a minted secret."""

    title: str
    path: str
    text: str
    silent: bool = False
    line: int = 0


@dataclass(frozen=True, slots=True)
class SecretKind:
    """One kind of secret. `identity` says whether a managed identity can take its place: yes, partial or no."""

    id: str
    name: str
    service: str
    title: str
    secret_class: str
    severity: Severity
    confidence: Confidence
    identity: str
    grants: str
    advice: str
    docs: str
    keywords: tuple[str, ...]
    shape: str
    find: tuple[Search, ...]
    also: tuple[str, ...] = ()
    sample: str = ""
    checksum: Checksum | None = None
    precedence: int = 0
    default: bool = True
    expires: str = ""
    permissions: tuple[tuple[str, str], ...] = ()  # letter -> word
    permissions_in: str = ""  # the parameter that holds the letters
    traps: tuple[str, ...] = ()
    examples: tuple[SecretExample, ...] = ()
    path: str = ""
    line: int = 0
