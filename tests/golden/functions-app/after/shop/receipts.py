import azure.functions as func

from shop.cleanup import forget
from shop.store import archive

bp = func.Blueprint()


@bp.blob_trigger(arg_name="receipt", path="receipts/{name}", connection="ReceiptStorage")
@bp.queue_output(arg_name="done", queue_name="done", connection="ReceiptStorage")
def on_receipt(receipt: func.InputStream, done: func.Out[str]) -> None:
    archive(receipt.name, receipt.read())
    done.set(receipt.name)
    forget(receipt.name)
