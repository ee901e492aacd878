from azure.servicebus import ServiceBusClient, ServiceBusMessage
from django.conf import settings


def announce(name: str) -> None:
    with ServiceBusClient.from_connection_string(settings.EVENTS_CONN_STR) as client:
        with client.get_queue_sender("photos") as sender:
            sender.send_messages(ServiceBusMessage(name))
