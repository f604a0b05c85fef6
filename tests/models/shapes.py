"""Cases with games of other shapes, each on the default ranges: actors ALF (challenger), GAM (target), BET, DEL and EPS."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tocsin.case import Case, load
from tocsin.case.inputs import kind_of

STATES = {"ALF": 500_000, "GAM": 200_000, "BET": 150_000, "DEL": 120_000, "EPS": 90_000}
"""Personnel of the states."""

ALIGNED = {
    "kind": "alignment",
    "firm": "aligned",
    "loose": "adrift",
    "loosened_by": ["influence"],
    "rallied_by": ["attack"],
}


def regime(actor: str, **fields: Any) -> dict[str, Any]:
    """Return an alignment, or with `kind` another regime, of an actor."""
    states = {"kind": "treaty", "firm": "in_force", "loose": "lapsed"} if fields.get("kind") == "treaty" else ALIGNED
    return {"actor": actor, **states, "now": states["firm"], **fields}


def shaped_case(
    folder: Path,
    theatre: Mapping[str, Any],
    regimes: Mapping[str, Any] | None = None,
    beliefs: Mapping[str, str] | None = None,
    **blocks: Any,
) -> Case:
    """Load a case with one theatre `strait`, whose missing inputs have default ranges; `beliefs` are judged."""
    return load(shaped_folder(folder, theatre, regimes, beliefs, **blocks))


def shaped_folder(
    folder: Path,
    theatre: Mapping[str, Any],
    regimes: Mapping[str, Any] | None = None,
    beliefs: Mapping[str, str] | None = None,
    **blocks: Any,
) -> Path:
    """Write the case of `shaped_case`; return its folder."""
    game: dict[str, Any] = {
        "model": "coercion",
        "challenger": "ALF",
        "target": "GAM",
        "protectors": ["BET"],
        "levels": 2,
        "horizon": 6,
        "aim": "union",
    }
    game |= {"regimes": list(regimes or {}), **theatre}
    actors = dict.fromkeys([game["challenger"], game["target"], *game["protectors"], *game.get("backers", [])])
    written: dict[str, Any] = {}
    for actor in actors:
        why = {"source": "book", "why": "the yearbook's figure"}
        written[f"personnel.{actor}"] = {"is": f"fixed({STATES[actor]})", "unit": "persons", **why}
        written[f"spending.{actor}"] = {
            "is": f"lognormal({STATES[actor] / 5e4} to {STATES[actor] / 2e4})",
            "unit": "USD bn per year",
            **why,
        }
        written[f"growth.{actor}"] = {"is": "normal(-0.01 to 0.04)", "unit": "per year", **why}
    for name, shape in (beliefs or {}).items():
        kind = kind_of(name)
        assert kind is not None
        written[name] = {"is": shape, "unit": kind[0].unit, "by": "tests", "why": "a range for the test"}
    case = {
        "format": "tocsin/1",
        "id": "shaped",
        "title": "A game of another shape",
        "as_of": "2024-06-30",
        "summary": "A made-up case for tests.",
        "sources": {"book": {"cite": "A made-up yearbook, 2024", "grade": "B2"}},
        "actors": {actor: {"name": f"State {actor}"} for actor in actors},
        "theatres": {"strait": game},
        "regimes": dict(regimes or {}),
        "beliefs": written,
        "claims": {
            "C1": {"says": "Alpha may go to war.", "kind": "causal", "sources": ["book"], "holds": "p_war() > 0.1"}
        },
        **blocks,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "case.yaml").write_text(json.dumps(case, indent=1), encoding="utf-8")  # YAML reads JSON too
    return folder
