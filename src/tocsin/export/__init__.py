"""Exports of a run for other programs: tables, worlds, games, arguments and citations."""
