"""The rule's case has the inputs with which the stored back-test was made."""

from __future__ import annotations

from tocsin.backtest.play import rule

STORED = [
    "precision",
    "aim.security",
    "falling.revisionist",
    "falling.security",
    "toppling",
    "stake.TAR",
    "stake.PR1",
    "stake.PR2",
    "stake.BAC",
    "standing_aside.PR1",
    "standing_aside.PR2",
    "standing_aside.BAC",
    "cost.press",
    "cost.influence",
    "cost.condemn",
    "cost.back_down",
    "cost.clash",
    "cost.war.challenger",
    "cost.war.target",
    "cost.war.protector",
    "cost.war.backer",
    "shadow",
    "dividend",
    "widening",
    "accident",
    "accident_after_clash",
    "strike_instability",
    "rollback",
    "decisiveness.war",
    "decisiveness.clash",
    "cutpoint.war.win",
    "cutpoint.war.lose",
    "cutpoint.clash.win",
    "capital_share",
    "depreciation",
    "ppp_weight",
    "personnel.CHA",
    "personnel.TAR",
    "personnel.PR1",
    "personnel.PR2",
    "personnel.BAC",
    "spending.CHA",
    "spending.TAR",
    "spending.PR1",
    "spending.PR2",
    "spending.BAC",
    "growth.CHA",
    "growth.TAR",
    "growth.PR1",
    "growth.PR2",
    "growth.BAC",
    "usable.CHA",
    "usable.TAR",
    "usable.PR1",
    "usable.PR2",
    "usable.BAC",
    "share.CHA",
    "share.TAR",
    "share.PR1",
    "share.PR2",
    "share.BAC",
    "reach.CHA",
    "reach.PR1",
    "reach.PR2",
    "reach.BAC",
]
"""The inputs of the stored back-test. Their order decides which draws each gets."""
RANGES = {
    "precision": "loguniform(20 to 120)",
    "aim.security": "beta(0.01 to 0.15)",
    "falling.revisionist": "loguniform(0.5 to 2)",
    "falling.security": "loguniform(1.5 to 4)",
    "toppling": "beta(0.3 to 0.8)",
    "stake.TAR": "uniform(1 to 2)",
    "stake.PR1": "beta(0.2 to 0.6)",
    "stake.PR2": "beta(0.2 to 0.6)",
    "stake.BAC": "beta(0.05 to 0.3)",
    "standing_aside.PR1": "beta(0.05 to 0.4)",
    "standing_aside.PR2": "beta(0.05 to 0.4)",
    "standing_aside.BAC": "beta(0.02 to 0.2)",
    "cost.press": "beta(0.01 to 0.06)",
    "cost.influence": "beta(0.002 to 0.01)",
    "cost.condemn": "uniform(-0.005, 0.002)",
    "cost.back_down": "beta(0.01 to 0.05)",
    "cost.clash": "beta(0.01 to 0.06)",
    "cost.war.challenger": "uniform(0.2 to 1)",
    "cost.war.target": "uniform(0.6 to 2)",
    "cost.war.protector": "beta(0.1 to 0.5)",
    "cost.war.backer": "beta(0.05 to 0.4)",
    "shadow": "beta(0.05 to 0.5)",
    "dividend": "uniform(0, 0.05)",
    "widening": "beta(0.02 to 0.2)",
    "accident": "lognormal(0.0002 to 0.005)",
    "accident_after_clash": "beta(0.003 to 0.06)",
    "strike_instability": "uniform(0, 2)",
    "rollback": "beta(0.02 to 0.2)",
    "capital_share": "beta(0.4 to 0.8)",
    "depreciation": "uniform(0.05 to 0.12)",
}
"""The judged ranges of the stored back-test."""


def test_the_inputs_are_those_of_the_stored_results_in_the_same_order() -> None:
    case = rule()
    assert list(case.beliefs) == STORED
    assert {name: case.beliefs[name].is_ for name in RANGES} == RANGES
    others = {name: belief for name, belief in case.beliefs.items() if name not in RANGES}
    assert all(belief.is_.startswith("fixed(") or belief.from_ is not None for belief in others.values())


def test_the_rule_states_the_ranges_in_which_it_differs_from_the_defaults() -> None:
    stated = {name for name in RANGES if not rule().beliefs[name].is_default}
    assert stated == {"toppling", "standing_aside.BAC", "cost.war.protector", "cost.war.backer", "shadow"}
