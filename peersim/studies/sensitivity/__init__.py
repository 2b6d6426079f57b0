"""Which assumptions matter, and which of them flip the better of two designs."""
