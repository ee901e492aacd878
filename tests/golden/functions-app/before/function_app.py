"""Orders come in by queue, receipts go out as blobs."""

import azure.functions as func

from shop.receipts import bp as receipts

app = func.FunctionApp()
app.register_functions(receipts)


@app.service_bus_queue_trigger(arg_name="msg", queue_name="orders", connection="OrdersBus")
def take_order(msg: func.ServiceBusMessage) -> None:
    print(msg.message_id)


@app.event_hub_message_trigger(arg_name="event", event_hub_name="clicks", connection="ClicksHub")
def count_click(event: func.EventHubEvent) -> None:
    print(event.sequence_number)
