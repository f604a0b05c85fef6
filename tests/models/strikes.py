"""Beliefs that add first strikes and drawn fights to the small case."""

from __future__ import annotations

STRIKES = """\
  blows.GAM: {is: "lognormal(20 to 200)", unit: launchers, by: tests, why: range}
  blows.BET: {is: "lognormal(10 to 100)", unit: launchers, by: tests, why: range}
  decapitation.BET: {is: "beta(0.01 to 0.2)", unit: "1", by: tests, why: range}
  launchers: {is: "lognormal(50 to 200)", unit: launchers, by: tests, why: range}
  hidden: {is: "beta(0.1 to 0.6)", unit: "1", by: tests, why: range}
  cost.strike: {is: "lognormal(0.01 to 0.2)", unit: "1", by: tests, why: range}
  cost.strike.peace: {is: "lognormal(0.01 to 0.2)", unit: "1", by: tests, why: range}
  alarm: {is: "beta(0.01 to 0.2)", unit: per year, by: tests, why: range}
  warning: {is: "beta(0.1 to 0.9)", unit: "1", by: tests, why: range}
"""
DRAWN = """\
  cutpoint.war.win: {is: "uniform(-0.5 to 2)", unit: "1", by: tests, why: range}
  cutpoint.war.lose: {is: "uniform(1 to 3)", unit: "1", by: tests, why: range}
  conquest: {is: "beta(0.05 to 0.5)", unit: "1", by: tests, why: range}
"""
