from unittest import mock

from shop import store


def test_a_receipt_is_archived() -> None:
    with mock.patch.object(store, "archive") as archive:
        store.archive("receipts/1.pdf", b"")
    archive.assert_called_once()
