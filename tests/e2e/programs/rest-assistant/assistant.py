"""Chat without any SDK."""

import os

import requests
from dotenv import load_dotenv

load_dotenv()
ENDPOINT = os.environ["AZURE_OPENAI_ENDPOINT"]


class Assistant:
    def __init__(self, deployment, key):
        self.url = f"{ENDPOINT}/openai/deployments/{deployment}/chat/completions?api-version=2024-10-21"
        self.key = key
        self.session = requests.Session()

    def headers(self):
        return {"Content-Type": "application/json", "api-key": self.key}

    def ask(self, question):
        body = {"messages": [{"role": "user", "content": question}]}
        answer = self.session.post(self.url, headers=self.headers(), json=body, timeout=30)
        answer.raise_for_status()
        assert answer.headers["Content-Type"].startswith("application/json")
        return answer.json()["choices"][0]["message"]["content"]


assistant = Assistant("gpt", os.environ["AZURE_OPENAI_API_KEY"])
print(assistant.ask("hello"))
print(assistant.ask("hello again"))
