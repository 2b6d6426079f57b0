"""What can be typed: the command line, its configuration, and the commands beside experiments."""
