"""The processes of a week that are not a community: one file each; they never import each other."""
