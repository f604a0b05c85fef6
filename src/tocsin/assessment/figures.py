"""What the pictures and the switches of the brief show, read off the ensemble."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import product

import numpy as np

from tocsin.assessment.ensemble import Ensemble, Ensembles, base_scenario
from tocsin.assessment.quantities import DIVIDED_FROM, group_games, needs, pillars, worth_of_groups
from tocsin.assessment.result import (
    Band,
    FanYear,
    FearRow,
    PillarRow,
    PullRow,
    QuantityRow,
    RiskRow,
    Scene,
    SpendingLine,
)
from tocsin.assessment.situations import REGIMES, SPENDING, Model, changes, situation, with_events
from tocsin.case.nodes import Call
from tocsin.case.quantities import QUANTITIES
from tocsin.case.schema import Case
from tocsin.models.coercion.paths import paths
from tocsin.models.coercion.prepare import Inputs, spending_of
from tocsin.models.coercion.scenario import Scenario


def band(ensemble: Ensemble, read: Callable[[Model], np.ndarray]) -> Band:
    """5 %, 50 % and 95 % points over worlds, types pooled with the case's weights."""
    case = ensemble.case
    values, weights = [], []
    for kind, spec in case.types.items():
        values.append(read(Model(kind, case.discount.central)))
        weights.append(spec.weight * ensemble.weight(kind))
    return quantiles(np.concatenate(values), np.concatenate(weights))


def quantiles(values: np.ndarray, weights: np.ndarray) -> Band:
    """Weighted 5 %, 50 % and 95 % points; missing values are left out."""
    known = ~np.isnan(values)
    if not known.any():
        return (np.nan, np.nan, np.nan)
    points = np.quantile(values[known], (0.05, 0.5, 0.95), weights=weights[known], method="inverted_cdf")
    low, mid, high = (float(point) for point in points)
    return (low, mid, high)


def main(ensembles: Ensembles) -> Ensemble:
    """The ensemble of the main theatre."""
    case = next(iter(ensembles.values())).case
    return ensembles[case.main,]


def central(case: Case) -> tuple[Model, ...]:
    """The models at the central discount factor."""
    return tuple(Model(kind, case.discount.central) for kind in case.types)


# --- fear ----------------------------------------------------------------------------------------------------------


def fear_calls(case: Case) -> dict[str, Call]:
    """The fear of each event, and of those that a world combines: by label."""
    return {name: Call("fear", events=(name,), theatre=case.main) for name in case.events}


def yardstick_calls(case: Case) -> dict[str, Call]:
    """What gives a fear its scale: the rise of the target's spending that costs the challenger as much, by event."""
    target = case.theatres[case.main].target
    return {name: Call("equal_rise", actor=target, events=(name,), theatre=case.main) for name in case.events}


def fear_rows(ensembles: Ensembles, yardsticks: Ensemble) -> tuple[FearRow, ...]:
    """Fear of each event in the main theatre, beside its yardstick, which is read off fewer worlds."""
    ensemble = main(ensembles)
    case, rows = ensemble.case, []
    rises = yardstick_calls(case)
    for name, call in fear_calls(case).items():
        bands = {}
        for part in ("fear", "fear_aim", "fear_survival"):
            asked = replace(call, name=part)
            bands[part] = band(ensemble, lambda model, asked=asked: ensemble.reader(model).read(asked))  # type: ignore[misc]
        rows.append(
            FearRow(
                event=name,
                label=case.events[name].says or name,
                total=bands["fear"],
                aim=bands["fear_aim"],
                survival=bands["fear_survival"],
                negative=_share_below_zero(ensemble, call),
                equal_rise=band(yardsticks, partial(_yardstick, yardsticks, rises[name])),
            )
        )
    return tuple(rows)


def _yardstick(ensemble: Ensemble, call: Call, model: Model) -> np.ndarray:
    found = ensemble.reader(model).read(call)
    return np.where(np.isnan(found), np.inf, found)


