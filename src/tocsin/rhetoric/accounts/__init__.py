"""The account of a rhetoric series: how much of it is ritual, how much answers triggers, what stays unexplained."""
