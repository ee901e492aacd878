import os

from azure.appconfiguration import AzureAppConfigurationClient
from azure.identity import DefaultAzureCredential


def flag(name: str) -> str:
    client = AzureAppConfigurationClient(os.environ["APPCONFIG_ENDPOINT"], credential=DefaultAzureCredential())
    return client.get_configuration_setting(name).value
