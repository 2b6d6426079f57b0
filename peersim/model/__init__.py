"""The model: people, ties and encounters, and the week in which everything happens."""
