"""From a scenario to a finished run: the first day, the weeks, the tables."""
