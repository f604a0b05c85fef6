"""Published games: their printed results, and the same from solving the games themselves."""

from __future__ import annotations

from itertools import combinations, product

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from tests.support import seeded

from tocsin.case.published import PUBLISHED
from tocsin.games.agents import agent_form
from tocsin.games.equilibrium import logit_equilibrium
from tocsin.games.perfect import branch_limit
from tocsin.games.tree import Decision
from tocsin.models.published import SOLVERS, solve
from tocsin.models.published.fearon1995 import offers, risk_return_tree
from tocsin.models.published.kydd2005 import trust_tree
from tocsin.models.published.zagare_kilgour2000 import unilateral_tree

pytestmark = pytest.mark.numeric


def one(name: str, **parameters: float) -> dict[str, float]:
    found = solve(name, {key: np.array([value]) for key, value in parameters.items()})
    return {key: float(value[0]) for key, value in found.items()}


def test_every_declared_game_is_solved_and_gives_what_it_declares() -> None:
    assert set(SOLVERS) == set(PUBLISHED)
    states = ("X", "Y", "Z")
    for name, game in PUBLISHED.items():
        points = {"status_quo": 0.0, "win": 2.0, "fight_hard": -1.0, "back_down": -2.0, "fight_soft": -3.0}
        parameters = {}
        for kind in game.parameters:
            for filled in {kind.pattern.replace("ACTOR", state) for state in states}:
                parameters[filled] = np.array([points.get(filled, min(max(0.4, kind.low), kind.high))] * 3)
        found = solve(name, parameters)
        declared = {result.replace("ACTOR", state) for result in game.results for state in states}
        assert set(found) == declared
        assert all(value.shape == (3,) and np.isfinite(value).all() for value in found.values())


# --- Fearon 1995 ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "later", "cost", "margin", "war"),
    [
        (0.4, 0.6, 0.1, 0.14 - 0.001, 1.0),
        (0.4, 0.4455, 0.1, 0.00095 - 0.001, 0.0),
        (0.3, 0.35, 0.2, 0.015 - 0.002, 1.0),
        (0.5, 0.56, 0.05, 0.004 - 0.0005, 1.0),
    ],
)
def test_preventive_war_as_printed(now: float, later: float, cost: float, margin: float, war: float) -> None:
    found = one("fearon1995_preventive", rising_now=now, rising_later=later, cost=cost, discount=0.9)
    assert found["margin"] == pytest.approx(margin, abs=1e-12)
    assert found["war"] == war


def test_the_threshold_of_preventive_war() -> None:
    found = one("fearon1995_preventive", rising_now=0.4, rising_later=0.5, cost=0.1, discount=0.9)
    assert found["threshold"] == pytest.approx(0.445556, abs=5e-7)


def test_the_engine_with_a_grid_of_offers_goes_to_war_where_the_formula_does() -> None:
    """Powers near the threshold of 0.445556 to 0.002, off the grid, on which offers can tie."""
    later = np.array([0.4037, 0.4337, 0.4437, 0.4477, 0.4637, 0.6037])
    war = offers(0.4, jnp.asarray(later), 0.1, 0.9, grid=101, precision=1e6)
    each = {"rising_now": 0.4, "cost": 0.1, "discount": 0.9}
    expected = solve(
        "fearon1995_preventive", {name: np.full(6, x) for name, x in each.items()} | {"rising_later": later}
    )
    assert np.asarray(war) == pytest.approx(expected["war"], abs=1e-6)


def test_risk_return_as_printed() -> None:
    found = one("fearon1995_risk_return", strength=0.5, cost=0.1, cost_bound=0.4)
    assert found["offer"] == pytest.approx(0.65, abs=1e-12)
    assert found["war"] == pytest.approx(0.375, abs=1e-12)


def test_risk_return_is_the_limit_of_its_tree() -> None:
    claims = np.linspace(0.4, 0.9, 21)
    root = risk_return_tree(0.5, 0.1, 0.4, claims, 8)
    found = logit_equilibrium(root, {"proposer": 3000.0, "other": 3000.0})
    assert bool(found.converged[0, 0])
    assert claims[np.asarray(found.strategies["claim"])[0, :, 0].argmax()] == pytest.approx(0.65, abs=0.026)