def _share_below_zero(ensemble: Ensemble, call: Call) -> float:
    case, total = ensemble.case, 0.0
    for model in central(case):
        fear = ensemble.reader(model).read(call)
        total += case.types[model.type].weight * float(np.sum(ensemble.weight(model.type) * (fear < 0)))
    return total


# --- pillars -------------------------------------------------------------------------------------------------------


def pillar_scenes(case: Case, asked: Iterable[Call]) -> tuple[Call, ...]:
    """The worlds in which pillars are shown, else the present one of each theatre.

    Those that claims ask about; where they take something as given, also those in which it is set the other way.
    """
    found = [
        Call("pillar", events=call.events, given=given, theatre=call.theatre)
        for call in asked
        if QUANTITIES[call.name].subject == "actor"
        for given in (call.given, *_otherwise(case, call.given))
    ]
    shown = {call.theatre for call in found}
    found += [Call("pillar", theatre=theatre) for theatre in case.theatres if theatre not in shown]
    return tuple(dict.fromkeys(found))


def _otherwise(case: Case, given: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Events, one by one in place of what is given, that set the same inputs to something else."""
    taken = changes(case, given, base=False)
    return [
        (name,)
        for name, event in case.events.items()
        if taken and event.set.keys() == taken.keys() and dict(event.set) != taken
    ]


def pillar_rows(ensembles: Ensembles, asked: Iterable[Call]) -> tuple[PillarRow, ...]:
    """Shapley contributions of the defenders in each theatre, with the target's force given and as a player."""
    case, rows = main(ensembles).case, []
    for scene in pillar_scenes(case, asked):
        ensemble = ensembles[str(scene.theatre),]
        for with_target in (False, True):
            years = {
                year: {
                    model.type: pillars(
                        ensemble.reader(model), with_events(case, model, scene), with_target=with_target, year=year
                    )
                    for model in central(case)
                }
                for year in case.theatres[str(scene.theatre)].report_years
            }
            *before, last = years
            for actor in next(iter(years[last].values())):
                bands = {year: band(ensemble, partial(_by_type, found, actor)) for year, found in years.items()}
                rows.append(
                    PillarRow(
                        theatre=str(scene.theatre),
                        scene=scene_label(scene),
                        with_target=with_target,
                        actor=actor,
                        band=bands[last],
                        earlier=tuple((case.as_of.year + year, bands[year]) for year in before),
                        share=_share(ensemble, years[last], actor),
                    )
                )
    return tuple(rows)


def _by_type(found: Mapping[str, Mapping[str, np.ndarray]], actor: str, model: Model) -> np.ndarray:
    return found[model.type][actor]


def scene_label(call: Call) -> str:
    """A world in the words of the test language: "plan + amendment | seoul_drifts", or "now"."""
    events, given = " + ".join(call.events), " + ".join(call.given)
    return " | ".join(part for part in (events or "now", given) if part)


def _share(ensemble: Ensemble, found: Mapping[str, Mapping[str, np.ndarray]], actor: str) -> float | None:
    """Mean contribution over mean total, where the mean total can be divided."""
    own = total = 0.0
    for kind, values in found.items():
        weights = ensemble.case.types[kind].weight * ensemble.weight(kind)
        own += float(np.sum(weights * values[actor]))
        total += float(sum(np.sum(weights * each) for each in values.values()))
    return own / total if total > DIVIDED_FROM else None


def risk_rows(ensembles: Ensembles, asked: Iterable[Call]) -> tuple[RiskRow, ...]:
    """Revision risk in the main theatre, in the first world of the pillars, when only some defenders act."""
    ensemble = main(ensembles)
    case = ensemble.case
    groups = {}
    scene = next(call for call in pillar_scenes(case, asked) if call.theatre == case.main)
    for model in central(case):
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
    """The pull on each regime of the main theatre that some instrument loosens."""
    regimes = case.theatres[case.main].regimes
    return tuple(Call("pull", regime=name, theatre=case.main) for name in regimes if case.regimes[name].loosened_by)


def pull_rows(ensembles: Ensembles) -> tuple[PullRow, ...]:
    """How far influence loosens each regime, from where it stands now, as judged."""
    ensemble = main(ensembles)
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
    """Every combination of a spending path of the first actor that has a choice, and of the regimes' states."""
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
    """The games that the switches need: one a spending path and type."""
    found = [
        situation(case, model, case.main, settings, None).scenario
        for _, settings in scene_settings(case)
        for model in central(case)
    ]
    return tuple(dict.fromkeys(found))


def scene_pillar_scenarios(case: Case) -> tuple[Scenario, ...]:
    """The games that the protectors' pillars under the switches need."""
    found = [
        game
        for _, settings in scene_settings(case)
        for model in central(case)
        for game in group_games(case, situation(case, model, case.main, settings, None), with_target=False).values()
    ]
    return tuple(dict.fromkeys(found))


def scenes(ensembles: Ensembles, few: Ensemble) -> tuple[Scene, ...]:
    """Fear against the present world, risks, year-1 chances and pillars in every combination of the switches.

    Pillars are read off fewer worlds.
    """
    ensemble = main(ensembles)
    case, found = ensemble.case, []
    for path, settings in scene_settings(case):
        values = {name: band(ensemble, partial(_in_scene, read, ensemble, settings)) for name, read in _SCENE.items()}
        values |= _scene_pillars(few, settings)
        regimes = {key.removeprefix(REGIMES): value for key, value in settings.items() if key.startswith(REGIMES)}
        found.append(Scene(spending=path, regimes=regimes, values=values))
    return tuple(found)


def _scene_pillars(few: Ensemble, settings: Mapping[str, str]) -> dict[str, Band]:
    case = few.case
    found = {
        model.type: pillars(few.reader(model), situation(case, model, case.main, settings, None), with_target=False)
        for model in central(case)
    }
    return {
        f"pillar.{actor}": band(few, partial(_by_type, found, actor)) for actor in case.theatres[case.main].protectors
    }


SceneRead = Callable[[Ensemble, Model, Mapping[str, str]], np.ndarray]


def _in_scene(read: SceneRead, ensemble: Ensemble, settings: Mapping[str, str], model: Model) -> np.ndarray:
    return read(ensemble, model, settings)


def _level(name: str) -> SceneRead:
    def read(ensemble: Ensemble, model: Model, settings: Mapping[str, str]) -> np.ndarray:
        there = situation(ensemble.case, model, ensemble.case.main, settings, None)
        solution = ensemble.solutions[there.scenario]
        table = {"risk": solution.tallies["risk"], "p_war": solution.tallies["war"]} | {
            f"p_{choice}": values for choice, values in solution.probabilities.items()
        }
        return np.asarray(table[name][there.state])

    return read


def _scene_fear(part: str) -> SceneRead:
    def read(ensemble: Ensemble, model: Model, settings: Mapping[str, str]) -> np.ndarray:
        case = ensemble.case
        there = situation(case, model, case.main, settings, None)
        now = ensemble.solutions[base_scenario(case, case.main, model.type)]
        before = now.best_responses[part][case.forms[case.main].index()]
        return np.asarray(before - ensemble.solutions[there.scenario].best_responses[part][there.state])

    return read


_SCENE = {
    "fear": _scene_fear("best"),
    "fear_aim": _scene_fear("best_aim"),
    "risk": _level("risk"),
    "p_war": _level("p_war"),
    "p_press": _level("p_press"),
    "p_attack": _level("p_attack"),
}


# --- money and the fan ---------------------------------------------------------------------------------------------


def spending_lines(ensembles: Ensembles) -> tuple[SpendingLine, ...]:
    """Real spending of each actor in the money of its force, recent years and the horizon, on every path."""
    case, lines = main(ensembles).case, []
    done: set[tuple[str, str]] = set()
    for theatre in case.theatres:
        ensemble, form = ensembles[theatre,], case.forms[theatre]
        inputs = Inputs(ensemble.worlds.draws, theatre, {})
        each = [spec.weight * ensemble.weight(kind) for kind, spec in case.types.items()]
        weights = np.sum(each, axis=0)
        for actor in form.players:
            paths_of = case.spending.paths.get(actor) if case.spending else None
            for path in paths_of.options if paths_of else ("",):
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
    """The paths of the main theatre from the present world: mean chances over worlds, types pooled."""
    case = ensemble.case
    form = case.forms[case.main]
    total: np.ndarray | None = None
    for kind, spec in case.types.items():
        found = paths(case, base_scenario(case, case.main, kind), ensemble.worlds.draws, form.index())
        table = np.concatenate([found.levels, found.won[:, None], found.fallen[:, None]], axis=1)
        mean = spec.weight * (table @ ensemble.weight(kind))
        total = mean if total is None else total + mean
    assert total is not None
    return tuple(
        FanYear(
            year=case.as_of.year + place,
            levels=tuple(float(x) for x in row[:-2]),
            won=float(row[-2]),
            fallen=float(row[-1]),
        )
        for place, row in enumerate(total)
    )


# --- what is needed, and the table of quantities -------------------------------------------------------------------


def figure_scenarios(case: Case, asked: Iterable[Call]) -> tuple[Scenario, ...]:
    """The games that the figures need beyond those of the claims."""
    wanted = list(scene_scenarios(case))
    listed = tuple(asked)
    for model in central(case):
        for call in (*fear_calls(case).values(), *pull_calls(case)):
            wanted.extend(needs(case, model, call))
        for scene in pillar_scenes(case, listed):
            wanted.extend(
                needs(case, model, replace(scene, name="pillar_all", actor=case.theatres[str(scene.theatre)].target))
            )
    return tuple(dict.fromkeys(wanted))


LEVELS = {
    "risk": "revision risk within the horizon",
    "p_war": "war by any path within the horizon",
    "p_press": "military pressure in the first year",
    "p_condemn": "condemnation in the first year",
    "p_influence": "influence operations in the first year",
    "p_attack": "attack in the first year",
    "p_concede": "a concession, given pressure, in the first year",
}


def few_worlds_scenarios(case: Case) -> tuple[Scenario, ...]:
    """The games of what is read off fewer worlds: the yardsticks of fear, and the worth of the mix of instruments."""
    asked = (*yardstick_calls(case).values(), mix_call(case))
    return tuple(
        dict.fromkeys(scenario for model in central(case) for call in asked for scenario in needs(case, model, call))
    )


def mix_call(case: Case) -> Call:
    """Return what the challenger's instruments are worth together beyond the best of them alone, in the present world."""
    return Call("worth_of_mix", theatre=case.main)


def quantity_rows(ensembles: Ensembles, fear: Iterable[FearRow], few: Ensemble) -> tuple[QuantityRow, ...]:
    """The table of quantities: the present world of each theatre by type, the worth of the mix, fear of each event."""
    case, rows = main(ensembles).case, []
    for theatre in case.theatres:
        ensemble = ensembles[theatre,]
        for name, label in LEVELS.items():
            call = Call(name, theatre=theatre)
            for model in central(case):
                weights = ensemble.weight(model.type)
                values = quantiles(ensemble.reader(model).read(call), weights)
                rows.append(QuantityRow(id=f"{name}@{theatre}", label=label, model=model.type, unit="1", band=values))
    for model in central(case):
        values = quantiles(few.reader(model).read(mix_call(case)), few.weight(model.type))
        label = "all instruments against the best alone"
        rows.append(QuantityRow(id=f"worth_of_mix@{case.main}", label=label, model=model.type, unit="aim", band=values))
    for row in fear:
        for part, values in (("fear", row.total), ("fear_aim", row.aim), ("fear_survival", row.survival)):
            rows.append(
                QuantityRow(id=f"{part}({row.event})", label=row.label, model="pooled", unit="aim", band=values)
            )
    return tuple(rows)
