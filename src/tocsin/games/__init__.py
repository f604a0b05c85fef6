"""Game forms and their solution, with no word of politics in them.

`tree` describes one finite game whose payoffs are arrays, with or without hidden information. `recursion` solves it by
backward induction with logit choice where all is known; `agents` says what information sets make of it and `branch` follows
its principal branch; `equilibrium` takes the one or the other, `many` does so by the million, `perfect` plays without errors.
`stochastic` repeats a tree over years and states, `stationary` for ever. `efg` reads and writes Gambit's files. `plain` is the
slow NumPy twin that the tests trust.
"""
