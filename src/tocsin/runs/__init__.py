"""Runs of cases as they are stored, each by the hash of what makes its result.

`about` says what a run is and computes its hash, `copies` copies a case's own files, `store` writes and reads runs, and `names` finds the
run that a user names.
"""
