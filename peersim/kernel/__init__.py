"""What the rest stands on: declared parameters, compilation, chance, evidence, statistics."""
