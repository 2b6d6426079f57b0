"""Whether each preset shows what its source says of the project."""
