"""mi-lint: from Azure keys to managed identity."""

__version__ = "0.1.0"
