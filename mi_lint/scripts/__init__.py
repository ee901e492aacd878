"""Scripts, alone or inside of other files: commands that sign in with a secret, and what becomes of them."""
