"""A file to send on: two designs, and sliders for those who may not install anything."""
