"""Worker that counts clicks from the event hub."""

import asyncio
import os

from azure.eventhub.aio import EventHubConsumerClient
from azure.eventhub.extensions.checkpointstoreblobaio import BlobCheckpointStore

counts: dict[str, int] = {}


async def on_event(partition_context, event):
    page = event.body_as_str()
    counts[page] = counts.get(page, 0) + 1
    await partition_context.update_checkpoint(event)


async def main():
    store = BlobCheckpointStore.from_connection_string(os.environ["CHECKPOINT_CONNECTION_STRING"], "clicks")
    client = EventHubConsumerClient.from_connection_string(
        os.environ["EVENTHUB_CONN_STR"],
        consumer_group="$Default",
        checkpoint_store=store,
    )
    async with client:
        await client.receive(on_event=on_event, starting_position="-1")


if __name__ == "__main__":
    asyncio.run(main())
