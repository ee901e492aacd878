"""Names after the connection string is gone: a table of what people write, and what must hold for any name."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mi_lint.naming import free_name, rename, rename_setting, secret_to_setting

VALUES = ("account_url", "queue_account_url", "fully_qualified_namespace", "endpoint", "eventhub_name", "host")

REPLACED = [
    # UPPER_SNAKE
    ("AZURE_STORAGE_CONNECTION_STRING", "account_url", "AZURE_STORAGE_ACCOUNT_URL"),
    ("EVENT_HUB_CONN_STR", "fully_qualified_namespace", "EVENT_HUB_FULLY_QUALIFIED_NAMESPACE"),
    ("CONNECTION_STR", "account_url", "ACCOUNT_URL"),
    ("CONNECTION_STRING", "account_url", "ACCOUNT_URL"),
    ("STORAGE_CONNSTR", "account_url", "STORAGE_ACCOUNT_URL"),
    ("STORAGE_CONNECTIONSTRING", "account_url", "STORAGE_ACCOUNT_URL"),
    ("STORAGE_CONN_STRING", "account_url", "STORAGE_ACCOUNT_URL"),
    ("STORAGE_CONNECT_STR", "account_url", "STORAGE_ACCOUNT_URL"),
    ("STORAGE_CONNECTION", "account_url", "STORAGE_ACCOUNT_URL"),
    ("STORAGE_CONN", "account_url", "STORAGE_ACCOUNT_URL"),
    ("STORAGE_CS", "account_url", "STORAGE_ACCOUNT_URL"),
    ("STORAGECONNSTR", "account_url", "STORAGE_ACCOUNT_URL"),
    ("CONN_STR_BLOB", "account_url", "ACCOUNT_URL_BLOB"),
    ("CONN_STR_2", "account_url", "ACCOUNT_URL_2"),
    ("CONN_STR2", "account_url", "ACCOUNT_URL2"),
    ("_CONN_STR", "account_url", "_ACCOUNT_URL"),
    ("__CONN_STR", "account_url", "__ACCOUNT_URL"),
    ("CONN_MANAGER_CONN_STR", "account_url", "CONN_MANAGER_ACCOUNT_URL"),
    ("Storage__ConnectionString", "account_url", "Storage__AccountUrl"),
    ("Storage:ConnectionString", "account_url", "Storage:AccountUrl"),
    ("AZURE_APPCONFIG_CONNECTION_STRING", "endpoint", "AZURE_APPCONFIG_ENDPOINT"),
    ("CONNECTION_STRINGS", "account_url", "ACCOUNT_URLS"),
    # lower_snake
    ("conn_str", "account_url", "account_url"),
    ("connstr", "account_url", "account_url"),
    ("connection_string", "endpoint", "endpoint"),
    ("connectionstring", "account_url", "account_url"),
    ("connect_str", "account_url", "account_url"),
    ("blob_conn_str", "account_url", "blob_account_url"),
    ("storageconnstr", "account_url", "storage_account_url"),
    ("conn", "account_url", "account_url"),
    ("connection", "account_url", "account_url"),
    ("cs", "account_url", "account_url"),
    ("_conn_str", "account_url", "_account_url"),
    ("conn_str_", "account_url", "account_url_"),
    ("conn_strs", "account_url", "account_urls"),
    ("servicebus_connection", "fully_qualified_namespace", "servicebus_fully_qualified_namespace"),
    # camelCase, PascalCase
    ("storageConnStr", "account_url", "storageAccountUrl"),
    ("connStr", "account_url", "accountUrl"),
    ("connectionString", "account_url", "accountUrl"),
    ("ConnectionString", "account_url", "AccountUrl"),
    ("StorageConnectionString", "account_url", "StorageAccountUrl"),
    ("StorageConnection", "account_url", "StorageAccountUrl"),
    ("HTTPConnStr", "account_url", "HTTPAccountUrl"),
    ("_storageConnStr", "account_url", "_storageAccountUrl"),
    ("connStr2", "account_url", "accountUrl2"),
    ("connStrBlob", "account_url", "accountUrlBlob"),
    ("storageCS", "account_url", "storageAccountUrl"),
    ("storageCONNSTR", "account_url", "storageAccountUrl"),
    ("connectionBlob", "account_url", "accountUrlBlob"),
    ("Storage_Connection_String", "account_url", "Storage_Account_Url"),
    ("Storage_Connection", "account_url", "Storage_Account_Url"),
    # kebab-case
    ("storage-connection-string", "account_url", "storage-account-url"),
    ("storage-connstr", "account_url", "storage-account-url"),
    ("conn-str", "account_url", "account-url"),
    ("azure.storage.connection-string", "account_url", "azure.storage.account-url"),
    # no stutter
    ("STORAGE_ACCOUNT_CONNECTION_STRING", "account_url", "STORAGE_ACCOUNT_URL"),
    ("QUEUE_CONNECTION_STRING", "queue_account_url", "QUEUE_ACCOUNT_URL"),
    ("queueConnStr", "queue_account_url", "queueAccountUrl"),
    ("storageAccountConnectionString", "account_url", "storageAccountUrl"),
    ("QUEUE_STORAGE_CONN_STR", "queue_account_url", "QUEUE_STORAGE_ACCOUNT_URL"),
    ("EVENT_HUB_CONN_STR", "eventhub_name", "EVENT_HUB_NAME"),
    ("EVENTHUB_CONN_STR", "event_hub_name", "EVENTHUB_NAME"),
    ("EVENTHUB_NAMESPACE_CONNECTION_STRING", "fully_qualified_namespace", "EVENTHUB_FULLY_QUALIFIED_NAMESPACE"),
    ("SEARCH_ENDPOINT_CONNECTION_STRING", "endpoint", "SEARCH_ENDPOINT"),
    ("endpointConnStr", "endpoint", "endpoint"),
    ("CONNECTION_URL", "account_url", "ACCOUNT_URL"),
    ("conn_str_account_url", "account_url", "account_url"),
    # keys that hold whole connection strings, and words that would be a lie now
    ("STORAGE_KEY", "account_url", "STORAGE_ACCOUNT_URL"),
    ("AZURE_STORAGE_ACCOUNT_KEY", "account_url", "AZURE_STORAGE_ACCOUNT_URL"),
    ("STORAGE_ACCESS_KEY", "account_url", "STORAGE_ACCOUNT_URL"),
    ("storageKey", "account_url", "storageAccountUrl"),
    ("STORAGE_KEY_1", "account_url", "STORAGE_ACCOUNT_URL_1"),
    ("STORAGE_SECRET", "account_url", "STORAGE_ACCOUNT_URL"),
    ("CONNECTION_STRING_KEY", "account_url", "ACCOUNT_URL"),
    ("SAS_CONNECTION_STRING", "account_url", "ACCOUNT_URL"),
]


@pytest.mark.parametrize(("name", "value", "expected"), REPLACED)
def test_the_connection_string_part_gives_way(name: str, value: str, expected: str) -> None:
    assert rename(name, value) == expected
    assert rename_setting(name, value) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("storage", "account_url"),
        ("STORAGE", "ACCOUNT_URL"),
        ("_storage", "_account_url"),
        ("Storage", "AccountUrl"),
        ("storageAccount", "accountUrl"),
        ("blob_storage", "account_url"),
        ("blob-storage", "account-url"),
        ("connector", "account_url"),
        ("disconnected", "account_url"),
        ("x", "account_url"),
        ("X", "ACCOUNT_URL"),
        ("_", "account_url"),
        ("größe", "account_url"),
    ],
)
def test_a_variable_without_such_part_takes_the_value_name(name: str, expected: str) -> None:
    assert rename(name, "account_url") == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("AzureWebJobsStorage", "account_url", "AzureWebJobsStorageAccountUrl"),
        ("STORAGE", "account_url", "STORAGE_ACCOUNT_URL"),
        ("storage", "account_url", "storage_account_url"),
        ("STORAGE_ACCOUNT", "account_url", "STORAGE_ACCOUNT_URL"),
        ("storage-account", "account_url", "storage-account-url"),
        ("storageAccount", "account_url", "storageAccountUrl"),
        ("myStorage", "account_url", "myStorageAccountUrl"),
        ("STORAGE2", "account_url", "STORAGE2_ACCOUNT_URL"),
        ("Storage__Primary", "account_url", "Storage__PrimaryAccountUrl"),
        ("QUEUE", "queue_account_url", "QUEUE_ACCOUNT_URL"),
        ("SEARCH_ENDPOINT", "endpoint", "SEARCH_ENDPOINT"),
        ("EVENTHUB_NAMESPACE", "fully_qualified_namespace", "EVENTHUB_FULLY_QUALIFIED_NAMESPACE"),
        ("CUSTOMCONNSTR_Storage", "account_url", "StorageAccountUrl"),
        ("CUSTOMCONNSTR_STORAGE_CONN_STR", "account_url", "STORAGE_ACCOUNT_URL"),
    ],
)
def test_a_setting_stays_recognisable(name: str, value: str, expected: str) -> None:
    assert rename_setting(name, value) == expected


@pytest.mark.parametrize(
    ("secret", "setting"),
    [
        ("storage-conn-str", "STORAGE_CONN_STR"),
        ("StorageConnStr", "STORAGE_CONN_STR"),
        ("storage", "STORAGE"),
        ("eventhub2-key", "EVENTHUB2_KEY"),
        ("App--Storage--Key", "APP__STORAGE__KEY"),
        ("2nd-key", "_2ND_KEY"),
        ("-", "_"),
    ],
)
def test_a_vault_secret_becomes_an_environment_variable(secret: str, setting: str) -> None:
    assert secret_to_setting(secret) == setting


def test_free_name() -> None:
    assert free_name("a", ()) == "a"
    assert free_name("a", {"a"}) == "a_2"
    assert free_name("a", ["a", "a_2", "a_4"]) == "a_3"


_PIECES = """conn str connection string storage account url Conn Str String Connection KEY connstr CONNSTR CS HTTP 2 _
__ queue ACCOUNT endpoint Endpoint ü sas x"""
NAMES = st.lists(st.sampled_from(_PIECES.split()), min_size=1, max_size=6).map("".join)


@given(NAMES, st.sampled_from(VALUES))
@example("endpoint_conn_2", "endpoint")
def test_an_identifier_stays_one_and_keeps_its_underscores(name: str, value: str) -> None:
    if not name.isidentifier():
        return
    for new in (rename(name, value), rename_setting(name, value)):
        assert new.isidentifier()
        assert not keyword.iskeyword(new)
        if name.strip("_"):
            leading = len(name) - len(name.lstrip("_"))
            assert len(new) - len(new.lstrip("_")) == leading


@given(NAMES)
def test_environment_variables_made_of_secrets_are_valid(name: str) -> None:
    assert secret_to_setting(name.replace("_", "-")).isidentifier()
