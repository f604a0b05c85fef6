"""Compute the numbers behind the figures and switches of the brief."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np

from tocsin.assessment.bands import band, mean, quantiles
from tocsin.assessment.ensemble import Ensemble, Ensembles, base_scenario
from tocsin.assessment.event_order import costlier_events
from tocsin.assessment.figures_result import Band, FanYear, LossRow, PillarRow, PullRow, RiskRow, Scene, SpendingLine
from tocsin.assessment.quantities import OF_GAMES, group_games, needs, pillars, worth_of_groups
from tocsin.assessment.result import QuantityRow
from tocsin.assessment.rules import Part, best, share_of, tally, undeterred
from tocsin.assessment.sharing import DIVIDED_FROM
from tocsin.assessment.situations import (
    Model,
    Settings,
    Situation,
    central_models,
    changes,
    situation,
    with_events,
)
from tocsin.case.dated import day_of
from tocsin.case.events import REGIMES, SPENDING, touches
from tocsin.case.game_blocks import DatedGame
from tocsin.case.nodes import Call
from tocsin.case.quantities import QUANTITIES
from tocsin.case.schema import Case
from tocsin.models.coercion.paths import paths
from tocsin.models.coercion.prepare import Inputs, spending_of
from tocsin.models.coercion.scenario import HELD, Scenario
from tocsin.translation import Text, message


def main(ensembles: Ensembles) -> Ensemble:
    """Return the ensemble of the main theatre."""
    case = next(iter(ensembles.values())).case
    return ensembles[case.main,]


# --- losses ---------------------------------------------------------------------------------------------------------


def loss_calls(case: Case) -> dict[str, Call]:
    """Return the call that asks for the loss from each event that belongs to the main theatre, by event."""
    shown = [name for name, event in case.events.items() if touches(case, event, case.main)]
    return {name: Call("loss", events=(name,), theatre=case.main) for name in shown}


def yardstick_calls(case: Case) -> dict[str, Call]:
    """Return the call for the yardstick of each loss, by event: the rise of the target's spending that costs the challenger as much."""
    target = case.theatres[case.main].target
    return {name: replace(call, name="equal_rise", actor=target) for name, call in loss_calls(case).items()}


MEASURES = ("loss", "loss_aim", "loss_survival", "dent", "delay", "fear_fall", "fear_struck")
"""Quantities that say what an event does to the challenger. `dent` needs the games of all."""


def loss_rows(ensembles: Ensembles, few: Ensemble) -> tuple[LossRow, ...]:
    """Return the loss from each event in the main theatre with its yardstick.

    Yardsticks and the losses from controls are read in fewer worlds.
    """
    case, rows = few.case, []
    rises = yardstick_calls(case)
    for name, call in loss_calls(case).items():
        ensemble = few if name in case.controls.events else main(ensembles)
        bands = {part: _band_of(ensemble, replace(call, name=part)) for part in MEASURES}
        rows.append(
            LossRow(
                event=name,
                label=case.events[name].says or name,
                total=bands["loss"],
                aim=bands["loss_aim"],
                survival=bands["loss_survival"],
                dent=bands["dent"],
                delay=bands["delay"],
                fall=bands["fear_fall"],
                struck=bands["fear_struck"],
                negative=_share_below_zero(ensemble, call),
                equal_rise=band(few, partial(_yardstick, few, rises[name])),
            )
        )
    of_argument = {
        name: replace(call, name="dent") for name, call in loss_calls(case).items() if name not in case.controls.events
    }
    pairs = costlier_events(main(ensembles), of_argument)
    return tuple(replace(row, costlier_than=pairs.get(row.event, {})) for row in rows)


def _band_of(ensemble: Ensemble, call: Call) -> Band:
    return band(ensemble, lambda model: ensemble.reader(model).read(call))


def _yardstick(ensemble: Ensemble, call: Call, model: Model) -> np.ndarray:
    return ensemble.reader(model).read(call)


