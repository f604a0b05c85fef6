"""Prepare the arrays of one scenario from a case and its draws. Every input, uncertain or not, is one array over draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy.special import logit

from tocsin.case.form import INSTRUMENTS, TERM, Form
from tocsin.case.game_blocks import DatedGame
from tocsin.case.inputs import CONTEST_DEFAULTS, input_of_alignment, kind_of
from tocsin.case.spending import in_dollars, in_force
from tocsin.errors import InputError
from tocsin.measures.capability import cobb_douglas, stock
from tocsin.models.coercion.power import power
from tocsin.models.coercion.scenario import NO_FORCE, Outputs, Scenario
from tocsin.translation import message

if TYPE_CHECKING:
    from tocsin.case.schema import Case

Draws: TypeAlias = Mapping[str, np.ndarray]
"""Input name (as in the case's beliefs, with its `@theatre`) -> values over draws, shape (D,)."""

SHARED = (
    "precision", "cost.press", "cost.influence", "cost.condemn", "cost.back_down", "cost.clash",
    "cost.war.challenger", "cost.war.target", "shadow", "dividend", "widening", "strike_instability", "rollback",
    "toppling", "decisiveness.war", "decisiveness.clash",
)  # fmt: skip
HAZARDS = ("accident", "accident_after_clash")
STRIKES = ("launchers", "hidden", "cost.strike", "cost.strike.peace", "alarm", "warning")
LUMPS = ("cost.", "hostility", "shadow", "dividend", "standing_aside.")
"""Beginnings of the names of payoffs that come once, at an event."""


@dataclass(frozen=True)
class Prepared:
    """The arrays of one scenario.

    Attributes:
        form: the game with actors' names, without protectors that do not act and without their regimes.
        parameters: constant inputs by role name (see `Form.anonymous`), each (D,) float64; hazards as logits.
        forces: role -> force K^a N^(1-a), shape (horizon + 1, D), and the terms of treaties, see `Form.yearly`; the stationary end uses
            the last year.
        outputs: what is computed beside the players' values, see `Scenario`.
    """

    form: Form
    parameters: dict[str, np.ndarray]
    forces: dict[str, np.ndarray]
    outputs: Outputs


@dataclass(frozen=True)
class Inputs:
    """Draws as one theatre reads them: `name@theatre` if given, else `name`. Inputs of an `alike` set share one draw."""

    draws: Draws
    theatre: str
    leaders: Mapping[str, str]
    factors: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, case: Case, draws: Draws, scenario: Scenario) -> Inputs:
        """Return the draws of a scenario."""
        sets = case.alike[scenario.alike].sets if scenario.alike else ()
        leaders = {name: group[0] for group in sets for name in group}
        return cls(draws, scenario.theatre, leaders, dict(scenario.multiply))

    def __contains__(self, name: str) -> bool:
        return f"{name}@{self.theatre}" in self.draws or name in self.draws

    def get(self, name: str, default: np.ndarray) -> np.ndarray:
        """Return the draws of an input, or a default if the case does not give it."""
        if name not in self:
            return default
        return self[name]

    def __getitem__(self, name: str) -> np.ndarray:
        for key in (f"{name}@{self.theatre}", name):
            if key in self.draws:
                values = self.draws[self.leaders.get(key, key)]
                return _within_range(key, self.factors[key] * values) if key in self.factors else values
        raise InputError(
            message(
                "the coercion model needs the belief {name} in the theatre {theatre}",
                name=repr(name),
                theatre=repr(self.theatre),
            ),
            remedy=message("add `{name}:` (or `{name}@{theatre}:`) to `beliefs`", name=name, theatre=self.theatre),
        )


def _within_range(name: str, values: np.ndarray) -> np.ndarray:
    """Return the values of an input within its admissible range."""
    known = kind_of(name)
    assert known is not None
    return np.clip(values, known[0].low, known[0].high)


Forces: TypeAlias = dict[tuple[object, ...], np.ndarray]
"""Cache of forces, by what they depend on; most scenarios share them."""


