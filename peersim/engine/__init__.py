"""Many runs: pairs of designs, sweeps, and what carries them out."""
