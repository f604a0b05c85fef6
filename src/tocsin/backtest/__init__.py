"""Back-test of the coercion model: past cases in public data, set up by one rule that is not fitted, and baselines."""
