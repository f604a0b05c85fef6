"""Extensive-form files: every feature of the format, exact round trips, errors with their location, malformed input."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from random import Random
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.games.random_games import random_game

from tocsin.errors import InputError
from tocsin.games.agents import agent_form
from tocsin.games.efg import ExtensiveGame, format_efg, parse_efg
from tocsin.games.efg.game import named
from tocsin.games.efg.solvable import Solvable
from tocsin.games.tree import Chance, Decision, Outcome

FULL = r"""EFG 2 R "A \"crisis\", C:\dir" { "Beta" "" } "a comment
over two lines"
c "deal" 1 "nature" { "strong" 2/5 "weak" 0.6 } 0
p "" 1 7 "knows" { "press" "wait" } 5 "toll" { -1/10, 0 }
p "" 2 1 "" { "" "" } 0
t "yielded" 1 "prize" { 1, -1 }
t "" 2 "war" { -.5 -2e-1 }
t "" 3 "" { 0 0 }
p "" 1 9 "" { "press" "wait" } 5
p "" 2 1 0
t "" 1
t "" 2 "war" { -.5, -2e-1 }
t "" 0
"""


def test_every_feature_is_read() -> None:
    game = parse_efg(FULL)
    assert game.title == r'A "crisis", C:\dir'
    assert game.comment == "a comment\nover two lines"
    assert game.sets[0, 1].probabilities == (Fraction(2, 5), Decimal("0.6"))
    assert game.sets[2, 1].actions == ("", "")
    assert [node.outcome for node in game.nodes] == [0, 5, 0, 1, 2, 3, 5, 0, 1, 2, 0]
    assert game.outcomes[2].payoffs == (Decimal("-0.5"), Decimal("-0.2"))
    assert game.children() == [[1, 6], [2, 5], [3, 4], [], [], [], [7, 10], [8, 9], [], [], []]


def test_a_game_is_converted_to_a_tree_with_its_names() -> None:
    solvable = Solvable(parse_efg(FULL))
    assert solvable.players == ("Beta", "2")
    root = solvable.root()
    assert isinstance(root, Chance)
    strong = root.branches[0][1]
    assert isinstance(strong, Decision)
    assert (root.branches[0][0], strong.information, strong.payoffs["Beta"]) == (0.4, "Beta:7", -0.1)
    reply = strong.actions["press"]
    assert isinstance(reply, Decision)
    assert list(reply.actions) == ["1", "2"]
    weak = root.branches[1][1]
    assert isinstance(weak, Decision)
    assert isinstance(weak.actions["wait"], Outcome)


def test_a_file_with_every_feature_is_unchanged_by_a_round_trip() -> None:
    game = parse_efg(FULL)
    assert parse_efg(format_efg(game)) == game
    assert format_efg(parse_efg(format_efg(game))) == format_efg(game)


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10**6), hidden=st.booleans())
def test_random_games_are_unchanged_by_a_round_trip(seed: int, hidden: bool) -> None:
    game = random_game(seed, hidden=hidden)
    assert parse_efg(format_efg(game)) == game
    assert parse_efg(format_efg(game).encode()) == game


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(title=texts, player=texts, comment=st.none() | texts)
def test_any_text_is_unchanged_by_a_round_trip(title: str, player: str, comment: str | None) -> None:
    nodes = parse_efg('EFG 2 R "x" { "A" } t "" 0').nodes
    game = ExtensiveGame(title=title, players=(player,), comment=comment, sets={}, outcomes={}, nodes=nodes)
    assert parse_efg(format_efg(game)) == game


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (("a", "b"), ("a", "b")),
        (("", "b"), ("1", "b")),
        (("a", "a", "b"), ("1", "2", "b")),
        (("2", ""), ("1", "2")),
        (("0", "1"), ("0", "1")),
    ],
)
def test_names_are_unique_labels_or_positions(labels: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert named(labels) == names


HEAD = 'EFG 2 R "x" { "A" "B" }\n'


@pytest.mark.parametrize(
    ("text", "location", "message"),
    [
        ("", "1:1", "the file is empty"),
        ("NFG 1 R", "1:1", "strategic form"),
        ("hello", "1:1", "`hello` is not the beginning"),
        ('EFG 3 R "x" { "A" }', "1:7", "version 3"),
        ('EFG 2 X "x" { "A" }', "1:7", "expected R or D instead of `X`"),
        ('EFG 2 R "x" { }', "1:16", "no players"),
        ('EFG 2 R "x { A }', "1:9", "no closing quotation mark"),
        (HEAD, "2:1", "1 node is missing"),
        (HEAD + 'p "" 1 1 "" { "l" "r" } 0\nt "" 0', "3:7", "1 node is missing"),
        (HEAD + 't "" 0 t "" 0', "2:8", "after the end of the tree"),
        (HEAD + 'q "" 0', "2:1", "expected a node instead of `q`"),
        (HEAD + 'p "" 3 1 "" { "l" } 0', "2:6", "there is no player 3"),
        (HEAD + 'p "" 1 1 0', "2:8", "information set 1 has no description"),
        (HEAD + 'p "" 1 1 "" { } 0', "2:13", "a move needs an action"),
        (
            HEAD + 'p "" 1 1 "" { "l" } 0\np "" 1 1 "" { "m" } 0',
            "3:8",
            "information set 1 differs from its first description",
        ),
        (HEAD + 'c "" 1 "" { "l" 0.5 "r" 0.4 } 0', "2:11", "sum to 0.9, not to one"),
        (HEAD + 'c "" 1 "" { "l" 1.5 "r" -0.5 } 0', "2:17", "1.5 is not a probability"),
        (HEAD + 'c "" 1 "" { "l" 1/0 } 0', "2:17", "divides by zero"),
        (HEAD + 't "" 1', "2:6", "outcome 1 has no description"),
        (HEAD + 't "" 0 "" { 1 2 }', "2:6", "outcome 0 means none"),
        (HEAD + 't "" 1 "" { 1 }', "2:11", "1 payoffs for 2 players"),
        (HEAD + 't "" 1 "" { 1 nan }', "2:15", "expected } instead of `nan`"),
        (HEAD + 't "" 1 "" { 1 1e999 }', "2:15", "too long or too large"),
        (HEAD + 't "" 1.5', "2:6", "1.5 is not the outcome's number"),
        (HEAD + 't "" 1 "" { 1 2', "2:16", "expected } instead of the end of the file"),
        (HEAD + "t \x00", "2:3", "unexpected character"),
    ],
)
def test_errors_name_line_column_and_remedy(text: str, location: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_efg(text, file="game.efg")
    assert str(caught.value).startswith(f"game.efg:{location}: ")
    assert message in str(caught.value)
    assert caught.value.remedy


def test_bytes_that_are_not_utf_8_are_refused_with_their_location() -> None:
    with pytest.raises(InputError, match=r"g.efg:2:3: this is not text in UTF-8"):
        parse_efg(b"EFG\n2 \xff", file="g.efg")


def test_a_byte_order_mark_is_ignored() -> None:
    assert parse_efg(b"\xef\xbb\xbf" + FULL.encode()) == parse_efg(FULL)


@settings(max_examples=300, deadline=2000)
@given(
    cut=st.integers(0, len(FULL)),
    index=st.integers(0, len(FULL)),
    junk=st.text(st.sampled_from('EFGcpt"{},\\ \n0123456789./-eR\x00é'), max_size=6),
)
def test_malformed_files_are_read_or_refused(cut: int, index: int, junk: str) -> None:
    for text in (FULL[:cut], FULL[:index] + junk + FULL[index:], FULL[:index] + junk + FULL[max(cut, index) :]):
        try:
            game = parse_efg(text)
        except InputError as error:
            assert error.line is not None and error.column is not None
        else:
            assert parse_efg(format_efg(game)) == game


def test_deep_trees_are_read_and_refused_only_by_the_solver() -> None:
    deep = HEAD + "".join(f'p "" 1 {n} "" {{ "on" "off" }} 0\n' for n in range(1, 20_001)) + 't "" 0\n' * 20_001
    game = parse_efg(deep)
    assert len(game.nodes) == 40_001
    with pytest.raises(InputError, match="has 20001 nodes"):
        Solvable(game).root()


FUZZ_SECONDS = 600.0
MAX_SECONDS = 5.0


@pytest.mark.slow
def test_ten_minutes_of_malformed_files_cause_no_crash_and_no_hang() -> None:
    """Files cut, spliced, repeated and sprinkled with bytes are read, or refused with their location, within seconds."""
    seeds = [FULL.encode(), *(format_efg(random_game(seed, hidden=seed % 2 == 0)).encode() for seed in range(20))]
    random, tried, accepted = Random(2026), 0, 0
    end = monotonic() + FUZZ_SECONDS
    while monotonic() < end:
        content = _mutated(random, seeds)
        started = monotonic()
        try:
            game = parse_efg(content)
        except InputError as error:
            assert error.line is not None and error.column is not None and error.remedy, content
        else:
            accepted += 1
            assert parse_efg(format_efg(game)) == game, content
            with suppress(InputError, ValueError):
                agent_form(Solvable(game).root(), Solvable(game).players)
        assert monotonic() - started < MAX_SECONDS, content
        tried += 1
    assert tried > 10_000 and 0 < accepted < tried


def _mutated(random: Random, seeds: list[bytes]) -> bytes:
    content = bytearray(random.choice(seeds))
    for _ in range(random.randint(1, 4)):
        start = random.randrange(len(content) + 1)
        stop = min(len(content), start + random.randint(0, 30))
        match random.randrange(6):
            case 0:
                del content[start:stop]
            case 1:
                content[start:start] = content[start:stop] * random.randint(1, 50)
            case 2:
                other = random.choice(seeds)
                content[start:stop] = other[random.randrange(len(other)) :][: random.randint(0, 200)]
            case 3:
                content[start:start] = bytes(
                    random.choice(b'{}",/\\0123456789.eE+-cptEFGRD \n\x00\xff') for _ in range(5)
                )
            case 4:
                content[start:stop] = str(random.choice([0, -1, 10**18, "1e308", "1/3", "nan", 2**63])).encode()
            case _:
                del content[start:]
    return bytes(content)
