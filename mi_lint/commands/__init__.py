"""Commands in scripts: what is run with which words, exactly where it stands."""
