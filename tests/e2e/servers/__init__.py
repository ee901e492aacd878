"""A small Azure on loopback: real servers where they exist, small strict ones of our own where they do not."""
