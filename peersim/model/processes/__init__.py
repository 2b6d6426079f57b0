"""What goes on in every community, a file each: coming, feeling safe, changing, leaving."""
