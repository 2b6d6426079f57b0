"""The story of one person."""
