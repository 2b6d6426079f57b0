"""Sweeps from the inside: batches of points, their parts on disk, and what runs them."""
