"""Stock report of two sessions, each on a connection of its own."""

from sqlalchemy import text

from database import Session

with Session() as first, Session() as second:
    first.execute(text("CREATE TEMPORARY TABLE stock (name text, amount integer)"))
    first.execute(text("INSERT INTO stock VALUES ('pens', 12), ('pencils', 30)"))
    for name, amount in first.execute(text("SELECT name, amount FROM stock ORDER BY amount")):
        print(name, amount)
    backends = {session.scalar(text("SELECT pg_backend_pid()")) for session in (first, second)}
    print("connections", len(backends))
