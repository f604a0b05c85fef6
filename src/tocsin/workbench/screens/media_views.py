"""What the screen of media shows: an archive, its latest weeks, its headlines with their codes, and how well coder and reader agree."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from math import prod
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.data.names import name_in
from tocsin.errors import InputError
from tocsin.rhetoric.adapting import MIN_HEADLINES, coder_file, own_coder, report_file
from tocsin.rhetoric.agreement import agreement
from tocsin.rhetoric.archive import Defaults, Statement, open_archive
from tocsin.rhetoric.coder import SPEAKERS, THEMES, TONES, Coder
from tocsin.rhetoric.coder import coder as shipped_coder
from tocsin.rhetoric.coding import PROBABILITIES, code_table
from tocsin.rhetoric.corrections import CODES, corrections_file, read_corrections
from tocsin.rhetoric.korean import is_korean
from tocsin.rhetoric.languages import is_readable
from tocsin.rhetoric.rungs import STATE_MEDIA
from tocsin.rhetoric.series import stored_targets
from tocsin.rhetoric.triggers import classes
from tocsin.rhetoric.watch.counted import end_of_stored
from tocsin.rhetoric.watch.weeks import TargetWeeks, Week
from tocsin.translation import message

LATEST = 2_000
"""Latest statements of which the least certain are shown."""
PAGE = 80
"""Headlines shown at once."""
FEW = 50
"""Headlines below which agreement is hardly known."""
MAX_REASONS = 10
"""Rows that were not added and are named."""
DIFFERENCES = 12


def coder_named(archive: Path, name: str) -> Coder:
    """Return the shipped coder, or `own`, the one that learned the reader's codes of an archive.

    Raises:
        InputError: if the reader has none, or it cannot be read.
    """
    return own_coder(archive) if name == "own" else shipped_coder()


def archive_view(archive: Path, language: str) -> dict[str, Any]:
    """Return what an archive holds, and what the reader made of it. An archive that does not exist has no statement.

    Raises:
        InputError: if the archive or the reader's codes cannot be read.
    """
    count, latest = 0, None
    if archive.exists():
        with open_archive(archive) as opened:
            count = opened.count()
            latest = next((str(item.date) for item in opened.latest(1) if item.date), None)
    report = report_file(archive)
    return {
        "statements": count,
        "latest": latest,
        "counted_from": str(end_of_stored()),
        "coded": read_corrections(archive).height,
        "needed": MIN_HEADLINES,
        "file": str(corrections_file(archive)),
        "learned": _report(report) if coder_file(archive).exists() and report.exists() else None,
        "states": {code: name_in(code, language) for code in stored_targets()},
        "korean": find_spec("kiwipiepy") is not None,
    }


def _report(file: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise InputError(
            message("the report on your coder cannot be read"),
            file=str(file),
            remedy=message("delete it and learn again"),
        ) from error


def added_view(archive: Path, name: str, data: bytes, outlet: str) -> dict[str, Any]:
    """Add a table of headlines to an archive, and return what happened to its rows.

    Args:
        archive: created if it does not exist.
        name: of the table, for messages.
        data: its bytes, as CSV.
        outlet: of the rows that name none.

    Raises:
        InputError: if the table cannot be read.
        SolveError: if the archive cannot be written.
    """
    with tempfile.TemporaryDirectory() as folder, open_archive(archive, writing=True) as opened:
        file = Path(folder) / "headlines.csv"
        file.write_bytes(data)
        summary = opened.add_files([file], Defaults(outlet=outlet))
    places = (f"{name}:{remark.row}" if remark.row is not None else name for remark in summary.lost)
    reasons = [f"{place}: {remark.why}" for place, remark in zip(places, summary.lost, strict=True)]
    return {"added": summary.added, "known": summary.known, "lost": len(summary.lost), "reasons": reasons[:MAX_REASONS]}


# --- weeks ---------------------------------------------------------------------------------------------------------


def weeks_view(archive: Path, targets: Sequence[TargetWeeks], language: str) -> dict[str, Any]:
    """Return the latest weeks about each target, and the critical headlines of the judged one."""
    with open_archive(archive) as opened:
        headlines = {number: opened.get(number).title for one in targets for number in one.statements[:MAX_REASONS]}
    return {"targets": [_target(one, headlines, language) for one in targets]}


def _target(one: TargetWeeks, headlines: Mapping[int, str], language: str) -> dict[str, Any]:
    says = {group.name: group.says for group in classes()}
    judgement = one.judgement
    return {
        "target": one.target,
        "name": name_in(one.target, language),
        "weeks": [_week(week) for week in one.weeks],
        "judgement": judgement and judgement.to_dict(),
        "occasions": list(one.occasions),
        "events": [{"date": str(event.date), "says": says[event.group]} for event in one.events],
        "critical": len(one.statements),
        "headlines": [headlines[number] for number in one.statements[:MAX_REASONS]],
    }


def _week(week: Week) -> dict[str, Any]:
    expected = week.expected
    return {
        "week": str(week.week),
        "output": week.output,
        "days": week.days,
        "critical": week.critical,
        "hostile": week.hostile,
        "gap": week.gap and week.gap.kind,
        "expected": expected and vars(expected),
    }


# --- headlines -----------------------------------------------------------------------------------------------------


def headlines_view(archive: Path, coder: Coder, page: int) -> dict[str, Any]:
    """Return a page of the latest headlines with their codes, the least certain first; those without probabilities come last.

    Of equal headlines only the latest comes. The certainty of a headline is the probability that its four codes are right, if their errors are independent.

    Raises:
        InputError: if the archive or the reader's codes cannot be read.
    """
    with open_archive(archive) as opened:
        latest = {item.title: item for item in reversed(opened.latest(LATEST)) if _can_be_coded(item)}
    items = {str(item.id): item for item in latest.values()}
    table = pl.DataFrame(
        [(key, item.title, item.date) for key, item in items.items()],
        schema={"id": pl.String, "headline": pl.String, "date": pl.Date},
        orient="row",
    )
    rows = sorted(code_table(coder, table).iter_rows(named=True), key=_order)
    mine = {row["id"]: {name: row[name] for name in CODES} for row in read_corrections(archive).iter_rows(named=True)}
    shown = rows[page * PAGE : (page + 1) * PAGE]
    return {
        "all": len(rows),
        "pages": -(-len(rows) // PAGE),
        "items": [_headline(row, items[row["id"]], mine) for row in shown],
    }


def _can_be_coded(item: Statement) -> bool:
    known = item.outlet is None or item.outlet in STATE_MEDIA
    return known and is_readable(item.title) and (not is_korean(item.title) or find_spec("kiwipiepy") is not None)


def _certainty(row: Mapping[str, Any]) -> float | None:
    values = [row[name] for name in PROBABILITIES]
    return None if None in values else prod(values)


def _order(row: Mapping[str, Any]) -> tuple[bool, float, str]:
    certainty = _certainty(row)
    return certainty is None, certainty or 0.0, row["id"]


def _headline(row: Mapping[str, Any], item: Statement, mine: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "date": item.date and str(item.date),
        "outlet": item.outlet,
        "language": item.language,
        "title": item.title,
        "translation": item.translation,
        "codes": {name: str(row[name]) for name in CODES},
        "probabilities": {name: row[f"p_{name}"] for name in CODES},
        "certainty": _certainty(row),
        "words": row["words"],
        "mine": mine.get(row["id"]),
    }


# --- agreement -----------------------------------------------------------------------------------------------------


def agreement_view(archive: Path) -> dict[str, Any] | None:
    """Return how well the shipped coder agrees with the reader; None if the reader coded nothing.

    Raises:
        InputError: if the reader's codes cannot be read, or Korean headlines cannot be coded here.
    """
    mine = read_corrections(archive)
    if not mine.height:
        return None
    coded = code_table(shipped_coder(), mine)
    agreed = agreement(mine, coded)
    both = mine.join(coded.with_columns(pl.col("tone").cast(pl.String)), on="id", suffix="_coder")
    return {
        "n": agreed.n,
        "few": agreed.n < FEW,
        "statistics": [vars(statistic) for statistic in agreed.statistics],
        "differences": [vars(one) for one in agreed.disagreements[:DIFFERENCES]],
        "tone": _confusion(both, "tone", map(str, TONES)),
        "speaker": _confusion(both, "speaker", SPEAKERS),
        "theme": _presence(both, "theme", THEMES),
    }


def _confusion(both: pl.DataFrame, column: str, names: Iterable[str]) -> dict[str, Any]:
    """Return the numbers of headlines by the reader's code (rows) and the coder's (columns)."""
    known = list(names)
    pairs = list(both.select(column, f"{column}_coder").iter_rows())
    return {"names": known, "counts": [[pairs.count((mine, coder)) for coder in known] for mine in known]}


def _presence(both: pl.DataFrame, column: str, names: Iterable[str]) -> list[dict[str, Any]]:
    """Return for each code that occurs how many headlines have it from both, from the reader alone and from the coder alone."""
    pairs = [
        (set(mine.split(";")), set(coder.split(";")))
        for mine, coder in both.select(column, f"{column}_coder").iter_rows()
    ]
    counts = [
        {
            "name": name,
            "both": sum(name in mine and name in coder for mine, coder in pairs),
            "reader": sum(name in mine and name not in coder for mine, coder in pairs),
            "coder": sum(name not in mine and name in coder for mine, coder in pairs),
        }
        for name in names
    ]
    return [row for row in counts if row["both"] or row["reader"] or row["coder"]]
