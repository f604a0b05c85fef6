"""Read claims of two cases in the same worlds: each distinct game once, and the error of a difference."""
