"""The same world as Mesa agents, with decisions that can be replaced."""
