"""Run an assessment: the door to a case with games and to one without."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from tocsin.assessment import estimates
from tocsin.assessment.claims import decide_claim
from tocsin.assessment.confidence import rated
from tocsin.assessment.explanations import Effort, with_drivers, with_flips
from tocsin.assessment.figures_result import Figures
from tocsin.assessment.health_findings import Grounds, judged_findings, template_findings
from tocsin.assessment.health_result import Health
from tocsin.assessment.judging import Judge
from tocsin.assessment.record import versions
from tocsin.assessment.requests import basis_of
from tocsin.assessment.result import Assessment, RunRecord
from tocsin.assessment.rivals.weigh import weigh
from tocsin.assessment.worlds import check_draws
from tocsin.case.override import override
from tocsin.case.schema import Case
from tocsin.case.variants import with_variants
from tocsin.errors import InputError
from tocsin.translation import message

DRAWS = 2048
"""Worlds requested by default."""

Progress = Callable[[str, float], None]


def assess(
    case: Case,
    *,
    seed: int = 1,
    draws: int = DRAWS,
    settings: Mapping[str, str] | None = None,
    variants: Sequence[str] = (),
    progress: Progress | None = None,
) -> Assessment:
    """Run a case: worlds, games, claims, verdicts; without games, decide the claims by facts and estimates alone.

    Args:
        case: a loaded case.
        seed: of the draws, >= 0; the same seed gives the same assessment.
        draws: worlds to draw, 1 to 10,000,000; more are drawn if weighting by the record leaves too few effective draws.
        settings: inputs overridden for this run, as in `--set`: name -> text.
        variants: names of variants of the case, and of arguments that set inputs; `settings` override what they set.
        progress: called with the name of a stage and the share done, in [0, 1].

    Raises:
        InputError: if an argument, a setting or a variant is out of range or unknown, or two variants differ about an input.
        SolveError: if a game has no finite solution.
    """
    if not isinstance(case, Case):
        raise InputError(
            message("assess takes a loaded case"),
            remedy=message("write {code}", code="tocsin.assess(tocsin.load(PATH))"),
        )
    began = time.perf_counter()
    report = progress or (lambda _stage, _share: None)
    changes = with_variants(case, variants, settings or {})
    chosen = override(case, changes) if changes else case
    check_draws(seed, draws)
    if chosen.theatres:
        # imported here: the games load the engine, which a case without games never needs
        from tocsin.assessment.games import assess_games

        result = assess_games(chosen, seed=seed, draws=draws, report=report)
    else:
        result = _without_games(chosen, seed)
    run = replace(
        result.run,
        settings=tuple(changes.items()),
        variants=tuple(dict.fromkeys(variants)),
        seconds=time.perf_counter() - began,
    )
    return replace(result, run=run, rivals=weigh(chosen, seed))


def _without_games(case: Case, seed: int) -> Assessment:
    """Decide the claims of a case that has no game; the seed is that of the sample of its estimates."""
    judge = Judge(case, seed)
    sampled = any(basis_of(case, test) == "estimate" for tests in case.tests.values() for test in tests.values())
    decided = with_drivers(judge, [decide_claim(judge, name, claim) for name, claim in case.claims.items()])
    claims = tuple(with_flips(judge, decided, Effort(worlds=0, games=0, deciding=0), lambda _share: None))
    health = Health(findings=(*template_findings(case), *judged_findings(case, claims)))
    return Assessment(
        case=case,
        run=RunRecord(
            seed=seed,
            draws=estimates.SAMPLE if sampled else 0,
            settings=(),
            models=(),
            data=case.data_hashes,
            versions=versions(*(("numpy", "scipy") if sampled or case.rivals.chances else ())),
            effective_draws=None,
            settled=None,
            seconds=0.0,
        ),
        quantities=(),
        claims=rated(case, claims, health, Grounds()),
        figures=Figures(),
        scenes=(),
        health=health,
    )
