"""A seeded corpus of files with synthetic secrets of every kind, and of traps that look like secrets."""
