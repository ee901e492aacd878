"""Send what two pumps measured, and read it back from where the partition ended before."""

import asyncio
import json
import os

from azure.eventhub import EventData
from azure.eventhub.aio import EventHubConsumerClient, EventHubProducerClient
from dotenv import load_dotenv

HUB = "hub-telemetry"
MEASURED = {"pump-1": 20.5, "pump-2": 21.0}


async def send(connection_string):
    producer = EventHubProducerClient.from_connection_string(connection_string, eventhub_name=HUB)
    async with producer:
        before = await producer.get_partition_properties("0")
        batch = await producer.create_batch(partition_id="0")
        for pump, degrees in MEASURED.items():
            batch.add(EventData(json.dumps({"pump": pump, "degrees": degrees})))
        await producer.send_batch(batch)
    return before["last_enqueued_sequence_number"]


async def read(connection_string, position):
    seen = 0
    all_seen = asyncio.Event()

    async def on_event(context, event):
        nonlocal seen
        measured = event.body_as_json()
        print(f"{measured['pump']} at {measured['degrees']}")
        seen += 1
        if seen == len(MEASURED):
            all_seen.set()

    consumer = EventHubConsumerClient.from_connection_string(connection_string, "$Default", eventhub_name=HUB)
    async with consumer:
        reading = asyncio.create_task(consumer.receive(on_event, partition_id="0", starting_position=position))
        await all_seen.wait()
        reading.cancel()


async def main():
    load_dotenv()
    connection_string = os.environ["HUBS_CONNECTION_STRING"]
    await read(connection_string, await send(connection_string))


asyncio.run(main())
