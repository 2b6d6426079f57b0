"""How many supporters it takes, and what to do when some have left."""
