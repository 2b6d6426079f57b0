"""What the designer's page answers with: years of designs, and what they come to."""
