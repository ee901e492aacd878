from fastapi import APIRouter

from app.clients import items, search, uploads

router = APIRouter()


@router.get("/items/{key}")
def read_item(key: str) -> dict[str, object]:
    return items().read_item(key, partition_key=key)


@router.get("/search")
def find(text: str) -> list[object]:
    return list(search().search(text))


@router.put("/uploads/{name}")
def upload(name: str, body: bytes) -> None:
    uploads().upload_blob(name, body)
