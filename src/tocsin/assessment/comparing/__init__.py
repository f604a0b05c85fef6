"""Compare cases, variants and stored runs side by side, in common worlds."""