@given(strength=st.floats(0, 1), cost=st.floats(0, 2), bound=st.floats(0.01, 2))
def test_no_other_claim_is_better(strength: float, cost: float, bound: float) -> None:
    found = one("fearon1995_risk_return", strength=strength, cost=cost, cost_bound=bound)
    claims = np.linspace(0.0, 1.0, 2001)
    refused = np.clip((claims - strength) / bound, 0.0, 1.0)
    worth = refused * (strength - cost) + (1.0 - refused) * claims
    own = found["war"] * (strength - cost) + (1.0 - found["war"]) * found["offer"]
    assert own >= worth.max() - 1e-9


# --- Fearon 1994 ---------------------------------------------------------------------------------------------------

slopes = st.floats(0.05, 5.0)


@settings(deadline=None)
@given(a=slopes, b=slopes, wa=slopes, wb=slopes)
def test_a_crisis_ends_in_one_way_or_another(a: float, b: float, wa: float, wb: float) -> None:
    found = one("fearon1994", audience_a=a, audience_b=b, aversion_a=wa, aversion_b=wb)
    assert found["wins_a"] + found["wins_b"] + found["war"] == pytest.approx(1.0, abs=1e-9)
    assert min(found["concede_a"], found["concede_b"]) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("quit_at", [0.0, 0.3, 0.7, 1.0])
def test_a_state_that_may_back_down_is_indifferent_when(quit_at: float) -> None:
    """What A expects from holding out until a time before the horizon is the same for every such time, and what it
    gets by backing down at once after the other did not."""
    a, b = 0.5, 0.8
    found = one("fearon1994", audience_a=a, audience_b=b, aversion_a=1.0, aversion_b=2.0)
    until = quit_at * found["horizon"]
    yields = found["concede_b"]
    wins, _ = quad(lambda t: a / (1.0 + a * t) ** 2, 0.0, until)
    stays = (1.0 - yields) / (1.0 + a * until)
    assert yields + (1.0 - yields) * wins - stays * a * until == pytest.approx(yields, abs=1e-9)


def test_the_side_with_the_weaker_audience_backs_down_more() -> None:
    found = one("fearon1994", audience_a=0.3, audience_b=1.0, aversion_a=1.0, aversion_b=1.0)
    assert found["concede_a"] > 0.0
    assert found["wins_b"] > found["wins_a"]


# --- Powell 2006 ---------------------------------------------------------------------------------------------------


def test_a_shift_larger_than_the_surplus_means_war() -> None:
    """With a share d destroyed: war iff (1 - d)(delta p2 - p1) > d."""
    for later, war in ((0.9, 1.0), (0.6, 0.0)):
        found = one("powell2006", rising_now=0.3, rising_later=later, destroyed=0.2, discount=0.9)
        assert found["war"] == war == float(0.8 * (0.9 * later - 0.3) > 0.2)
        assert found["margin"] == pytest.approx((0.8 * (0.9 * later - 0.3) - 0.2) * 10.0, abs=1e-12)


def test_no_shift_no_war() -> None:
    assert one("powell2006", rising_now=0.3, rising_later=0.3, destroyed=0.01, discount=0.99)["war"] == 0.0


# --- Zagare and Kilgour 2000 ---------------------------------------------------------------------------------------

CHALLENGER = {"win": 2.0, "status_quo": 1.0, "fight_hard": 0.0, "back_down": -0.5, "fight_soft": -1.0}
DEFENDER = {"status_quo": 2.0, "concede": 0.0, "prevail": 1.0, "fight_hard": 0.5, "fight_soft": -1.0}


def test_the_threshold_of_mutual_deterrence_as_printed() -> None:
    found = one(
        "zagare_kilgour2000_mutual", win=2.0, status_quo=1.0, fight_hard=0.0, credibility_a=0.5, credibility_b=0.49
    )
    assert found["threshold"] == 0.5
    assert found["sure_thing"] == 0.0


