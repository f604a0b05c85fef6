"""Finite games and their solutions. Nothing here knows of politics.

- `tree`: describes a game whose payoffs are arrays, with or without hidden information.
- `recursion`: solves a game of perfect information by backward induction with logit choice.
- `agents`, `branch`: the agent form of a game with hidden information; its principal branch.
- `equilibrium`: chooses between these two; `many` solves a game for millions of inputs; `perfect` gives play without errors.
- `stochastic`, `stationary`: games repeated over years and states, for some years or for ever.
- `efg`: reads, solves and writes Gambit's files.
- `backend`: how JAX is set up, with float64 as the default.
"""
