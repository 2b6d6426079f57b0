"""The main job: four types and four combinations for the same people."""
