"""What a randomised trial of a programme would find."""
