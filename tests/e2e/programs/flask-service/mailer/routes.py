from azure.core.exceptions import ResourceExistsError
from azure.storage.queue import QueueClient
from flask import Blueprint, jsonify, request

from mailer.config import Config

blueprint = Blueprint("mails", __name__)


def mails():
    client = QueueClient.from_connection_string(Config.MAIL_STORAGE, queue_name=Config.QUEUE_NAME)
    try:
        client.create_queue()
    except ResourceExistsError:
        pass
    return client


@blueprint.post("/mails")
def send():
    mails().send_message(request.get_data(as_text=True))
    return "accepted", 202


@blueprint.get("/mails")
def pending():
    queue = mails()
    found = []
    for message in queue.receive_messages():
        found.append(message.content)
        queue.delete_message(message)
    return jsonify(found)
