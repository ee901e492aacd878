# ruff: noqa: E501
"""Synthetic secrets of every kind as they are written down: the text around them, usual names, what stands near by.

Written from the published forms of the secrets and apart from the packs, so that a pack which is too narrow is seen.
"""

from __future__ import annotations

import base64
import string
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from mi_lint.secrets import checksum

_ALNUM = string.ascii_letters + string.digits
_BASE64 = _ALNUM + "+/"
_HOSTS = ("acme", "contoso-prod", "fabrikam01", "northwind", "widgets-eu", "datahub7")
_EXPIRY = "2099-03-01T12:00:00Z"


@dataclass(frozen=True)
class Form:
    """One way to write a secret down: `text` holds `value`; `name` is what a setting with it is called.

    `near` are further settings that stand beside it. `bare`: the text is the value alone.
    """

    kind: str
    name: str
    text: str
    value: str
    near: tuple[tuple[str, str], ...] = ()

    @property
    def bare(self) -> bool:
        return self.text == self.value


def _chars(r: Random, count: int, alphabet: str = _ALNUM) -> str:
    return "".join(r.choice(alphabet) for _ in range(count))


def _b64(r: Random, size: int) -> str:
    return base64.b64encode(r.randbytes(size)).decode()


def _guid(r: Random) -> str:
    h = r.randbytes(16).hex()
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"


def _password(r: Random) -> str:
    return _chars(r, r.randint(10, 18)) + r.choice("!#*-_") + r.choice("23456789") + r.choice("ABCDEFGH")


def _his1(signature: str, size: int, *labels: str, url_safe: bool = False) -> Callable[[Random], str]:
    return lambda r: checksum.sign_his1(r.randbytes(size), signature, size, r.choice(labels), url_safe)


def _cask(r: Random, data: str, provider: str, long: bool = False) -> str:
    head = (
        _chars(r, 52) + "JQQJ99" + r.choice("ABC") + r.choice("ABCDEFGHIJKL") + "AC" + _chars(r, 10) + data + provider
    )
    return checksum.sign_cask(head, long)


def _client_secret(r: Random) -> str:
    return checksum.sign_entra8(_chars(r, 3) + "8Q~" + _chars(r, 31, _ALNUM + "._~-"))


def _signature(r: Random) -> str:
    text = _b64(r, 32)
    return text if r.random() < 0.3 else text.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")


def _one(kind: str, name: str, make: Callable[[Random], str], *near: tuple[str, str]) -> Callable[[Random], Form]:
    def form(r: Random) -> Form:
        value = make(r)
        return Form(kind, name, value, value, near)

    return form


def _in(
    kind: str, name: str, template: str, make: Callable[[Random], str], *near: tuple[str, str]
) -> Callable[[Random], Form]:
    """A value inside of a longer text; `{v}` is the value, `{host}` a name, `{guid}` and `{hex}` are drawn."""

    def form(r: Random) -> Form:
        value = make(r)
        text = template.replace("{host}", r.choice(_HOSTS)).replace("{se}", _EXPIRY)
        while "{guid}" in text:
            text = text.replace("{guid}", _guid(r), 1)
        while "{hex}" in text:
            text = text.replace("{hex}", r.randbytes(16).hex(), 1)
        return Form(kind, name, text.replace("{v}", value), value, near)

    return form


_STORAGE = "DefaultEndpointsProtocol=https;AccountName={host};AccountKey={v};EndpointSuffix=core.windows.net"
_SB = "Endpoint=sb://{host}.servicebus.windows.net/;SharedAccessKeyName=%s;SharedAccessKey={v}"
_LOGIC = (
    "/workflows/{hex}/triggers/manual/paths/invoke?api-version=2016-10-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={v}"
)
_storage = _his1("+ASt", 64, "Default0")
_cosmos = _his1("ACDb", 64, "MastRW00", "MastRO00")
_44 = lambda r: _b64(r, 32)  # noqa: E731
_88 = lambda r: _b64(r, 64)  # noqa: E731
_hex32 = lambda r: r.randbytes(16).hex()  # noqa: E731
_DB = ("DB_HOST", "acme.postgres.database.azure.com")

