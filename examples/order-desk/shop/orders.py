from azure.data.tables import TableServiceClient, UpdateMode

from shop import settings

_service = TableServiceClient.from_connection_string(conn_str=settings.STORAGE_CONN_STR)
_table = _service.create_table_if_not_exists(settings.ORDERS_TABLE)


def put(order, state):
    _table.upsert_entity({"PartitionKey": "shop", "RowKey": order, "state": state}, mode=UpdateMode.REPLACE)


def state(order):
    return _table.get_entity("shop", order)["state"]
