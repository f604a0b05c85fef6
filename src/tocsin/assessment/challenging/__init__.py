"""Challenge the claims of a case: change what they rest on, one thing at a time, and say what that does to their verdicts."""
