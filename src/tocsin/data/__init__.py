"""Public data sets: what they are, where they are, and how they come into the user's cache unharmed.

`registry` names each source, `cache` holds what was downloaded, `fetch` downloads. Nothing of others' data is shipped, and
nothing is downloaded unless asked.
"""
