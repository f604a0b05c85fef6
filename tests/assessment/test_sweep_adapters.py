"""A case as the model of SALib and of the EMA workbench."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support import minimal_case

from tocsin.assessment.sweep.adapters import CaseFunction, case_function, ema_evaluator, ema_model, salib_problem
from tocsin.errors import InputError

pytestmark = pytest.mark.numeric

VARIED = ("loosens.GAM.alignment", "shadow", "growth.BET")
HAZARD = "hazard(GAM.alignment, leave)"


@pytest.fixture(scope="module")
def function(tmp_path_factory: pytest.TempPathFactory) -> CaseFunction:
    return case_function(minimal_case(tmp_path_factory.mktemp("minimal")), VARIED, ["risk()", HAZARD])


def test_a_function_is_the_case_with_the_other_inputs_at_their_medians(function: CaseFunction) -> None:
    inputs = {name: np.array([function.medians[name]] * 2) for name in VARIED}
    inputs["shadow"] = np.array([0.1, 0.3])
    results = function.at(inputs)
    assert tuple(results) == function.results
    (hazard,) = (values for name, values in results.items() if name.startswith("quantity/security/hazard"))
    (risk,) = (values for name, values in results.items() if name.startswith("quantity/security/risk"))
    assert np.all(hazard == function.medians["loosens.GAM.alignment"])
    assert risk[0] != risk[1] and np.all((risk > 0) & (risk < 1))


def test_points_are_quantiles(function: CaseFunction) -> None:
    results = function.at_points(np.full((2, 3), 0.5))
    medians = function.at({name: np.array([function.medians[name]]) for name in VARIED})
    assert results.shape == (2, 4)
    assert np.array_equal(results[0], [values[0] for values in medians.values()])


def test_functions_that_make_no_sense_are_refused(function: CaseFunction) -> None:
    with pytest.raises(InputError, match="unknown input `shade`"):
        case_function(function.case, ["shade"], ["risk()"])
    with pytest.raises(InputError, match="no input or no result"):
        case_function(function.case, [], ["risk()"])
    with pytest.raises(InputError, match="not those of this function"):
        function.at({"shadow": np.array([0.1])})


def test_salib_gives_a_quantity_that_is_one_input_the_index_one(function: CaseFunction) -> None:
    pytest.importorskip("SALib", reason="SALib is not installed")
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    single = case_function(function.case, VARIED, [HAZARD])
    problem = salib_problem(single)
    points = sampling.sample(problem, 64, calc_second_order=False, seed=1)
    values = single.at_points(points)[:, 0]
    indices = analysis.analyze(problem, values, calc_second_order=False, seed=1)
    assert indices["ST"] == pytest.approx([1.0, 0.0, 0.0], abs=0.15)


def test_a_saltelli_sweep_is_in_the_order_that_salib_reads(function: CaseFunction) -> None:
    pytest.importorskip("SALib", reason="SALib is not installed")
    from SALib.analyze import sobol as analysis

    from tocsin.assessment.sweep.design import saltelli
    from tocsin.assessment.sweep.model import evaluate, quantities

    design = saltelli(function.case, VARIED, worlds=512, seed=1)
    inputs = design.inputs(function.case, 0, design.rows)
    problem = {"num_vars": 3, "names": list(VARIED), "bounds": [[0.0, 1.0]] * 3}
    (hazard, *_) = evaluate(function.case, quantities(function.case, [HAZARD]), inputs).values()
    # the second is additive in independent inputs, so that the shares of its variance are known
    additive = np.log(inputs["shadow"]) + inputs["growth.BET"]
    parts = [float(np.var(np.log(inputs["shadow"]))), float(np.var(inputs["growth.BET"]))]
    shares = [0.0, parts[0] / sum(parts), parts[1] / sum(parts)]
    for values, expected in ((hazard, [1.0, 0.0, 0.0]), (additive, shares)):
        indices = analysis.analyze(problem, values, calc_second_order=False, seed=1)
        assert indices["ST"] == pytest.approx(expected, abs=0.1)
        assert indices["S1"] == pytest.approx(expected, abs=0.15)


@pytest.mark.slow
def test_the_ema_workbench_gets_the_same_results_one_by_one_and_together(function: CaseFunction) -> None:
    workbench = pytest.importorskip("ema_workbench", reason="the EMA workbench is not installed")
    model = ema_model(function)
    np.random.seed(1)  # noqa: NPY002 -- the workbench samples with this generator
    with workbench.SequentialEvaluator(model) as evaluator:
        experiments, one_by_one = evaluator.perform_experiments(scenarios=4)
    scenarios = [workbench.Scenario(**row) for row in experiments[list(VARIED)].to_dict("records")]
    with ema_evaluator(function, model) as evaluator:
        repeated, together = evaluator.perform_experiments(scenarios=scenarios)
    assert np.array_equal(repeated[list(VARIED)], experiments[list(VARIED)])
    for name in function.results:
        assert together[name] == pytest.approx(one_by_one[name], rel=1e-6)
    low, high = function.case.distributions["shadow"].quantile([0.05, 0.95])
    assert experiments["shadow"].between(low, high).all()
