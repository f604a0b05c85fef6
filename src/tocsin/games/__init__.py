"""Finite games and their solutions. Nothing in this package is about politics.

- `tree`: games whose payoffs are arrays, with or without hidden information.
- `recursion`: backward induction with logit choice, for games of perfect information.
- `agents`, `branch`: the agent form of a game with hidden information, and its principal branch.
- `equilibrium`: the logit equilibrium of any game, by recursion or along the branch.
- `many`: one game for millions of inputs. `perfect`: play without errors.
- `stochastic`, `stationary`: games repeated over years and states, for some years or forever.
- `efg`: files in Gambit's format.
- `backend`: the settings of JAX, with float64 as the default.
"""
