"""Calibration: which values of what nobody can look up go with what has been published about such
programmes.
"""
