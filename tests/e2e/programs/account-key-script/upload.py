import os
import sys

from azure.core.credentials import AzureNamedKeyCredential
from azure.storage.blob import BlobServiceClient
from dotenv import load_dotenv

load_dotenv()
ACCOUNT_NAME = os.getenv("AZURE_STORAGE_ACCOUNT")
ACCOUNT_KEY = os.getenv("AZURE_STORAGE_KEY")


def main(text):
    credential = AzureNamedKeyCredential(ACCOUNT_NAME, ACCOUNT_KEY)
    with BlobServiceClient(f"https://{ACCOUNT_NAME}.blob.core.windows.net", credential=credential) as service:
        container = service.get_container_client("account-key-script")
        if not container.exists():
            container.create_container()
        blob = container.get_blob_client("note.txt")
        blob.upload_blob(text, overwrite=True)
        print(f"stored {text} as {blob.blob_name}")
        print(blob.download_blob().readall().decode())


if __name__ == "__main__":
    main(sys.argv[1])
