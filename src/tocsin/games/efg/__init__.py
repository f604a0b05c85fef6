"""Read, write and solve extensive-form files in Gambit's format (`.efg`).

`game` describes the content of a file; `reading` and `writing` are exact inverses. `solvable` builds a tree from the content, and
`solving` solves the tree and returns the `answers`.
"""

from tocsin.games.efg.answers import Answer, Profile
from tocsin.games.efg.game import ExtensiveGame, FileNode, FileOutcome, MoveSet
from tocsin.games.efg.reading import parse_efg, read_efg
from tocsin.games.efg.solvable import Solvable
from tocsin.games.efg.solving import solve
from tocsin.games.efg.writing import format_efg

__all__ = [
    "Answer",
    "ExtensiveGame",
    "FileNode",
    "FileOutcome",
    "MoveSet",
    "Profile",
    "Solvable",
    "format_efg",
    "parse_efg",
    "read_efg",
    "solve",
]
