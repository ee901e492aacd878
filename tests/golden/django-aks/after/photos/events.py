from azure.identity import DefaultAzureCredential
from azure.servicebus import ServiceBusClient, ServiceBusMessage
from django.conf import settings


def announce(name: str) -> None:
    with ServiceBusClient(settings.EVENTS_FULLY_QUALIFIED_NAMESPACE, credential=DefaultAzureCredential()) as client:
        with client.get_queue_sender("photos") as sender:
            sender.send_messages(ServiceBusMessage(name))
