"""Declarations that name a setting with a connection string: where they stand, and what becomes of the setting.

The declaration keeps the name. The setting gives way to others whose names begin with it, for whoever reads it.
"""
