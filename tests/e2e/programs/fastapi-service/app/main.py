from typing import Annotated

from azure.core.exceptions import ResourceNotFoundError
from azure.storage.blob import BlobServiceClient, ContainerClient
from fastapi import Body, Depends, FastAPI, HTTPException
from fastapi.responses import PlainTextResponse

from app.config import Settings, get_settings

app = FastAPI(title="Files")


def container(settings: Annotated[Settings, Depends(get_settings)]) -> ContainerClient:
    service = BlobServiceClient.from_connection_string(settings.blob_connection_string)
    found = service.get_container_client(settings.container)
    if not found.exists():
        found.create_container()
    return found


@app.put("/files/{name}", status_code=201)
def put(name: str, text: Annotated[str, Body(media_type="text/plain")], files: Annotated[ContainerClient, Depends(container)]):
    files.upload_blob(name, text, overwrite=True)
    return {"name": name}


@app.get("/files/{name}", response_class=PlainTextResponse)
def get(name: str, files: Annotated[ContainerClient, Depends(container)]) -> str:
    try:
        return files.download_blob(name).readall().decode()
    except ResourceNotFoundError:
        raise HTTPException(404, "no such file") from None
