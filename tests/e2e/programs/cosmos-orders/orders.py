from database import get_container

container = get_container()
container.upsert_item({"id": "o-1", "customer": "ann", "items": 3})
container.upsert_item({"id": "o-2", "customer": "bob", "items": 1})

order = container.read_item("o-1", partition_key="ann")
print(order["id"], order["customer"], order["items"])
print(len(list(container.read_all_items())), "orders")
