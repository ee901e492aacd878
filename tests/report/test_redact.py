"""Redaction: no generated secret survives, in any place where one may stand; and what is no secret stays readable."""

from __future__ import annotations

import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mi_lint.findings import Applicability, Confidence, Edit, Finding, Fix, Place, Severity
from mi_lint.report.redact import Redactor, is_harmless, mask, redactor_for, value_ranges
from mi_lint.report.shapes import looks_random
from mi_lint.textfile import decode_text

_BASE64 = string.ascii_letters + string.digits + "+/"


def _key(alphabet: str, length: int, tail: str = "") -> st.SearchStrategy[str]:
    """Keys with the spread of a random source: hypothesis' own shrinking would turn them into `aaaa`."""
    return st.randoms(use_true_random=False).map(lambda r: "".join(r.choices(alphabet, k=length)) + tail)


_SECRETS = st.one_of(
    _key(_BASE64, 86, "=="),
    _key(_BASE64, 43, "="),
    _key("0123456789abcdef", 32),
    _key(string.ascii_letters + string.digits, 52),
    st.tuples(
        _key(string.ascii_letters + string.digits, 3), _key(string.ascii_letters + string.digits + "_.-", 31)
    ).map(lambda p: f"{p[0]}8Q~{p[1]}"),
)
_PASSWORDS = st.text(string.ascii_letters + string.digits + "!#$%^*", min_size=6, max_size=20)

_PLACES = [
    ("a.py", 'x = "{}"\n'),
    ("a.py", "# used to be {}\n"),
    ("a.py", 'def f():\n    """Text.\n\n    {}\n    """\n'),
    ("a.py", 'c = "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={};EndpointSuffix=core.windows.net"\n'),
    ("a.py", 'f(a, [1, "{}"], b=2)\n'),
    ("a.py", "broken = '{}\n"),
    (".env", "A={}\n"),
    (".env", 'export A="Endpoint=sb://x/;SharedAccessKeyName=n;SharedAccessKey={}"\n'),
    ("c.yaml", "env:\n  - name: A\n    value: {}\n"),
    ("c.json", '{{"a": {{"b": "{}"}}}}\n'),
    ("Dockerfile", "ENV A={} B=1\n"),
]


@pytest.mark.parametrize(("path", "template"), _PLACES)
@settings(max_examples=60, deadline=None)
@given(_SECRETS)
def test_random_keys_never_survive(path: str, template: str, secret: str) -> None:
    text = template.format(secret)
    for shown in (Redactor().source(path, text), Redactor().prose(text)):
        assert secret not in shown
        assert not any(secret[i : i + 12] in shown for i in range(len(secret) - 12))
        assert shown.count("\n") == text.count("\n")


_NAMED = [
    ("a.py", 'PASSWORD = "{}"\n'),
    ("a.py", 'client = Client(url, credential="{}")\n'),
    ("a.py", 'password: str = "{}"\n'),
    ("a.py", 'config = {{"api_key": "{}"}}\n'),
    ("a.py", 'key = os.getenv("STORAGE_KEY", "{}")\n'),
    ("a.py", 'key = os.getenv("STORAGE_KEY") or "{}"\n'),
    ("a.py", 'os.environ["DB_PASSWORD"] = "{}"\n'),
    ("a.py", 'AzureKeyCredential("{}")\n'),
    ("a.py", 'dsn = "Server=x;Database=y;User Id=u;Password={};Encrypt=yes"\n'),
    ("a.py", 'url = "amqps://user:{}@host:5671/"\n'),
    (".env", "DB_PASSWORD={}\n"),
    (".env", "export CLIENT_SECRET='{}'\n"),
    ("c.yaml", "db:\n  password: {}\n"),
    ("c.json", '{{"clientSecret": "{}"}}\n'),
    ("c.ini", "[x]\naccess_token = {}\n"),
]


@pytest.mark.parametrize(("path", "template"), _NAMED)
@settings(max_examples=40, deadline=None)
@given(_PASSWORDS)
def test_named_values_never_survive(path: str, template: str, secret: str) -> None:
    secret = "q9" + secret  # neither a name of a setting nor part of the surrounding text
    assert secret not in Redactor().source(path, template.format(secret))


@settings(deadline=None)
@given(_PASSWORDS, st.sampled_from(["a.py", "x.env"]))
def test_known_values_are_hidden_everywhere(secret: str, path: str) -> None:
    secret = "q9" + secret
    redactor = Redactor(frozenset({secret}))
    text = f"f('{secret}', {secret!r})  # {secret}"
    assert secret not in redactor.prose(text)
    assert secret not in redactor.source(path, text)


def test_short_known_values_are_hidden_as_literals() -> None:
    assert Redactor(frozenset({"abc"})).source("a.py", "f('abc', abc)") == "f('***', abc)"


