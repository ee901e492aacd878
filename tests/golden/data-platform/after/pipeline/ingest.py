import os

from azure.eventhub import EventHubConsumerClient
from azure.identity import DefaultAzureCredential

from pipeline.lake import file_system


def on_event(partition, event):
    file_system().create_file(f"{partition.partition_id}/{event.sequence_number}")


def main() -> None:
    client = EventHubConsumerClient(
        os.environ["EVENTS_FULLY_QUALIFIED_NAMESPACE"], consumer_group="$Default", eventhub_name="clicks", credential=DefaultAzureCredential()
    )
    with client:
        client.receive(on_event=on_event)


if __name__ == "__main__":
    main()
