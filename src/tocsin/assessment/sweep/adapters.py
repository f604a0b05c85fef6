"""Let other programs drive a case as their model: SALib (sensitivity analysis) and the EMA workbench (exploratory modelling).

Both take a case as a function of a few inputs, with the others at their medians. The function solves many worlds at once, which is much
faster than one after another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from tocsin.assessment.sweep.design import check_known
from tocsin.assessment.sweep.job import CHUNK
from tocsin.assessment.sweep.model import columns_of, evaluate, quantities
from tocsin.case.schema import Case
from tocsin.errors import InputError
from tocsin.translation import in_commas, message

if TYPE_CHECKING:
    from ema_workbench import Model
    from ema_workbench.em_framework.evaluators import SequentialEvaluator

LOW, HIGH = 0.05, 0.95
"""Quantiles between which the EMA workbench explores an input; a case usually states a distribution by these two."""


@dataclass(frozen=True)
class CaseFunction:
    """A case as a function of some inputs; `case_function` creates and checks it.

    Attributes:
        case: a loaded case with games.
        varied: names of the beliefs that are arguments.
        quantities: the results, as tests write them.
    """

    case: Case
    varied: tuple[str, ...]
    quantities: tuple[str, ...]

    @cached_property
    def medians(self) -> dict[str, float]:
        """Median of each belief, in its unit."""
        return {name: float(belief.quantile(0.5)) for name, belief in self.case.distributions.items()}

    def at(self, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return the quantities at some values of the varied inputs.

        Args:
            inputs: varied input -> (D,) values in its unit.

        Returns:
            As `model.evaluate`: `quantity/TYPE/CALL` -> (D,), nan where a game has not settled.

        Raises:
            InputError: if the inputs are not the varied ones, or have different lengths.
        """
        if set(inputs) != set(self.varied):
            raise InputError(
                message("the inputs are not those of this function"),
                remedy=message("give {names}", names=in_commas(self.varied)),
            )
        values = {name: np.atleast_1d(np.asarray(array, dtype=float)) for name, array in inputs.items()}
        size = len(next(iter(values.values())))
        calls = quantities(self.case, self.quantities)
        chunks = []
        for start in range(0, size, CHUNK):
            part = {name: array[start : start + CHUNK] for name, array in values.items()}
            rest = {name: np.full(len(next(iter(part.values()))), median) for name, median in self.medians.items()}
            chunks.append(evaluate(self.case, calls, rest | part))
        return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}

    def at_points(self, points: np.ndarray) -> np.ndarray:
        """Return the quantities at quantiles of the varied inputs, as SALib wants its model.

        Args:
            points: (D, varied) quantiles in [0, 1]. They are independent and uniform if the inputs follow their distributions.

        Returns:
            (D, results), the results in the order of `at`; (D,) if there is one.
        """
        inputs = {
            name: self.case.distributions[name].quantile(points[:, index]) for index, name in enumerate(self.varied)
        }
        results = np.stack(list(self.at(inputs).values()), axis=1)
        return results[:, 0] if results.shape[1] == 1 else results

    @property
    def results(self) -> tuple[str, ...]:
        """Names of the results of `at`, in order."""
        return columns_of(self.case, quantities(self.case, self.quantities))


def case_function(case: Case, varied: Sequence[str], results: Sequence[str]) -> CaseFunction:
    """Return a case as a function of some inputs.

    Args:
        case: a loaded case with games.
        varied: names of beliefs, at least one.
        results: quantities as tests write them, at least one.

    Raises:
        InputError: for an unknown input, or a text that is not one quantity.
    """
    if not varied or not results:
        raise InputError(message("no input or no result"), remedy=message("name at least one of each"))
    for name in varied:
        check_known(case, name)
    quantities(case, results)
    return CaseFunction(case, tuple(dict.fromkeys(varied)), tuple(dict.fromkeys(results)))


def salib_problem(function: CaseFunction) -> dict[str, Any]:
    """Return the problem of SALib that samples the inputs of a function: quantiles, uniform in [0, 1].

    SALib's samples of it go to `CaseFunction.at_points`.
    """
    names = list(function.varied)
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names), "outputs": [*function.results]}


def ema_model(function: CaseFunction, name: str = "case") -> Model:
    """Return a function as a model of the EMA workbench.

    Its uncertainties are the varied inputs between their 5 % and 95 % points, its outcomes the results. The workbench runs one experiment
    after another; with `ema_evaluator` it runs them together.

    Args:
        function: from `case_function`.
        name: of the model, letters and digits only.

    Raises:
        InputError: if the EMA workbench is not installed.
    """
    workbench = _workbench()

    def run(**inputs: float) -> dict[str, float]:
        values = function.at({key: np.array([inputs[key]]) for key in function.varied})
        return {key: float(array[0]) for key, array in values.items()}

    model = workbench.Model(name, function=run)
    model.uncertainties = [
        workbench.RealParameter(key, *map(float, function.case.distributions[key].quantile([LOW, HIGH])))
        for key in function.varied
    ]
    model.outcomes = [workbench.ScalarOutcome(key) for key in function.results]
    return model


def ema_evaluator(function: CaseFunction, model: Model) -> SequentialEvaluator:
    """Return an evaluator of the EMA workbench that solves all experiments of a model together.

    Args:
        function: from `case_function`.
        model: from `ema_model` of this function.

    Raises:
        InputError: if the EMA workbench is not installed.
    """
    _workbench()
    from ema_workbench.em_framework.evaluators import SequentialEvaluator
    from ema_workbench.em_framework.points import experiment_generator

    class Together(SequentialEvaluator):  # type: ignore[misc] # the workbench has no types
        def evaluate_experiments(
            self, scenarios: Any, policies: Any, callback: Any, combine: str = "factorial"
        ) -> None:
            experiments = list(experiment_generator(scenarios, self._msis, policies, combine=combine))
            inputs = {
                key: np.array([experiment.scenario[key] for experiment in experiments]) for key in function.varied
            }
            results = function.at(inputs)
            for index, experiment in enumerate(experiments):
                callback(
                    experiment,
                    {outcome.name: outcome.process([results[outcome.name][index]]) for outcome in model.outcomes},
                )

    return Together(model)


def _workbench() -> Any:
    try:
        import ema_workbench
    except ImportError:
        raise InputError(
            message("the EMA workbench is not installed"),
            remedy=message("run `pip install ema_workbench`"),
        ) from None
    return ema_workbench
