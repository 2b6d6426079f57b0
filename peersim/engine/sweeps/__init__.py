"""The engine of a sweep: jobs, workers, parts on disk."""
