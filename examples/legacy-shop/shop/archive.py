"""Nightly archive; its storage key lives in the vault."""

from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient
from azure.storage.queue import QueueClient

credential = DefaultAzureCredential()
vault = SecretClient("https://legacyshop.vault.azure.net", credential)
archive_key = vault.get_secret("archive-storage-key").value

queue = QueueClient("https://shoparchive.queue.core.windows.net", "nightly", credential=archive_key)
