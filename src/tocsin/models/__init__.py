"""Strategic models made of games: `coercion`, the hybrid strategy against a defended order."""
