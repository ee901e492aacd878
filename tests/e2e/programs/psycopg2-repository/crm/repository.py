import psycopg2

from crm.settings import database


class Customers:
    """All access to the customers goes through here."""

    def __init__(self):
        self.connection = psycopg2.connect(
            host=database.host,
            dbname=database.name,
            user=database.user,
            password=database.password,
            sslmode="verify-full",
        )

    def __enter__(self):
        with self.connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE customers (id serial, name text)")
        return self

    def __exit__(self, *error):
        self.connection.close()

    def add(self, name):
        with self.connection.cursor() as cursor:
            cursor.execute("INSERT INTO customers (name) VALUES (%s)", (name,))

    def all(self):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT id, name FROM customers ORDER BY id")
            return cursor.fetchall()