@pytest.mark.parametrize(
    "text",
    [
        "client = BlobServiceClient(account_url, credential=DefaultAzureCredential())",
        'conn_str = os.environ["AZURE_STORAGE_CONNECTION_STRING"]',
        'client = BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])',
        'f"https://{name}.blob.core.windows.net"',
        'get_bearer_token_provider(DefaultAzureCredential(), "https://cognitiveservices.azure.com/.default")',
        'client_id = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"',
        'key = "<your-account-key>"',
        'f"DefaultEndpointsProtocol=https;AccountName={name};AccountKey={key};EndpointSuffix=core.windows.net"',
        "from azure.servicebus.management import ServiceBusAdministrationClient",
        'partition_key="/tenant"',
        '@app.blob_trigger(arg_name="blob", path="in/{name}", connection="MyStorageConnectionString")',
        "the setting LAKE_DFS_ACCOUNT_URL is named in deploy/k8s/overlays/prod-eu/deployment.yaml",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert Redactor().source("a.py", text) == text
    assert Redactor().prose(text) == text


def test_a_binding_shows_the_setting_that_it_names() -> None:
    text = '{\n  "connection": "MyStorageConnectionString",\n  "connection": "ReportsStorage"\n}\n'
    assert Redactor().source("function.json", text) == text
    for value in ("hunter2", "aQzXkWvJqPzKmXbTgRwQ"):
        assert value not in Redactor().source("function.json", f'"connection": "{value}"')


def test_connection_strings_keep_their_public_parts() -> None:
    key = "a1B2" * 21 + "a1=="
    text = (
        f'CONNECTION_STRING = "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={key};EndpointSuffix=x.net"'
    )
    shown = Redactor().source("a.py", text)
    assert (
        shown
        == 'CONNECTION_STRING = "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=***;EndpointSuffix=x.net"'
    )


def test_the_padded_end_of_a_key_is_no_pair() -> None:
    assert list(value_ranges("vSIUFb7nm=")) == [(0, 10)]
    assert list(value_ranges("SharedAccessKey=")) == []


def test_private_keys_lose_their_short_last_line_too() -> None:
    text = "-----BEGIN PRIVATE KEY-----\n" + "aZ09" * 16 + "\nQx3=\n-----END PRIVATE KEY-----\n"
    assert Redactor().source("key.pem", text).splitlines() == [
        "-----BEGIN PRIVATE KEY-----",
        "***",
        "***",
        "-----END PRIVATE KEY-----",
    ]


def test_signatures_of_urls() -> None:
    url = "https://acme.blob.core.windows.net/c?sv=2024&sp=r&sig=" + "aB%2B" * 9 + "%3D&se=2030"
    assert "aB%2B" not in Redactor().source("a.py", f'u = "{url}"')
    assert "aB%2B" not in Redactor().prose(url)


def test_mask_keeps_lines() -> None:
    assert mask("ab\ncd\r\nef", [(1, 8)]) == "a***\n***\r\n***f"


@given(st.text())
def test_anything_can_be_redacted(text: str) -> None:
    for path in ("a.py", "a.env"):
        assert Redactor().source(path, text).count("\n") == text.count("\n")


def test_harmless() -> None:
    assert is_harmless("AZURE_STORAGE_KEY")
    assert is_harmless("https://acme.queue.core.windows.net/")
    assert not is_harmless("https://u:p@host/")
    assert is_harmless("--account-key")
    assert is_harmless("[3.*, 4.0.0)")
    assert not is_harmless("hunter2")
    assert not is_harmless("--Passw0rd")
    assert not looks_random("DefaultAzureCredential")


def test_expressions_of_templates_stay_readable_but_for_what_they_quote() -> None:
    taken = "[concat('AccountName=', parameters('name'), ';AccountKey=', listKeys(parameters('id')).key1)]"
    assert Redactor().source("a.json", f'  "value": "{taken}"\n') == f'  "value": "{taken}"\n'
    quoted = "[concat('Server=', parameters('name'), ';Password=', 'letmein')]"
    assert "letmein" not in Redactor().source("a.json", f'  "value": "{quoted}"\n')


def test_names_of_plain_words_are_no_keys() -> None:
    assert Redactor().source("requirements.txt", "azure-mgmt-datafactory\n") == "azure-mgmt-datafactory\n"
    text = "delete the secret DEPLOYMENT_PUBLISHPROFILE_" + "0123456789ABCDEF" * 2  # a GUID that tools put there
    assert Redactor().prose(text) == text


def test_a_name_at_the_place_of_a_finding_is_no_value() -> None:
    text = 'provider "x" {\n  client_secret = var.auth_client_secret\n}\n'
    assert Redactor().source("main.tf", text) == text


def test_words_without_quotes_in_a_deleted_block_of_a_template_stay_readable() -> None:
    block = 'variable "admin_password" {\n  type    = string\n  default = "letmein-today"\n}\n# password = swordfish\n'
    file = decode_text("main.tf", block.encode())
    place = Place(file.path, 0, len(block), 1, 1, 6, 1)
    fix = Fix("c", "t", Applicability.REVIEW, (Edit(place, ""),))
    finding = Finding(
        "MI0", "n", "n", "s", Severity.HIGH, Confidence.HIGH, Applicability.REVIEW, place, "m", "f", fix=fix
    )
    redactor = redactor_for([finding], {file.path: file})
    assert redactor.prose("a string, letmein-today and swordfish") == "a string, *** and ***"


@pytest.mark.parametrize(
    "text", ["a" * 60_000, "a_" * 30_000, "key-" * 15_000, "a.~" * 20_000, "A=" * 30_000, "%41" * 20_000]
)
def test_long_runs_take_no_longer_than_they_are(text: str) -> None:
    """A minified file or an encoded picture; the time of a pattern that tries again at each character is minutes."""
    before = time.perf_counter()
    Redactor().source("a.env", text)
    Redactor().source("a.py", f"x = '{text}'\n")
    assert time.perf_counter() - before < 10
