"""Gambit's extensive-form files (`.efg`), read and written in full.

`game` says what a file holds; `reading` and `writing` are exact inverses of each other; `solving` makes a tree of it.
"""

from tocsin.games.efg.game import Entry, ExtensiveGame, MoveSet, Result
from tocsin.games.efg.reading import read
from tocsin.games.efg.writing import write

__all__ = ["Entry", "ExtensiveGame", "MoveSet", "Result", "read", "write"]
