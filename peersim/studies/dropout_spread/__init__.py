"""How many others leave because one left, and by which channel."""
