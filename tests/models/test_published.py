"""Published games: their printed results, and the same results from solving the games themselves."""

from __future__ import annotations

from itertools import combinations, product

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from tests.models import published_games
from tests.support import seeded

from tocsin.case.published import PUBLISHED
from tocsin.games.agents import agent_form
from tocsin.games.equilibrium import logit_equilibrium
from tocsin.games.perfect import branch_limit
from tocsin.games.tree import Decision
from tocsin.models.published import SOLVERS, solve

pytestmark = pytest.mark.numeric


def one(name: str, **parameters: float) -> dict[str, float]:
    results = solve(name, {key: np.array([value]) for key, value in parameters.items()})
    return {key: float(value[0]) for key, value in results.items()}


def test_every_declared_game_is_solved_and_gives_its_declared_results() -> None:
    assert set(SOLVERS) == set(PUBLISHED)
    states = ("X", "Y", "Z")
    for name, game in PUBLISHED.items():
        points = {"status_quo": 0.0, "win": 2.0, "fight_hard": -1.0, "back_down": -2.0, "fight_soft": -3.0}
        parameters = {}
        for kind in game.parameters:
            for filled in {kind.pattern.replace("ACTOR", state) for state in states}:
                parameters[filled] = np.array([points.get(filled, min(max(0.4, kind.low), kind.high))] * 3)
        results = solve(name, parameters)
        declared = {result.replace("ACTOR", state) for result in game.results for state in states}
        assert set(results) == declared
        assert all(value.shape == (3,) and np.isfinite(value).all() for value in results.values())


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
def test_preventive_war_has_the_printed_margin(
    now: float, later: float, cost: float, margin: float, war: float
) -> None:
    result = one("fearon1995_preventive", rising_now=now, rising_later=later, cost=cost, discount=0.9)
    assert result["margin"] == pytest.approx(margin, abs=1e-12)
    assert result["war"] == war


def test_preventive_war_has_the_printed_threshold() -> None:
    result = one("fearon1995_preventive", rising_now=0.4, rising_later=0.5, cost=0.1, discount=0.9)
    assert result["threshold"] == pytest.approx(0.445556, abs=5e-7)


def test_the_solved_game_with_a_grid_of_offers_has_war_where_the_formula_does() -> None:
    """Later powers within 0.002 of the threshold 0.445556 and farther off, none on the grid, where offers can tie."""
    later = np.array([0.4037, 0.4337, 0.4437, 0.4477, 0.4637, 0.6037])
    war = published_games.preventive_war(0.4, jnp.asarray(later), 0.1, 0.9, grid=101, precision=1e6)
    fixed = {"rising_now": 0.4, "cost": 0.1, "discount": 0.9}
    expected = solve(
        "fearon1995_preventive", {name: np.full(6, x) for name, x in fixed.items()} | {"rising_later": later}
    )
    assert np.asarray(war) == pytest.approx(expected["war"], abs=1e-6)


def test_risk_and_return_has_the_printed_offer_and_risk() -> None:
    result = one("fearon1995_risk_return", strength=0.5, cost=0.1, cost_bound=0.4)
    assert result["offer"] == pytest.approx(0.65, abs=1e-12)
    assert result["war"] == pytest.approx(0.375, abs=1e-12)


def test_risk_and_return_is_the_limit_of_its_tree() -> None:
    claims = np.linspace(0.4, 0.9, 21)
    root = published_games.risk_return(0.5, 0.1, 0.4, claims, 8)
    result = logit_equilibrium(root, {"proposer": 3000.0, "other": 3000.0})
    assert bool(result.converged[0, 0])
    assert claims[np.asarray(result.strategies["claim"])[0, :, 0].argmax()] == pytest.approx(0.65, abs=0.026)


@given(strength=st.floats(0, 1), cost=st.floats(0, 2), bound=st.floats(0.01, 2))
def test_no_other_claim_gives_the_proposer_more(strength: float, cost: float, bound: float) -> None:
    result = one("fearon1995_risk_return", strength=strength, cost=cost, cost_bound=bound)
    claims = np.linspace(0.0, 1.0, 2001)
    refused = np.clip((claims - strength) / bound, 0.0, 1.0)
    values = refused * (strength - cost) + (1.0 - refused) * claims
    own = result["war"] * (strength - cost) + (1.0 - result["war"]) * result["offer"]
    assert own >= values.max() - 1e-9


# --- Fearon 1994 ---------------------------------------------------------------------------------------------------

slopes = st.floats(0.05, 5.0)


@settings(deadline=None)
@given(a=slopes, b=slopes, wa=slopes, wb=slopes)
def test_the_probabilities_of_all_ends_of_a_crisis_sum_to_one(a: float, b: float, wa: float, wb: float) -> None:
    result = one("fearon1994", audience_a=a, audience_b=b, aversion_a=wa, aversion_b=wb)
    assert result["wins_a"] + result["wins_b"] + result["war"] == pytest.approx(1.0, abs=1e-9)
    assert min(result["concede_a"], result["concede_b"]) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("quit_at", [0.0, 0.3, 0.7, 1.0])
