"""What stands for a value, and what is one."""

from __future__ import annotations

import base64
import random

import pytest

from mi_lint.secrets.placeholders import is_placeholder

KEY = base64.b64encode(random.Random(7).randbytes(64)).decode()


@pytest.mark.parametrize(
    "value",
    [
        "",
        "  ",
        '""',
        "<your connection string>",
        "<key>",
        "xxx",
        "XXXXXXXX",
        "xxxx-xxxx",
        "****",
        "...",
        "…",
        "0000",
        "00000000-0000-0000-0000-000000000000",
        "abcdef",
        "123456",
        "qwerty",
        "changeme",
        "change-me",
        "CHANGE_ME",
        "your-key",
        "YOUR_KEY_HERE",
        "yourkey",
        "insert key here",
        "todo",
        "REDACTED",
        "dummy-key-1",
        "example",
        "None",
        "null",
        "secret",
        "${KEY}",
        "${KEY:-}",
        "${KEY:-changeme}",
        "$KEY",
        "$(KEY)",
        "${{ secrets.KEY }}",
        "{{ key }}",
        "{key}",
        "%KEY%",
        "%s",
        "#{KEY}#",
        "@@KEY@@",
        "__KEY__",
        "[key]",
        "https://<account>.example.org",
        "DefaultEndpointsProtocol=https;AccountName=<account>;AccountKey=<key>;EndpointSuffix=core.windows.net",
        "AccountName=acme;AccountKey=...;",
        "AccountName=${NAME};AccountKey=${KEY}",
        "AccountName=acme;AccountKey=your-key",
        "AccountName=acme;AccountKey=xxxx==",
    ],
)
def test_placeholder(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize(
    "value",
    [
        KEY,
        f"AccountName=example;AccountKey={KEY}",
        f"AccountName=test;AccountKey={KEY};EndpointSuffix=core.windows.net;",
        "Server=db.example.org;Port=5555;Database=abcd",
        f"${{KEY:-{KEY}}}",
        f"example{KEY}",
        "https://acme.example.org",
        "https://example.org/path",
        "acme-prod",
        "$ecretWord7",
        "true",
        "8080",
        "changes",
    ],
)
def test_real_value(value: str) -> None:
    assert not is_placeholder(value)
