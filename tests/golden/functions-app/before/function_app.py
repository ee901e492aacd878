"""Orders come in by queue, receipts go out as blobs."""

import azure.durable_functions as df
import azure.functions as func

from shop.orders import bp as orders
from shop.receipts import bp as receipts

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
app.register_functions(receipts)
app.register_functions(orders)


@app.service_bus_queue_trigger(arg_name="msg", queue_name="orders", connection="OrdersBus")
@app.durable_client_input(client_name="client")
async def take_order(msg: func.ServiceBusMessage, client: df.DurableOrchestrationClient) -> None:
    await client.start_new("fulfil", client_input=msg.get_body().decode())


@app.event_hub_message_trigger(arg_name="event", event_hub_name="clicks", connection="ClicksHub")
def count_click(event: func.EventHubEvent) -> None:
    print(event.sequence_number)
