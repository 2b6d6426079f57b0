"""Which values of the parameters agree with published figures."""
