import asyncio
import os

from dotenv import load_dotenv
from openai import AsyncAzureOpenAI, AzureOpenAI

load_dotenv()
DEPLOYMENT = os.getenv("AZURE_OPENAI_DEPLOYMENT", "gpt")


def ask(question):
    client = AzureOpenAI(
        azure_endpoint=os.environ["AZURE_OPENAI_ENDPOINT"],
        api_key=os.environ["AZURE_OPENAI_API_KEY"],
        api_version="2024-10-21",
    )
    answer = client.chat.completions.create(model=DEPLOYMENT, messages=[{"role": "user", "content": question}])
    return answer.choices[0].message.content


async def ask_later(question):
    async with AsyncAzureOpenAI(
        azure_endpoint=os.environ["AZURE_OPENAI_ENDPOINT"],
        api_key=os.environ["AZURE_OPENAI_API_KEY"],
        api_version="2024-10-21",
    ) as client:
        answer = await client.chat.completions.create(
            model=DEPLOYMENT, messages=[{"role": "user", "content": question}]
        )
        return answer.choices[0].message.content


print(ask("hello"))
print(asyncio.run(ask_later("hello again")))
