import os
from datetime import datetime, timedelta, timezone

from azure.storage.blob import BlobClient, BlobSasPermissions, BlobServiceClient, generate_blob_sas
from dotenv import load_dotenv

load_dotenv()

service = BlobServiceClient.from_connection_string(os.environ["STORAGE_CONNECTION_STRING"])
container = service.get_container_client("signed-links")
if not container.exists():
    container.create_container()
blob = container.upload_blob("report.txt", b"contents", overwrite=True)
sas = generate_blob_sas(
    service.account_name,
    container.container_name,
    blob.blob_name,
    account_key=service.credential.account_key,
    permission=BlobSasPermissions(read=True),
    expiry=datetime.now(timezone.utc) + timedelta(hours=1),
)
print("downloaded by link:", BlobClient.from_blob_url(f"{blob.url}?{sas}").download_blob().readall().decode())
