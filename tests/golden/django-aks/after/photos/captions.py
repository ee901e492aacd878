from azure.identity import DefaultAzureCredential, get_bearer_token_provider
from django.conf import settings
from openai import AzureOpenAI


def client() -> AzureOpenAI:
    return AzureOpenAI(
        azure_endpoint=settings.AZURE_OPENAI_ENDPOINT,
        azure_ad_token_provider=get_bearer_token_provider(DefaultAzureCredential(), "https://cognitiveservices.azure.com/.default"),
        api_version="2024-06-01",
    )
