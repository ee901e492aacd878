from azure.storage.blob import BlobServiceClient
from django.conf import settings


def container():
    service = BlobServiceClient.from_connection_string(settings.PHOTOS_CONNECTION_STRING)
    return service.get_container_client(settings.PHOTOS_CONTAINER)
