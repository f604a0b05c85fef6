"""Strategic estimators: the moves of a game, observed many times, tell what its players' payoffs depend on."""
