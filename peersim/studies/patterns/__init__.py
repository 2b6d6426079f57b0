"""Which patterns of the sources the model brings about."""
