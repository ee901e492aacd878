import os

from azure.identity import ClientSecretCredential
from azure.keyvault.secrets import SecretClient
from dotenv import load_dotenv

load_dotenv()

credential = ClientSecretCredential(
    tenant_id=os.environ["AZURE_TENANT_ID"],
    client_id=os.environ["SP_CLIENT_ID"],
    client_secret=os.environ["SP_CLIENT_SECRET"],
)
vault = SecretClient(vault_url=os.environ["VAULT_URL"], credential=credential)

vault.set_secret("banner", "hello")
print("banner =", vault.get_secret("banner").value)
