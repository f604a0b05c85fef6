"""`tocsin.games.efg.solve`: a file, its text or a parsed game in; typed answers and tables out."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tocsin.errors import InputError
from tocsin.games.efg import parse_efg, solve
from tocsin.games.efg.solving import MAX_ACTIONS

ENTRY = """EFG 2 R "entry" { "entrant" "incumbent" }
p "" 1 1 "market" { "out" "in" } 0
t "" 1 "" { 0 2 }
p "" 2 1 "" { "accept" "fight" } 0
t "" 2 "" { 1 1 }
t "" 3 "" { -1 -1 }
"""


def test_a_path_a_text_and_a_parsed_game_have_the_same_answer(tmp_path: Path) -> None:
    file = tmp_path / "entry.efg"
    file.write_text(ENTRY)
    answers = [solve(game, precision=2.0) for game in (file, str(file), ENTRY, parse_efg(ENTRY))]
    assert all(answer == answers[0] for answer in answers)


def test_several_precisions_have_one_answer_each_in_ascending_order() -> None:
    assert [answer.precision for answer in solve(ENTRY, precision=[4, 0.5, 1])] == [0.5, 1.0, 4.0]


def test_the_table_has_a_row_for_each_action() -> None:
    (answer,) = solve(ENTRY, precision={"entrant": 0.0, "incumbent": 5.0})
    table = answer.frame()
    assert table.columns == ["player", "precision", "set", "label", "action", "probability", "converged"]
    assert table.select("player", "precision", "set", "label", "action").rows() == [
        ("entrant", 0.0, 1, "market", "out"),
        ("entrant", 0.0, 1, "market", "in"),
        ("incumbent", 5.0, 1, None, "accept"),
        ("incumbent", 5.0, 1, None, "fight"),
    ]
    assert table["probability"].to_list()[:2] == [0.5, 0.5]
    assert pl.concat([table, solve(ENTRY, method="spe")[0].frame()]).height == 8


def test_play_without_errors_has_no_precision_and_lists_all_equilibria() -> None:
    (answer,) = solve(ENTRY, method="spe")
    assert (answer.method, answer.precision, answer.complete, len(answer.equilibria)) == ("spe", None, True, 1)
    assert answer.values == {"entrant": 1.0, "incumbent": 1.0}


def test_a_notebook_shows_heading_and_table() -> None:
    (answer,) = solve(ENTRY, precision=1.5)
    assert answer.heading.startswith("entry: lambda 1.5, method recursion, residual ")
    assert answer.heading.split(",")[0] in answer._repr_html_()
    assert "market" in answer._repr_html_()


@pytest.mark.parametrize("precision", [-1.0, float("inf"), float("nan"), [1.0, 2e9], [], {"entrant": 1.0}, {"x": 1.0}])
def test_a_precision_that_is_not_valid_is_refused_with_a_remedy(
    precision: float | list[float] | dict[str, float],
) -> None:
    with pytest.raises(InputError, match="precision") as caught:
        solve(ENTRY, precision=precision)
    assert caught.value.remedy


def test_an_error_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "entry.efg"
    file.write_text(ENTRY)
    with pytest.raises(InputError, match=r"entry\.efg: unknown player 'rival'"):
        solve(file, precision={"rival": 1.0})


def test_a_move_with_too_many_actions_is_refused_by_the_methods_that_compile_it() -> None:
    count = MAX_ACTIONS + 1
    actions = " ".join(f'"a{index}"' for index in range(count))
    ends = "\n".join(f't "" {index + 1} "" {{ {index % 7} }}' for index in range(count))
    game = f'EFG 2 R "wide" {{ "A" }}\np "" 1 1 "" {{ {actions} }} 0\n{ends}\n'
    with pytest.raises(InputError, match=r"A:1 has 1,001 actions(.|\n)*use the method spe"):
        solve(game)
    [answer] = solve(game, method="spe")
    assert answer.values == {"A": 6.0}


def test_a_wide_move_with_hidden_information_is_not_advised_what_refuses_it() -> None:
    count = MAX_ACTIONS + 1
    actions = " ".join(f'"a{index}"' for index in range(count))
    ends = "\n".join(f't "" {index + 1} "" {{ {index % 7} 0 }}' for index in range(2 * count))
    one, two = ends.split("\n")[:count], ends.split("\n")[count:]
    move = f'p "" 2 1 "" {{ {actions} }} 0'
    game = "\n".join(['EFG 2 R "wide" { "A" "B" }', 'p "" 1 1 "" { "l" "r" } 0', move, *one, move, *two])
    for method in ("auto", "spe"):
        with pytest.raises(InputError, match="B:1 has 1,001 actions") as caught:
            solve(game, method=method)
        assert caught.value.remedy is not None and "spe" not in caught.value.remedy
