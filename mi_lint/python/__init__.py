"""Analysis and rewriting of Python: names, value flow, calls that authenticate, and their new form."""
