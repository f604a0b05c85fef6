"""Strategic estimators: estimate what players' payoffs depend on, from many observed plays of a game."""
