"""What `tocsin evidence fit` made, as a file and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tocsin.evidence.signalling.fit import SignalFit
from tocsin.evidence.signalling.game import OUTCOMES
from tocsin.evidence.strategic.bayes import Posterior, left_out
from tocsin.evidence.strategic.fit import Fit
from tocsin.evidence.strategic.quality import Vuong, quality
from tocsin.evidence.strategic.resampling import Bootstrap


@dataclass
class Made:
    """An estimate and what was asked for beside it."""

    found: Fit
    effects: Mapping[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    test: Vuong | None = None
    drawn: Bootstrap | None = None
    chains: Posterior | None = None
    left_out: tuple[float, float] | None = None
    """By how much the posterior tells cases left out better than the other model's, and the standard error of that."""


def _finite(number: float) -> float | None:
    return float(number) if abs(number) < float("inf") else None


def told(made: Made) -> dict[str, Any]:
    """An estimate, plain enough for a file."""
    found, drawn, chains = made.found, made.drawn, made.chains
    fitted = quality(found.log_probabilities(), found.sample.outcome)
    errors = found.standard_errors
    rows = [
        {"utility": name, "term": term, "estimate": float(value), "se": _finite(error)}
        for (name, term), value, error in zip(found.sample.names, found.estimate, errors, strict=True)
    ]
    if drawn:
        for row, error in zip(rows, drawn.standard_errors, strict=True):
            row["bootstrap_se"] = float(error)
    if chains:
        for row, low, middle, high in zip(rows, *chains.quantiles(0.05, 0.5, 0.95), strict=True):
            row["posterior"] = {"p05": float(low), "p50": float(middle), "p95": float(high)}
    given = found.sample.specification
    return {
        "coefficients": rows,
        "loglik": found.loglik,
        "n": len(found.sample.outcome),
        "converged": found.converged,
        "warnings": list(found.warnings),
        "seconds": found.seconds,
        "seconds_compiling": found.compiling,
        "outcomes": {label: int((found.sample.outcome == at).sum()) for at, label in enumerate(given.game.outcomes)},
        "left_out": {name: list(rows) for name, rows in found.sample.missing.items()},
        "covariance": [[_finite(value) for value in line] for line in found.covariance.tolist()],
        "errors": "clustered" if given.cluster else "curvature",
        "fit": {
            "log_score": fitted.log_score,
            "reduction_in_loss": _finite(fitted.reduction),
            "brier": fitted.brier,
            "calibration": [{"foretold": a, "happened": b, "cases": n} for a, b, n in fitted.calibration],
        },
        "bootstrap": {"draws": len(drawn.estimates), "failed": drawn.failed, "seed": drawn.seed} if drawn else None,
        "posterior": _posterior(chains) if chains else None,
        "effects": {
            name: [
                {"outcome": label, "change": float(change), "se": float(error)}
                for label, change, error in zip(given.game.outcomes, *effect, strict=True)
            ]
            for name, effect in made.effects.items()
        },
        "against": vars(made.test) if made.test else None,
        "against_left_out": {"better": made.left_out[0], "se": made.left_out[1]} if made.left_out else None,
    }


def _posterior(chains: Posterior) -> dict[str, Any]:
    one_out = left_out(chains)
    return {
        "prior": chains.sample.specification.penalty,
        "draws": int(chains.draws.shape[0] * chains.draws.shape[1]),
        **chains.mixing.to_dict(),
        "seed": chains.seed,
        "seconds": chains.seconds,
        "left_out_score": one_out.score,
        "left_out_error": one_out.error,
        "left_out_shaky": one_out.shaky,
    }