def test_a_state_that_may_back_down_is_indifferent_between_all_times(quit_at: float) -> None:
    """Holding out until any time before the horizon has the same value for A as backing down at once."""
    a, b = 0.5, 0.8
    result = one("fearon1994", audience_a=a, audience_b=b, aversion_a=1.0, aversion_b=2.0)
    until = quit_at * result["horizon"]
    yields = result["concede_b"]
    wins, _ = quad(lambda t: a / (1.0 + a * t) ** 2, 0.0, until)
    stays = (1.0 - yields) / (1.0 + a * until)
    assert yields + (1.0 - yields) * wins - stays * a * until == pytest.approx(yields, abs=1e-9)


def test_the_state_with_the_weaker_audience_backs_down_more() -> None:
    result = one("fearon1994", audience_a=0.3, audience_b=1.0, aversion_a=1.0, aversion_b=1.0)
    assert result["concede_a"] > 0.0
    assert result["wins_b"] > result["wins_a"]


# --- Powell 2006 ---------------------------------------------------------------------------------------------------


def test_a_shift_of_power_larger_than_the_surplus_means_war() -> None:
    """With a share d destroyed: war iff (1 - d)(delta p2 - p1) > d."""
    for later, war in ((0.9, 1.0), (0.6, 0.0)):
        result = one("powell2006", rising_now=0.3, rising_later=later, destroyed=0.2, discount=0.9)
        assert result["war"] == war == float(0.8 * (0.9 * later - 0.3) > 0.2)
        assert result["margin"] == pytest.approx((0.8 * (0.9 * later - 0.3) - 0.2) * 10.0, abs=1e-12)


def test_without_a_shift_of_power_there_is_no_war() -> None:
    assert one("powell2006", rising_now=0.3, rising_later=0.3, destroyed=0.01, discount=0.99)["war"] == 0.0


# --- Zagare and Kilgour 2000 ---------------------------------------------------------------------------------------

CHALLENGER = {"win": 2.0, "status_quo": 1.0, "fight_hard": 0.0, "back_down": -0.5, "fight_soft": -1.0}
DEFENDER = {"status_quo": 2.0, "concede": 0.0, "prevail": 1.0, "fight_hard": 0.5, "fight_soft": -1.0}


def test_mutual_deterrence_has_the_printed_threshold() -> None:
    result = one(
        "zagare_kilgour2000_mutual", win=2.0, status_quo=1.0, fight_hard=0.0, credibility_a=0.5, credibility_b=0.49
    )
    assert result["threshold"] == 0.5
    assert result["sure_thing"] == 0.0


@pytest.mark.parametrize("credibility", [0.1, 0.3, 0.45, 0.55, 0.8])
def test_unilateral_deterrence_is_the_limit_of_its_tree(credibility: float) -> None:
    """With these payoffs a hard defender always denies, and a soft one concedes to a challenger that is surely hard."""
    expected = one("zagare_kilgour2000_unilateral", **CHALLENGER, credibility=credibility)
    root = published_games.unilateral_deterrence(CHALLENGER, DEFENDER, 1.0 - 1e-9, credibility)
    result = branch_limit(agent_form(root, ("challenger", "defender")))
    keeps = float(result.strategies["challenge hard"][0])
    assert keeps == pytest.approx(expected["deterred_hard"], abs=1e-6)
    assert float(result.strategies["answer hard"][1]) == pytest.approx(1.0, abs=1e-6)
    assert float(result.strategies["answer soft"][0]) == pytest.approx(1.0, abs=1e-6)


def test_payoffs_in_the_wrong_order_are_refused_and_the_draw_is_named() -> None:
    parameters = {name: np.array([value, value]) for name, value in CHALLENGER.items()}
    parameters["win"] = np.array([2.0, 0.5])
    with pytest.raises(ValueError, match="win must be above status_quo; draw 1 violates this"):
        solve("zagare_kilgour2000_unilateral", {**parameters, "credibility": np.zeros(2)})


# --- Signorino and Tarar 2006 --------------------------------------------------------------------------------------


def test_immediate_deterrence_agrees_with_simulated_private_payoffs() -> None:
    payoffs = {
        "attacker_status_quo": 0.2, "attacker_capitulation": 1.0, "attacker_war": -0.8,
        "defender_capitulation": -0.3, "defender_war": 0.1,
    }  # fmt: skip
    result = one("signorino_tarar2006", **payoffs, spread=0.7)
    noise = 0.7 * np.random.default_rng(seeded(1)).normal(size=(5, 1_600_000))
    defends = payoffs["defender_war"] + noise[0] > payoffs["defender_capitulation"] + noise[1]
    share = defends.mean()
    war, quiet = payoffs["attacker_war"] + noise[2], payoffs["attacker_capitulation"] + noise[3]
    attacks = share * war + (1 - share) * quiet > payoffs["attacker_status_quo"] + noise[4]
    assert result["defend"] == pytest.approx(share, abs=0.003)
    assert result["attack"] == pytest.approx(attacks.mean(), abs=0.003)
    assert result["war"] + result["capitulation"] == pytest.approx(result["attack"], abs=1e-12)


