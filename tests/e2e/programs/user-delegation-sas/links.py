"""Make a link for a customer, and use it as the customer would: without any credential."""

import os
from datetime import datetime, timedelta, timezone

from azure.identity import ClientSecretCredential
from azure.storage.blob import BlobClient, BlobSasPermissions, BlobServiceClient, generate_blob_sas
from dotenv import load_dotenv

load_dotenv()

ACCOUNT_URL = os.environ["ACCOUNT_URL"]
credential = ClientSecretCredential(
    os.environ["AZURE_TENANT_ID"], os.environ["SP_CLIENT_ID"], os.environ["SP_CLIENT_SECRET"]
)
service = BlobServiceClient(ACCOUNT_URL, credential=credential)
container = service.get_container_client("user-delegation-sas")
if not container.exists():
    container.create_container()
container.upload_blob("report.txt", b"contents", overwrite=True)

now = datetime.now(timezone.utc)
key = service.get_user_delegation_key(now - timedelta(minutes=5), now + timedelta(hours=1))
sas = generate_blob_sas(
    service.account_name,
    container.container_name,
    "report.txt",
    user_delegation_key=key,
    permission=BlobSasPermissions(read=True),
    expiry=now + timedelta(hours=1),
)
link = f"{ACCOUNT_URL}/{container.container_name}/report.txt?{sas}"
print("downloaded by link:", BlobClient.from_blob_url(link).download_blob().readall().decode())