def sentences(made: Made) -> str:
    """An estimate in a table and a few lines."""
    found, drawn, chains = made.found, made.drawn, made.chains
    fitted = quality(found.log_probabilities(), found.sample.outcome)
    errors = drawn.standard_errors if drawn else found.standard_errors
    names = [f"{name} {term}" for name, term in found.sample.names]
    width = max(len("log likelihood"), *map(len, names))
    lines = [f"{'':{width}}   estimate {'drawn se' if drawn else 'se':>10}        z"]
    for name, value, error in zip(names, found.estimate, errors, strict=True):
        z = f"{value / error:8.2f}" if error > 0 else "        "
        lines.append(f"{name:{width}} {value:10.4f} {error:10.4f} {z}")
    kind = "penalised log likelihood" if found.sample.specification.penalty != "none" else "log likelihood"
    lines.append(f"{kind} {found.loglik:.5f}, {len(found.sample.outcome):,} cases, {found.seconds:.2f} s")
    if np.isfinite(fitted.reduction):
        lines.append(f"loss {fitted.reduction:.1%} below that of the outcomes' shares; Brier score {fitted.brier:.3f}")
    else:
        lines.append("only one outcome comes about in these cases: there is nothing to tell")
    if chains:
        low, middle, high = chains.quantiles(0.05, 0.5, 0.95)
        lines.append("posterior, 5 %, 50 %, 95 %:")
        lines += [
            f"{name:{width}} {a:10.4f} {b:10.4f} {c:8.4f}"
            for name, a, b, c in zip(names, low, middle, high, strict=True)
        ]
        lines.append(
            f"chains: R-hat {chains.mixing.r_hat:.4f}, at least {chains.mixing.effective:.0f} effective draws, {chains.seconds:.0f} s"
        )
    lines += [
        f"per unit of {name}, where the cases stand: P({label}) {change:+.4f} ({error:.4f})"
        for name, effect in made.effects.items()
        for label, change, error in zip(found.sample.specification.game.outcomes, *effect, strict=True)
    ]
    if made.test:
        nearer = "this one" if made.test.statistic > 0 else "the other"
        lines.append(
            f"Vuong: z {made.test.statistic:.2f}, p {made.test.p:.3f}; nearer the truth, if either: {nearer} "
            "(says nothing where one is a case of the other)"
        )
    if made.left_out:
        lines.append(
            f"cases left out one by one: better than the other by {made.left_out[0]:.2f} (se {made.left_out[1]:.2f})"
        )
    lines += [f"note: {_short(warning)}" for warning in found.warnings]
    if not found.converged:
        lines.append("NOT CONVERGED: these numbers are no estimate")
    return "\n".join(lines)


def told_of_signalling(found: SignalFit) -> dict[str, Any]:
    """An estimate of the crisis game with hidden types, plain enough for a file."""
    return {
        "coefficients": [
            {"utility": name, "term": term, "estimate": float(value), "se": _finite(error)}
            for (name, term), value, error in zip(found.games.names, found.estimate, found.standard_errors, strict=True)
        ],
        "loglik": found.loglik,
        "n": int(found.games.counts.sum()),
        "games": len(found.games.counts),
        "converged": found.converged,
        "warnings": list(found.warnings),
        "seconds": found.seconds,
        "outcomes": {name: int(count) for name, count in zip(OUTCOMES, found.games.counts.sum(axis=0), strict=True)},
        "left_out": {name: list(rows) for name, rows in found.games.missing.items()},
        "covariance": [[_finite(value) for value in line] for line in found.covariance.tolist()],
        "start": found.start,
        "games_with_several_equilibria": int((found.equilibria > 1).sum()),
        "rows": [
            {"row": int(row), "resist": float(resist), "firm": float(firm), "equilibria": int(several)}
            for row, resist, firm, several in zip(
                found.games.rows, found.resist, found.firm, found.equilibria, strict=True
            )
        ],
    }


def sentences_of_signalling(found: SignalFit) -> str:
    """The same in a table and a few lines."""
    names = [f"{name} {term}" for name, term in found.games.names]
    width = max(map(len, names))
    lines = [f"{'':{width}}   estimate         se        z"]
    for name, value, error in zip(names, found.estimate, found.standard_errors, strict=True):
        z = f"{value / error:8.2f}" if error > 0 else "        "
        lines.append(f"{name:{width}} {value:10.4f} {error:10.4f} {z}")
    plays = int(found.games.counts.sum())
    lines.append(
        f"log likelihood {found.loglik:.5f} (at the pseudo-likelihood start {found.start:.5f}), {plays:,} plays of "
        f"{len(found.games.counts):,} games, {found.seconds:.1f} s"
    )
    mean = np.average(np.column_stack([found.resist, found.firm]), axis=0, weights=found.games.counts.sum(axis=1))
    lines.append(f"a challenge is resisted with chance {mean[0]:.2f}, and then stood by with {mean[1]:.2f}, on average")
    lines += [f"note: {_short(warning)}" for warning in found.warnings]
    if not found.converged:
        lines.append("NOT CONVERGED: these numbers are no estimate")
    return "\n".join(lines)


def _short(warning: str) -> str:
    return warning if len(warning) <= 300 else f"{warning[:297]}..."
