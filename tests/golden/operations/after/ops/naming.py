"""Names of what is kept, by day."""

import datetime


def backup_name(day: datetime.date) -> str:
    return f"backup-{day:%Y-%m-%d}.tar.gz"
