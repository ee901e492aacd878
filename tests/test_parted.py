"""Strings lose their secret part and gain another sign-in; all else of them stays as it was written."""

from __future__ import annotations

import pytest

from mi_lint.parted import trimmed
from mi_lint.templates import hole

DROPS = ("uid", "user id", "pwd", "password", "user")
MSI = (("Authentication", "Msi"), ("Encrypt", "yes"))
A, B = hole(0), hole(1)

CASES = {
    "in the middle": ("pairs", "Driver={x};UID=u;PWD=p;Encrypt=no;", MSI, "Driver={x};Authentication=Msi;Encrypt=no;"),
    "at the end": ("pairs", "Server=s;UID=u;PWD=p", MSI, "Server=s;Authentication=Msi;Encrypt=yes"),
    "apart from each other": ("pairs", "Pwd=p;Server=s;User Id=u", MSI, "Authentication=Msi;Encrypt=yes;Server=s"),
    "braces": ("pairs", "Server=s;Pwd={a;b}}c};Uid=u;X={;}", (), "Server=s;X={;}"),
    "on lines of their own": ("pairs", "\n  Server=s;\n  UID=u;\n  PWD=p;\n", (), "\n  Server=s;\n"),
    "expressions": ("pairs", f"Server={A};UID={B};PWD={B}", MSI, f"Server={A};Authentication=Msi;Encrypt=yes"),
    "an expression for a part": ("pairs", f"Server=s;{A};PWD=p", MSI, None),
    "nothing to lose": ("pairs", "Server=s;Trusted_Connection=yes", MSI, None),
    "user and password": ("url", "x+y://u:p%40@h:1/d?k=v", (("a", "M"),), "x+y://h:1/d?k=v&a=M"),
    "without a query": ("url", "x://u:p@h/d", (("a", "M"),), "x://h/d?a=M"),
    "another user": ("url", "x://u:p@h/d", (("user", "id"), ("a", "M")), "x://id@h/d?a=M"),
    "a password alone": ("url", "rediss://:p/q@h:6380/0#f", (), "rediss://h:6380/0#f"),
    "in the query": ("url", "x://h/d?password=p&k=v", (), "x://h/d?k=v"),
    "the last of the query": ("url", "x://h/d?k=v&password=p", (("a", "M"),), "x://h/d?k=v&a=M"),
    "all of the query": ("url", "x://h/d?password=p", (("a", "M"),), "x://h/d?a=M"),
    "a URL without a secret": ("url", "x://h/d", (("a", "M"),), None),
    "words": ("words", "host=h user=u password='a b' sslmode=require", (), "host=h sslmode=require"),
    "words at the start": ("words", "password = x host=h", (("sslmode", "require"),), "sslmode=require host=h"),
    "words, no more": ("words", "host=h or so", (), None),
    "a policy and a key": ("credential", "x://p:k/e+y=@h", (("credential", "Mi"),), "x://Mi@h"),
    "a SAS before a URL": (
        "credential",
        f"x://sv=1&sig={A}@https://{B}/q",
        (("credential", "Mi"),),
        f"x://Mi@https://{B}/q",
    ),
    "pairs for a credential": (
        "credential",
        f"x://Name={A};Key={B}",
        (("credential", "Mi@{Name}.{End|n}"),),
        f"x://Mi@{A}.n",
    ),
    "pairs that say too little": ("credential", "x://Key=k;End=n", (("credential", "Mi@{Name}"),), None),
    "one expression for all": ("credential", f"x://{A}", (("credential", "Mi@{Name}"),), None),
}


@pytest.mark.parametrize("name", CASES)
def test_trimmed(name: str) -> None:
    syntax, text, adds, expected = CASES[name]
    assert trimmed(text, syntax, DROPS, adds) == expected
    assert expected is None or trimmed(expected, syntax, set(DROPS) - {"user"}, adds) is None
