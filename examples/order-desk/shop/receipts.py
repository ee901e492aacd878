from azure.storage.blob import BlobServiceClient

from . import settings


def _container():
    service = BlobServiceClient.from_connection_string(settings.STORAGE_CONN_STR)
    container = service.get_container_client("order-desk")
    if not container.exists():
        container.create_container()
    return container


def write(order):
    name = f"receipt-{order}.txt"
    _container().upload_blob(name, "thank you", overwrite=True)
    return _container().get_blob_client(name).get_blob_properties().name
