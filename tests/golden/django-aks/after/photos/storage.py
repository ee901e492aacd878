from azure.identity import DefaultAzureCredential
from azure.storage.blob import BlobServiceClient
from django.conf import settings


def container():
    service = BlobServiceClient(settings.PHOTOS_ACCOUNT_URL, credential=DefaultAzureCredential())
    return service.get_container_client(settings.PHOTOS_CONTAINER)
