"""The three moves of a dispute between two states, with payoffs estimated from past cases, and models that rival them."""
