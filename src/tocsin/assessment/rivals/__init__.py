"""Rival explanations: how well each fits what was seen, and how probable that leaves it."""
