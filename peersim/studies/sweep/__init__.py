"""Many points, each run with the same people and luck."""
