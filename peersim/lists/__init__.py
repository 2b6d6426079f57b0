"""Lists that people keep, read as they are written: who came when, and who takes part."""
