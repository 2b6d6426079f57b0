"""Folders of results: what is in them, where it came from, how to restore it."""
