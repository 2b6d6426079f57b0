"""What people see who never open a terminal: lessons, the designer's page, files to send on."""
