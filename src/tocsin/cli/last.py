"""The last run, kept in the user's state folder so that `tocsin` and `tocsin show` can speak of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from tocsin.errors import InputError, did_you_mean

THESIS = (
    "Tocsin runs a strategic argument as a model: facts with sources, judgements with authors, a game among states,\n"
    "and for every claim a verdict with its probability, what drives it and what would turn it over. It takes no side."
)


def folder() -> Path:
    """Where the last run is kept: `TOCSIN_HOME`, else the user's state folder."""
    named = os.environ.get("TOCSIN_HOME")
    if named:
        return Path(named)
    from platformdirs import user_state_path

    return user_state_path("tocsin")


def remember(data: dict[str, Any], questions: list[tuple[str, str]], brief: Path) -> None:
    """Keep a run's data; a folder that cannot be written is passed over."""
    kept = {"assessment": data, "questions": questions, "brief": str(brief.resolve())}
    try:
        folder().mkdir(parents=True, exist_ok=True)
        temporary = folder() / f"last-{os.getpid()}.json"
        temporary.write_text(json.dumps(kept), encoding="utf-8")
        temporary.replace(folder() / "last.json")
    except OSError:
        return


def welcome() -> str:
    """What bare `tocsin` says: the thesis, the answers of the last run, what to type next."""
    kept = _kept()
    if kept is None:
        return (
            f"{THESIS}\n\nNo case has been run yet. Next:\n  tocsin assess cases/japan-buildup\n  tocsin new my-case\n"
            "  tocsin --help"
        )
    case = kept["assessment"]["case"]
    answers = "\n".join(f"  {asks}\n    {short}" for asks, short in kept["questions"])
    first = kept["assessment"]["claims"][0]["id"]
    return (
        f"{THESIS}\n\nThe last run: {case['title']} (as of {case['as_of']})\n{answers}\n\nNext:\n"
        f"  open {kept['brief']}\n  tocsin show {first}\n  tocsin --help"
    )


def _kept() -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads((folder() / "last.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def read(file: Path | None) -> dict[str, Any]:
    """An assessment as data, from a file or the last run.

    Raises:
        InputError: if there is none, or the file is not an assessment.
    """
    if file is None:
        kept = _kept()
        if kept is None:
            raise InputError("no case has been run yet", remedy="run `tocsin assess CASE`, or name a file with --from")
        found: dict[str, Any] = kept["assessment"]
        return found
    try:
        data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read it: {error}", file=str(file), remedy="name a file from --json") from error
    if not isinstance(data, dict) or data.get("format") != "tocsin-assessment/1":
        raise InputError("this is not an assessment", file=str(file), remedy="name a file from --json")
    return data


def describe(data: dict[str, Any], name: str) -> str:
    """A claim or a quantity in words.

    Raises:
        InputError: if there is neither of that name.
    """
    for claim in data["claims"]:
        if claim["id"] == name:
            return _claim(claim)
    rows = [row for row in data["quantities"] if row["id"] == name]
    if rows:
        head = f"{name} [{rows[0]['unit']}]: 5 %, 50 % and 95 % points over worlds"
        return "\n".join([head, *(f"  {r['model']:<14} {r['p05']:>10} {r['p50']:>10} {r['p95']:>10}" for r in rows)])
    known = [claim["id"] for claim in data["claims"]] + [row["id"] for row in data["quantities"]]
    raise InputError(f"there is no claim or quantity {name!r}", remedy=did_you_mean(name, known))


def _claim(claim: dict[str, Any]) -> str:
    lines = [f"{claim['id']} ({claim['kind']}): {claim['says']}", f"  {claim['verdict']}: {claim['words']}"]
    if claim["probability"]:
        low, mid, high = (round(100 * claim["probability"][key]) for key in ("low", "mid", "high"))
        lines.append(f"  {mid} %, {low} to {high} % over models and thresholds")
    lines.append(f"  confidence: {claim['confidence']}")
    lines += [f"  in model {model}: {round(100 * value)} %" for model, value in claim["by_model"].items()]
    lines += [f"  hangs on {d['input']} ({round(100 * d['share'])} % of what is explained)" for d in claim["drivers"]]
    lines += [
        f"  turns if {f['input']} goes from {f['from']} to {f['to']} (its {round(100 * f['quantile'])} % point)"
        for f in claim["flips"]
    ]
    lines += [f"  {key}: {', '.join(claim[key])}" for key in ("rivals", "sources", "against") if claim[key]]
    if claim["note"]:
        lines.append(f"  {claim['note']}")
    return "\n".join(lines)
