import os

from azure.appconfiguration import AzureAppConfigurationClient


def flag(name: str) -> str:
    client = AzureAppConfigurationClient.from_connection_string(os.environ["APPCONFIG_CONNECTION_STRING"])
    return client.get_configuration_setting(name).value