@pytest.mark.parametrize("credibility", [0.1, 0.3, 0.45, 0.55, 0.8])
def test_unilateral_deterrence_is_the_limit_of_its_tree(credibility: float) -> None:
    """Payoffs make a hard defender always deny and a soft one concede to a challenger that is surely hard."""
    expected = one("zagare_kilgour2000_unilateral", **CHALLENGER, credibility=credibility)
    root = unilateral_tree(CHALLENGER, DEFENDER, 1.0 - 1e-9, credibility)
    found = branch_limit(agent_form(root, ("challenger", "defender")))
    keeps = float(found.strategies["challenge hard"][0])
    assert keeps == pytest.approx(expected["deterred_hard"], abs=1e-6)
    assert float(found.strategies["answer hard"][1]) == pytest.approx(1.0, abs=1e-6)
    assert float(found.strategies["answer soft"][0]) == pytest.approx(1.0, abs=1e-6)


def test_payoffs_out_of_order_are_refused_with_their_draw() -> None:
    parameters = {name: np.array([value, value]) for name, value in CHALLENGER.items()}
    parameters["win"] = np.array([2.0, 0.5])
    with pytest.raises(ValueError, match="win must be above status_quo: not so in draw 1"):
        solve("zagare_kilgour2000_unilateral", {**parameters, "credibility": np.zeros(2)})


# --- Signorino and Tarar 2006 --------------------------------------------------------------------------------------


def test_immediate_deterrence_is_what_simulated_private_payoffs_give() -> None:
    payoffs = {
        "attacker_status_quo": 0.2, "attacker_capitulation": 1.0, "attacker_war": -0.8,
        "defender_capitulation": -0.3, "defender_war": 0.1,
    }  # fmt: skip
    found = one("signorino_tarar2006", **payoffs, spread=0.7)
    noise = 0.7 * np.random.default_rng(seeded(1)).normal(size=(5, 1_600_000))
    defends = payoffs["defender_war"] + noise[0] > payoffs["defender_capitulation"] + noise[1]
    share = defends.mean()
    war, quiet = payoffs["attacker_war"] + noise[2], payoffs["attacker_capitulation"] + noise[3]
    attacks = share * war + (1 - share) * quiet > payoffs["attacker_status_quo"] + noise[4]
    assert found["defend"] == pytest.approx(share, abs=0.003)
    assert found["attack"] == pytest.approx(attacks.mean(), abs=0.003)
    assert found["war"] + found["capitulation"] == pytest.approx(found["attack"], abs=1e-12)


# --- Kydd 2005 -----------------------------------------------------------------------------------------------------


@given(trust=st.floats(0.01, 0.99), temptation=st.floats(-1.0, 0.9), loss=st.floats(0.0, 3.0))
def test_trust_from_the_threshold_on_makes_cooperation_a_best_reply(
    trust: float, temptation: float, loss: float
) -> None:
    side = {"trust": trust, "temptation": temptation, "loss": loss}
    both = {f"{name}_{who}": value for name, value in side.items() for who in "ab"}
    found = one("kydd2005", **both)
    if abs(trust - found["threshold_a"]) < 1e-6:
        return
    root = trust_tree(side, side)
    payoffs = {
        (move, reply): leaf.payoffs["a"]
        for move, node in root.actions.items()
        if isinstance(node, Decision)
        for reply, leaf in node.actions.items()
    }
    assert (payoffs["cooperate", "cooperate"] >= payoffs["defect", "cooperate"]) == bool(found["cooperation"])
    assert payoffs["defect", "defect"] >= payoffs["cooperate", "defect"]


