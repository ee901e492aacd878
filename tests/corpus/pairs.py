"""Settings that hold no secret: ordinary ones, ones that look like secrets, and those that stand beside secrets."""

from __future__ import annotations

import base64
from random import Random

from mi_lint.secrets import checksum
from tests.corpus.secrets import Form
from tests.corpus.traps import AZURITE, COSMOS_EMULATOR, PLACEHOLDERS, REFERENCES

Pair = tuple[str, str]

_ORDINARY: tuple[Pair, ...] = (
    ("LOG_LEVEL", "info"),
    ("HTTP_TIMEOUT_SECONDS", "30"),
    ("CACHE_TTL", "3600"),
    ("FEATURE_FLAGS", "search,export"),
    ("OPENAI_API_VERSION", "2024-06-01"),
    ("AZURE_REGION", "westeurope"),
    ("KEY_VAULT_NAME", "kv-contoso-prod"),
    ("KEY_VAULT_URI", "https://kv-contoso-prod.vault.azure.net/"),
    ("CACHE_KEY", "orders:v2:list"),
    ("PARTITION_KEY", "/tenantId"),
    ("SORT_KEY", "createdAt"),
    ("SECRET_NAME", "payments-client-secret"),
    ("PASSWORD_MIN_LENGTH", "12"),
    ("KEY_ROTATION_DAYS", "90"),
    ("API_KEY_HEADER", "Ocp-Apim-Subscription-Key"),
    ("CONNECTION_STRING_NAME", "AzureWebJobsStorage"),
    ("TOKEN_URL", "https://login.microsoftonline.com/common/oauth2/v2.0/token"),
    ("BLOB_CONTAINER", "product-images"),
    ("QUEUE_NAME", "orders-incoming"),
    ("WORKERS", "4"),
    ("MAX_UPLOAD_MB", "25"),
    ("EMBEDDING_MODEL", "text-embedding-3-large"),
    ("SENDER", "noreply@contoso.example"),
    ("SUPPORT_URL", "https://support.contoso.example/help?topic=keys"),
)

# What real files hold beside a secret of the kind. Some scanners report a kind only with these near by.
_NEIGHBOURS: dict[str, tuple[Pair, ...]] = {
    "storage-key": (("AZURE_STORAGE_ACCOUNT_NAME", "contosoprod"),),
    "storage-key-legacy": (("AZURE_STORAGE_ACCOUNT_NAME", "contosoprod"),),
    "entra-client-secret": (("AZURE_TENANT_ID", "GUID"), ("AZURE_CLIENT_ID", "GUID")),
    "entra-client-secret-legacy": (("AZURE_TENANT_ID", "GUID"), ("AZURE_CLIENT_ID", "GUID")),
    "openai-key": (("AZURE_OPENAI_ENDPOINT", "https://contoso.openai.azure.com/"),),
    "cognitive-key-legacy": (("COGNITIVE_ENDPOINT", "https://contoso.cognitiveservices.azure.com/"),),
    "cosmos-key": (("COSMOS_ENDPOINT", "https://contoso.documents.azure.com:443/"),),
    "cosmos-key-legacy": (("COSMOS_ENDPOINT", "https://contoso.documents.azure.com:443/"),),
    "search-admin-key": (("AZURE_SEARCH_ENDPOINT", "https://contoso.search.windows.net"),),
    "search-query-key": (("AZURE_SEARCH_ENDPOINT", "https://contoso.search.windows.net"),),
    "ado-pat": (("AZURE_DEVOPS_ORG", "https://dev.azure.com/contoso"),),
    "ado-pat-legacy": (("AZURE_DEVOPS_ORG", "https://dev.azure.com/contoso"),),
    "servicebus-key": (("SERVICEBUS_NAMESPACE", "contoso.servicebus.windows.net"),),
    "eventhub-key": (("EVENTHUB_NAMESPACE", "contoso.servicebus.windows.net"),),
    "eventgrid-key-legacy": (("TOPIC_URL", "https://orders.westeurope-1.eventgrid.azure.net/api/events"),),
    "redis-key": (("REDIS_HOST", "contoso.redis.cache.windows.net"),),
    "batch-key": (("BATCH_ACCOUNT_URL", "https://contoso.westeurope.batch.azure.com"),),
    "acr-password": (("ACR_LOGIN_SERVER", "contoso.azurecr.io"), ("ACR_USERNAME", "contoso")),
    "databricks-pat": (("DATABRICKS_HOST", "https://adb-1234567890123456.7.azuredatabricks.net"),),
    "loganalytics-key": (("LOG_ANALYTICS_WORKSPACE_ID", "GUID"),),
    "apim-subscription-key": (("APIM_URL", "https://contoso.azure-api.net/orders"),),
}


