"""Draft a case from an article: sentences, proposed claims, and what an editor checks. Offline and deterministic.

`article` reads a file, `sentences` splits it, `checkable` says which sentences state something that can be checked, and `kinds`,
`actors`, `amounts`, `dates`, `comparisons` and `flags` read a sentence by rules. `drafting` joins them; `writing` writes the case.
"""
