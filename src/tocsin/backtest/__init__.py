"""Back-test of the coercion model: all past cases in public data, set up by one rule that is not fitted, against baselines."""
