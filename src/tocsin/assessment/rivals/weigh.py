"""Weigh the rival explanations of a case by what was seen, and see how each argument is tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tocsin.assessment.figures_result import Band
from tocsin.assessment.rivals.bayes import (
    Evidence,
    effective_items,
    entropy,
    expected_information,
    group_size,
    log_likelihood,
    posterior,
)
from tocsin.assessment.rivals.draws import Draws
from tocsin.assessment.rivals.result import (
    ArgumentResult,
    ExplanationRow,
    Group,
    Item,
    Posterior,
    RivalResult,
    Rivals,
    Sight,
)
from tocsin.assessment.rivals.sights import sight_of
from tocsin.case.rival_blocks import READERS, Reader, RivalSet
from tocsin.case.rivals import chance_loc, item_loc, makers, prediction_loc, strength_loc
from tocsin.case.schema import Case

Floats = NDArray[np.float64]


def weigh(case: Case, seed: int) -> Rivals:
    """Return what the explanations and arguments of a case come to.

    Args:
        case: a loaded case.
        seed: of the draws of the chances, >= 0.
    """
    draws = Draws(seed)
    sets = tuple(_Set(case, name, rivals, draws).result() for name, rivals in case.explanations.items())
    return Rivals(sets=sets, arguments=tuple(_argument(case, key, draws) for key in case.arguments))


def points(values: Floats) -> Band:
    """Return the 5, 50 and 95 % points of draws."""
    low, mid, high = (float(value) for value in np.quantile(values, (0.05, 0.5, 0.95)))
    return (low, mid, high)


@dataclass(frozen=True)
class _Set:
    """A set of explanations of a case."""

    case: Case
    name: str
    rivals: RivalSet
    draws: Draws

    def result(self) -> RivalResult:
        known = self.known
        later = [item for item in self.rivals.observations if self.sights[item].share is not None]
        return RivalResult(
            name=self.name,
            what=self.rivals.what,
            claims=self.rivals.claims,
            article=self.rivals.article,
            explanations=tuple(
                ExplanationRow(key=key, name=item.name, says=item.says, argues=item.argues)
                for key, item in self.rivals.of.items()
            ),
            items=self._items(),
            posteriors=self._posteriors(known),
            since=self._posteriors(later) if len(later) > len(known) else {},
            groups=tuple(self._groups()),
            uncertainty=entropy(self.neutral),
        )

    @cached_property
    def sights(self) -> Mapping[str, Sight]:
        """Return whether each item was seen."""
        return {
            item: sight_of(self.case, item_loc(self.name, item), self.draws.seed) for item in self.rivals.observations
        }

    @cached_property
    def chances(self) -> Mapping[str, Floats]:
        """Return the chance to see each item under each explanation, (explanations, draws)."""
        shapes = self.case.rivals.chances
        return {
            item: np.stack(
                [
                    self.draws.of(f"{self.name}.{item}", shapes[chance_loc(self.name, item, key)])
                    for key in self.rivals.of
                ]
            )
            for item in self.rivals.observations
        }

    @cached_property
    def strengths(self) -> Mapping[str, Floats]:
        """Return the correlation within each group, (draws,)."""
        shapes = self.case.rivals.chances
        return {
            group: self.draws.number(f"{self.name}.{group}", shapes[strength_loc(self.name, group)])
            for group in self.rivals.groups
        }

    @cached_property
    def evidence(self) -> Mapping[str, Evidence]:
        """Return each item whose answer is known."""
        return {
            item: Evidence(
                name=item, logs=log_likelihood(self.chances[item], sight.share), group=observation.group or ""
            )
            for item, observation in self.rivals.observations.items()
            if (sight := self.sights[item]).share is not None
        }

    @cached_property
    def known(self) -> list[str]:
        """Return the items that are evidence on the day of the case."""
        return [item for item in self.rivals.observations if self.sights[item].counts]

    @cached_property
    def neutral(self) -> Floats:
        """Return the neutral reader's probabilities after these items, (explanations, draws)."""
        return self._belief("neutral", self.known)

    def _prior(self, reader: Reader) -> Floats | None:
        """Return the prior of a reader, (explanations,); None if the case does not state it."""
        stated = self.rivals.priors.of(reader)
        if stated is not None:
            return np.array([stated.chances[key] for key in self.rivals.of])
        return np.full(len(self.rivals.of), 1.0 / len(self.rivals.of)) if reader == "neutral" else None

    def _belief(self, reader: Reader, items: Sequence[str]) -> Floats:
        prior = self._prior(reader)
        assert prior is not None
        return posterior(prior, [self.evidence[item] for item in items], self.strengths)

    def _posteriors(self, items: Sequence[str]) -> dict[Reader, dict[str, Posterior]]:
        result: dict[Reader, dict[str, Posterior]] = {}
        for reader in READERS:
            prior = self._prior(reader)
            if prior is None:
                continue
            belief = self._belief(reader, items)
            result[reader] = {
                key: Posterior(prior=float(before), mean=float(np.mean(after)), band=points(after))
                for key, before, after in zip(self.rivals.of, prior, belief, strict=True)
            }
        return result

    # --- items -----------------------------------------------------------------------------------------------------

    def _items(self) -> tuple[Item, ...]:
        """Return all items: those that count first, then late ones, then those not known; what moves or tells most first."""
        return tuple(sorted(map(self._item, self.rivals.observations), key=_order))

    def _item(self, name: str) -> Item:
        observation, sight = self.rivals.observations[name], self.sights[name]
        logs = self.evidence[name].logs if name in self.evidence else np.log(self.chances[name])
        own = logs[list(self.rivals.of).index(self.rivals.article)]
        ratios = {key: points(np.exp(row - own)) for key, row in zip(self.rivals.of, logs, strict=True)}
        medians = np.median(logs, axis=1)
        waiting = sight.state == "unknown"
        return Item(
            name=name,
            says=observation.says,
            sight=sight,
            group=observation.group or "",
            ratios=ratios,
            spread=float(np.exp(np.ptp(medians))),
            moved=self._moved(name) if sight.counts else {},
            information=expected_information(self.neutral, self.chances[name]) if waiting else None,
        )

    def _moved(self, name: str) -> dict[str, float]:
        """Return by how much an item moves the neutral reader's probabilities, beside all others."""
        with_it = np.mean(self.neutral, axis=1)
        without = np.mean(self._belief("neutral", [item for item in self.known if item != name]), axis=1)
        return dict(zip(self.rivals.of, (with_it - without).tolist(), strict=True))

    def _groups(self) -> list[Group]:
        evidence = [self.evidence[item] for item in self.known]
        sizes = {group: group_size(group, evidence) for group in self.rivals.groups}
        return [
            Group(
                name=group,
                items=size,
                strength=(strength := points(self.strengths[group])),
                effective=float(effective_items(size, strength[1])),
            )
            for group, size in sizes.items()
            if size > 1
        ]


