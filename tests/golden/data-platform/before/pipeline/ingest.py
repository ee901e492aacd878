import os

from azure.eventhub import EventHubConsumerClient

from pipeline.lake import file_system


def on_event(partition, event):
    file_system().create_file(f"{partition.partition_id}/{event.sequence_number}")


def main() -> None:
    client = EventHubConsumerClient.from_connection_string(
        os.environ["EVENTS_CONNECTION_STRING"], consumer_group="$Default", eventhub_name="clicks"
    )
    with client:
        client.receive(on_event=on_event)


if __name__ == "__main__":
    main()
