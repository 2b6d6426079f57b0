"""The local server behind the designer's page; it listens on this machine alone."""
