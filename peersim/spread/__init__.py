"""How dropout spreads: the same world with and without one person's leaving."""
