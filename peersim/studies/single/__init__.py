"""One programme."""
