# ruff: noqa: E501
"""Files that look as if they held secrets, and hold none."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from random import Random

from mi_lint.secrets import checksum

AZURITE = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1" + "OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/" + "KBHBeksoGMGw=="
COSMOS_EMULATOR = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEH" + "LM+4QDU5DE2nQ9nDuVTqobD4b8m" + "GGyPMbIZnqyMsEcaGQy67XIw/Jw=="
_CONN = "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=%s;EndpointSuffix=core.windows.net"
PLACEHOLDERS = (
    "<your-key>",
    "<ACCOUNT_KEY>",
    "your-account-key",
    "YOUR_KEY_HERE",
    "xxxxxxxxxxxxxxxx",
    "XXXX",
    "***",
    "********",
    "changeme",
    "REDACTED",
    "[redacted]",
    "...",
    "null",
    "0000000000000000",
    "example-key",
    "dummy",
    "insert-key-here",
    "TODO",
    "<secret>",
    "A" * 86 + "==",
    "x" * 88,
    "abc123",
    "{your_password}",
    "my-secret-key",
)
REFERENCES = (
    "${STORAGE_KEY}",
    "$STORAGE_KEY",
    "$(StorageKey)",
    "{{ storage_key }}",
    "{{storageKey}}",
    "%(storage_key)s",
    "%STORAGE_KEY%",
    "#{StorageKey}#",
    "@@STORAGE_KEY@@",
    "__STORAGE_KEY__",
    "${{ secrets.STORAGE_KEY }}",
    "${var.storage_key}",
    "$env:STORAGE_KEY",
    "[parameters('storageKey')]",
    "[listKeys(resourceId('Microsoft.Storage/storageAccounts', 'a'), '2022-09-01').keys[0].value]",
    "@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/storage/0123456789abcdef0123456789abcdef)",
    "@Microsoft.KeyVault(VaultName=acme;SecretName=storage)",
    "keyvaultref:https://acme.vault.azure.net/secrets/a,identityref:system",
    "akvs://acme/secret",
    "!secret storage_key",
    "azurerm_storage_account.main.primary_access_key",
)
_NAMES = (
    "AZURE_STORAGE_KEY",
    "COSMOS_KEY",
    "AZURE_CLIENT_SECRET",
    "AZURE_OPENAI_API_KEY",
    "REDIS_PASSWORD",
    "EVENTHUB_KEY",
)

Trap = Callable[[Random], tuple[str, str]]


def _hash(r: Random, bits: int) -> str:
    return r.randbytes(bits // 8).hex()


def _b64(r: Random, size: int) -> str:
    return base64.b64encode(r.randbytes(size)).decode()


def _guid(r: Random) -> str:
    h = r.randbytes(16).hex()
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"


def _broken(signature: str, size: int, label: str, name: str) -> Trap:
    def trap(r: Random) -> tuple[str, str]:
        key = checksum.sign_his1(r.randbytes(size), signature, size, label, signature == "AzFu")
        at = r.randrange(3, 20)
        other = "q" if key[at] != "q" else "w"
        return "conf/old.env", f"{name}={key[:at]}{other}{key[at + 1 :]}\n"

    return trap


def _one(path: str, make: Callable[[Random], str]) -> Trap:
    return lambda r: (path, make(r))


def _lockfile(r: Random) -> str:
    packages = {f"node_modules/p{n}": {"version": f"1.0.{n}", "integrity": f"sha512-{_b64(r, 64)}"} for n in range(12)}
    return json.dumps({"lockfileVersion": 3, "packages": packages}, indent=2) + "\n"


def _image(r: Random) -> str:
    data = base64.b64encode(b"\x89PNG\r\n\x1a\n" + r.randbytes(3000)).decode()
    return f'<img alt="key" src="data:image/png;base64,{data}"/>\n'


def _certificate(r: Random) -> str:
    body = base64.b64encode(r.randbytes(900)).decode()
    lines = "\n".join(body[n : n + 64] for n in range(0, len(body), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n-----BEGIN PUBLIC KEY-----\n{lines[:300]}\n-----END PUBLIC KEY-----\n"


def _minified(r: Random) -> str:
    parts = (f"a{n}=function(e){{return e.key||'{_hash(r, 32)}'}}" for n in range(200))
    return ";".join(parts) + ";var apiKey=e.apiKey,accountKey=t.accountKey,sig=x.sig\n"


TRAPS: dict[str, Trap] = {
    "azurite": _one(
        "dev/.env",
        lambda r: (
            f"AZURE_STORAGE_CONNECTION_STRING=DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={AZURITE};BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;\n"
        ),
    ),
    "azurite-key": _one("tests/conf.py", lambda r: f'ACCOUNT_KEY = "{AZURITE}"\n'),
    "development": _one(
        "local.settings.json", lambda r: '{"Values": {"AzureWebJobsStorage": "UseDevelopmentStorage=true"}}\n'
    ),
    "cosmos-emulator": _one(
        "dev/cosmos.py",
        lambda r: (
            f'COSMOS_KEY = "{COSMOS_EMULATOR}"\nCONN = "AccountEndpoint=https://localhost:8081/;AccountKey={COSMOS_EMULATOR};"\n'
        ),
    ),
    "sb-emulator": _one(
        "dev/sb.env",
        lambda r: (
            "SB=Endpoint=sb://localhost;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;\n"
        ),
    ),
    "broken-storage": _broken("+ASt", 64, "Default0", "AZURE_STORAGE_KEY"),
    "broken-servicebus": _broken("+ASb", 32, "Manage00", "SERVICEBUS_KEY"),
    "broken-eventhub": _broken("+AEh", 32, "Send0000", "EVENTHUB_KEY"),
    "broken-batch": _broken("+ABa", 64, "AbAcct00", "BATCH_ACCOUNT_KEY"),
    "broken-functions": _broken("AzFu", 40, "Functi00", "FUNCTION_KEY"),
    "package-lock": _one("package-lock.json", _lockfile),
    "yarn": _one(
        "yarn.lock",
        lambda r: "".join(f'p{n}@^1.0.0:\n  version "1.0.{n}"\n  integrity sha512-{_b64(r, 64)}\n' for n in range(8)),
    ),
    "go-sum": _one("go.sum", lambda r: "".join(f"example.org/m{n} v1.0.{n} h1:{_b64(r, 32)}\n" for n in range(8))),
    "poetry": _one(
        "poetry.lock",
        lambda r: "".join(
            f'[[package]]\nname = "azure-storage-blob"\nfiles = [{{file = "a.whl", hash = "sha256:{_hash(r, 256)}"}}]\n'
            for n in range(5)
        ),
    ),
    "integrity-html": _one(
        "web/index.html", lambda r: f'<script src="a.js" integrity="sha512-{_b64(r, 64)}" crossorigin></script>\n'
    ),
    "git-sha": _one(
        "CHANGELOG.md",
        lambda r: f"- fix azure openai key handling ({_hash(r, 160)})\n- search key {_hash(r, 160)[:12]}\n",
    ),
    "etag": _one(
        "cache.py",
        lambda r: (
            f'from openai import AzureOpenAI\n\netag = "{_hash(r, 128)}"\nopenai_key_hash = "{_hash(r, 128)}"\ncontent_md5 = "{_hash(r, 128)}"\n'
        ),
    ),
    "md5-json": _one(
        "manifest.json",
        lambda r: json.dumps({"search": {"checksum": _hash(r, 128), "etag": _hash(r, 128), "version": _hash(r, 128)}}),
    ),
    "uuid": _one(
        "ids.env",
        lambda r: f"AZURE_TENANT_ID={_guid(r)}\nAZURE_CLIENT_ID={_guid(r)}\nAZURE_SUBSCRIPTION_ID={_guid(r)}\n",
    ),
    "uuid-compact": _one(
        "ids.py",
        lambda r: (
            f'azure_search_index_id = "{_guid(r).replace("-", "")}"\nopenai_deployment_id = "{_guid(r).replace("-", "")}"\n'
        ),
    ),
    "image": _one("web/logo.html", _image),
    "certificate": _one("certs/public.pem", _certificate),
    "ssh": _one("ops/authorized_keys", lambda r: f"ssh-rsa AAAAB3NzaC1yc2E{_b64(r, 250)} me@host\n"),
    "minified": _one("web/app.min.js", _minified),
    "msi": _one(
        "conf/sql.env",
        lambda r: (
            "SQL=Server=tcp:acme.database.windows.net,1433;Database=shop;Authentication=ActiveDirectoryMsi;Encrypt=True\nODBC=Driver={ODBC Driver 18};Server=acme.database.windows.net;Authentication=ActiveDirectoryMsi\n"
        ),
    ),
    "signalr-msi": _one(
        "conf/signalr.env",
        lambda r: (
            "S=Endpoint=https://acme.service.signalr.net;AuthType=azure.msi;Version=1.0;\nW=Endpoint=https://acme.webpubsub.azure.com;AuthType=azure;\n"
        ),
    ),
    "endpoint": _one(
        "conf/endpoints.env",
        lambda r: (
            "SB=Endpoint=sb://acme.servicebus.windows.net/\nBLOB=https://acme.blob.core.windows.net/\nPG=host=acme.postgres.database.azure.com dbname=shop user=app sslmode=require\n"
        ),
    ),
    "x509": _one("conf/device.env", lambda r: "DEVICE=HostName=acme.azure-devices.net;DeviceId=pump;x509=true\n"),
    "vault-names": _one(
        "vault.py",
        lambda r: (
            'secret_name = "payments-client-secret"\nclient_secret_name = "app-client-secret"\npassword_field = "password"\nkey_name = "storage-account-key"\n'
        ),
    ),
    "empty-password": _one(
        "conf/empty.env",
        lambda r: (
            'SQL=Server=acme.database.windows.net;User ID=app;Password=;\nDB_HOST=acme.postgres.database.azure.com\nDB_PASSWORD=\nPWD=""\n'
        ),
    ),
    "localhost": _one(
        "conf/local.env",
        lambda r: (
            "DB=postgresql://postgres:Passw0rd99@localhost:5432/db\nDB2=mysql+pymysql://root:Secret123@127.0.0.1/db\nR=redis://:devpass12345678@localhost:6379/0\nM=mongodb://u:longpassword1@localhost:27017\n"
        ),
    ),
    "low-entropy": _one(
        "tests/tokens.py",
        lambda r: (
            f'TOKEN = "dapi{"1" * 32}"\nKEY = "{"A" * 86}=="\nOTHER = "{"abcd" * 8}"\nAZURE_OPENAI_API_KEY = "{"0123456789abcdef" * 2}"\n'
        ),
    ),
    "redacted-sig": _one(
        "docs/sas.md",
        lambda r: (
            "https://acme.blob.core.windows.net/c?sv=2022-11-02&ss=b&srt=o&sp=r&sig=REDACTED\nhttps://acme.blob.core.windows.net/c?sv=2022-11-02&sr=c&sig=<signature>\n?sv=2021-06-08&sr=b&sig=***\n?sv=2021-06-08&sr=b&sig=%3Csignature%3E\n"
        ),
    ),
    "appinsights": _one(
        "conf/ai.env",
        lambda r: (
            f"APPLICATIONINSIGHTS_CONNECTION_STRING=InstrumentationKey={_guid(r)};IngestionEndpoint=https://westeurope-1.in.applicationinsights.azure.com/\n"
        ),
    ),
    "sign-code": _one(
        "sign.py",
        lambda r: (
            "def sas(uri, key, name):\n    sig = hmac_sha256(key, uri)\n    return f'SharedAccessSignature sr={uri}&sig={sig}&se={ttl}&skn={name}'\nsas_url = f'{url}?{sas_token}'\n"
        ),
    ),
    "read-code": _one(
        "client.py",
        lambda r: (
            'import os\nfrom azure.storage.blob import BlobServiceClient\nkey = os.environ["AZURE_STORAGE_KEY"]\nc = BlobServiceClient(account_url=os.environ["URL"], credential=key)\npassword = settings.DB_PASSWORD\nconn = f"Server=acme.database.windows.net;Uid={user};Pwd={pw};"\n'
        ),
    ),
    "terraform-refs": _one(
        "infra/refs.tf",
        lambda r: (
            'app_settings = {\n  STORAGE_KEY = azurerm_storage_account.a.primary_access_key\n  DB_PASSWORD = var.db_password\n  SQL = "Server=tcp:acme.database.windows.net;User ID=${var.user};Password=${var.password};"\n}\n'
        ),
    ),
    "bicep-refs": _one(
        "infra/refs.bicep",
        lambda r: (
            "var conn = 'DefaultEndpointsProtocol=https;AccountName=${sa.name};AccountKey=${sa.listKeys().keys[0].value};EndpointSuffix=core.windows.net'\n"
        ),
    ),
    "regex": _one(
        "detect.py",
        lambda r: (
            "PATTERN = r'AccountKey=[A-Za-z0-9+/]{86}=='\nSAS = r'sig=[A-Za-z0-9%]{43,63}%3D'\nPAT = '[a-z2-7]{52}'\n"
        ),
    ),
    "base64-text": _one(
        "k8s/config.yaml",
        lambda r: (
            "kind: Secret\ndata:\n  LOG_LEVEL: "
            + base64.b64encode(b"information about the storage key").decode()
            + "\n  URL: "
            + base64.b64encode(b"https://acme.blob.core.windows.net/box").decode()
            + "\n"
        ),
    ),
    "hex-data": _one(
        "data/colors.py",
        lambda r: f"PALETTE = '{_hash(r, 1024)}'\nFACE_ID = '{_hash(r, 128)}'\nSPEECH_SHA = '{_hash(r, 256)}'\n",
    ),
    "jwt-kid": _one(
        "keys.json",
        lambda r: json.dumps(
            {"keys": [{"kty": "RSA", "kid": _hash(r, 160), "n": _b64(r, 256).rstrip("="), "e": "AQAB"}]}
        ),
    ),
    "tilde": _one("cdn.txt", lambda r: f"https://cdn.example.org/a/{_b64(r, 30)[:20]}8Q~{_b64(r, 90)[:60]}/x.js\n"),
    "checksums": _one(
        "SHA256SUMS", lambda r: "".join(f"{_hash(r, 256)}  azure-openai-key-{n}.tar.gz\n" for n in range(6))
    ),
}


def _placeholder(text: str, name: str) -> Trap:
    forms = (
        ("conf/sample.env", f"{name}={text}\nCONN={_CONN % text}\n"),
        ("app/sample.py", f"{name} = {json.dumps(text)}\nCONN = {json.dumps(_CONN % text)}\n"),
        (
            "conf/sample.json",
            json.dumps({name: text, "Sql": f"Server=acme.database.windows.net;User ID=a;Password={text};"}, indent=1),
        ),
        (
            "conf/sample.yaml",
            f'{name}: "{text}"\nsb: "Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=r;SharedAccessKey={text}"\n',
        ),
    )
    return lambda r: forms[r.randrange(len(forms))]


def all_traps(r: Random) -> Iterator[tuple[str, str, str]]:
    """Name, path and text of each trap; placeholders and references come in several forms."""
    for name, trap in TRAPS.items():
        path, text = trap(r)
        yield name, path, text
    for text in (*PLACEHOLDERS, *REFERENCES):
        for name in r.sample(_NAMES, 3):
            kind = "placeholder" if text in PLACEHOLDERS else "reference"
            path, content = _placeholder(text, name)(r)
            yield kind, path, content
