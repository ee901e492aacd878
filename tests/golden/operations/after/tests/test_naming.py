import datetime

from ops.naming import backup_name


def test_a_backup_has_its_day() -> None:
    assert backup_name(datetime.date(2024, 2, 1)) == "backup-2024-02-01.tar.gz"