def prepare(case: Case, scenario: Scenario, draws: Draws, known: Forces | None = None) -> Prepared:
    """Return the arrays of a scenario.

    Args:
        case: a loaded case.
        scenario: the game to prepare.
        draws: one array (D,) for every belief.
        known: cache of forces for these draws; new ones are added.

    Raises:
        InputError: if a belief that the model needs is missing.
    """
    whole = case.forms[scenario.theatre]
    form = whole if scenario.acting is None else whole.with_only(scenario.acting)
    inputs = Inputs.of(case, draws, scenario)
    role = dict(zip(form.players, form.anonymous().players, strict=True))
    parameters = {name: inputs[name] for name in SHARED}
    parameters |= {f"cost.war.{role}": inputs[f"cost.war.{role}"] for role in _helper_roles(form)}
    parameters |= {name: logit(inputs[name]) for name in HAZARDS}
    size = parameters["precision"].shape
    parameters["discount"] = np.full(size, scenario.discount)
    parameters["hostility"] = inputs.get("hostility", np.zeros(size))
    parameters |= _stakes(form, scenario, inputs, role)
    parameters |= _reaches(form, inputs, role)
    parameters |= _commitments(form, inputs, role)
    parameters |= _alignments(case, form, inputs)
    parameters |= _regimes(form, scenario, inputs)
    parameters |= _contest(inputs)
    parameters |= {f"barred.{name}": np.full(size, _bar(scenario.menu, name)) for name in INSTRUMENTS[1:]}
    known = {} if known is None else known
    today = _today(case, replace(scenario, multiply=()), replace(inputs, factors={}), known)
    parameters["armed_now"] = np.sum(list(today.values()), axis=0)
    parameters |= _strikes(case, form, scenario, inputs, role, today)
    forces = {role[actor]: _force(case, form, scenario, inputs, actor, known) for actor in form.players}
    forces |= _terms(form, inputs)
    return Prepared(form, _in_years(case, scenario, parameters), forces, outputs=scenario.outputs)


def _contest(inputs: Inputs) -> dict[str, np.ndarray]:
    """Return the cutpoints of war and clash and the chance of conquest.

    Where the cutpoints of war cross, victory and defeat together would have a probability above 1; there no war is drawn.
    """
    size = inputs["precision"].shape
    given = {name: inputs.get(name, np.full(size, default)) for name, default in CONTEST_DEFAULTS.items()}
    return given | {"cutpoint.war.lose": np.maximum(given["cutpoint.war.lose"], -given["cutpoint.war.win"])}


