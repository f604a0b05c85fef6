"""Time of strategic fits: python -m benchmarks.strategic SPEC.yaml DATA.csv [--posterior]

The best of five searches after the game is compiled, beside what R's games package took on the same two data sets elsewhere
(war1800 0.03 s, leblang2003 1.27 s); and one posterior of four chains of at least 1,000 draws.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tocsin.evidence.strategic.bayes import posterior
from tocsin.evidence.strategic.fit import fit
from tocsin.evidence.strategic.sample import sample
from tocsin.evidence.strategic.specification import read_specification
from tocsin.evidence.tables import read_table


def main(specification: str, data: str, chains: bool) -> None:
    """Print seconds, log likelihood and convergence."""
    given = read_specification(Path(specification).read_text(encoding="utf-8"), specification)
    cases = sample(given, read_table(Path(data)))
    found = [fit(cases) for _ in range(6)]
    best = min(found[1:], key=lambda each: each.seconds)
    print(
        f"{len(cases.outcome):,} cases, {best.estimate.size} coefficients: log likelihood {best.loglik:.6f}, converged "
        f"{best.converged}, {best.seconds:.4f} s (the first time {found[0].seconds + found[0].compiling:.2f} s with compiling)"
    )
    if chains:
        walked = posterior(cases, seed=1)
        print(
            f"posterior: {walked.seconds:.1f} s with compiling, R-hat {walked.mixing.r_hat:.4f}, {walked.mixing.effective:.0f} effective draws"
        )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], "--posterior" in sys.argv)
