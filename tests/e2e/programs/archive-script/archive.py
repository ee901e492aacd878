"""Upload the monthly reports, list them, and remove them again."""
import os

from azure.storage.blob import BlobServiceClient
from dotenv import load_dotenv

load_dotenv()

service = BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])
container = service.get_container_client("archive-script")
if not container.exists():
    container.create_container()

for month in ("2024-01", "2024-02"):
    container.upload_blob(f"{month}.csv", b"id,total\n1,99", overwrite=True)

for blob in container.list_blobs():
    print(blob.name, blob.size)

container.delete_container()
print("removed")
