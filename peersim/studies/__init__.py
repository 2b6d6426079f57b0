"""Studies: each a set of designs, a run, an analysis, and a folder of results."""
