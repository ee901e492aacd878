import os
from functools import lru_cache

from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient


@lru_cache(maxsize=None)
def vault():
    return SecretClient(os.environ["VAULT_URL"], DefaultAzureCredential())