# --- Kydd 2005 -----------------------------------------------------------------------------------------------------


@given(trust=st.floats(0.01, 0.99), temptation=st.floats(-1.0, 0.9), loss=st.floats(0.0, 3.0))
def test_cooperation_is_a_best_reply_from_the_threshold_of_trust_on(
    trust: float, temptation: float, loss: float
) -> None:
    side = {"trust": trust, "temptation": temptation, "loss": loss}
    both = {f"{name}_{who}": value for name, value in side.items() for who in "ab"}
    result = one("kydd2005", **both)
    if abs(trust - result["threshold_a"]) < 1e-6:
        return
    root = published_games.trust(side, side)
    payoffs = {
        (move, reply): leaf.payoffs["a"]
        for move, node in root.actions.items()
        if isinstance(node, Decision)
        for reply, leaf in node.actions.items()
    }
    assert (payoffs["cooperate", "cooperate"] >= payoffs["defect", "cooperate"]) == bool(result["cooperation"])
    assert payoffs["defect", "defect"] >= payoffs["cooperate", "defect"]


def test_conflict_reveals_an_untrustworthy_state_where_trust_would_have_sufficed() -> None:
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


def test_equal_states_without_allies_are_secure_and_a_weak_state_is_not() -> None:
    assert secure(frozenset(), (1.0, 1.0, 1.0), 1.0)["secure"] == 1.0
    result = secure(frozenset(), (3.0, 1.0, 1.0), 1.5)
    assert [result[f"vulnerable.S{n}"] for n in range(3)] == [0.0, 1.0, 1.0]


def test_in_a_complete_network_of_equals_all_others_can_attack_one() -> None:
    complete: Network = frozenset(combinations(range(4), 2))
    assert secure(complete, (1.0,) * 4, 2.9)["secure"] == 0.0
    assert secure(complete, (1.0,) * 4, 3.0)["secure"] == 1.0


def _beaten(ties: Network, strengths: tuple[float, ...], advantage: float, within: set[int] | None = None) -> set[int]:
    """Return the states that some group beats, by the definition; the group must include the states `within`."""
    allies = {n: {b for a, b in (*ties, *((y, x) for x, y in ties)) if a == n} for n in range(len(strengths))}
    beaten = set()
    for size in range(1, len(strengths)):
        for group in map(set, combinations(range(len(strengths)), size)):
            if (within and not within <= group) or not any(group - {lead} <= allies[lead] for lead in group):
                continue
            for target in set(range(len(strengths))) - group:
                defence = sum(strengths[n] for n in {target} | (allies[target] - group))
                if sum(strengths[n] for n in group) > advantage * defence:
                    beaten.add(target)
    return beaten


@settings(deadline=None)
@given(
    strengths=st.tuples(*[st.sampled_from([0.5, 1.0, 2.0, 3.5])] * 5),
    chosen=st.lists(st.booleans(), min_size=10, max_size=10),
    advantage=st.sampled_from([0.7, 1.0, 1.6, 2.5]),
)
def test_vulnerable_states_are_those_that_some_group_beats_by_the_definition(
    strengths: tuple[float, ...], chosen: list[bool], advantage: float
) -> None:
    ties: Network = frozenset(pair for pair, is_in in zip(combinations(range(5), 2), chosen, strict=True) if is_in)
    result = secure(ties, strengths, advantage)
    assert {n for n in range(5) if result[f"vulnerable.S{n}"]} == _beaten(ties, strengths, advantage)


@pytest.mark.parametrize("advantage", [0.8, 1.0, 1.3, 2.0, 3.0])
def test_no_network_with_ties_is_war_stable(advantage: float) -> None:
    """Theorem 1 of Jackson and Nei, in all networks of four equals.

    A network with ties is never war-stable: it has a vulnerable state, or a new tie would let a group beat someone, or one end of
    a tie would be secure without it.
    """
    pairs, strengths = list(combinations(range(4), 2)), (1.0,) * 4
    for chosen in product([False, True], repeat=6):
        ties: Network = frozenset(pair for pair, is_in in zip(pairs, chosen, strict=True) if is_in)
        if not ties:
            continue
        safe = secure(ties, strengths, advantage)["secure"] == 1.0
        quiet = not any(_beaten(ties | {pair}, strengths, advantage, set(pair)) for pair in pairs if pair not in ties)
        needed = all(set(pair) <= _beaten(ties - {pair}, strengths, advantage) for pair in ties)
        assert not (safe and quiet and needed)
