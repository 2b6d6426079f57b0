"""A project's own attendance list beside lists that the model makes, and what else would be worth
writing down.
"""
