"""The last run, kept in the user's state folder so that `tocsin` and `tocsin show` can speak of it."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from tocsin.assessment.words import percent
from tocsin.errors import InputError, did_you_mean
from tocsin.files import write_all

THESIS = (
    "Tocsin runs a strategic argument as a model: facts with sources, judgements with authors, a game among states,\n"
    "and for every claim a verdict with its probability, what drives it and what would turn it over. It takes no side."
)
FOUNDING = (
    "The founding case asks why North Korea fears Japan's build-up: not habit but fear, a commentary of January 2026\n"
    "holds, since a capable Japan, free of its limits and tied to Washington, would wreck Kim's long-run aims."
)
FORMAT = "tocsin-assessment/1"


# --- keeping -------------------------------------------------------------------------------------------------------


def folder() -> Path:
    """Where the last run is kept: `TOCSIN_HOME`, else the user's state folder."""
    named = os.environ.get("TOCSIN_HOME")
    if named:
        return Path(named)
    from platformdirs import user_state_path

    return user_state_path("tocsin")


def remember(data: dict[str, Any], *, summary: str, questions: list[tuple[str, str]], brief: Path) -> None:
    """Keep a run's data; a folder that cannot be written is passed over."""
    kept = {"assessment": data, "summary": summary, "questions": questions, "brief": str(brief.resolve())}
    with suppress(InputError):
        write_all({folder() / "last.json": json.dumps(kept)})


def _kept() -> dict[str, Any] | None:
    """The last run; None where there is none, or what is there is not one."""
    try:
        found: dict[str, Any] = json.loads((folder() / "last.json").read_text(encoding="utf-8"))
        _check(found["assessment"])
        _welcome(found)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None
    return found


# --- first words ---------------------------------------------------------------------------------------------------


def welcome() -> str:
    """What bare `tocsin` says: the thesis, the answers of the last run, what to type next."""
    kept = _kept()
    if kept is None:
        return (
            f"{THESIS}\n\n{FOUNDING}\n\nNo case has been run yet. Next:\n"
            "  tocsin assess japan-buildup    run the founding case and write its brief\n"
            "  tocsin new my-case             begin a case of your own\n"
            "  tocsin --help"
        )
    return _welcome(kept)


def _welcome(kept: dict[str, Any]) -> str:
    from textwrap import fill

    case = kept["assessment"]["case"]
    answers = "\n".join(f"  {asks}\n    {short}" for asks, short in kept["questions"])
    first = kept["assessment"]["claims"][0]["id"]
    summary = fill(str(kept["summary"]), width=112, initial_indent="  ", subsequent_indent="  ")
    return (
        f"{THESIS}\n\nThe last run: {case['title']} (as of {case['as_of']})\n{summary}\n\n{answers}\n\nNext:\n"
        f"  open {kept['brief']}\n  tocsin show            list its claims and quantities\n"
        f"  tocsin show {first:<10} one of them, with what drives it and what would turn it over\n  tocsin --help"
    )


# --- showing -------------------------------------------------------------------------------------------------------


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
    remedy = "name a file that `tocsin assess CASE --json FILE` wrote"
    try:
        data: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot read it: {error.strerror}", file=str(file), remedy=remedy) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"this is not JSON: {error}", file=str(file), remedy=remedy) from error
    try:
        _check(data)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError("this is not a whole assessment", file=str(file), remedy=remedy) from None
    return data


def _check(data: dict[str, Any]) -> None:
    """Read everything once, so that nothing is found missing later."""
    if data["format"] != FORMAT:
        raise ValueError(data["format"])
    for claim in data["claims"]:
        _claim(claim)
    for row in data["quantities"]:
        _quantity(data, row["id"])
    listing(data)


def listing(data: dict[str, Any]) -> str:
    """Names of all claims, with their verdicts, and of all quantities."""
    claims = [f"  {claim['id']:<5} {claim['verdict']:<12} {claim['says']}" for claim in data["claims"]]
    names = dict.fromkeys(row["id"] for row in data["quantities"])
    return "\n".join([data["case"]["title"], "", *claims, "", *(f"  {name}" for name in names)])


def describe(data: dict[str, Any], name: str) -> str:
    """A claim or a quantity in words.

    Raises:
        InputError: if there is neither of that name.
    """
    for claim in data["claims"]:
        if claim["id"].lower() == name.strip().lower():
            return _claim(claim)
    for row in data["quantities"]:
        if _bare(row["id"]) == _bare(name):
            return _quantity(data, row["id"])
    known = [claim["id"] for claim in data["claims"]] + [row["id"] for row in data["quantities"]]
    raise InputError(f"there is no claim or quantity {name!r}", remedy=did_you_mean(name, known))


def _bare(name: str) -> str:
    return "".join(name.split())


def _quantity(data: dict[str, Any], name: str) -> str:
    rows = [row for row in data["quantities"] if row["id"] == name]
    width = max(len(row["model"]) for row in rows)
    head = f"{name} [{rows[0]['unit']}]: 5 %, 50 % and 95 % points over worlds"
    body = ("".join(f"{_number(row[key]):>12}" for key in ("p05", "p50", "p95")) for row in rows)
    return "\n".join([head, *(f"  {row['model']:<{width}}{text}" for row, text in zip(rows, body, strict=True))])


def _number(value: float | None) -> str:
    return "missing" if value is None else f"{value:.4g}"


def _claim(claim: dict[str, Any]) -> str:
    words = claim["verdict"] if claim["words"] == claim["verdict"] else f"{claim['verdict']}: {claim['words']}"
    lines = [f"{claim['id']} ({claim['kind']}): {claim['says']}", f"  {words}"]
    if claim["probability"]:
        low, mid, high = (percent(claim["probability"][key]) for key in ("low", "mid", "high"))
        lines.append(f"  probability {mid}; {low} to {high} over models and thresholds")
    lines.append(f"  confidence: {claim['confidence']}")
    lines += [f"  in model {model}: {percent(value)}" for model, value in claim["by_model"].items()]
    lines += [f"  hangs on {d['input']} ({percent(d['share'])} of what is explained)" for d in claim["drivers"]]
    lines += [
        f"  turns if {flip['input']} goes from {_number(flip['from'])} to {_number(flip['to'])}"
        f" (the {percent(flip['quantile'])} point of its own distribution)"
        for flip in claim["flips"]
    ]
    if claim["probability"] and not claim["flips"]:
        lines.append("  no move of a single input was found that turns it")
    said = (("rivals", "rivals"), ("sources", "sources"), ("against", "would count against it"))
    lines += [f"  {label}: {', '.join(claim[key])}" for key, label in said if claim[key]]
    if claim["note"]:
        lines.append(f"  {claim['note']}")
    return "\n".join(lines)
