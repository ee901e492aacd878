# ruff: noqa: E501
"""Statements and commands that take a secret directly, as documentation and scripts write them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Call:
    """`text` holds VALUE, the whole text of the secret; `kinds` are those that make sense here."""

    name: str
    path: str
    text: str
    kinds: tuple[str, ...]
    language: str = "python"


_STORAGE = ("storage-key", "storage-key-legacy")
_COSMOS = ("cosmos-key", "cosmos-key-legacy")
_SEARCH = ("search-admin-key", "search-query-key", "search-key-legacy")
_OPENAI = ("openai-key", "cognitive-key-legacy")
_AI = ("cognitive-key", "cognitive-key-legacy")
_ENTRA = ("entra-client-secret", "entra-client-secret-legacy")
_BUS = ("messaging-connstr",)
_ADO = ("ado-pat", "ado-pat-legacy")

CALLS: tuple[Call, ...] = (
    Call(
        "sdk-blob-credential",
        "shop/blobs.py",
        'from azure.storage.blob import BlobServiceClient\n\nservice = BlobServiceClient("https://contosoprod.blob.core.windows.net", credential="VALUE")\n\n\n',
        _STORAGE,
    ),
    Call(
        "sdk-named-key",
        "shop/tables.py",
        'from azure.core.credentials import AzureNamedKeyCredential\nfrom azure.data.tables import TableServiceClient\n\ntables = TableServiceClient(\n    endpoint="https://contosoprod.table.core.windows.net",\n    credential=AzureNamedKeyCredential("contosoprod", "VALUE"),\n)\n\n\n',
        _STORAGE,
    ),
    Call(
        "sdk-blob-connstr",
        "shop/upload.py",
        'from azure.storage.blob import BlobServiceClient\n\nservice = BlobServiceClient.from_connection_string(\n    "VALUE"\n)\n\n\n',
        ("storage-connstr", "storage-connstr-sas"),
    ),
    Call(
        "sdk-blob-url",
        "shop/download.py",
        'from azure.storage.blob import ContainerClient\n\ncontainer = ContainerClient.from_container_url("VALUE")\n\n\n',
        ("storage-sas-service", "storage-sas-user-delegation"),
    ),
    Call(
        "spark-conf",
        "jobs/ingest.py",
        'spark.conf.set("fs.azure.account.key.contosoprod.dfs.core.windows.net", "VALUE")\nframe = spark.read.parquet("abfss://raw@contosoprod.dfs.core.windows.net/orders")\n\n\n',
        _STORAGE,
    ),
    Call(
        "sdk-cosmos",
        "shop/store.py",
        'from azure.cosmos import CosmosClient\n\nclient = CosmosClient("https://contoso.documents.azure.com:443/", "VALUE")\n\n\n',
        _COSMOS,
    ),
    Call(
        "sdk-cosmos-credential",
        "shop/documents.py",
        'from azure.cosmos import CosmosClient\n\nclient = CosmosClient(url="https://contoso.documents.azure.com:443/", credential={"masterKey": "VALUE"})\n\n\n',
        _COSMOS,
    ),
    Call(
        "sdk-search",
        "shop/search.py",
        'from azure.core.credentials import AzureKeyCredential\nfrom azure.search.documents import SearchClient\n\nsearch = SearchClient("https://contoso.search.windows.net", "products", AzureKeyCredential("VALUE"))\n\n\n',
        _SEARCH,
    ),
    Call(
        "sdk-openai",
        "shop/chat.py",
        'from openai import AzureOpenAI\n\nclient = AzureOpenAI(\n    azure_endpoint="https://contoso.openai.azure.com/",\n    api_key="VALUE",\n    api_version="2024-06-01",\n)\n\n\n',
        _OPENAI,
    ),
    Call(
        "sdk-speech",
        "shop/speech.py",
        'import azure.cognitiveservices.speech as speechsdk\n\nconfig = speechsdk.SpeechConfig(subscription="VALUE", region="westeurope")\n\n\n',
        _AI,
    ),
    Call(
        "sdk-client-secret",
        "shop/identity.py",
        'from azure.identity import ClientSecretCredential\n\ncredential = ClientSecretCredential(\n    "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",\n    "1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e",\n    "VALUE",\n)\n\n\n',
        _ENTRA,
    ),
    Call(
        "sdk-msal",
        "shop/graph.py",
        'import msal\n\napp = msal.ConfidentialClientApplication(\n    client_id="1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e",\n    client_credential="VALUE",\n    authority="https://login.microsoftonline.com/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d",\n)\n\n\n',
        _ENTRA,
    ),
    Call(
        "sdk-service-bus",
        "shop/bus.py",
        'from azure.servicebus import ServiceBusClient\n\nwith ServiceBusClient.from_connection_string("VALUE") as bus:\n    receiver = bus.get_queue_receiver("orders")\n\n\n',
        _BUS,
    ),
    Call(
        "sdk-redis",
        "shop/cache.py",
        'import redis\n\ncache = redis.Redis(host="contoso.redis.cache.windows.net", port=6380, password="VALUE", ssl=True)\n\n\n',
        ("redis-key",),
    ),
    Call(
        "sdk-psycopg",
        "shop/db.py",
        'import psycopg2\n\nconnection = psycopg2.connect(\n    host="contoso.postgres.database.azure.com", dbname="shop", user="app", password="VALUE", sslmode="require"\n)\n\n\n',
        ("db-password-argument",),
    ),
    Call(
        "sdk-pyodbc",
        "shop/sql.py",
        'import pyodbc\n\nconnection = pyodbc.connect("VALUE")\n\n\n',
        ("sql-connstr",),
    ),
    Call(
        "django-databases",
        "site/settings.py",
        'DATABASES = {\n    "default": {\n        "ENGINE": "django.db.backends.postgresql",\n        "HOST": "contoso.postgres.database.azure.com",\n        "NAME": "shop",\n        "USER": "app",\n        "PASSWORD": "VALUE",\n    }\n}\n\n\n',
        ("db-password-argument",),
    ),
    Call(
        "sdk-event-grid",
        "shop/events.py",
        'from azure.core.credentials import AzureKeyCredential\nfrom azure.eventgrid import EventGridPublisherClient\n\npublisher = EventGridPublisherClient(\n    "https://orders.westeurope-1.eventgrid.azure.net/api/events", AzureKeyCredential("VALUE")\n)\n\n\n',
        ("eventgrid-key", "eventgrid-key-his1", "eventgrid-key-legacy"),
    ),
    Call(
        "requests-header",
        "shop/gateway.py",
        'import requests\n\nanswer = requests.get(\n    "https://contoso.azure-api.net/orders",\n    headers={"Ocp-Apim-Subscription-Key": "VALUE"},\n    timeout=10,\n)\n\n\n',
        ("apim-subscription-key",),
    ),
    Call(
        "sdk-batch",
        "jobs/pool.py",
        'from azure.batch.batch_auth import SharedKeyCredentials\n\ncredentials = SharedKeyCredentials("contosobatch", "VALUE")\n\n\n',
        ("batch-key",),
    ),
    Call(
        "sdk-kusto",
        "jobs/kusto.py",
        'from azure.kusto.data import KustoClient\n\nclient = KustoClient("VALUE")\n\n\n',
        ("kusto-connstr",),
    ),
    Call(
        "requests-url",
        "shop/notify.py",
        'import requests\n\nrequests.post(\n    "VALUE",\n    json={"text": "order received"},\n    timeout=10,\n)\n\n\n',
        ("teams-webhook", "logicapp-url", "powerautomate-url", "automation-webhook", "functions-url"),
    ),
    Call(
        "az-storage",
        "scripts/upload.sh",
        "az storage blob upload-batch -d '$web' -s dist --account-name contosoprod --account-key 'VALUE'\n\n",
        _STORAGE,
        "shell",
    ),
    Call(
        "az-login",
        "scripts/login.sh",
        "az login --service-principal -u 1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e -p 'VALUE' --tenant 0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d\n\n",
        _ENTRA,
        "shell",
    ),
    Call(
        "azcopy",
        "scripts/copy.sh",
        'azcopy copy "VALUE" ./backup --recursive\n\n',
        ("storage-sas-service", "storage-sas-user-delegation"),
        "shell",
    ),
    Call(
        "docker-login",
        "scripts/push.sh",
        "docker login contoso.azurecr.io -u contoso -p VALUE\ndocker push contoso.azurecr.io/shop:latest\n\n",
        ("acr-password",),
        "shell",
    ),
    Call(
        "curl-openai",
        "scripts/chat.sh",
        'curl -s "https://contoso.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-06-01" \\\n  -H "Content-Type: application/json" -H "api-key: VALUE" -d @question.json\n\n',
        _OPENAI,
        "shell",
    ),
    Call(
        "curl-search",
        "scripts/reindex.sh",
        'curl -X POST "https://contoso.search.windows.net/indexes/products/docs/index?api-version=2023-11-01" -H "api-key: VALUE"\n\n',
        _SEARCH,
        "shell",
    ),
    Call(
        "curl-functions",
        "scripts/trigger.sh",
        'curl -X POST https://contoso.azurewebsites.net/api/run -H "x-functions-key: VALUE"\n\n',
        ("functions-key",),
        "shell",
    ),
    Call(
        "curl-devops",
        "scripts/builds.sh",
        'curl -u ":VALUE" "https://dev.azure.com/contoso/shop/_apis/build/builds?api-version=7.1"\n\n',
        _ADO,
        "shell",
    ),
    Call(
        "curl-basic",
        "scripts/repos.sh",
        'curl -H "Authorization: VALUE" "https://dev.azure.com/contoso/_apis/git/repositories?api-version=7.1"\n\n',
        ("ado-pat-basic",),
        "shell",
    ),
    Call(
        "git-url",
        "requirements.txt",
        "shop-core @ git+https://build:VALUE@dev.azure.com/contoso/shop/_git/core@main\nrequests>=2.31\n",
        _ADO,
        "hash",
    ),
    Call(
        "redis-cli",
        "scripts/flush.sh",
        "redis-cli -h contoso.redis.cache.windows.net -p 6380 --tls -a 'VALUE' FLUSHDB\n\n",
        ("redis-key",),
        "shell",
    ),
    Call(
        "databricks-curl",
        "scripts/jobs.sh",
        'curl -H "Authorization: Bearer VALUE" https://adb-1234567890123456.7.azuredatabricks.net/api/2.1/jobs/list\n\n',
        ("databricks-pat",),
        "shell",
    ),
    Call(
        "powershell-context",
        "scripts/Upload.ps1",
        "$context = New-AzStorageContext -StorageAccountName contosoprod -StorageAccountKey 'VALUE'\nSet-AzStorageBlobContent -Context $context -Container web -File index.html\n\n",
        _STORAGE,
        "hash",
    ),
    Call(
        "maps-url",
        "web/map.js",
        "const map = new atlas.Map('map', {\n  authOptions: { authType: 'subscriptionKey', subscriptionKey: 'VALUE' }\n});\n\n",
        ("maps-key", "maps-key-legacy"),
        "c-like",
    ),
    Call(
        "csharp-constructor",
        "src/Shop/Blobs.cs",
        'var service = new BlobServiceClient("VALUE");\nvar container = service.GetBlobContainerClient("images");\n\n',
        ("storage-connstr",),
        "c-like",
    ),
    Call(
        "terraform-provider",
        "infra/provider.tf",
        'provider "azurerm" {\n  features {}\n  tenant_id     = "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"\n  client_id     = "1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e"\n  client_secret = "VALUE"\n}\n\n',
        _ENTRA,
        "terraform",
    ),
    Call(
        "sql-credential",
        "db/external.sql",
        "CREATE DATABASE SCOPED CREDENTIAL shop_blobs\nWITH IDENTITY = 'SHARED ACCESS SIGNATURE', SECRET = 'VALUE';\nGO\n",
        ("storage-sas-account", "storage-sas-service"),
        "none",
    ),
)
