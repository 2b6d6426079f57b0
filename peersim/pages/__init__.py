"""Pages: the offline report of the main job, the frame of every study's page, and their looks."""