def _in_years(case: Case, scenario: Scenario, parameters: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the parameters at the scenario's discount factor, such that lumps and choice errors keep their size in years of the aim.

    They are judged at the central discount factor. A lump x there equals x / (1 - delta) years of the whole aim.
    """
    factor = (1.0 - scenario.discount) / (1.0 - case.discounting.central)
    scaled = {name: factor * values for name, values in parameters.items() if name.startswith(LUMPS)}
    return parameters | scaled | {"precision": parameters["precision"] / factor}


def _helper_roles(form: Form) -> list[str]:
    """Return the roles of the helpers in the game: protector, backer."""
    return ["protector"] * bool(form.protectors) + ["backer"] * bool(form.backers)


def _bar(allowed: frozenset[str] | None, name: str) -> float:
    return 0.0 if allowed is None or name in allowed else -np.inf


def _stakes(form: Form, scenario: Scenario, inputs: Inputs, role: Mapping[str, str]) -> dict[str, np.ndarray]:
    """Return signed aims, the scale of each player's precision, and the price of falling.

    The unit is the aim of a revisionist. Precision is per unit of a player's own lifetime stake: for a challenger, its own aim.
    """
    aim = own_aim(scenario, inputs)
    stakes = {"aim.challenger": aim, "scale.challenger": aim, "falling": inputs[f"falling.{scenario.type}"]}
    for actor in form.players[1:]:
        stake = inputs[f"stake.{actor}"]
        stakes[f"aim.{role[actor]}"] = stake if form.wants_change(actor) else -stake
        stakes[f"scale.{role[actor]}"] = stake
    return stakes


def own_aim(scenario: Scenario, inputs: Inputs) -> np.ndarray:
    """Return what the whole aim is worth to the scenario's type of challenger, in aims of a revisionist, (D,)."""
    return inputs.get(f"aim.{scenario.type}", np.ones(inputs["precision"].shape))


def _reaches(form: Form, inputs: Inputs, role: Mapping[str, str]) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {}
    one = np.ones(inputs["precision"].shape)
    for actor in form.players:
        reach = inputs.get(f"reach.{actor}", one)
        share = inputs.get(f"share.{actor}", one)
        arrays[f"reach.{role[actor]}"] = reach * share
        if form.posture_of(actor) is None:
            arrays[f"usable.{role[actor]}"] = inputs.get(f"usable.{actor}", one)
        else:
            for state in ("firm", "loose"):
                arrays[f"usable.{role[actor]}.{state}"] = inputs[f"usable.{actor}.{state}"]
    for guest, _host in form.access:
        arrays[f"access_lost.{role[guest]}"] = inputs[f"access_lost.{guest}"]
    for receiver, _supplier in form.arms:
        arrays[f"arms_lost.{role[receiver]}"] = inputs[f"arms_lost.{receiver}"]
    return arrays


def _commitments(form: Form, inputs: Inputs, role: Mapping[str, str]) -> dict[str, np.ndarray]:
    arrays = {f"standing_aside.{role[actor]}": inputs[f"standing_aside.{actor}"] for actor in form.helpers}
    for actor in form.protectors:
        if actor in form.backers:
            arrays[f"standing_aside.{role[actor]}.challenger"] = inputs[f"standing_aside.{actor}.challenger"]
    if form.regimes_of(form.target, "alignment"):
        arrays["abandon_loose"] = inputs["abandon_loose"]
    if form.backers and form.regimes_of(form.challenger, "alignment"):
        arrays["abandon_loose.challenger"] = inputs["abandon_loose.challenger"]
    return arrays


def _alignments(case: Case, form: Form, inputs: Inputs) -> dict[str, np.ndarray]:
    """Return what the loose alignments of helpers do to their commitment and their reach, by alignment."""
    listed = case.theatres[form.theatre].regimes
    arrays: dict[str, np.ndarray] = {}
    for index, regime in enumerate(form.regimes):
        if regime.kind == "alignment" and regime.actor in form.helpers:
            for kind in ("loose_commitment", "loose_reach"):
                arrays[f"{kind}.regime{index}"] = inputs[input_of_alignment(case.regimes, listed, regime.name, kind)]
    return arrays


def _terms(form: Form, inputs: Inputs) -> dict[str, np.ndarray]:
    """Return the probability that each treaty with a term ends with it, in each year (horizon + 1, D)."""
    arrays = {}
    for index, regime in enumerate(form.regimes):
        if regime.term is not None:
            renewed = inputs[f"renewed.{regime.name}"]
            years = np.zeros((form.horizon + 1, *renewed.shape))
            years[regime.term] = 1.0 - renewed
            arrays[f"{TERM}regime{index}"] = years
    return arrays


def _regimes(form: Form, scenario: Scenario, inputs: Inputs) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {}
    for index, regime in enumerate(form.regimes):
        role = f"regime{index}"
        arrays[f"loosens.{role}"] = logit(inputs[f"loosens.{regime.name}"])
        arrays[f"firms.{role}"] = logit(inputs[f"firms.{regime.name}"])
        if regime.loosened_by:
            push = inputs[f"susceptibility.{regime.name}"]
            arrays[f"susceptibility.{role}"] = 0.0 * push if regime.name in scenario.deaf else push
        if regime.rallied_by:
            arrays[f"backlash.{role}"] = inputs[f"backlash.{regime.name}"]
    return arrays


# --- forces --------------------------------------------------------------------------------------------------------


def _force(case: Case, form: Form, scenario: Scenario, inputs: Inputs, actor: str, known: Forces) -> np.ndarray:
    """Return the force of an actor in each year from `as_of` to the end of the horizon, (horizon + 1, D)."""
    if actor == form.target and scenario.acting is not None and actor not in scenario.acting:
        return np.zeros((form.horizon + 1, *inputs["precision"].shape))
    path = dict(scenario.paths).get(actor)
    factor = dict(scenario.scale).get(actor, 1.0)
    key = (form.theatre, scenario.alike, scenario.multiply, actor, path, factor)
    if key not in known:
        game = case.theatres[form.theatre]
        if isinstance(game, DatedGame):
            known[key] = _dated_force(case, form, game, inputs, actor, path, factor)
        else:
            known[key] = _armed(capital_of(case, form, inputs, actor, path=path, factor=factor), inputs, actor)
    return known[key]


def _armed(capital: np.ndarray, inputs: Inputs, actor: str) -> np.ndarray:
    """Return the force of an actor from its military stock and its personnel."""
    return cobb_douglas(capital, inputs[f"personnel.{actor}"], inputs["capital_share"])


def _dated_force(
    case: Case, form: Form, game: DatedGame, inputs: Inputs, actor: str, path: str | None, factor: float
) -> np.ndarray:
    """Return the force of an actor from the day of a dated theatre on, (horizon + 1, D).

    An event changes it in the same proportions as it would change the force of today from today on.
    """
    today = replace(inputs, theatre=game.like)
    as_it_is = replace(today, factors={})
    plain = _armed(capital_of(case, form, as_it_is, actor), as_it_is, actor)
    changed = plain
    if path is not None or factor != 1.0 or inputs.factors:
        changed = _armed(capital_of(case, form, today, actor, path=path, factor=factor), today, actor)
    record = case.history.get(game.like)
    if record is None or record.power is None:
        of_the_day = replace(inputs, factors={})
        level = (
            of_the_day[f"spending.{actor}"]
            * (1.0 + of_the_day[f"growth.{actor}"]) ** np.arange(form.horizon + 2)[:, None]
        )
        then = _armed(stock(level, depreciation=of_the_day["depreciation"])[1:], of_the_day, actor)
    else:
        years = game.at.year - record.span[0] + np.arange(form.horizon + 1)
        past = plain[0] * power(case, record, [actor])[0][:, None]
        then = np.concatenate([past, plain])[years]
    return then * changed / plain


def capital_of(
    case: Case, form: Form, inputs: Inputs, actor: str, *, path: str | None = None, factor: float = 1.0
) -> np.ndarray:
    """Return an actor's military stock at the end of each year from `as_of` on, (horizon + 1, D), in price-year money."""
    first = case.as_of.year
    years, spending = spending_of(case, form, inputs, actor, path)
    spending = np.where((np.asarray(years) >= first)[:, None], factor * spending, spending)
    stocks = stock(spending, depreciation=inputs["depreciation"])
    return stocks[list(years).index(first) :]


def spending_of(
    case: Case, form: Form, inputs: Inputs, actor: str, path: str | None
) -> tuple[tuple[int, ...], np.ndarray]:
    """Return the real spending of an actor from its first year on record to the end of the horizon.

    Returns:
        Years, and spending in price-year money, averaged over market rates and purchasing power, shape (years, D).
    """
    end = case.as_of.year + form.horizon
    if not any(row.actor == actor for row in case.spending_rows):
        level = inputs[f"spending.{actor}"]
        years: tuple[int, ...] = (case.as_of.year - 1,)
        values = level[None]
    else:
        chosen = path or (case.spending.paths[actor].now if case.spending and actor in case.spending.paths else None)
        years, dollars = _in_dollars(case, actor, chosen)
        values = in_force(dollars, inputs["ppp_weight"])
    beyond = range(years[-1] + 1, end + 1)
    growth = inputs[f"growth.{actor}"]
    later = [values[-1] * (1.0 + growth) ** (year - years[-1]) for year in beyond]
    within = [index for index, year in enumerate(years) if year <= end]
    return (*(years[index] for index in within), *beyond), np.stack([*(values[index] for index in within), *later])


@lru_cache(maxsize=64)
def _in_dollars(case: Case, actor: str, path: str | None) -> tuple[tuple[int, ...], tuple[tuple[float, float], ...]]:
    return in_dollars(case, actor, path)


def _today(case: Case, scenario: Scenario, inputs: Inputs, known: Forces) -> dict[str, np.ndarray]:
    """Return the usable strength (D,) of the challenger and of each defender in the base world today.

    For a dated theatre it is that of the theatre that it is like: hazards and blows are judged as of today.
    """
    game = case.theatres[scenario.theatre]
    if isinstance(game, DatedGame):
        now_there = replace(scenario, theatre=game.like)
        return _today(case, now_there, replace(inputs, theatre=game.like), known)
    form = case.forms[scenario.theatre]
    base = Scenario(theatre=scenario.theatre, type=scenario.type, discount=scenario.discount, alike=scenario.alike)
    shares = _reaches(form, inputs, {actor: actor for actor in form.players})
    loose = _alignments(case, form, inputs)
    now = form.index()
    today = {}
    for actor in (form.challenger, *form.defenders):
        share = shares[f"reach.{actor}"]
        posture = form.posture_of(actor)
        if posture is None:
            share = share * shares[f"usable.{actor}"]
        else:
            share = share * shares[f"usable.{actor}.{'loose' if now >> posture & 1 else 'firm'}"]
        for index in form.regimes_of(actor, "alignment") if actor in form.helpers else ():
            share = share * (loose[f"loose_reach.regime{index}"] if now >> index & 1 else 1.0)
        today[actor] = share * _force(case, form, base, inputs, actor, known)[0]
    return today


def _strikes(
    case: Case,
    form: Form,
    scenario: Scenario,
    inputs: Inputs,
    role: Mapping[str, str],
    today: Mapping[str, np.ndarray],
) -> dict[str, np.ndarray]:
    """Return the inputs of first strikes; the blows of an actor are per unit of its usable strength."""
    if not form.strikers:
        return {}
    arrays = {name: inputs[name] for name in STRIKES}
    for actor in form.strikers:
        factor = _blows_factor(case, scenario, actor)
        strong = np.maximum(today[actor], NO_FORCE)
        arrays[f"blows.{role[actor]}"] = factor * inputs[f"blows.{actor}"] / strong
        arrays[f"decapitation.{role[actor]}"] = inputs.get(f"decapitation.{actor}", np.zeros(strong.shape))
    return arrays


def _blows_factor(case: Case, scenario: Scenario, actor: str) -> float:
    """Return the factor on an actor's blows that its spending path brings."""
    paths = case.spending.paths.get(actor) if case.spending else None
    if paths is None:
        return 1.0
    return paths.blows.get(dict(scenario.paths).get(actor, paths.now), 1.0)