def test_conflict_points_to_the_untrustworthy_the_more_so_where_trust_would_have_sufficed() -> None:
    side = {"temptation_a": 0.5, "temptation_b": 0.5, "loss_a": 1.0, "loss_b": 1.0}
    enough = one("kydd2005", trust_a=0.8, trust_b=0.8, **side)
    little = one("kydd2005", trust_a=0.5, trust_b=0.5, **side)
    assert enough["threshold_a"] == pytest.approx(2 / 3)
    assert (enough["conflict_untrustworthy"], little["conflict_untrustworthy"]) == (1.0, 0.75)


# --- Jackson and Nei 2015 ------------------------------------------------------------------------------------------

Network = frozenset[tuple[int, int]]


def secure(ties: Network, strengths: tuple[float, ...], advantage: float) -> dict[str, float]:
    parameters = {f"strength.S{n}": value for n, value in enumerate(strengths)} | {"advantage": advantage}
    return one("jackson_nei2015", **parameters, **{f"tie.S{a}.S{b}": 1.0 for a, b in ties})


def test_equals_without_allies_are_safe_and_a_lone_weak_state_is_not() -> None:
    assert secure(frozenset(), (1.0, 1.0, 1.0), 1.0)["secure"] == 1.0
    found = secure(frozenset(), (3.0, 1.0, 1.0), 1.5)
    assert [found[f"vulnerable.S{n}"] for n in range(3)] == [0.0, 1.0, 1.0]


def test_in_a_complete_network_of_equals_all_others_can_turn_on_one() -> None:
    complete: Network = frozenset(combinations(range(4), 2))
    assert secure(complete, (1.0,) * 4, 2.9)["secure"] == 0.0
    assert secure(complete, (1.0,) * 4, 3.0)["secure"] == 1.0


def _beaten(ties: Network, strengths: tuple[float, ...], advantage: float, within: set[int] | None = None) -> set[int]:
    """States that some league beats, straight from the definition; `within`: states that the league must include."""
    allies = {n: {b for a, b in (*ties, *((y, x) for x, y in ties)) if a == n} for n in range(len(strengths))}
    found = set()
    for size in range(1, len(strengths)):
        for league in map(set, combinations(range(len(strengths)), size)):
            if (within and not within <= league) or not any(league - {lead} <= allies[lead] for lead in league):
                continue
            for target in set(range(len(strengths))) - league:
                defence = sum(strengths[n] for n in {target} | (allies[target] - league))
                if sum(strengths[n] for n in league) > advantage * defence:
                    found.add(target)
    return found


@settings(deadline=None)
@given(
    strengths=st.tuples(*[st.sampled_from([0.5, 1.0, 2.0, 3.5])] * 5),
    chosen=st.lists(st.booleans(), min_size=10, max_size=10),
    advantage=st.sampled_from([0.7, 1.0, 1.6, 2.5]),
)
def test_vulnerable_states_are_those_of_the_definition(
    strengths: tuple[float, ...], chosen: list[bool], advantage: float
) -> None:
    ties: Network = frozenset(pair for pair, is_in in zip(combinations(range(5), 2), chosen, strict=True) if is_in)
    found = secure(ties, strengths, advantage)
    assert {n for n in range(5) if found[f"vulnerable.S{n}"]} == _beaten(ties, strengths, advantage)


@pytest.mark.parametrize("advantage", [0.8, 1.0, 1.3, 2.0, 3.0])
def test_no_network_with_ties_is_war_stable(advantage: float) -> None:
    """Their theorem 1, over all networks of four equals: none with a tie has no vulnerable state, no new tie that makes
    a victim, and no tie that one of its ends could do without."""
    pairs, strengths = list(combinations(range(4), 2)), (1.0,) * 4
    for chosen in product([False, True], repeat=6):
        ties: Network = frozenset(pair for pair, is_in in zip(pairs, chosen, strict=True) if is_in)
        if not ties:
            continue
        safe = secure(ties, strengths, advantage)["secure"] == 1.0
        quiet = not any(_beaten(ties | {pair}, strengths, advantage, set(pair)) for pair in pairs if pair not in ties)
        needed = all(set(pair) <= _beaten(ties - {pair}, strengths, advantage) for pair in ties)
        assert not (safe and quiet and needed)
