"""Lessons: everything that the classroom page shows, worked out beforehand, and the page itself."""
