"""Links to monthly reports, valid for a day."""

import os
from datetime import datetime, timedelta, timezone

from azure.storage.blob import BlobSasPermissions, generate_blob_sas

ACCOUNT = os.environ["REPORTS_ACCOUNT"]


def link(name: str) -> str:
    token = generate_blob_sas(
        ACCOUNT,
        "reports",
        name,
        account_key=os.environ["REPORTS_KEY"],
        permission=BlobSasPermissions(read=True),
        expiry=datetime.now(timezone.utc) + timedelta(days=1),
    )
    return f"https://{ACCOUNT}.blob.core.windows.net/reports/{name}?{token}"
