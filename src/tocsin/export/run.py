"""The run that is exported."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from tocsin.errors import InputError
from tocsin.translation import message

if TYPE_CHECKING:
    import polars as pl

    from tocsin.assessment.challenging.result import Challenge
    from tocsin.assessment.record import AssessmentRecord
    from tocsin.assessment.result import Assessment
    from tocsin.case.schema import Case


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run of a case, with what was stored beside it.

    Attributes:
        record: the assessment as its JSON gives it.
        case: the case, with the settings of the run; None if a JSON alone is exported and the case is not at hand.
        summary: of the case; empty without the case.
        questions: each question of the case with its answer; empty for a JSON alone.
        made: day of the run in UTC; None for a JSON alone, which does not state it.
        stored: the text of the whole assessment, see `assessment.stored`; None for a JSON alone.
        stored_sketch: what the page of the brief needs to guess, see `assessment.sketching`; None where there is none.
        stored_challenge: the text of the last challenge of the run, see `assessment.challenging.stored`; None if there is none.
        stored_worlds: the Parquet of the worlds, see `assessment.world_table`; None for a JSON alone or a run without games.
    """

    record: AssessmentRecord
    case: Case | None
    summary: str = ""
    questions: tuple[tuple[str, str], ...] = ()
    made: date | None = None
    stored: bytes | None = field(default=None, repr=False)
    stored_sketch: bytes | None = field(default=None, repr=False)
    stored_challenge: bytes | None = field(default=None, repr=False)
    stored_worlds: bytes | None = field(default=None, repr=False)

    @cached_property
    def assessment(self) -> Assessment:
        """Return the whole assessment, with the numbers behind its figures.

        Raises:
            InputError: if only a JSON is at hand, or the stored run is damaged.
        """
        if self.case is None or self.stored is None:
            raise InputError(
                message("a JSON does not hold the figures of a run"),
                remedy=message("run `tocsin assess CASE`, and then export the CASE"),
            )
        # imported here: it loads the whole of the results
        from tocsin.assessment.stored import from_json

        return replace(from_json(self.stored, self.case), sketch=self.stored_sketch)

    @cached_property
    def challenge(self) -> Challenge | None:
        """Return the last challenge of the run; None if there is none, or none that this version can read."""
        from tocsin.assessment.challenging.stored import from_json

        if self.stored_challenge is None:
            return None
        with suppress(InputError):
            return from_json(self.stored_challenge)
        return None

    @cached_property
    def worlds(self) -> pl.DataFrame | None:
        """Return the worlds; None if they were not stored."""
        if self.stored_worlds is None:
            return None
        from io import BytesIO

        import polars as pl

        return pl.read_parquet(BytesIO(self.stored_worlds))
