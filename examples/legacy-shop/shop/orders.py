"""Orders: stored in Cosmos DB, announced on the service bus."""

import json

from azure.cosmos import CosmosClient
from azure.servicebus import ServiceBusClient, ServiceBusMessage

from shop import config


def container():
    if not config.COSMOS_KEY:
        raise RuntimeError("COSMOS_KEY is not set")
    client = CosmosClient(config.COSMOS_ENDPOINT, credential=config.COSMOS_KEY)
    return client.get_database_client("shop").get_container_client("orders")


def announce(order: dict) -> None:
    with ServiceBusClient.from_connection_string(
        config.settings.servicebus_connection_string,
        logging_enable=True,  # traces go to the log
    ) as client, client.get_queue_sender("orders") as sender:
        sender.send_messages(ServiceBusMessage(json.dumps(order)))


def place(order: dict) -> None:
    container().upsert_item(order)
    announce(order)
