"""The crisis game with hidden types: neither side knows how bad a fight would be for the other."""
