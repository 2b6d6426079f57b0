"""Calibration: which values of the parameters nobody can look up go with what has been published about such programmes."""
