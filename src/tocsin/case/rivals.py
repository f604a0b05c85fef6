"""Compile what rival explanations and arguments predict, and find what does not fit together."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from tocsin.case import distributions
from tocsin.case.compiled import RivalTests
from tocsin.case.distributions import Distribution
from tocsin.case.language import parse
from tocsin.case.nodes import Call, Node, Probability, Threshold, facts, walk
from tocsin.case.problem import Finding, Problem, unknown
from tocsin.case.rival_blocks import READERS, Observation, Prediction, Prior, RivalSet
from tocsin.case.schema import Case, JoinedCase
from tocsin.case.typing_rules import resolved, unit_of_node
from tocsin.case.units import BOOL, parse_number
from tocsin.case.values import Value
from tocsin.errors import InputError
from tocsin.reading import Loc
from tocsin.translation import in_commas, message, plural

SUM_ERROR = 1e-6
"""Largest distance from one of the sum of prior probabilities: thirds written with six digits pass."""


def set_loc(name: str) -> Loc:
    """Return the path in the file of a set of explanations."""
    return ("explanations", name)


def item_loc(name: str, item: str) -> Loc:
    """Return the path in the file of an observation of a set."""
    return (*set_loc(name), "observations", item)


def chance_loc(name: str, item: str, explanation: str) -> Loc:
    """Return the path in the file of the chance to see an observation under an explanation."""
    return (*item_loc(name, item), "chances", explanation)


def strength_loc(name: str, group: str) -> Loc:
    """Return the path in the file of the strength of dependence of a group."""
    return (*set_loc(name), "groups", group, "strength")


def prediction_loc(argument: str) -> Loc:
    """Return the path in the file of the prediction of an argument."""
    return ("arguments", argument, "predicts")


def compile_rivals(
    case: JoinedCase, values: Mapping[str, Value], counts: frozenset[str]
) -> tuple[RivalTests, list[Problem]]:
    """Return the tests and chances of a case's explanations and arguments, and every problem of them.

    Args:
        case: the file joined with its tables.
        values: values of the facts that parse.
        counts: things that facts count, which tests may use as units.
    """
    compiler = _Compiler(case, values, counts)
    for name, rivals in case.explanations.items():
        compiler.add_set(name, rivals)
    for key, argument in case.arguments.items():
        if argument.predicts is not None:
            compiler.add_prediction(prediction_loc(key), argument.predicts)
    return RivalTests(compiler.tests, compiler.chances), compiler.problems


def makers(case: Case, argument: str) -> tuple[tuple[str, str], ...]:
    """Return the explanations, as (set, explanation), that an argument makes and that predict anything of their own.

    An explanation predicts something if the chance of an observation under it differs from that under another explanation.
    """
    return tuple(
        (name, key)
        for name, rivals in case.explanations.items()
        for key, explanation in rivals.of.items()
        if argument in explanation.argues
        and any(
            _chance_of(case, name, item, key) != _chance_of(case, name, item, other)
            for item in rivals.observations
            for other in rivals.of
        )
    )


def _chance_of(case: Case, name: str, item: str, explanation: str) -> tuple[str, float, float]:
    """Return a chance without the way in which it is written."""
    return _shape(case.rivals.chances[chance_loc(name, item, explanation)])


def _shape(chance: Distribution) -> tuple[str, float, float]:
    return chance.family, chance.first, chance.second


@dataclass
class _Compiler:
    case: JoinedCase
    values: Mapping[str, Value]
    counts: frozenset[str]
    tests: dict[Loc, Node] = field(default_factory=dict)
    chances: dict[Loc, Distribution] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add_set(self, name: str, rivals: RivalSet) -> None:
        self.problems += _names(self.case, name, rivals)
        for item, observation in rivals.observations.items():
            loc = item_loc(name, item)
            self._test(loc, observation)
            self.problems += _complete(
                (*loc, "chances"), observation.chances, rivals.of, message("observation `{item}`", item=item)
            )
            for explanation, text in observation.chances.items():
                self._chance((*loc, "chances", explanation), text, strict=True)
        for group, dependence in rivals.groups.items():
            self._chance(strength_loc(name, group), dependence.strength, strict=False)

    def add_prediction(self, loc: Loc, prediction: Prediction) -> None:
        self._test(loc, prediction)
        self._chance((*loc, "right"), prediction.right, strict=True)
        self._chance((*loc, "wrong"), prediction.wrong, strict=True)

    def _test(self, loc: Loc, item: Observation | Prediction) -> None:
        """Compile the test of an item: it reads facts and inputs, and no game."""
        if item.seen is None:
            return
        seen_loc = (*loc, "seen")
        try:
            node = resolved(parse(item.seen, self.counts), self.case, None, None)
            unit = unit_of_node(node, self.case, self.values, None)
            _check_leaves(node)
        except InputError as error:
            self.problems.append(Problem(seen_loc, error.message, error.remedy, offset=error.column))
            return
        if unit != BOOL:
            refusal = message("the test is neither true nor false")
            self.problems.append(Problem(seen_loc, refusal, message("compare it with something"), offset=1))
            return
        self.tests[loc] = node

    def _chance(self, loc: Loc, text: str, *, strict: bool) -> None:
        """Read a number from 0 to 1 or a distribution there; without the ends themselves if `strict`."""
        try:
            self.chances[loc] = read_chance(text, strict=strict)
        except InputError as error:
            self.problems.append(Problem(loc, error.message, error.remedy))


@lru_cache(maxsize=1024)
def read_chance(text: str, *, strict: bool) -> Distribution:
    """Return a chance that is written as a number or a distribution.

    Args:
        text: "0.3" or "beta(0.1 to 0.4)".
        strict: whether the numbers 0 and 1 are refused: what is impossible or certain could never be unlearned.

    Raises:
        InputError: if it is neither, or leaves 0 to 1.
    """
    first = text.strip()[:1]
    if first.isdigit() or first in "+-.":
        text = f"fixed({parse_number(text)!r})"
    result = distributions.parse(text, low=0.0, high=1.0)
    if strict and result.family == "fixed" and not 0.0 < result.first < 1.0:
        raise InputError(
            message("a chance of {chance} leaves no room for error", chance=f"{result.first:g}"),
            remedy=message("write a chance above 0 and below 1"),
        )
    return result


def _check_leaves(node: Node) -> None:
    """Refuse what an observation cannot be: a quantity of a game, a threshold or a share of worlds."""
    for part in walk(node):
        if isinstance(part, Call | Probability | Threshold):
            what = f"`{part.name}`" if isinstance(part, Call) else message("a threshold or a share of worlds")
            raise InputError(
                message(
                    "an observation cannot read {what}: it is something to see, not a result of the model", what=what
                ),
                column=part.column,
                remedy=message('compare facts or inputs, such as "fact(ID) > 0" or "input(NAME) > 1"'),
            )


# --- notices -------------------------------------------------------------------------------------------------------


def facts_observed(case: Case) -> frozenset[str]:
    """Return the facts that observations and predictions read, which may be dated after the day of the case."""
    return frozenset(key for node in case.rivals.tests.values() for key in facts(node))


def rival_findings(case: Case) -> Iterator[Finding]:
    """Yield arguments that nothing tests or whose prediction tells nothing, and sets in which no observation tells explanations apart."""
    untested = [
        key
        for key, argument in case.arguments.items()
        if argument.predicts is None and not argument.sets and not makers(case, key)
    ]
    if untested:
        yield (
            ("arguments", untested[0]),
            plural(
                "1 argument makes no prediction and sets no input: {names}",
                "{count} arguments make no prediction and set no input: {names}",
                len(untested),
                names=in_commas(untested),
            ),
            message(
                "give `predicts` or `sets`, or name it under `argues` of an explanation; else nothing can speak for it or against it"
            ),
        )
    for key in case.arguments:
        right, wrong = (case.rivals.chances.get((*prediction_loc(key), end)) for end in ("right", "wrong"))
        if right is not None and wrong is not None and _shape(right) == _shape(wrong):
            refusal = message(
                "the prediction of argument `{key}` is as likely if it is wrong as if it is right: it tells nothing",
                key=key,
            )
            yield (
                prediction_loc(key),
                refusal,
                message("give `right` and `wrong` different chances, or remove `predicts`"),
            )
    for name, rivals in case.explanations.items():
        if all(len({_chance_of(case, name, item, key) for key in rivals.of}) == 1 for item in rivals.observations):
            refusal = message(
                "no observation of `{name}` is likelier under one explanation than under another", name=name
            )
            yield set_loc(name), refusal, message("add one that some explanations predict and others do not")


# --- names and sums ------------------------------------------------------------------------------------------------


def _names(case: JoinedCase, name: str, rivals: RivalSet) -> Iterator[Problem]:
    loc = set_loc(name)
    if rivals.article not in rivals.of:
        yield unknown((*loc, "article"), message("explanation"), rivals.article, rivals.of)
    for index, claim in enumerate(rivals.claims):
        if claim not in case.claims:
            yield unknown((*loc, "claims", index), message("claim"), claim, case.claims)
    yield from _arguments(case, loc, rivals)
    for reader in READERS:
        prior = rivals.priors.of(reader)
        if prior is not None:
            yield from _prior((*loc, "priors", reader), prior, rivals, reader)
    used = {item.group for item in rivals.observations.values()}
    for item, observation in rivals.observations.items():
        if observation.group is not None and observation.group not in rivals.groups:
            group_loc = (*loc, "observations", item, "group")
            yield unknown(group_loc, message("group"), observation.group, rivals.groups)
    for group in rivals.groups:
        if group not in used:
            refusal = message("no observation belongs to group `{group}`", group=group)
            yield Problem((*loc, "groups", group), refusal, message("name it under `group`, or remove it"), at_key=True)


def _arguments(case: JoinedCase, loc: Loc, rivals: RivalSet) -> Iterator[Problem]:
    """Yield unknown arguments, and those that make two explanations which exclude each other."""
    first: dict[str, str] = {}
    for key, explanation in rivals.of.items():
        for index, argument in enumerate(explanation.argues):
            argument_loc: Loc = (*loc, "of", key, "argues", index)
            if argument not in case.arguments:
                yield unknown(argument_loc, message("argument"), argument, case.arguments)
            elif (other := first.setdefault(argument, key)) != key:
                refusal = message(
                    "argument `{argument}` makes both `{other}` and `{key}`, which exclude each other",
                    argument=argument,
                    other=other,
                    key=key,
                )
                yield Problem(argument_loc, refusal, message("name it under one of them"))


def _complete(loc: Loc, chances: Mapping[str, object], known: Collection[str], what: str) -> Iterator[Problem]:
    """Yield explanations without a chance, and chances of unknown ones."""
    for key in chances:
        if key not in known:
            yield unknown((*loc, key), message("explanation"), key, known, at_key=True)
    missing = [key for key in known if key not in chances]
    if missing:
        names = in_commas(f"`{key}`" for key in missing)
        refusal = message("{what} has no chance under {names}", what=what, names=names)
        yield Problem(loc, refusal, message("give a chance under every explanation"), at_key=True)


def _prior(loc: Loc, prior: Prior, rivals: RivalSet, reader: str) -> Iterator[Problem]:
    problems = list(
        _complete((*loc, "chances"), prior.chances, rivals.of, message("the prior of `{reader}`", reader=reader))
    )
    yield from problems
    total = math.fsum(prior.chances.values())
    if not problems and abs(total - 1.0) > SUM_ERROR:
        nearest = ", ".join(f"{key}: {value:.3g}" for key, value in nearest_prior(prior.chances).items())
        refusal = message("the prior of `{reader}` sums to {total}, not to 1", reader=reader, total=f"{total:.6g}")
        yield Problem(
            (*loc, "chances"), refusal, message("the nearest that does is {prior}", prior=f"{{{nearest}}}"), at_key=True
        )


def nearest_prior(chances: Mapping[str, float]) -> dict[str, float]:
    """Return the probabilities that sum to one and are nearest to some numbers by least squares.

    It is the projection on the simplex of Held, Wolfe and Crowder, Mathematical Programming 6 (1974): all move by the same amount, and none
    below zero.
    """
    ordered = sorted(chances.values(), reverse=True)
    shifts = [(math.fsum(ordered[: count + 1]) - 1.0) / (count + 1) for count in range(len(ordered))]
    shift = [move for value, move in zip(ordered, shifts, strict=True) if value > move][-1]
    return {key: max(value - shift, 0.0) for key, value in chances.items()}
