"""Settings of the site. Everything that differs between clusters is in the environment."""

import os

SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
INSTALLED_APPS = ["photos"]

# Connection string of the account with the photos
PHOTOS_CONNECTION_STRING = os.environ["PHOTOS_CONNECTION_STRING"]
PHOTOS_CONTAINER = os.environ.get("PHOTOS_CONTAINER", "photos")
EVENTS_CONN_STR = os.environ["EVENTS_CONN_STR"]
AZURE_OPENAI_ENDPOINT = os.environ["AZURE_OPENAI_ENDPOINT"]
AZURE_OPENAI_API_KEY = os.environ["AZURE_OPENAI_API_KEY"]
