"""Settings of the site. Everything that differs between clusters is in the environment."""

import os

SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]
INSTALLED_APPS = ["photos"]

# account URL of the account with the photos
PHOTOS_ACCOUNT_URL = os.environ["PHOTOS_ACCOUNT_URL"]
PHOTOS_CONTAINER = os.environ.get("PHOTOS_CONTAINER", "photos")
EVENTS_FULLY_QUALIFIED_NAMESPACE = os.environ["EVENTS_FULLY_QUALIFIED_NAMESPACE"]
AZURE_OPENAI_ENDPOINT = os.environ["AZURE_OPENAI_ENDPOINT"]
AZURE_OPENAI_API_KEY = os.environ["AZURE_OPENAI_API_KEY"]
