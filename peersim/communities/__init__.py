"""The four community types: one file each; they only say who meets, and never import each other."""
