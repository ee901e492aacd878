"""A small complete pack, and a way to change it: every test of the loader starts from something valid."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

PACK = """\
service: acme
title: Acme Store
docs: https://example.com/acme
packages: {acme-store: ">=1.0"}
connection:
  format: acme
  derive:
    account_url:
      setting: ACCOUNT_URL
      templates:
        - "{Endpoint:rstrip=/}"
        - "https://{Account}.acme.{Suffix|example.com}"
roles:
  write: {name: Acme Writer, id: 11111111-1111-4111-8111-111111111111}
keys_off: {arm: properties.keys=false, az: "az acme update -n {name}", breaks: Signed links.}
notes: [One note.]
formats:
  acme: {keys: [Endpoint, Account, Key, Suffix], secrets: [Key], emulator: ["Local=true"]}
wrappers:
  - {class: "acme.core.Key(value)", secret: value}
rules:
  - id: MI901
    name: acme-connection-string
    summary: A connection string holds a key.
    severity: critical
    applicability: review
    secret: text
    accepts: [connection-string, Key]
    async: {acme.store: acme.store.aio}
    calls:
      - old: acme.store.Client.parse(text, name=None, credential=None, **kwargs)
        new: acme.store.Client(account_url, name=None, credential=IDENTITY, **kwargs)
      - old: acme.store.open(text, *, base_url=None, **kwargs)
        async: false
    role: write
    advice: Use the client.
    unless: [provider]
    when: {base_url: "^https://.*$"}
    implicit: ACME_TEXT
    blocks:
      - {methods: [sign], lowers: manual, because: Signing needs a key.}
      - {parameter: name, matches: "x+", lowers: review, because: Odd name.}
    traps: [A trap.]
    examples:
      - title: environment variable
        before: |
          import os
          import acme.store
          client = acme.store.Client.parse(os.environ["ACME_TEXT"])
        after: |
          import os
          import acme.store
          from azure.identity import DefaultAzureCredential
          client = acme.store.Client(os.environ["ACME_ACCOUNT_URL"], credential=DefaultAzureCredential())
        settings:
          before: |
            ACME_TEXT=Account=a;Key={storage-account-key}
          after: |
            ACME_ACCOUNT_URL=https://a.acme.example.com
        files: {config.py: {before: "x = 1"}}
        options: {identity: user, client-id-setting: AZURE_CLIENT_ID}
      - title: local
        before: |
          print("nothing")
        silent: true
      - title: by hand
        before: |
          import acme.store
        manual: Use the client
"""
Write = Callable[..., Path]


@pytest.fixture(name="write")
def _write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write the pack (with `old` replaced by `new`) as a file of the current folder, and give its relative path."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def write(*changes: tuple[str, str], name: str = "acme.yaml") -> Path:
        text = PACK
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        Path(name).write_text(text, encoding="utf-8")
        return Path(name)

    return write
