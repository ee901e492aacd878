import asyncio
import os
from pathlib import Path

from azure.data.tables.aio import TableServiceClient
from dotenv import load_dotenv

load_dotenv(Path(__file__).parent / ".env")


def open_tables(conn_str: str) -> TableServiceClient:
    return TableServiceClient.from_connection_string(conn_str, retry_total=2)


async def main() -> None:
    tables = open_tables(os.environ["TABLES_CONN_STR"])
    async with tables:
        table = await tables.create_table_if_not_exists("asyncstock")
        for name, count in (("apples", 7), ("pears", 2)):
            await table.upsert_entity({"PartitionKey": "fruit", "RowKey": name, "count": count})
        async for row in table.query_entities("PartitionKey eq 'fruit'"):
            print(row["RowKey"], row["count"])


if __name__ == "__main__":
    asyncio.run(main())
