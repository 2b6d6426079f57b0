"""History matching: which sets of parameters are plausible, wave by wave, and what is learned."""
