"""The jobs of the background: each takes the file of a case, options and where to report, and returns a result for JSON.

`import_data` takes the file of a data set in place of a case, and its page waits for it.

Each stores what it makes in the store of runs as its command does. Errors are those of the commands: `TocsinError`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tocsin.case.loader import load
from tocsin.errors import InputError, SolveError
from tocsin.translation import message
from tocsin.translation.stored_text import to_data
from tocsin.workbench.link import SEED

if TYPE_CHECKING:
    from tocsin.assessment.result import Assessment
    from tocsin.case.schema import Case

Progress = Callable[[str, float], None]


def run_case(file: Path, _options: Mapping[str, Any], report: Progress) -> dict[str, Any]:
    """Run a case and store the run; return its hash."""
    from tocsin.assessment.record import AssessmentRecord
    from tocsin.assessment.run import DRAWS, assess
    from tocsin.report.storing import new_run
    from tocsin.runs.copies import copy_case
    from tocsin.runs.store import store_run

    case = load(file)
    copy = copy_case(case)
    assessment = assess(case, seed=SEED, progress=report)
    return {"run": store_run(new_run(assessment, AssessmentRecord.of(assessment), copy, draws=DRAWS)).hash}


def compare_items(file: Path, options: Mapping[str, Any], report: Progress) -> dict[str, Any]:
    """Compare the items of the keys in `items`, and return the comparison in words of the language `language`."""
    from tocsin.assessment.comparing.run import compare
    from tocsin.case.translations import translator_for
    from tocsin.workbench.screens.compare_views import comparison_view, item_of_key

    items = [item_of_key(file, key) for key in options["items"]]
    comparison = compare(items, seed=SEED, progress=report)
    return comparison_view(comparison, translator_for(items[0].case, options["language"]))


def challenge_claims(file: Path, options: Mapping[str, Any], report: Progress) -> dict[str, Any]:
    """Challenge `claims`, all if it is empty, and store the challenge beside the newest run of the case as it is.

    Where no such run is stored, or the store cannot be written, the result holds the challenge as text, and why.
    """
    from tocsin.assessment.challenging.run import challenger
    from tocsin.assessment.challenging.stored import PART, to_json
    from tocsin.runs.challenges import compared, run_of, with_earlier
    from tocsin.runs.store import add_part
    from tocsin.runs.words import to_minute

    case = load(file)
    result = challenger(case, options["claims"], seed=SEED).run(report)
    run, moment = run_of(case, {}), to_minute(datetime.now(UTC))
    if run is None:
        return {"challenge": to_json(result).decode(), "moment": moment, "why": ""}
    whole = to_json(with_earlier(run, compared(run, result), case))
    try:
        add_part(run, PART, whole)
    except InputError as error:
        return {"challenge": whole.decode(), "moment": moment, "why": to_data(error.message)}
    return {}


def verify_run(_file: Path, options: Mapping[str, Any], report: Progress) -> dict[str, Any]:
    """Run the stored run of the name `run` again; return whether its numbers are the same, and lines on what differs.

    The first line has `{day}` for the moment of the run, which the page writes in the reader's time zone.
    """
    from tocsin.assessment.run import assess
    from tocsin.case.translations import translator_for
    from tocsin.runs.names import resolve
    from tocsin.runs.verify_words import lines
    from tocsin.runs.verifying import verify

    def again(case: Case, seed: int, draws: int, settings: Mapping[str, str]) -> Assessment:
        return assess(case, seed=seed, draws=draws, settings=settings, progress=report)

    run = resolve(options["run"])
    result, translator = verify(run, again), translator_for(run.written_case(), options["language"])
    said = [translator.plain(line) for line in lines(result, "{day}")]
    return {"run": run.hash, "moment": run.moment, "same": result.same, "lines": said}


def download_data(_file: Path, options: Mapping[str, Any], report: Progress) -> dict[str, Any]:
    """Download the data sets of the names `names` into the cache; return those that failed, each with why and what to do."""
    from tocsin.data.fetch import download
    from tocsin.data.registry import source

    names, failed = options["names"], []
    for number, name in enumerate(names, start=1):
        stage = message("{name} ({number} of {count})", name=name, number=number, count=len(names))
        report(stage, 0.0)
        try:
            download(source(name), progress=partial(_received, report, stage))
        except SolveError as error:  # the others may still succeed
            failed.append({"name": name, "message": to_data(error.message), "remedy": to_data(error.remedy or "")})
    return {"failed": failed}


def import_data(file: Path, options: Mapping[str, Any], _report: Progress) -> dict[str, Any]:
    """Copy a file that the reader downloaded into the cache, as the data set `name`, if it is the file of that set."""
    from tocsin.data.fetch import import_file
    from tocsin.data.registry import source

    import_file(source(options["name"]), file)
    return {}


def _received(report: Progress, stage: str, have: int, expected: int) -> None:
    report(stage, have / expected if expected else 0.0)


Job = Callable[[Path, Mapping[str, Any], Progress], dict[str, Any]]
JOBS: Mapping[str, Job] = MappingProxyType(
    {
        "assess": run_case,
        "compare": compare_items,
        "challenge": challenge_claims,
        "verify": verify_run,
        "download": download_data,
        "import": import_data,
    }
)
