"""Sensitivity: how much settings matter, beside what chance alone would show, and which flip the
better of two.
"""
