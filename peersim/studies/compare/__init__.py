"""Two designs for the same people with the same luck."""
