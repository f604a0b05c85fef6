"""Write docs/reference-classes.md from the stored classes: `python -m tests.evidence.classes_page`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tocsin.cli.like import comparison_rows, rate_rows
from tocsin.evidence.classes.restraints import restraints
from tocsin.evidence.classes.stored import StoredClass, load_class
from tocsin.evidence.classes.table import CLASSES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference-classes.md"
MAX_LISTED = 60
"""A class with more cases is not listed on the page."""

HEAD = """\
# Reference classes

The model looks at a case from inside: it takes the argument's own actors, forces and judgements, and solves a game. This page is the view
from outside. It asks how past cases of the same kind went. A reference class is a fixed query on public data sets that lists its cases,
what followed each, and how often.

```
tocsin evidence like                                # the classes
tocsin evidence like plan --case japan-buildup      # the classes of an event of a case, and how far the case lies from them
tocsin evidence like build_ups --csv build_ups.csv  # a class with all its cases
tocsin evidence refit build_ups --json new.json     # the same from the data sets in your cache
```

An event belongs to a class by what it changes:

| the event | its class |
| --- | --- |
| raises a protector's spending by a quarter or more, against the path it is compared with | `build_ups`; also `contributors` if the protector is one of three or more and not the strongest; for the second strongest the rate is that of second members |
| ends a restraint on a state's forces | `restraints` |
| makes an ally drift from the strongest member of its coalition | `drifts`; also `engagements` if the ally is the target |
| makes an ally return to it | `returns` |
| cuts spending, raises that of the target or of a challenger, or moves the strongest protector | none, and the command says so |
| moves a protector of the target that has no other member twice as strong beside it | none: its tie is to the target, and the classes count allies of a stronger protector |

`tocsin assess` puts the base rate beside each verdict on an event with a class. Where the model has the outcome of the class, it has two figures for
the chance that the challenger presses or attacks the target within the window: its own pressure and attacks, and the same with the incidents that
the case's record counts as pressure. The brief says first if the two views differ: if the interval of the past lies wholly below or wholly above both
figures. If that interval lies between them, the brief says so beside the verdict and calls it no difference: the list of disputes counts more than
the model's own acts, and less than the incidents of the record. If the case's record shows pressure in the five years before, the rate is that of
past cases with a dispute in the five years before.

What holds for all classes:

- **A case is a row of a data set**: each names the rows that it rests on, such as `nmc 2/1984` (the key of the row in the data set `nmc`), and the
  row of its outcome. A test finds every one of them again.
- **The cases do not depend on the outcomes.** Shuffled disputes leave the list as it is.
- **Windows do not overlap.** Of overlapping windows of one pair only the first counts.
- **Open windows count neither way.** A window that the data do not cover to its end is open, even if the outcome came in its first years: to
  count only the hits would raise the rate. A state that leaves the list of states within a window is no gap: nothing more can follow.
- **No hindsight**: beside the claims of a case, only past cases count whose windows had ended before the year of its `as_of`, and so for the
  similar pairs. The brief says how many later ones it leaves out. Without them the rate is that of all remaining cases, not that after a recent
  dispute, and intervals allow only for cases of one pair that go together. If no case remains, there is no outside view.
- **Intervals** are the 90 % intervals of Jeffreys' posterior, Beta(k + 1/2, n - k + 1/2). A second row shrinks the sample by the design effect if cases
  of one pair, or of one state, go together.
- **Comparisons**: the same pair in the years before the event, and up to three similar pairs without it. The difference is in points, with an
  error clustered by pair or by state, whichever is larger, and no narrower than for independent shares. A comparison is not an experiment: each
  class states what it assumes.
- **Distance**: the command prints where the case at hand lies among the cases, for what the case gives. What it does not give is "not known".
  That holds for the pact that most classes require: a case names protectors, and a protector need not have a pact. An event has no date of its own,
  so the year is that of the case.

"""


def page() -> str:
    """Return the page."""
    return HEAD + "\n".join(line for name in CLASSES for line in _section(load_class(name)))


def _section(stored: StoredClass) -> Iterator[str]:
    item = stored.definition
    yield f"## {item.question}\n"
    yield f"`{stored.name}`. {' '.join(stored.sentence(name) for name in item.outcomes)}"
    if left := stored.open_windows(stored.main):
        yield f"{left} more have an open window."
    yield ""
    yield from _table(("outcome", "rate of", "yes", "cases", "share", "90 % interval"), list(rate_rows(stored)))
    yield from _table(
        ("outcome", "compared with", "cases", "these", "those", "difference", "90 % interval"),
        list(comparison_rows(stored)),
    )
    yield f"- A case: {item.case}"
    yield f"- Overlap: {item.overlap}"
    yield f"- The same pairs before: {item.before or item.no_before}"
    yield f"- Similar pairs: {item.similar}"
    yield f"- Limits: {item.limits}"
    yield f"- Data: {'; '.join(f'{source.cite} (`{source.source}`)' for source in stored.result.data)}\n"
    if stored.name == "restraints":
        yield "The list of restraints:\n"
        rows = restraints().select("code", "year", "kind", "restraint", "fell", "source").rows()
        yield from _table(("state", "year", "kind", "restraint", "how it fell", "source"), rows)
    yield from _cases(stored)


def _cases(stored: StoredClass) -> Iterator[str]:
    if len(stored.cases) > MAX_LISTED:
        yield f"All {len(stored.cases)} cases: `tocsin evidence like {stored.name} --csv FILE`.\n"
        return
    outcomes = list(stored.definition.outcomes)
    rows = [
        (row["name"], row["year"], *(row[name] for name in outcomes), row["row"], row[f"{stored.main}_row"])
        for row in stored.cases
    ]
    yield from _table(("case", "year", *outcomes, "source rows", "row of the outcome"), rows)


def _table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(headers)} |"
    yield f"| {' | '.join('---' for _ in headers)} |"
    yield from (f"| {' | '.join(map(str, row))} |" for row in rows)
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
