"""What a secret looks like in text, whatever the rule: pairs such as `AccountKey=...`, random tokens, URL passwords.

Errs on the side of hiding: showing too little is a nuisance, showing a secret is the worst bug.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

Range = tuple[int, int]

SECRET_NAME = (
    r"(?:pass(?:word|wd|phrase)?|pwd|secrets?(?:_?value)?|token|(?<!partition)(?<!row)(?<!partition_)(?<!row_)(?:key|keys)"
    r"|conn(?:ection)?[_-]?str(?:ing)?s?|connection|credentials?|sas|sig(?:nature)?|dsn)"
)
_PAIR = re.compile(
    r"(?i)(?<![A-Za-z0-9])((?:[\w-]{0,80}?(?:key|secret|password|passwd|token|signature)|pwd|sig|code)\s*=\s*)"
    r"(?P<value>[^;&\s\"'\\]+)"
)
_USERINFO = re.compile(r"://[^\s/:@\"']*:(?P<value>[^\s/\"']+)@")
_TILDE = re.compile(r"(?<![A-Za-z0-9_.~-])(?P<value>[A-Za-z0-9_.~-]*~[A-Za-z0-9_.~-]{16,})")
_TOKEN = re.compile(r"(?P<value>[A-Za-z0-9+/_-]{16,}={0,2})")
_ENCODED = re.compile(r"(?P<value>(?:[A-Za-z0-9_.-]|%[0-9A-Fa-f]{2}){16,})")
_JWT = re.compile(r"(?P<value>eyJ[\w-]{8,}\.[\w.-]+)")
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?P<value>.*?)(?:-----END|\Z)", re.DOTALL)
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX = re.compile(r"[0-9a-fA-F]{32,}")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+|[^A-Za-z0-9]+")
_LETTERS = re.compile(r"[a-z]+")
# The pairs of letters that make up nine tenths of English words and identifiers, and a quarter of all pairs.
_COMMON = frozenset(
    re.findall(
        "..",
        "abacadagaialamanaparasatauawbabeblcacechcickclcocrctcudadedidoeaebecedeeefegeielemenepeqeresetevexeyfefifofu"
        "gegrhahehohrhtiaicidieigiliminioipirisitivizkelalclelilllolsltmamemimompmsnancndnenfngninnnonpnsntnvocodoiok"
        "olomonoooporosotouovowpapeplpoppprptpuqurarcrerirmrorrrsrtrurvrysascseshsisospssstsuswsytatctethtitotptrtstt"
        "tutyueulunupurusutvaveviwewiwrxtynyp",
    )
)
# A path in lower case with few digits, and the name of a setting: keys of this length have letters of both cases.
_PATH = re.compile(r"(?=\D*(?:\d\D*){0,2}\Z)/?[a-z0-9_-]{1,60}(?:/[a-z0-9_-]{1,60})+")
# Deployment tools end a name of words with a GUID.
_NAME = re.compile(r"[A-Z]+(?:_[A-Z]+)+=?|[a-z]+(?:[_-][a-z]+)+=?|(?:[A-Z]{5,}_){2,}[0-9A-F]{32}")
_PLACEHOLDER = re.compile(
    r"<[^<>]*>|\$?\{[^{}]*\}|\$\{\{[^{}]*\}\}|\$\(\w[\w.-]*\)|\$\w+|%\(?\w*\)?s|\*+|\.\.\.|…|None|True|False"
    r"|(?:var|local|module|data|each)(?:\.\w+|\[\w*\])+"  # a reference of Terraform
)

_LONG = 500  # characters that say enough of a token, such as an image in base64


def looks_random(token: str) -> bool:
    """Whether a long token is more likely a key than words joined by case, digits or punctuation."""
    if _GUID.fullmatch(token) or _PATH.fullmatch(token) or _NAME.fullmatch(token):
        return False
    if _HEX.search(token):
        return True
    body = token.rstrip("=")
    if len(body) > _LONG and looks_random(body[:_LONG]):
        return True
    parts = [p for p in _WORDS.findall(body) if p[0].isalnum()]
    if not parts or len(body) < 16:
        return False
    digits = sum(p.isdigit() for p in parts)
    mean = sum(map(len, parts)) / len(parts)
    if len(body) < 20:
        return digits >= 3 and mean < 3
    return digits >= 3 or mean < 3 or not _reads_like_words(body)


def _reads_like_words(token: str) -> bool:
    pairs = [a + b for run in _LETTERS.findall(token.lower()) for a, b in itertools.pairwise(run)]
    return len(pairs) < 8 or sum(pair in _COMMON for pair in pairs) >= 0.65 * len(pairs)


def is_placeholder(value: str) -> bool:
    """Whether a value only stands for another one: `<key>`, `{key}`, `${KEY}`, `%s`, `...`."""
    return not value or _PLACEHOLDER.fullmatch(value) is not None


def shape_ranges(text: str) -> Iterator[Range]:
    """Ranges of `text` that look like secrets by themselves."""
    for pattern in (_PAIR, _USERINFO):
        for match in pattern.finditer(text):
            if not is_placeholder(match.group("value")):
                yield match.span("value")
    yield from token_ranges(text)


def token_ranges(text: str) -> Iterator[Range]:
    """Ranges of `text` that are random tokens or key material, in code as well as in text."""
    for pattern in (_TILDE, _JWT, _PEM):
        for match in pattern.finditer(text):
            yield match.span("value")
    for match in _TOKEN.finditer(text):
        yield from _random_parts(text, *match.span("value"))
    for match in _ENCODED.finditer(text):
        if "%" in match.group() and looks_random(re.sub(r"%..", "", match.group())):
            yield match.span("value")


def _random_parts(text: str, start: int, end: int) -> Iterator[Range]:
    token = text[start:end]
    guids = [(start + m.start(), start + m.end()) for m in _GUID.finditer(token)]
    at = start
    for low, high in [*guids, (end, end)]:
        if looks_random(text[at:low]):
            yield at, low
        at = high
