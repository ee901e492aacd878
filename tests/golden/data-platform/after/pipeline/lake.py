from azure.identity import DefaultAzureCredential
from azure.storage.filedatalake import DataLakeServiceClient

from pipeline.config import config


def file_system():
    service = DataLakeServiceClient(config["lake"]["dfs_account_url"], credential=DefaultAzureCredential())
    return service.get_file_system_client(config["lake"]["file_system"])
