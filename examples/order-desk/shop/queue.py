from azure.core.exceptions import ResourceExistsError
from azure.storage.queue import QueueServiceClient

from shop.settings import QUEUE_NAME, STORAGE_CONN_STR


def push(text):
    service = QueueServiceClient.from_connection_string(STORAGE_CONN_STR)
    try:
        service.create_queue(QUEUE_NAME)
    except ResourceExistsError:
        pass
    queue = service.get_queue_client(QUEUE_NAME)
    queue.send_message(text)
    for message in queue.receive_messages():
        print("queued", message.content)
        queue.delete_message(message)
