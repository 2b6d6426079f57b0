"""The four types of community, a file each: who meets whom."""
