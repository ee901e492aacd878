"""All settings of the shop, read once."""

import os

from dotenv import load_dotenv

load_dotenv()

# Full connection string of the storage account
STORAGE_CONN_STR = os.environ["SHOP_STORAGE_CONN_STR"]
ORDERS_TABLE = os.environ.get("ORDERS_TABLE", "orders")
QUEUE_NAME = os.environ.get("QUEUE_NAME", "order-desk")
