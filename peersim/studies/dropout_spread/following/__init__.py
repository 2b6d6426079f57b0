"""Following one departure through a world: the same world with and without it."""