def _order(item: Item) -> tuple[float, ...]:
    """Return the place of an item; rounded, so that no error of the last digit decides."""
    return (_rank(item), -round(item.largest_move, 9), -round(item.information or 0.0, 9), -round(item.spread, 9))


def _rank(item: Item) -> int:
    """Return 0 for items that count, 1 for those known since, 2 for those not known, 3 for those that sources or values leave open."""
    if item.sight.counts:
        return 0
    if item.sight.share is not None:
        return 1
    return 2 if item.sight.state == "unknown" else 3


# --- arguments -----------------------------------------------------------------------------------------------------


def _argument(case: Case, key: str, draws: Draws) -> ArgumentResult:
    argument, loc = case.arguments[key], prediction_loc(key)
    result = ArgumentResult(
        key=key,
        explanations=makers(case, key),
        sets=tuple(argument.sets),
        text=argument.says,
        bears_on=tuple(name for name, claim in case.claims.items() if name in argument.against or key in claim.rivals),
        values=dict(argument.sets),
    )
    if argument.predicts is None:
        return result
    sight = sight_of(case, loc, draws.seed)
    ratio = None
    if sight.share is not None:
        right, wrong = (
            log_likelihood(draws.of(f"argument.{key}", case.rivals.chances[(*loc, end)]), sight.share)
            for end in ("right", "wrong")
        )
        ratio = points(np.exp(right - wrong))
    return replace(result, says=argument.predicts.says, sight=sight, ratio=ratio)
