"""Account for a series of counts: how much is ritual, how much answers events, and what stays unexplained."""
