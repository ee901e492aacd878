import os

from dotenv import load_dotenv

load_dotenv()


class Config:
    """Read by Flask; upper-case names only."""

    TESTING = False
    QUEUE_NAME = os.environ.get("MAIL_QUEUE", "mails")
    MAIL_STORAGE = os.environ.get("MAIL_STORAGE_CONNECTION_STRING")
