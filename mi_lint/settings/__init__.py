"""Part of mi-lint; see the modules."""
