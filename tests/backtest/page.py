"""Write the tables of docs/backtest.md, its figure and the weights of models from the stored back-test: `python -m tests.backtest.page [NEW.json]`.

With a file, as `tocsin validate --json` writes it, that file becomes the stored back-test first.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tocsin.backtest.results import (
    HEADERS,
    Backtest,
    area_headers,
    area_rows,
    counts,
    heading,
    pool_sentence,
    score_rows,
)
from tocsin.backtest.stored import load_backtest
from tocsin.evidence.past.kinds import GENERAL
from tocsin.plots.calibration import calibration_svg

ROOT = Path(__file__).resolve().parents[2]
PAGE, FIGURE = ROOT / "docs" / "backtest.md", ROOT / "docs" / "backtest.svg"
STORED = ROOT / "src" / "tocsin" / "backtest" / "stored.json"
WEIGHTS = ROOT / "src" / "tocsin" / "evidence" / "courses" / "weights.csv"
START, END = "<!-- tables: python -m tests.backtest.page -->", "<!-- end of tables -->"


def tables(result: Backtest) -> Iterator[str]:
    """Yield the paragraphs and tables between the markers of the page."""
    for kind in result.kinds:
        yield f"### {kind.name[0].upper()}{kind.name[1:]}"
        yield counts(kind)
        for outcome in kind.outcomes:
            yield f"**{heading(kind.name, outcome)}**"
            yield markdown(HEADERS, score_rows(outcome))
            yield pool_sentence(outcome)
            yield "Area under the ROC curve among some cases only:"
            yield markdown(area_headers(outcome), area_rows(outcome))


def weights(result: Backtest) -> str:
    """Return the table of the weights in the pool for wars among rivals, which the models of a case's claims have."""
    rows = result.outcome(GENERAL, "war").weights.items()
    return "forecaster,weight\n" + "".join(f'"{name}",{weight:.6f}\n' for name, weight in rows)


def markdown(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page(text: str, result: Backtest) -> str:
    """Return a page with new tables between its markers."""
    before, _, rest = text.partition(START)
    after = rest.partition(END)[2]
    return "\n\n".join([before + START, *tables(result), END]) + after


if __name__ == "__main__":
    if len(sys.argv) > 1:
        STORED.write_text(Path(sys.argv[1]).read_text(encoding="utf-8"), encoding="utf-8")
    stored = load_backtest()
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), stored), encoding="utf-8")
    FIGURE.write_text(calibration_svg(stored), encoding="utf-8")
    WEIGHTS.write_text(weights(stored), encoding="utf-8")
