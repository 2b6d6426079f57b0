"""Robust choice: which of all fifteen mixes to choose when so much is uncertain."""
