from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient

credential = DefaultAzureCredential()
client = SecretClient("https://acme-ops.vault.azure.net", credential)


def password(name: str) -> str:
    return client.get_secret(name).value