def _share_below_zero(ensemble: Ensemble, call: Call) -> float:
    case, total = ensemble.case, 0.0
    for model in central_models(case):
        loss = ensemble.reader(model).read(call)
        below = np.where(np.isnan(loss), np.nan, loss < 0)
        total += case.types[model.type].weight * mean(below, ensemble.weight(model.type))
    return total


# --- pillars -------------------------------------------------------------------------------------------------------


def pillar_scenes(case: Case, requested: Iterable[Call]) -> tuple[Call, ...]:
    """Return the worlds in which pillars are shown, as calls: those of the claims, or the present world of a theatre without any.

    If a claim takes something as given, the worlds in which events set it differently are shown too.
    """
    scenes = [
        Call("pillar", events=call.events, given=given, theatre=call.theatre)
        for call in requested
        if QUANTITIES[call.name].subject == "actor"
        for given in (call.given, *_events_that_differ(case, call.given))
    ]
    shown = {call.theatre for call in scenes}
    scenes += [Call("pillar", theatre=theatre) for theatre in case.theatres if theatre not in shown]
    return tuple(dict.fromkeys(scenes))


def _events_that_differ(case: Case, given: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the events, as tuples of one, that set the same inputs as `given` to other values."""
    taken = changes(case, given, base=False)
    return [
        (name,)
        for name, event in case.events.items()
        if taken and event.changes.keys() == taken.keys() and event.changes != taken
    ]


def pillar_rows(ensembles: Ensembles, requested: Iterable[Call]) -> tuple[PillarRow, ...]:
    """Return the defenders' Shapley contributions in each theatre: with the target always acting, and with the target as a player."""
    case, rows = main(ensembles).case, []
    for scene in pillar_scenes(case, requested):
        ensemble = ensembles[str(scene.theatre),]
        for with_target in (False, True):
            years = {
                year: {
                    model.type: pillars(
                        ensemble.reader(model), with_events(case, model, scene), with_target=with_target, year=year
                    )
                    for model in central_models(case)
                }
                for year in case.theatres[str(scene.theatre)].report_years
            }
            *before, last = years
            first = day_of(case, str(scene.theatre)).year
            for actor in next(iter(years[last].values())):
                bands = {year: band(ensemble, partial(_by_type, values, actor)) for year, values in years.items()}
                rows.append(
                    PillarRow(
                        theatre=str(scene.theatre),
                        scene=scene_label(scene),
                        with_target=with_target,
                        actor=actor,
                        band=bands[last],
                        earlier=tuple((first + year, bands[year]) for year in before),
                        share=_share(ensemble, years[last], actor),
                    )
                )
    return tuple(rows)


def _by_type(values: Mapping[str, Mapping[str, np.ndarray]], actor: str, model: Model) -> np.ndarray:
    return values[model.type][actor]


def scene_label(call: Call) -> str:
    """Return the name of a world in the test language: "plan + amendment | seoul_drifts", or "now"."""
    events, given = " + ".join(call.events), " + ".join(call.given)
    return " | ".join(part for part in (events or "now", given) if part)


def _share(ensemble: Ensemble, by_type: Mapping[str, Mapping[str, np.ndarray]], actor: str) -> float | None:
    """Return the mean contribution over the mean total; None if the total is too small to divide."""
    own = total = 0.0
    for kind, values in by_type.items():
        of_type, weights = ensemble.case.types[kind].weight, ensemble.weight(kind)
        own += of_type * mean(values[actor], weights)
        total += of_type * sum(mean(value, weights) for value in values.values())
    return own / total if total > DIVIDED_FROM else None


def risk_rows(ensembles: Ensembles, requested: Iterable[Call]) -> tuple[RiskRow, ...]:
    """Return the revision risk in the main theatre for each group of acting defenders, in the first world of the pillars."""
    ensemble = main(ensembles)
    case = ensemble.case
    groups = {}
    scene = next(call for call in pillar_scenes(case, requested) if call.theatre == case.main)
    for model in central_models(case):
        there = with_events(case, model, scene)
        groups[model.type] = worth_of_groups(ensemble.reader(model), there, with_target=True)
    return tuple(
        RiskRow(
            members=tuple(sorted(group)),
            band=band(ensemble, lambda model, group=group: -groups[model.type][group]),  # type: ignore[misc]
        )
        for group in next(iter(groups.values()))
    )


# --- pull ----------------------------------------------------------------------------------------------------------


def pull_calls(case: Case) -> tuple[Call, ...]:
    """Return the calls for the pull on each regime of the main theatre that an instrument loosens."""
    regimes = case.theatres[case.main].regimes
    return tuple(Call("pull", regime=name, theatre=case.main) for name in regimes if case.regimes[name].loosened_by)


def pull_rows(ensemble: Ensemble) -> tuple[PullRow, ...]:
    """Return the pull on each regime of the main theatre from its present state."""
    case = ensemble.case
    return tuple(
        PullRow(
            regime=str(call.regime),
            started=case.regimes[str(call.regime)].now,
            band=band(ensemble, lambda model, call=call: ensemble.reader(model).read(call)),  # type: ignore[misc]
        )
        for call in pull_calls(case)
    )


# --- scenes --------------------------------------------------------------------------------------------------------


def scene_settings(case: Case) -> Iterable[tuple[str, dict[str, str]]]:
    """Yield each combination of regime states and a spending path of the first actor with a choice: path, settings."""
    theatre = case.theatres[case.main]
    options: Sequence[str] = ("",)
    actor = ""
    if case.spending and case.spending.paths:
        actor, choice = next(iter(case.spending.paths.items()))
        options = choice.options
    states = [(case.regimes[name].firm, case.regimes[name].loose) for name in theatre.regimes]
    for path in options:
        for combination in product(*states):
            settings = {REGIMES + name: state for name, state in zip(theatre.regimes, combination, strict=True)}
            if path:
                settings[SPENDING + actor] = path
            yield path, settings


def scene_scenarios(case: Case) -> tuple[Scenario, ...]:
    """Return the games that the switches need: for each type one for each spending path, and one without defenders."""
    models = central_models(case)
    games = [
        situation(case, model, case.main, settings, None).scenario
        for _, settings in scene_settings(case)
        for model in models
    ]
    games += [undeterred(situation(case, model, case.main, {}, None)) for model in models]
    return tuple(dict.fromkeys(games))


def scene_pillar_scenarios(case: Case) -> tuple[Scenario, ...]:
    """Return the games that the pillars of protectors under the switches need."""
    games = [
        game
        for _, settings in scene_settings(case)
        for model in central_models(case)
        for game in group_games(case, situation(case, model, case.main, settings, None), with_target=False).values()
    ]
    return tuple(dict.fromkeys(games))


def scenes(ensembles: Ensembles, few: Ensemble) -> tuple[Scene, ...]:
    """Return losses, fears, risks, year-1 probabilities and pillars for every combination of the switches.

    Losses and fears compare with the present world. Pillars are read in fewer worlds.
    """
    ensemble = main(ensembles)
    case, rows = ensemble.case, []
    for path, settings in scene_settings(case):
        values = {name: band(ensemble, partial(_in_scene, read, ensemble, settings)) for name, read in _SCENE.items()}
        values |= _scene_pillars(few, settings)
        regimes = {key.removeprefix(REGIMES): value for key, value in settings.items() if key.startswith(REGIMES)}
        rows.append(Scene(spending=path, regimes=regimes, values=values))
    return tuple(rows)


def _scene_pillars(few: Ensemble, settings: Settings) -> dict[str, Band]:
    case = few.case
    by_type = {
        model.type: pillars(few.reader(model), situation(case, model, case.main, settings, None), with_target=False)
        for model in central_models(case)
    }
    return {
        f"pillar.{actor}": band(few, partial(_by_type, by_type, actor)) for actor in case.theatres[case.main].protectors
    }


SceneRead = Callable[[Ensemble, Model, Settings], np.ndarray]


def _in_scene(read: SceneRead, ensemble: Ensemble, settings: Settings, model: Model) -> np.ndarray:
    return read(ensemble, model, settings)


def _level(name: str) -> SceneRead:
    def read(ensemble: Ensemble, model: Model, settings: Settings) -> np.ndarray:
        there = situation(ensemble.case, model, ensemble.case.main, settings, None)
        return np.asarray(OF_GAMES[name](ensemble.reader(model).solution(there.scenario))[there.state])

    return read


def _now(ensemble: Ensemble, model: Model) -> Situation:
    return situation(ensemble.case, model, ensemble.case.main, {}, None)


def _changed(part: Part, ensemble: Ensemble, model: Model, settings: Settings) -> np.ndarray:
    """Return how much lower a part of the solution is than in the present world."""
    there, now = situation(ensemble.case, model, ensemble.case.main, settings, None), _now(ensemble, model)
    reader = ensemble.reader(model)
    before, after = (part(reader.solution(at.scenario))[at.state] for at in (now, there))
    return np.asarray(before - after)


def _scene_dent(ensemble: Ensemble, model: Model, settings: Settings) -> np.ndarray:
    now, value, reader = _now(ensemble, model), best("best"), ensemble.reader(model)
    free, deterred = (value(reader.solution(game))[now.state] for game in (undeterred(now), now.scenario))
    return share_of(free - deterred, _changed(value, ensemble, model, settings))


_SCENE: dict[str, SceneRead] = {
    "dent": _scene_dent,
    "delay": partial(_changed, tally(HELD)),
    "fear_fall": partial(_changed, lambda solution: -solution.tallies["fallen"]),
    "fear_struck": partial(_changed, lambda solution: -solution.tallies["struck"]),
    "risk": _level("risk"),
    "p_war": _level("p_war"),
    "p_press": _level("p_press"),
    "p_attack": _level("p_attack"),
}


# --- spending and the fan ---------------------------------------------------------------------------------------------


def spending_lines(ensembles: Ensembles) -> tuple[SpendingLine, ...]:
    """Return the real spending of each actor on every path, from recent years to the horizon."""
    case, lines = main(ensembles).case, []
    done: set[tuple[str, str]] = set()
    for theatre, game in case.theatres.items():
        if isinstance(game, DatedGame):
            continue  # its forces follow the record, not the paths of spending
        ensemble, form = ensembles[theatre,], case.forms[theatre]
        inputs = Inputs(ensemble.worlds.draws, theatre, {})
        weights = np.sum([spec.weight * ensemble.weight(kind) for kind, spec in case.types.items()], axis=0)
        for actor in form.players:
            choice = case.spending.paths.get(actor) if case.spending else None
            for path in choice.options if choice else ("",):
                if (actor, path) in done:
                    continue
                done.add((actor, path))
                years, values = spending_of(case, form, inputs, actor, path or None)
                lines.append(
                    SpendingLine(
                        actor=actor,
                        path=path,
                        years=tuple(years),
                        bands=tuple(quantiles(year, weights) for year in values),
                    )
                )
    return tuple(lines)


def fan_rows(ensemble: Ensemble) -> tuple[FanYear, ...]:
    """Return how far the aim has got in the main theatre by each year: mean probabilities, types pooled."""
    case = ensemble.case
    form = case.forms[case.main]
    total: np.ndarray | None = None
    for kind, spec in case.types.items():
        years = paths(case, base_scenario(case, case.main, kind), ensemble.worlds.draws, form.index())
        table = np.concatenate([years.levels, years.won[:, None], years.fallen[:, None]], axis=1)
        mean = spec.weight * (table @ ensemble.weight(kind))
        total = mean if total is None else total + mean
    assert total is not None
    return tuple(
        FanYear(
            year=case.as_of.year + index,
            levels=tuple(float(x) for x in row[:-2]),
            won=float(row[-2]),
            fallen=float(row[-1]),
        )
        for index, row in enumerate(total)
    )


# --- games to solve, and the table of quantities -------------------------------------------------------------------


def figure_scenarios(case: Case, requested: Iterable[Call]) -> tuple[Scenario, ...]:
    """Return the games that the figures need beyond those of the claims."""
    wanted = list(scene_scenarios(case))
    listed = tuple(requested)
    for model in central_models(case):
        losses = [call for name, call in loss_calls(case).items() if name not in case.controls.events]
        for call in losses:
            wanted.extend(needs(case, model, replace(call, name="dent")))
        for scene in pillar_scenes(case, listed):
            wanted.extend(
                needs(case, model, replace(scene, name="pillar_all", actor=case.theatres[str(scene.theatre)].target))
            )
    return tuple(dict.fromkeys(wanted))


LEVELS: Mapping[str, Text] = {
    "risk": message("revision risk within the horizon"),
    "p_war": message("war by any path within the horizon"),
    "fall": message("fall of the challenger's regime within the horizon"),
    "struck": message("a first strike at the challenger within the horizon"),
    "preventive_years": message("years of the horizon with a motive for preventive war, by Fearon's (1995) criterion"),
    "p_press": message("military pressure in the first year"),
    "p_condemn": message("condemnation in the first year"),
    "p_influence": message("influence operations in the first year"),
    "p_attack": message("attack in the first year"),
    "p_concede": message("a concession, given pressure, in the first year"),
}


def few_worlds_scenarios(case: Case) -> tuple[Scenario, ...]:
    """Return the games solved in fewer worlds: for yardsticks, losses from controls, pulls, and the value of the mix of instruments."""
    losses = [replace(call, name="dent") for name, call in loss_calls(case).items() if name in case.controls.events]
    requested = (*yardstick_calls(case).values(), *losses, *pull_calls(case), mix_call(case))
    return tuple(
        dict.fromkeys(
            scenario for model in central_models(case) for call in requested for scenario in needs(case, model, call)
        )
    )


def mix_call(case: Case) -> Call:
    """Return the call for the value of all instruments over the best one alone, in the present world."""
    return Call("worth_of_mix", theatre=case.main)


def quantity_rows(ensembles: Ensembles, losses: Iterable[LossRow], few: Ensemble) -> tuple[QuantityRow, ...]:
    """Return the table of quantities: the present world by theatre and type, the value of the mix, and the loss from each event."""
    case, rows = main(ensembles).case, []
    for theatre in case.theatres:
        ensemble = ensembles[theatre,]
        for name, label in LEVELS.items():
            call, unit = Call(name, theatre=theatre), str(QUANTITIES[name].unit)
            for model in central_models(case):
                weights = ensemble.weight(model.type)
                values = quantiles(ensemble.reader(model).read(call), weights)
                rows.append(QuantityRow(id=f"{name}@{theatre}", label=label, model=model.type, unit=unit, band=values))
    rows += _by_year(ensembles)
    for model in central_models(case):
        values = quantiles(few.reader(model).read(mix_call(case)), few.weight(model.type))
        label = message("all instruments against the best alone")
        rows.append(QuantityRow(id=f"worth_of_mix@{case.main}", label=label, model=model.type, unit="aim", band=values))
    for row in losses:
        for part, unit, values in (
            ("loss", "aim", row.total),
            ("loss_aim", "aim", row.aim),
            ("loss_survival", "aim", row.survival),
            ("dent", "1", row.dent),
            ("delay", "years", row.delay),
            ("fear_fall", "1", row.fall),
            ("fear_struck", "1", row.struck),
        ):
            rows.append(QuantityRow(id=f"{part}({row.event})", label=row.label, model="pooled", unit=unit, band=values))
    return tuple(rows)


def _by_year(ensembles: Ensembles) -> Iterable[QuantityRow]:
    """Yield the risk by the end of each milestone, and of the horizon, in the present world by theatre and type."""
    case = main(ensembles).case
    for theatre, spec in case.theatres.items():
        ensemble, first = ensembles[theatre,], day_of(case, theatre).year
        for year in spec.report_years:
            for model in central_models(case):
                values = ensemble.reader(model).read(Call("risk_by", year=year, theatre=theatre))
                yield QuantityRow(
                    id=f"risk_by({first + year})@{theatre}",
                    label=message("revision risk by {year}", year=str(first + year)),
                    model=model.type,
                    unit="1",
                    band=quantiles(values, ensemble.weight(model.type)),
                )
