"""`tocsin verify`: run a stored run again and compare the numbers."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.languages import language_option, translator_of
from tocsin.cli.output import emit, say

if TYPE_CHECKING:
    from tocsin.assessment.result import Assessment
    from tocsin.case.schema import Case
    from tocsin.runs.verifying import Verification

DIFFERS = 1
"""Exit status if the numbers differ."""


@click.command()
@click.argument("run", metavar="RUN")
@click.option("--json", "as_json", is_flag=True, help="Print what differs as JSON.")
@language_option
def verify(run: str, as_json: bool, language: str) -> None:
    """Run the stored RUN again from its own copy of the case, and compare the numbers.

    The case, seed, draws and settings are those of the run, whatever happened to the folder of the case since. RUN is a name as in
    `tocsin runs`: a case means its latest run. The store is not changed.

    The exit status is 0 if all verdicts and numbers are the same, and 1 if any differs. The command then says which, and which versions
    differ. Numbers are compared as the JSON gives them: probabilities with four decimals, quantities with six digits.

    \b
    tocsin verify japan-buildup
    tocsin verify latest~1 --json
    """
    from tocsin.runs.names import resolve
    from tocsin.runs.verify_words import lines
    from tocsin.runs.verifying import verify as run_again

    stored = resolve(run)
    _ = stored.record  # refuse a damaged run before the long work
    translator = translator_of(stored.written_case() if language != "en" else None, language)

    def assess(case: Case, seed: int, draws: int, settings: Mapping[str, str]) -> Assessment:
        from tocsin.cli.running import assess_with_bars

        return assess_with_bars(case, seed, draws, settings, None if as_json else translator)

    result = run_again(stored, assess)
    if as_json:
        emit(json.dumps(_to_dict(result), indent=1, ensure_ascii=False) + "\n")
    else:
        for line in lines(result):
            say(translator.plain(line))
    if not result.same:
        sys.exit(DIFFERS)


def _to_dict(result: Verification) -> dict[str, Any]:
    from tocsin.runs.change_words import claim_dict, quantity_dict

    return {
        "run": result.run.hash,
        "same": result.same,
        "claims_compared": result.claims_compared,
        "quantities_compared": result.quantities_compared,
        "claims": [claim_dict(change) for change in result.claims],
        "quantities": [quantity_dict(change) for change in result.quantities],
        "others": [{"where": leaf.where, "before": leaf.before, "after": leaf.after} for leaf in result.others],
        "texts": [{"where": leaf.where, "before": leaf.before, "after": leaf.after} for leaf in result.texts],
        "measured": list(result.measured),
        "versions": {name: {"before": one, "after": other} for name, (one, other) in result.versions.items()},
    }
