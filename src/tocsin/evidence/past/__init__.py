"""Past cases of deterrence in public data: years of strategic rivalry and disputes, their outcomes, and what was known before them."""
