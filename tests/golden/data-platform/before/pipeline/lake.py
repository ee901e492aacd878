from azure.storage.filedatalake import DataLakeServiceClient

from pipeline.config import config


def file_system():
    service = DataLakeServiceClient.from_connection_string(config["lake"]["connection_string"])
    return service.get_file_system_client(config["lake"]["file_system"])
