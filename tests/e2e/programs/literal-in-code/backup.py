#!/usr/bin/env python3
from azure.storage.blob import BlobClient, ContainerClient

CONNECTION_STRING = (
    "@storage-connection-string@"
)
CONTAINER = "literal-in-code"

container = ContainerClient.from_connection_string(CONNECTION_STRING, container_name=CONTAINER)
if not container.exists():
    container.create_container()

blob = BlobClient.from_connection_string(
    conn_str=CONNECTION_STRING,
    container_name=CONTAINER,
    blob_name="backup.bin",
    max_block_size=1024 * 1024,
)
blob.upload_blob(b"\x00\x01\x02\x03", overwrite=True)

properties = blob.get_blob_properties()
print(properties.name, properties.size)
