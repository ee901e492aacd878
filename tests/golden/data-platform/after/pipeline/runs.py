import os

from azure.data.tables import TableClient
from azure.identity import DefaultAzureCredential


def record(run: str) -> None:
    table = TableClient(os.environ["RUNS_TABLE_ENDPOINT"], table_name="runs", credential=DefaultAzureCredential())
    table.upsert_entity({"PartitionKey": "run", "RowKey": run})
