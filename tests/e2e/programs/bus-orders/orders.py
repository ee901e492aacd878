"""Put orders into a queue, and work through it: an order that fails goes back."""

import os

from azure.servicebus import ServiceBusClient, ServiceBusMessage
from dotenv import load_dotenv

load_dotenv()
QUEUE = os.environ["ORDER_QUEUE"]


def place(client):
    with client.get_queue_sender(QUEUE) as sender:
        sender.send_messages([ServiceBusMessage("1 pens"), ServiceBusMessage("2 paper")])


def work(client):
    done = 0
    with client.get_queue_receiver(QUEUE, max_wait_time=5) as receiver:
        while done < 2:
            for message in receiver.receive_messages(max_message_count=2):
                if message.delivery_count == 0 and "pens" in str(message):
                    receiver.abandon_message(message)
                    print(f"{message}: try again")
                else:
                    receiver.complete_message(message)
                    print(f"{message}: done")
                    done += 1


with ServiceBusClient.from_connection_string(os.environ["SERVICEBUS_CONNECTION_STRING"]) as client:
    place(client)
    work(client)
