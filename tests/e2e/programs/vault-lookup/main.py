from azure.storage.blob import BlobServiceClient

from secrets_ import vault

connection_string = vault().get_secret("storage-connection-string").value
service = BlobServiceClient.from_connection_string(connection_string)

container = service.get_container_client("vault-lookup")
if not container.exists():
    container.create_container()
container.upload_blob("one.txt", b"1", overwrite=True)
print(container.container_name, "has", len(list(container.list_blobs())), "blob")
