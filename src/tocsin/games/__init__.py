"""Game forms and their solution, with no word of politics in them.

`tree` describes one finite game of perfect information whose payoffs are arrays; `recursion` solves such a tree by
backward induction with logit choice; `stochastic` repeats a tree over years and states; `plain` is the slow NumPy twin
that the tests trust.
"""
