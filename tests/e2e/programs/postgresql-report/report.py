"""Stock report; run by cron."""

import os
from contextlib import closing

import psycopg
from dotenv import load_dotenv

load_dotenv()


def connect():
    return psycopg.connect(
        host=os.environ["DB_HOST"],
        dbname=os.environ.get("DB_NAME", "orders"),
        user=os.environ["DB_USER"],
        password=os.environ["DB_PASSWORD"],
        sslmode="verify-full",
        connect_timeout=10,
    )


with closing(connect()) as connection:
    connection.execute("CREATE TEMPORARY TABLE stock (name text, amount integer)")
    connection.execute("INSERT INTO stock VALUES ('pens', 12), ('pencils', 30)")
    total = 0
    for name, amount in connection.execute("SELECT name, amount FROM stock ORDER BY amount"):
        print(name, amount)
        total += amount
    print("total", total)
