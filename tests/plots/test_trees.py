"""Drawings of game trees are complete, legible and safe for any file."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import pytest
from tests.games.random_games import random_game

from tocsin.errors import InputError
from tocsin.games.efg import ExtensiveGame, parse_efg
from tocsin.plots.trees import MAX_NODES, layout, number_text, tree_svg

SIGNAL = """EFG 2 R "signal" { "Sender" "Receiver" }
c "" 1 "type" { "strong" 2/5 "weak" 3/5 } 0
p "" 1 1 "is strong" { "loud" "quiet" } 5 "bonus" { 7, -8 }
p "" 2 4 "heard" { "yield" "resist" } 0
t "" 1 "peace" { 2, 1 }
t "" 2 "" { 0, 0.25 }
t "fog" 0
p "" 1 2 "" { "loud" "quiet" } 0
p "" 2 4 0
t "" 4 "" { 1, -1 }
t "" 6 "" { -1, 1 }
t "" 7 "" { 1/2, 1e300 }
"""

HOSTILE = """EFG 2 R "$x^2$ <script>&\u0001 \u202e" { "대한민국" "日本" "$y_{$" }
p "</text><script>alert(1)</script>" 1 1 "\n\n" { "$a_{" "공격" "LONG" } 0
t "" 1 "<b>" { 1 1e300 -1/3 }
t "" 2 "\\"" { 0.1234567890123456789 1/1234567890123 2 }
t "" 0
""".replace("LONG", "long " * 500)

ABSENT = """EFG 2 R "" { "A" "B" }
p "" 1 1 "" { "l" "r" } 0
p "" 1 1 0
t "" 0
p "" 2 1 "" { "x" "y" } 0
t "" 0
t "" 0
p "" 2 1 0
p "" 1 1 0
t "" 0
t "" 0
t "" 0
"""

NAMES = {"svg": "http://www.w3.org/2000/svg"}


def texts(svg: str) -> list[str]:
    return [
        "".join(element.itertext()).strip() for element in ElementTree.fromstring(svg).iterfind(".//svg:text", NAMES)
    ]


def joins(svg: str) -> set[str]:
    groups = ElementTree.fromstring(svg).iterfind(".//svg:g", NAMES)
    return {name for group in groups if (name := group.get("id", "")).startswith("set-")}


def chain(moves: int) -> ExtensiveGame:
    decisions = "".join(f'p "" 1 {index} "" {{ "go" "stop" }} 0\n' for index in range(1, moves + 1))
    return parse_efg('EFG 2 R "" { "A" }\n' + decisions + 't "" 0\n' * (moves + 1))


def test_all_names_labels_and_payoffs_are_drawn() -> None:
    drawn = texts(tree_svg(parse_efg(SIGNAL)))
    for text in ("signal", "Sender", "Receiver", "yield", "resist", "strong  2/5", "weak  3/5", "peace", "fog"):
        assert text in drawn, text
    assert drawn.count("loud") == drawn.count("quiet") == 2
    assert {"chance: type", "Sender 1: is strong", "Sender 2"} <= set(drawn)
    assert drawn.count("Receiver 4: heard") == 2
    assert "+ (7, \N{MINUS SIGN}8) bonus" in drawn
    assert {"2", "0.25", "\N{MINUS SIGN}1", "1/2", "1E+300"} <= set(drawn)


@pytest.mark.parametrize("seed", [2, 3, 5, 8])
def test_every_payoff_action_and_name_of_random_games_is_drawn(seed: int) -> None:
    game = random_game(seed, hidden=True)
    drawn = texts(tree_svg(game))
    wanted = [name for node in game.nodes if node.moves for name in game.sets[node.moves].actions]
    assert sum(text.split("  ")[0] in ("a", "b", "c") for text in drawn) == len(wanted)
    ends = [game.outcomes[node.outcome].payoffs for node in game.nodes if node.moves is None]
    for payoff in {number_text(payoff) for payoffs in ends for payoff in payoffs}:
        assert drawn.count(payoff) == sum(number_text(other) == payoff for payoffs in ends for other in payoffs)
    assert set(game.players) <= set(drawn)


@pytest.mark.parametrize("seed", range(1, 9))
def test_only_information_sets_with_several_decisions_are_joined(seed: int) -> None:
    game = random_game(seed, hidden=True)
    moves = [node.moves for node in game.nodes if node.moves is not None]
    several = {f"set-{key[0]}-{key[1]}" for key in game.sets if key[0] and moves.count(key) > 1}
    assert several
    assert joins(tree_svg(game)) == several
    assert joins(tree_svg(random_game(seed, hidden=False))) == set()


@pytest.mark.parametrize("seed", range(1, 9))
def test_nodes_stand_apart_and_children_to_the_right_of_parents(seed: int) -> None:
    game = random_game(seed, hidden=True)
    positions = layout(game)
    for (column, row), (other, under) in combinations(zip(positions.columns, positions.rows, strict=True), 2):
        assert column != other or abs(row - under) >= 1
    for node, children in enumerate(game.children()):
        assert all(positions.columns[child] > positions.columns[node] for child in children)
        if children:
            assert positions.rows[node] == (positions.rows[children[0]] + positions.rows[children[-1]]) / 2
    ends = [row for entry, row in zip(game.nodes, positions.rows, strict=True) if entry.moves is None]
    assert ends == list(range(len(ends)))


def test_an_information_set_stands_in_one_column_if_the_tree_allows_it() -> None:
    game = random_game(4, hidden=True)
    columns: dict[object, set[int]] = {}
    for node, column in zip(game.nodes, layout(game).columns, strict=True):
        columns.setdefault(node.moves, set()).add(column)
    assert all(len(used) == 1 for key, used in columns.items() if key is not None and key[0] != 0)  # type: ignore[index]


def test_sets_of_an_absent_minded_player_are_drawn() -> None:
    assert joins(tree_svg(parse_efg(ABSENT))) == {"set-1-1", "set-2-1"}


def test_hostile_labels_are_drawn_as_text_only() -> None:
    svg = tree_svg(parse_efg(HOSTILE))
    drawn = texts(svg)
    assert "<script" not in svg
    assert {"$x^2$ <script>&", "대한민국", "日本", "$y_{$", "$a_{", "공격", "<b>", '"'} <= set(drawn)
    assert {"0.123457", "8.1e-13".replace("-", "\N{MINUS SIGN}")} <= set(drawn)
    assert max(map(len, drawn)) < 100
    assert any(text.startswith("long long") and text.endswith("…") for text in drawn)


def test_numbers_are_printed_as_written_or_with_six_digits() -> None:
    game = parse_efg('EFG 2 R "" { "A" "B" "C" }\nt "" 1 "" { -1/3 1.0000000000001 -12345678901234 }\n')
    assert [number_text(payoff) for payoff in game.outcomes[1].payoffs] == [
        "\N{MINUS SIGN}1/3",
        "1",
        "\N{MINUS SIGN}1.23457e+13",
    ]


def test_the_same_game_gives_the_same_drawing() -> None:
    assert tree_svg(parse_efg(SIGNAL)) == tree_svg(parse_efg(SIGNAL))


def test_the_drawing_grows_with_the_game_up_to_a_limit() -> None:
    small, large = (ElementTree.fromstring(tree_svg(chain(moves))) for moves in (1, (MAX_NODES - 1) // 2))
    for side in ("width", "height"):
        assert float(small.attrib[side].removesuffix("pt")) < float(large.attrib[side].removesuffix("pt"))
    with pytest.raises(InputError, match="401 nodes") as refused:
        tree_svg(chain(200), file="big.efg")
    assert refused.value.file == "big.efg"
    assert "at most 400" in (refused.value.remedy or "")
    crowd = " ".join(f'"P{index}"' for index in range(21))
    with pytest.raises(InputError, match="21 players"):
        tree_svg(parse_efg(f'EFG 2 R "" {{ {crowd} }}\nt "" 0\n'))
