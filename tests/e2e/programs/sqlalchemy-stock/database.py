"""The engine of the application."""

import os
from urllib.parse import quote_plus

from dotenv import load_dotenv
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

load_dotenv()

DB_HOST = os.environ["DB_HOST"]
DB_USER = os.environ["DB_USER"]
DB_PASSWORD = quote_plus(os.environ["DB_PASSWORD"])
DATABASE_URL = (
    f"postgresql+psycopg://{DB_USER}:{DB_PASSWORD}"
    f"@{DB_HOST}/{os.getenv('DB_NAME', 'orders')}"
    "?sslmode=verify-full&connect_timeout=10"
)

engine = create_engine(DATABASE_URL, pool_size=2)
Session = sessionmaker(engine)
