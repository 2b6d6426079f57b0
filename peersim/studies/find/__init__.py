"""Seeds and people worth telling, with their rank."""