def guid(r: Random) -> str:
    """A random identifier, which is no secret."""
    h = r.randbytes(16).hex()
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"


def neighbours(form: Form, r: Random) -> list[Pair]:
    """The settings that stand before a secret of this form."""
    usual = [(name, guid(r) if value == "GUID" else value) for name, value in _NEIGHBOURS.get(form.kind, ())]
    taken = {name for name, _ in form.near}
    return [*form.near, *(pair for pair in usual if pair[0] not in taken)]


def ordinary(r: Random, count: int) -> list[Pair]:
    return r.sample(_ORDINARY, count)


def traps(r: Random, count: int) -> list[Pair]:
    """Settings that must not be reported, of mixed sorts."""
    return [r.choice(_TRAPS)(r) for _ in range(count)]


_SECRET_NAMES = ("AZURE_STORAGE_KEY", "COSMOS_KEY", "AZURE_CLIENT_SECRET", "AZURE_OPENAI_API_KEY", "REDIS_PASSWORD")
_DIGEST_NAMES = ("ASSET_MD5", "OPENAI_KEY_HASH", "INDEX_ETAG", "MODEL_CHECKSUM", "CONTENT_FINGERPRINT")
_SHAPES = (
    "DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=%s;EndpointSuffix=core.windows.net",
    "Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=root;SharedAccessKey=%s",
    "Server=tcp:contoso.database.windows.net,1433;Database=shop;User ID=app;Password=%s;Encrypt=True;",
    "https://contoso.blob.core.windows.net/box?sv=2022-11-02&sr=c&sp=r&se=2099-01-01&sig=%s",
    "postgresql://app:%s@contoso.postgres.database.azure.com:5432/shop",
)


def _no_value(r: Random) -> str:
    return r.choice((*PLACEHOLDERS, *REFERENCES))


def _broken_key(r: Random) -> Pair:
    name, signature, size, label = r.choice(
        (
            ("AZURE_STORAGE_KEY", "+ASt", 64, "Default0"),
            ("SERVICEBUS_KEY", "+ASb", 32, "Manage00"),
            ("EVENTHUB_KEY", "+AEh", 32, "Listen00"),
            ("BATCH_ACCOUNT_KEY", "+ABa", 64, "AbAcct00"),
        )
    )
    key = checksum.sign_his1(r.randbytes(size), signature, size, label)
    at = r.randrange(5, 25)
    return name, key[:at] + ("k" if key[at] != "k" else "m") + key[at + 1 :]


_TRAPS = (
    lambda r: (r.choice(_SECRET_NAMES), _no_value(r)),
    lambda r: ("CONNECTION", r.choice(_SHAPES) % _no_value(r)),
    _broken_key,
    lambda r: (
        "DEV_STORAGE",
        f"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={AZURITE};BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1;",
    ),
    lambda r: ("DEV_COSMOS", f"AccountEndpoint=https://localhost:8081/;AccountKey={COSMOS_EMULATOR};"),
    lambda r: ("AzureWebJobsStorage", "UseDevelopmentStorage=true"),
    lambda r: (r.choice(_DIGEST_NAMES), r.randbytes(16).hex()),
    lambda r: ("BUILD_COMMIT", r.randbytes(20).hex()),
    lambda r: ("IMAGE_DIGEST", "sha256:" + r.randbytes(32).hex()),
    lambda r: ("SCRIPT_INTEGRITY", "sha512-" + base64.b64encode(r.randbytes(64)).decode()),
    lambda r: ("AZURE_SUBSCRIPTION_ID", guid(r)),
    lambda r: ("SEARCH_INDEX_ID", guid(r).replace("-", "")),
    lambda r: (
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        f"InstrumentationKey={guid(r)};IngestionEndpoint=https://westeurope-1.in.applicationinsights.azure.com/",
    ),
    lambda r: (
        "SQL",
        "Server=tcp:contoso.database.windows.net,1433;Database=shop;Authentication=Active Directory Default;",
    ),
    lambda r: ("SIGNALR", "Endpoint=https://contoso.service.signalr.net;AuthType=azure.msi;Version=1.0;"),
    lambda r: ("DEVICE", "HostName=contoso.azure-devices.net;DeviceId=pump-7;x509=true"),
    lambda r: ("LOCAL_DB", "postgresql://postgres:postgres@localhost:5432/shop"),
    lambda r: (
        "VAULT_REF",
        f"https://kv-contoso.vault.azure.net/secrets/storage-key/{r.randbytes(16).hex()}",
    ),
    lambda r: ("PUBLIC_KEY", "ssh-rsa AAAAB3NzaC1yc2E" + base64.b64encode(r.randbytes(180)).decode()),
)
