"""Whether the model fits a project's own attendance list."""
