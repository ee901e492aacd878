"""An order is fulfilled step by step, and kept in the database of the shop."""

import azure.durable_functions as df
import azure.functions as func

bp = df.Blueprint()
DATABASE = "ShopDatabase"


@bp.orchestration_trigger(context_name="context")
def fulfil(context: df.DurableOrchestrationContext):
    order = context.get_input()
    yield context.call_activity("keep", order)
    return order


@bp.activity_trigger(input_name="order")
@bp.cosmos_db_output(
    arg_name="doc",
    database_name="shop",
    container_name="orders",
    connection=DATABASE,
    create_if_not_exists=True,
)
def keep(order: str, doc: func.Out[func.Document]) -> None:
    doc.set(func.Document.from_json(order))


@bp.route(route="orders/{id}")
@bp.cosmos_db_input(
    arg_name="docs", database_name="shop", container_name="orders", id="{id}", partition_key="{id}", connection=DATABASE
)
def show(req: func.HttpRequest, docs: func.DocumentList) -> func.HttpResponse:
    return func.HttpResponse(docs[0].to_json() if docs else "", status_code=200 if docs else 404)
