"""Import a table of facts as people keep it into a case.

`grid` reads the cells of a table, `layout` finds its header and footnotes, `mapping` says which column is what, `convert` turns rows into
facts (`cells`, `numbers`, `dates`, `units`, `keys` and `sources` read one cell each), and `plan` writes the facts into the case.
"""
