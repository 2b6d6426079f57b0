"""Staffing: how many supporters it takes that nobody waits long, and what to do when some of them
leave.
"""