FORMS: dict[str, tuple[Callable[[Random], Form], ...]] = {
    "storage-key": (_one("storage-key", "AZURE_STORAGE_KEY", _storage), _one("storage-key", "accountKey", _storage)),
    "storage-key-legacy": (
        _one("storage-key-legacy", "AZURE_STORAGE_ACCOUNT_KEY", _88),
        _one("storage-key-legacy", "storageAccountKey", _88),
        _one("storage-key-legacy", "STORAGE_KEY", _88, ("STORAGE_URL", "https://acme.blob.core.windows.net")),
    ),
    "storage-connstr": (
        _in("storage-connstr", "AZURE_STORAGE_CONNECTION_STRING", _STORAGE, _storage),
        _in("storage-connstr", "AzureWebJobsStorage", _STORAGE, _88),
        _in(
            "storage-connstr",
            "BLOB_CONN",
            "AccountKey={v};AccountName={host};BlobEndpoint=https://{host}.blob.core.windows.net/",
            _88,
        ),
    ),
    "storage-connstr-sas": (
        _in(
            "storage-connstr-sas",
            "STORAGE_CONNECTION",
            "BlobEndpoint=https://{host}.blob.core.windows.net/;SharedAccessSignature=sv=2022-11-02&ss=b&srt=sco&sp=rwl&se={se}&sig={v}",
            _signature,
        ),
    ),
    "storage-sas-account": (
        _in(
            "storage-sas-account",
            "BLOB_SAS_URL",
            "https://{host}.blob.core.windows.net/?sv=2022-11-02&ss=bq&srt=sco&sp=rwdlac&se={se}&st=2024-01-01T00:00:00Z&spr=https&sig={v}",
            _signature,
        ),
        _in("storage-sas-account", "SAS_TOKEN", "?sv=2021-06-08&ss=bfqt&srt=c&sp=rl&se={se}&sig={v}", _signature),
    ),
    "storage-sas-service": (
        _in(
            "storage-sas-service",
            "CONTAINER_URL",
            "https://{host}.blob.core.windows.net/images?sp=r&st=2024-01-01T00:00:00Z&se={se}&spr=https&sv=2022-11-02&sr=c&sig={v}",
            _signature,
        ),
        _in("storage-sas-service", "QUEUE_SAS", "sv=2019-02-02&si=policy1&sr=b&sig={v}", _signature),
    ),
    "storage-sas-user-delegation": (
        _in(
            "storage-sas-user-delegation",
            "UPLOAD_URL",
            "https://{host}.blob.core.windows.net/up/a.bin?sp=cw&se={se}&skoid={guid}&sktid={guid}&skt=2024-01-01T00:00:00Z&ske={se}&sks=b&skv=2022-11-02&sv=2022-11-02&sr=b&sig={v}",
            _signature,
        ),
    ),
    "servicebus-key": (
        _one("servicebus-key", "SERVICEBUS_KEY", _his1("+ASb", 32, "Manage00", "Listen00", "Send0000")),
    ),
    "eventhub-key": (
        _one("eventhub-key", "EVENTHUB_ACCESS_KEY", _his1("+AEh", 32, "Manage00", "Listen00", "Send0000")),
    ),
    "relay-key": (_one("relay-key", "RELAY_KEY", _his1("+ARm", 32, "Manage00", "Listen00", "Send0000")),),
    "messaging-connstr": (
        _in(
            "messaging-connstr",
            "SERVICEBUS_CONNECTION_STRING",
            _SB % "RootManageSharedAccessKey",
            _his1("+ASb", 32, "Manage00"),
        ),
        _in("messaging-connstr", "EVENTHUB_CONN_STR", _SB % "send" + ";EntityPath=orders", _44),
    ),
    "messaging-sas-token": (
        _in(
            "messaging-sas-token",
            "SB_TOKEN",
            "SharedAccessSignature sr=https%3A%2F%2F{host}.servicebus.windows.net%2F&sig={v}&se=4102444800&skn=root",
            _signature,
        ),
    ),
    "iothub-connstr": (
        _in(
            "iothub-connstr",
            "IOTHUB_CONNECTION_STRING",
            "HostName={host}.azure-devices.net;SharedAccessKeyName=iothubowner;SharedAccessKey={v}",
            _his1("AIoT", 32, "IoTHub00"),
        ),
    ),
    "iotdevice-connstr": (
        _in(
            "iotdevice-connstr",
            "DEVICE_CONNECTION_STRING",
            "HostName={host}.azure-devices.net;DeviceId=pump-7;SharedAccessKey={v}",
            _44,
        ),
    ),
    "dps-connstr": (
        _in(
            "dps-connstr",
            "DPS_CONNECTION_STRING",
            "HostName={host}.azure-devices-provisioning.net;SharedAccessKeyName=provisioningserviceowner;SharedAccessKey={v}",
            _his1("AIoT", 32, "DpsKey00"),
        ),
    ),
    "notificationhub-key": (
        _in("notificationhub-key", "NOTIFICATION_HUB", _SB % "DefaultFullSharedAccessSignature", _44),
    ),
    "eventgrid-key": (_one("eventgrid-key", "EVENTGRID_KEY", lambda r: _cask(r, "AAAA", "AZEG")),),
    "eventgrid-key-his1": (
        _one("eventgrid-key-his1", "EVENTGRID_TOPIC_KEY", _his1("AZEG", 32, "SendRecv", "Default0")),
    ),
    "eventgrid-key-legacy": (
        _one("eventgrid-key-legacy", "EVENTGRID_ACCESS_KEY", _44),
        _one(
            "eventgrid-key-legacy",
            "topicKey",
            _44,
            ("topicEndpoint", "https://orders.westeurope-1.eventgrid.azure.net/api/events"),
        ),
    ),
    "signalr-connstr": (
        _in(
            "signalr-connstr",
            "AzureSignalRConnectionString",
            "Endpoint=https://{host}.service.signalr.net;AccessKey={v};Version=1.0;",
            _44,
        ),
        _in(
            "signalr-connstr",
            "SIGNALR",
            "Endpoint=https://{host}.service.signalr.net;AccessKey={v};Version=1.0;",
            lambda r: _cask(r, "AAAA", "ASRS"),
        ),
    ),
    "webpubsub-connstr": (
        _in(
            "webpubsub-connstr",
            "WEBPUBSUB_CONNECTION",
            "Endpoint=https://{host}.webpubsub.azure.com;AccessKey={v};Version=1.0;",
            _44,
        ),
    ),
    "communication-connstr": (
        _in(
            "communication-connstr",
            "ACS_CONNECTION_STRING",
            "endpoint=https://{host}.europe.communication.azure.com/;accesskey={v}",
            _88,
        ),
        _in(
            "communication-connstr",
            "ACS",
            "endpoint=https://{host}.communication.azure.com/;accesskey={v}",
            lambda r: _cask(r, "AAAA", "AZCS"),
        ),
    ),
    "appconfig-connstr": (
        _in("appconfig-connstr", "APPCONFIG", "Endpoint=https://{host}.azconfig.io;Id=Ab1c-l9-s0:xYz;Secret={v}", _44),
        _in(
            "appconfig-connstr",
            "AppConfig",
            "Endpoint=https://{host}.azconfig.io;Id=Ab1c;Secret={v}",
            lambda r: _cask(r, "AAAA", "AZAC"),
        ),
    ),
    "cosmos-key": (_one("cosmos-key", "COSMOS_KEY", _cosmos), _one("cosmos-key", "primaryMasterKey", _cosmos)),
    "cosmos-key-legacy": (
        _one("cosmos-key-legacy", "COSMOS_KEY", _88),
        _one("cosmos-key-legacy", "primaryKey", _88, ("endpoint", "https://acme.documents.azure.com:443/")),
        _one("cosmos-key-legacy", "masterKey", _88, ("host", "https://acme.documents.azure.com:443/")),
    ),
    "cosmos-connstr": (
        _in(
            "cosmos-connstr",
            "COSMOS_CONNECTION_STRING",
            "AccountEndpoint=https://{host}.documents.azure.com:443/;AccountKey={v};",
            _cosmos,
        ),
    ),
    "cosmos-mongo-uri": (
        _in(
            "cosmos-mongo-uri",
            "MONGO_URI",
            "mongodb://{host}:{v}@{host}.mongo.cosmos.azure.com:10255/?ssl=true&replicaSet=globaldb",
            lambda r: _b64(r, 64).replace("=", "%3D").replace("+", "%2B").replace("/", "%2F"),
        ),
        _in(
            "cosmos-mongo-uri",
            "MONGO_URL",
            "mongodb+srv://dbuser:{v}@{host}.mongocluster.cosmos.azure.com/?tls=true",
            lambda r: _chars(r, 20),
        ),
    ),
    "cosmos-table-connstr": (
        _in(
            "cosmos-table-connstr",
            "TABLE_CONN",
            "DefaultEndpointsProtocol=https;AccountName={host};AccountKey={v};TableEndpoint=https://{host}.table.cosmos.azure.com:443/;",
            _88,
        ),
    ),
    "cosmos-gremlin-cassandra": (
        _one("cosmos-gremlin-cassandra", "password", _88, ("url", "wss://acme.gremlin.cosmos.azure.com:443/")),
        _one(
            "cosmos-gremlin-cassandra",
            "CASSANDRA_PASSWORD",
            _88,
            ("CASSANDRA_CONTACT_POINT", "acme.cassandra.cosmos.azure.com"),
        ),
    ),
    "redis-key": (
        _one("redis-key", "REDIS_KEY", lambda r: _his1("AzCa", 32, "Access00")(r).replace("+", "P").replace("/", "F")),
    ),
    "redis-connstr": (
        _in(
            "redis-connstr",
            "REDIS_CONNECTION",
            "{host}.redis.cache.windows.net:6380,password={v},ssl=True,abortConnect=False",
            _44,
        ),
    ),
    "redis-url": (
        _in(
            "redis-url",
            "REDIS_URL",
            "rediss://:{v}@{host}.redis.cache.windows.net:6380/0",
            lambda r: _b64(r, 32).replace("+", "P").replace("/", "F"),
        ),
    ),
    "servicebus-url": (
        _in(
            "servicebus-url",
            "CELERY_BROKER_URL",
            "azureservicebus://Root:{v}@{host}",
            lambda r: _b64(r, 32).replace("+", "P").replace("/", "F"),
        ),
    ),
    "search-admin-key": (_one("search-admin-key", "SEARCH_ADMIN_KEY", lambda r: _search(r, "PAdmin00")),),
    "search-query-key": (_one("search-query-key", "SEARCH_QUERY_KEY", lambda r: _search(r, "Query000")),),
    "search-key-legacy": (
        _one(
            "search-key-legacy",
            "AZURE_SEARCH_KEY",
            lambda r: _hex32(r).upper(),
            ("AZURE_SEARCH_ENDPOINT", "https://acme.search.windows.net"),
        ),
        _one(
            "search-key-legacy",
            "searchApiKey",
            lambda r: _hex32(r).upper(),
            ("searchUrl", "https://acme.search.windows.net"),
        ),
    ),
    "cognitive-key": (_one("cognitive-key", "SPEECH_KEY", lambda r: _cask(r, "AAA" + r.choice("ACFKLYb"), "ACOG")),),
    "openai-key": (_one("openai-key", "AZURE_OPENAI_API_KEY", lambda r: _cask(r, "AAAB", "ACOG")),),
    "cognitive-key-legacy": (
        _one("cognitive-key-legacy", "AZURE_OPENAI_API_KEY", _hex32),
        _one(
            "cognitive-key-legacy",
            "SPEECH_KEY",
            _hex32,
            ("SPEECH_REGION", "westeurope"),
            ("SPEECH_URL", "https://westeurope.api.cognitive.microsoft.com"),
        ),
        _one("cognitive-key-legacy", "api_key", _hex32, ("azure_endpoint", "https://acme.openai.azure.com/")),
        _one(
            "cognitive-key-legacy",
            "TRANSLATOR_KEY",
            _hex32,
            ("TRANSLATOR_URL", "https://acme.cognitiveservices.azure.com/"),
        ),
    ),
    "batch-key": (_one("batch-key", "BATCH_ACCOUNT_KEY", _his1("+ABa", 64, "AbAcct00")),),
    "acr-password": (_one("acr-password", "ACR_PASSWORD", _his1("+ACR", 39, "ACRDflt0")),),
    "functions-key": (
        _one("functions-key", "FUNCTION_KEY", _his1("AzFu", 40, "Functi00", "Master00", "System00", url_safe=True)),
    ),
    "functions-url": (
        _in(
            "functions-url",
            "FUNCTION_URL",
            "https://{host}.azurewebsites.net/api/orders?code={v}",
            lambda r: _chars(r, 54) + "==",
        ),
        _in(
            "functions-url",
            "HOOK",
            "https://{host}.azurewebsites.net/api/run?code={v}&id=1",
            lambda r: _chars(r, 52) + "%3D%3D",
        ),
    ),
    "entra-client-secret": (
        _one("entra-client-secret", "AZURE_CLIENT_SECRET", _client_secret),
        _one("entra-client-secret", "clientSecret", _client_secret),
    ),
    "entra-client-secret-legacy": (
        _one(
            "entra-client-secret-legacy",
            "AZURE_CLIENT_SECRET",
            lambda r: _b64(r, 32),
            ("AZURE_TENANT_ID", "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"),
        ),
        _one(
            "entra-client-secret-legacy",
            "ARM_CLIENT_SECRET",
            lambda r: _chars(r, 32, _ALNUM + "?:]@+-.*/=_"),
            ("ARM_TENANT_ID", "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"),
        ),
    ),
    "sp-json": (
        _in(
            "sp-json",
            "",
            '{\n  "clientId": "{guid}",\n  "clientSecret": "{v}",\n  "subscriptionId": "{guid}",\n  "tenantId": "{guid}"\n}',
            _client_secret,
        ),
        _in(
            "sp-json",
            "",
            '{\n  "appId": "{guid}",\n  "displayName": "acme",\n  "password": "{v}",\n  "tenant": "{guid}"\n}',
            _client_secret,
        ),
    ),
    "sp-certificate-key": (
        _in(
            "sp-certificate-key",
            "",
            "-----BEGIN PRIVATE KEY-----\n{v}\n-----END PRIVATE KEY-----",
            lambda r: "\n".join(_chars(r, 64, _BASE64) for _ in range(20)),
        ),
    ),
    "pfx": (
        _one(
            "pfx",
            "CERTIFICATE_PFX",
            lambda r: base64.b64encode(
                b"\x30\x82" + bytes([r.randrange(4, 16), r.randrange(256)]) + b"\x02\x01\x03\x30\x82" + r.randbytes(700)
            ).decode(),
        ),
    ),
    "ml-key": (
        _one("ml-key", "AZUREML_ENDPOINT_KEY", lambda r: _chars(r, 32)),
        _one(
            "ml-key",
            "api_key",
            lambda r: _chars(r, 32),
            ("url", "https://acme.westeurope.inference.ml.azure.com/score"),
        ),
    ),
    "ml-classic-key": (_one("ml-classic-key", "ML_API_KEY", _his1("+AMC", 64, "Classic0")),),
    "maps-key": (_one("maps-key", "AZURE_MAPS_KEY", lambda r: _cask(r, "AAAA", "AZMP")),),
    "maps-key-legacy": (
        _one("maps-key-legacy", "AZURE_MAPS_KEY", lambda r: _chars(r, 43, _ALNUM + "-_")),
        _in(
            "maps-key-legacy",
            "MAPS_URL",
            "https://atlas.microsoft.com/search/address/json?api-version=1.0&subscription-key={v}&query=x",
            lambda r: _chars(r, 43, _ALNUM + "-_"),
        ),
    ),
    "apim-subscription-key": (
        _one("apim-subscription-key", "APIM_SUBSCRIPTION_KEY", _hex32),
        _one(
            "apim-subscription-key", "Ocp-Apim-Subscription-Key", _hex32, ("url", "https://acme.azure-api.net/orders")
        ),
    ),
    "apim-key": (_one("apim-key", "APIM_MANAGEMENT_KEY", _his1("APIM", 64, "Tenant00", "Gatewy00", "GitKey00")),),
    "loganalytics-key": (
        _one("loganalytics-key", "LOG_ANALYTICS_SHARED_KEY", _88),
        _one("loganalytics-key", "WORKSPACE_KEY", _88, ("WORKSPACE_ID", "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d")),
    ),
    "sql-connstr": (
        _in(
            "sql-connstr",
            "SQL_CONNECTION",
            "Server=tcp:{host}.database.windows.net,1433;Initial Catalog=shop;Persist Security Info=False;User ID=app;Password={v};Encrypt=True;",
            _password,
        ),
        _in(
            "sql-connstr",
            "ODBC",
            "Driver={ODBC Driver 18 for SQL Server};Server=tcp:{host}.database.windows.net,1433;Database=shop;Uid=app;Pwd={v};Encrypt=yes;",
            _password,
        ),
    ),
    "sql-url": (
        _in(
            "sql-url",
            "DATABASE_URL",
            "mssql+pyodbc://app:{v}@{host}.database.windows.net/shop?driver=ODBC+Driver+18+for+SQL+Server",
            lambda r: _chars(r, 16),
        ),
    ),
    "postgres-url": (
        _in(
            "postgres-url",
            "DATABASE_URL",
            "postgresql://app:{v}@{host}.postgres.database.azure.com:5432/shop?sslmode=require",
            lambda r: _chars(r, 16),
        ),
    ),
    "postgres-connstr": (
        _in(
            "postgres-connstr",
            "PG_DSN",
            "host={host}.postgres.database.azure.com port=5432 dbname=shop user=app password={v} sslmode=require",
            lambda r: _chars(r, 16),
        ),
    ),
    "mysql-connstr": (
        _in(
            "mysql-connstr",
            "MYSQL_URL",
            "mysql+pymysql://app:{v}@{host}.mysql.database.azure.com/shop",
            lambda r: _chars(r, 16),
        ),
        _in(
            "mysql-connstr",
            "MYSQL",
            "Server={host}.mysql.database.azure.com;Database=shop;Uid=app;Pwd={v};SslMode=Required",
            lambda r: _chars(r, 16),
        ),
    ),
    "db-password-argument": (
        _one("db-password-argument", "DB_PASSWORD", _password, _DB),
        _one("db-password-argument", "password", _password, ("host", _DB[1])),
    ),
    "ado-pat": (_one("ado-pat", "AZURE_DEVOPS_PAT", lambda r: _cask(r, "AAAA", "AZDO")),),
    "ado-pat-legacy": (
        _one("ado-pat-legacy", "AZURE_DEVOPS_EXT_PAT", lambda r: checksum.sign_ado(r.randbytes(28))),
        _one("ado-pat-legacy", "token", lambda r: checksum.sign_ado(r.randbytes(28), True)),
    ),
    "ado-pat-basic": (
        _in(
            "ado-pat-basic",
            "Authorization",
            "Basic {v}",
            lambda r: base64.b64encode(b":" + checksum.sign_ado(r.randbytes(28)).encode()).decode(),
        ),
    ),
    "publish-profile": (
        _in(
            "publish-profile",
            "",
            '<publishData><publishProfile profileName="acme - Web Deploy" publishMethod="MSDeploy" userName="$acme" userPWD="{v}" destinationAppUrl="https://acme.azurewebsites.net" /></publishData>',
            lambda r: _chars(r, 60),
        ),
    ),
    "staticwebapps-token": (
        _one(
            "staticwebapps-token",
            "AZURE_STATIC_WEB_APPS_API_TOKEN",
            lambda r: f"{r.randbytes(32).hex()}-{_guid(r)}{r.randbytes(6).hex()}",
        ),
    ),
    "databricks-pat": (
        _one("databricks-pat", "DATABRICKS_TOKEN", lambda r: "dapi" + _hex32(r) + r.choice(("", "-2", "-3"))),
    ),
    "kusto-connstr": (
        _in(
            "kusto-connstr",
            "KUSTO",
            "Data Source=https://{host}.kusto.windows.net;Initial Catalog=logs;AAD Federated Security=True;Application Client Id={guid};Application Key={v};Authority Id={guid}",
            _client_secret,
        ),
    ),
    "logicapp-url": (
        _in(
            "logicapp-url",
            "FLOW_URL",
            "https://prod-12.westeurope.logic.azure.com:443" + _LOGIC,
            lambda r: _chars(r, 43, _ALNUM + "-_"),
        ),
    ),
    "powerautomate-url": (
        _in(
            "powerautomate-url",
            "FLOW_URL",
            "https://ab12.1f.environment.api.powerplatform.com:443/powerautomate/automations/direct" + _LOGIC,
            lambda r: _chars(r, 43, _ALNUM + "-_"),
        ),
    ),
    "teams-webhook": (
        _in(
            "teams-webhook",
            "TEAMS_WEBHOOK",
            "https://{host}.webhook.office.com/webhookb2/{guid}@{guid}/IncomingWebhook/{v}/{guid}",
            _hex32,
        ),
    ),
    "automation-webhook": (
        _in(
            "automation-webhook",
            "RUNBOOK_URL",
            "https://{guid}.webhook.we.azure-automation.net/webhooks?token={v}",
            lambda r: _b64(r, 32).replace("+", "%2b").replace("/", "%2f").replace("=", "%3d"),
        ),
    ),
    "cask-any": (_one("cask-any", "FLUID_RELAY_KEY", lambda r: _cask(r, "AAAA", r.choice(("AZFR", "AZMR", "AWPS")))),),
}


def _search(r: Random, label: str) -> str:
    """Search keys hold letters and digits only."""
    while True:
        value = checksum.sign_his1(base64.b64decode(_chars(r, 56)), "AzSe", 39, label)
        if value.isalnum():
            return value
