from pydantic import BaseModel


class Item(BaseModel):
    id: str
    title: str
    price: float


class Hit(BaseModel):
    id: str
    score: float
