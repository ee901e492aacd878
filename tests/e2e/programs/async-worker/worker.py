"""Take the jobs off a queue and write a blob for each."""

import asyncio
import os

from azure.core.exceptions import ResourceExistsError
from azure.storage.blob.aio import BlobServiceClient
from azure.storage.queue.aio import QueueClient
from dotenv import load_dotenv

QUEUE = "async-worker-jobs"
CONTAINER = "async-worker"


async def produce(queue):
    for text in ("one", "two", "three"):
        await queue.send_message(text)


async def consume(queue, container):
    number = 0
    async for message in queue.receive_messages(messages_per_page=5):
        number += 1
        await container.upload_blob(f"{number}.txt", message.content, overwrite=True)
        await queue.delete_message(message)
        print(f"handled {number}: {message.content}")


async def main():
    load_dotenv()
    connection_string = os.environ["WORKER_STORAGE"]
    async with BlobServiceClient.from_connection_string(connection_string) as blobs, QueueClient.from_connection_string(
        connection_string, QUEUE
    ) as queue:
        container = blobs.get_container_client(CONTAINER)
        for create in (container.create_container, queue.create_queue):
            try:
                await create()
            except ResourceExistsError:
                pass
        await produce(queue)
        await consume(queue, container)
        names = [blob.name async for blob in container.list_blobs()]
        print("blobs:", *names)


asyncio.run(main())
