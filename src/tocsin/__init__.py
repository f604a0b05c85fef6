"""Tocsin takes a strategic argument as a case, runs it as a model, and gives each of its claims a verdict.

    import tocsin

    case = tocsin.load("japan-buildup")
    assessment = tocsin.assess(case, seed=1, draws=2048)
    assessment.frame("claims")

- `load`, `assess`, `write_brief`: a case, its verdicts, its brief
- `compare`: verdicts of cases and variants side by side
- `solve`: equilibria of an extensive-form game
- `measure`: a number about states, computed from public data sets
- `fit`: estimates of a strategic model
- `code`, `account`: headlines of state media
- `archive`: statements in a file that can be searched

`docs/python.md` shows each at work. Nothing heavy is imported before its first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tocsin.assessment.comparing.run import compare
    from tocsin.assessment.run import assess
    from tocsin.case import load
    from tocsin.evidence.fitting import fit
    from tocsin.games.efg import solve
    from tocsin.measures import measure
    from tocsin.report import write_brief
    from tocsin.rhetoric import account, code
    from tocsin.rhetoric.archive import open_archive as archive

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "account",
    "archive",
    "assess",
    "code",
    "compare",
    "fit",
    "load",
    "measure",
    "solve",
    "write_brief",
]

_HOMES = {
    "account": ("tocsin.rhetoric", "account"),
    "archive": ("tocsin.rhetoric.archive", "open_archive"),
    "assess": ("tocsin.assessment.run", "assess"),
    "compare": ("tocsin.assessment.comparing.run", "compare"),
    "code": ("tocsin.rhetoric", "code"),
    "fit": ("tocsin.evidence.fitting", "fit"),
    "load": ("tocsin.case", "load"),
    "measure": ("tocsin.measures", "measure"),
    "solve": ("tocsin.games.efg", "solve"),
    "write_brief": ("tocsin.report", "write_brief"),
}


def __getattr__(name: str) -> Any:
    """Import a public function when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, function = _HOMES[name]
    return getattr(import_module(module), function)


def __dir__() -> list[str]:
    """Return the public names, so that editors complete them."""
    return sorted(__all__)
