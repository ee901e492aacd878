import os

from azure.data.tables import TableClient


def record(run: str) -> None:
    table = TableClient.from_connection_string(os.environ["RUNS_CONNECTION_STRING"], table_name="runs")
    table.upsert_entity({"PartitionKey": "run", "RowKey": run})
