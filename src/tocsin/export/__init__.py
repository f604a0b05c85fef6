"""Exports of a run for other programs: documents, pictures, tables, worlds, games, arguments and citations."""
