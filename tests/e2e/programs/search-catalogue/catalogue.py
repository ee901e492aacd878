import os
import sys

from azure.core.credentials import AzureKeyCredential
from azure.search.documents import SearchClient
from dotenv import load_dotenv


class Catalogue:
    def __init__(self, endpoint: str, key: str) -> None:
        self._client = SearchClient(endpoint=endpoint, index_name="catalogue", credential=AzureKeyCredential(key))

    def fill(self) -> None:
        self._client.upload_documents([{"id": "1", "title": "red chair"}, {"id": "2", "title": "blue table"}])

    def find(self, text: str):
        return [(one["id"], one["title"]) for one in self._client.search(search_text=text)]


def main() -> None:
    load_dotenv()
    catalogue = Catalogue(os.environ["SEARCH_ENDPOINT"], os.environ["SEARCH_API_KEY"])
    catalogue.fill()
    for number, title in catalogue.find(sys.argv[1]):
        print(number, title)


if __name__ == "__main__":
    main()
