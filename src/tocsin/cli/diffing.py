"""`tocsin diff`: what changed between two stored runs, what that did, and which change can have done it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.languages import language_option
from tocsin.cli.output import emit, say
from tocsin.translation import Translator, in_lines

if TYPE_CHECKING:
    from tocsin.runs.comparing import RunDifference


@click.command()
@click.argument("run1", metavar="RUN1")
@click.argument("run2", metavar="RUN2")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@language_option
def diff(run1: str, run2: str, as_json: bool, language: str) -> None:
    """Say what changed from RUN1 to RUN2, what that did, and which change can have done it.

    A RUN is a name as in `tocsin runs`: `latest`, `latest~1`, CASE for its latest run, or CASE@3fa2. Nothing is run again.

    First come changed inputs, files, versions, seed and draws; then each claim that differs. Below a claim stand the changes that its
    test can read, traced through its quantities and games. Naming a change is an inference: several changes cannot be separated
    without further runs. The output marks a change of a probability within its sampling error. Claims of two different cases are compared
    by their ids.

    \b
    tocsin diff latest~1 latest
    tocsin diff japan-buildup@3fa2 japan-buildup --json
    """
    from tocsin.runs.comparing import compare_runs
    from tocsin.runs.diff_words import lines
    from tocsin.runs.names import resolve

    difference = compare_runs(resolve(run1), resolve(run2))
    if as_json:
        emit(json.dumps(_to_dict(difference), indent=1, ensure_ascii=False) + "\n")
    else:
        say(Translator(language=language).plain(in_lines(lines(difference))))


def _to_dict(difference: RunDifference) -> dict[str, Any]:
    from tocsin.runs.change_words import claim_dict, quantity_dict

    return {
        "before": difference.before.hash,
        "after": difference.after.hash,
        "same_case": difference.before.case == difference.after.case,
        "inputs": [asdict(change) | {"label": change.label} for change in difference.inputs],
        "files": {name: {"before": one, "after": other} for name, (one, other) in difference.files.items()},
        "measured": list(difference.measured),
        "versions": {name: {"before": one, "after": other} for name, (one, other) in difference.versions.items()},
        "origin": {name: {"before": one, "after": other} for name, (one, other) in difference.origin.items()},
        "claims": [claim_dict(change) | {"cause": asdict(cause)} for change, cause in difference.claims],
        "explanations": [asdict(change) for change in difference.explanations],
        "quantities": [quantity_dict(change) for change in difference.quantities],
        "claims_compared": difference.claims_compared,
        "quantities_compared": difference.quantities_compared,
        "unread": difference.unread,
    }
