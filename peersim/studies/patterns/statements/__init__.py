"""The patterns, grouped by subject."""
