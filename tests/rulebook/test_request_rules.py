"""Rules about what requests carry, and about keys to sign with: what a pack may say, and how it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from mi_lint.errors import RulePackError
from mi_lint.findings import Applicability
from mi_lint.rulebook.compiled import dumps, loads
from mi_lint.rulebook.loader import build, load_pack
from mi_lint.rulebook.model import Request, Sender
from mi_lint.rulebook.pages import rule_page
from mi_lint.rulebook.signature import parse_signature

PACK = """\
service: acme
title: Acme
docs: https://example.com/acme
roles:
  send: {name: Acme Sender, id: 11111111-1111-4111-8111-111111111111, resource: Acme topic}
senders:
  - {call: "web.get(url, *, headers=None, **kwargs)"}
  - {call: "web.Client(*, headers=None)", async: true, keeps: true}
rules:
  - id: MI901
    name: acme-request-key
    summary: A request sends a key.
    applicability: review
    request:
      header: Acme-Key
      url: "(?i)^https://[^/?#]+[.]acme[.]net"
      scope: https://acme.net/.default
      words: [acme-key]
    role: send
    advice: Send a token.
    examples:
      - title: header
        before: |
          import web
        after: |
          import web as w
  - id: MI902
    name: acme-signing
    summary: A link is signed with a key.
    secret: key
    accepts: [str]
    applicability: review
    calls:
      - old: acme.sign(name, key, start=None, expiry=None)
        new: acme.sign(name, key=DELEGATED_KEY, start=None, expiry=None)
    delegation:
      clients: [acme.Client]
      method: get_key
      start: since
      expiry: until
      days: 7
      window: [start, expiry]
      account: name
    advice: Ask a client for a key.
    examples:
      - title: link
        before: |
          import acme
        after: |
          import acme as a
"""


def written(folder: Path, old: str = "", new: str = "") -> Path:
    assert old in PACK
    path = folder / "acme.yaml"
    path.write_text(PACK.replace(old, new, 1) if old else PACK, encoding="utf-8")
    return path


def test_a_good_pack_becomes_what_it_says(tmp_path: Path) -> None:
    pack = load_pack(written(tmp_path))
    request, signing = pack.rules
    assert request.request == Request(
        "acme-key", "", "", "(?i)^https://[^/?#]+[.]acme[.]net", "https://acme.net/.default", ("acme-key",)
    )
    assert request.applicability is Applicability.REVIEW
    assert pack.senders[1] == Sender(parse_signature("web.Client(*, headers=None)"), True, True)
    assert [sender.owner for sender in pack.senders] == ["", "web.Client"]
    assert signing.delegation is not None
    assert (signing.delegation.window, signing.delegation.days) == (("start", "expiry"), 7)
    assert loads(dumps([pack])) == (pack,)


def test_its_page_says_where_the_secret_stands(tmp_path: Path) -> None:
    book = build([written(tmp_path)])
    page = rule_page(book.rules[0], book.packs[0])
    assert "Requests of HTTP libraries with the header `acme-key`, to a URL that matches" in page
    assert "it becomes a token for `https://acme.net/.default`." in page
    assert "on the Acme topic." in page


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("      header: Acme-Key\n", "", "an entry has either `header` or `query`"),
        ("      header: Acme-Key\n", "      query: code\n", "a token is only sent in a header, and to a known host"),
        ('      url: "(?i)^https://[^/?#]+[.]acme[.]net"\n', "", "a token is only sent in a header, and to a known"),
        ("words: [acme-key]", "words: []", "the list is empty"),
        ("      words: [acme-key]\n", "", "the key `words` is missing"),
        ("    role: send\n", "    role: send\n    secret: key\n", "does not go with `request`"),
        ('"(?i)^https://[^/?#]+[.]acme[.]net"', '"(a+)+$"', "rules[0].request.url"),
        ("      scope: https://acme.net/.default\n", "", "so nothing is review"),
        ("url, *, headers=None", "url", "has no parameter `headers`"),
        ("key=DELEGATED_KEY", "key=IDENTITY", "DELEGATED_KEY and `delegation` belong together"),
        ("window: [start, expiry]", "window: [start]", "not two parameters of the call"),
        ("window: [start, expiry]", "window: [start, end]", "`end` is no parameter of `old`"),
        ("account: name", "account: names", "`names` is no parameter of `old`"),
        (
            "start=None, expiry=None)\n    delegation",
            "start=None, expiry=None)\n        async: only\n    delegation",
            "a delegated key cannot be fetched in an async call",
        ),
    ],
)
def test_a_bad_pack_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(RulePackError) as caught:
        load_pack(written(tmp_path, old, new))
    assert message in str(caught.value)
