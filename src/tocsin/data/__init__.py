"""Public data sets: a registry of sources, downloads into the user's cache, and readers that return tidy tables.

`registry` lists the sources, `fetch` downloads, `cache` stores and checks files, `readers` reads them. The program
ships no data of others, and downloads nothing without a request.
"""
