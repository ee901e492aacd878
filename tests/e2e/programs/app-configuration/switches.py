import os

from azure.appconfiguration import AzureAppConfigurationClient, ConfigurationSetting
from dotenv import load_dotenv

load_dotenv()

client = AzureAppConfigurationClient.from_connection_string(os.environ["APP_CONFIG_CONNECTION_STRING"])
client.set_configuration_setting(ConfigurationSetting(key="colour", value="green"))
setting = client.get_configuration_setting(key="colour")
print(setting.key, "=", setting.value)
