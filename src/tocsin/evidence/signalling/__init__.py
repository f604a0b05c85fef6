"""Crises in which the sides do not know how much the other would suffer from a fight: what they say and do tells it."""
