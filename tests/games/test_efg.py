"""Extensive-form files: every feature of the format, exact round trips, errors with their place, hostile bytes."""

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
from tocsin.games.efg import ExtensiveGame, read, write
from tocsin.games.efg.game import named
from tocsin.games.efg.solving import Solvable
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
    game = read(FULL)
    assert game.title == r'A "crisis", C:\dir'
    assert game.comment == "a comment\nover two lines"
    assert game.sets[0, 1].chances == (Fraction(2, 5), Decimal("0.6"))
    assert game.sets[2, 1].actions == ("", "")
    assert [node.outcome for node in game.nodes] == [0, 5, 0, 1, 2, 3, 5, 0, 1, 2, 0]
    assert game.outcomes[2].payoffs == (Decimal("-0.5"), Decimal("-0.2"))
    assert game.children() == [[1, 6], [2, 5], [3, 4], [], [], [], [7, 10], [8, 9], [], [], []]


def test_a_game_becomes_a_tree_with_its_names() -> None:
    solvable = Solvable(read(FULL))
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


def test_a_full_file_comes_back_the_same() -> None:
    game = read(FULL)
    assert read(write(game)) == game
    assert write(read(write(game))) == write(game)


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10**6), hidden=st.booleans())
def test_random_games_come_back_the_same(seed: int, hidden: bool) -> None:
    game = random_game(seed, hidden=hidden)
    assert read(write(game)) == game
    assert read(write(game).encode()) == game


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(title=texts, player=texts, comment=st.none() | texts)
def test_any_text_comes_back_the_same(title: str, player: str, comment: str | None) -> None:
    nodes = read('EFG 2 R "x" { "A" } t "" 0').nodes
    game = ExtensiveGame(title=title, players=(player,), comment=comment, sets={}, outcomes={}, nodes=nodes)
    assert read(write(game)) == game


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
def test_names_are_labels_where_they_tell_apart(labels: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert named(labels) == names


HEAD = 'EFG 2 R "x" { "A" "B" }\n'


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", "1:1", "the file is empty"),
        ("NFG 1 R", "1:1", "strategic form"),
        ("hello", "1:1", "`hello` is not the beginning"),
        ('EFG 3 R "x" { "A" }', "1:7", "version 3"),
        ('EFG 2 X "x" { "A" }', "1:7", "`X` stands where R or D is due"),
        ('EFG 2 R "x" { }', "1:16", "no players"),
        ('EFG 2 R "x { A }', "1:9", "is not closed"),
        (HEAD, "2:1", "1 more node is due"),
        (HEAD + 'p "" 1 1 "" { "l" "r" } 0\nt "" 0', "3:7", "1 more node is due"),
        (HEAD + 't "" 0 t "" 0', "2:8", "stands after the end"),
        (HEAD + 'q "" 0', "2:1", "`q` stands where a node is due"),
        (HEAD + 'p "" 3 1 "" { "l" } 0', "2:6", "there is no player 3"),
        (HEAD + 'p "" 1 1 0', "2:8", "nothing is said of information set 1"),
        (HEAD + 'p "" 1 1 "" { } 0', "2:13", "a move needs an action"),
        (HEAD + 'p "" 1 1 "" { "l" } 0\np "" 1 1 "" { "m" } 0', "3:8", "information set 1 was said before"),
        (HEAD + 'c "" 1 "" { "l" 0.5 "r" 0.4 } 0', "2:11", "sum to 0.9, not to one"),
        (HEAD + 'c "" 1 "" { "l" 1.5 "r" -0.5 } 0', "2:17", "1.5 is no probability"),
        (HEAD + 'c "" 1 "" { "l" 1/0 } 0', "2:17", "divides by zero"),
        (HEAD + 't "" 1', "2:6", "nothing is said of outcome 1"),
        (HEAD + 't "" 0 "" { 1 2 }', "2:6", "outcome 0 means none"),
        (HEAD + 't "" 1 "" { 1 }', "2:11", "1 payoffs stand here for 2 players"),
        (HEAD + 't "" 1 "" { 1 nan }', "2:15", "`nan` stands where } is due"),
        (HEAD + 't "" 1 "" { 1 1e999 }', "2:15", "too long or too large"),
        (HEAD + 't "" 1.5', "2:6", "1.5 is not the outcome's number"),
        (HEAD + 't "" 1 "" { 1 2', "2:16", "the end of the file stands where } is due"),
        (HEAD + "t \x00", "2:3", "cannot be read here"),
    ],
)
def test_errors_say_where(text: str, place: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text, file="game.efg")
    assert str(caught.value).startswith(f"game.efg:{place}: ")
    assert message in str(caught.value)
    assert caught.value.remedy


def test_bytes_that_are_no_text_are_refused_with_their_place() -> None:
    with pytest.raises(InputError, match=r"g.efg:2:3: this is not text in UTF-8"):
        read(b"EFG\n2 \xff", file="g.efg")


def test_a_mark_of_byte_order_is_passed_over() -> None:
    assert read(b"\xef\xbb\xbf" + FULL.encode()) == read(FULL)


@settings(max_examples=300, deadline=2000)
@given(
    cut=st.integers(0, len(FULL)),
    at=st.integers(0, len(FULL)),
    junk=st.text(st.sampled_from('EFGcpt"{},\\ \n0123456789./-eR\x00é'), max_size=6),
)
def test_broken_files_are_read_or_refused(cut: int, at: int, junk: str) -> None:
    for text in (FULL[:cut], FULL[:at] + junk + FULL[at:], FULL[:at] + junk + FULL[max(cut, at) :]):
        try:
            game = read(text)
        except InputError as error:
            assert error.line is not None and error.column is not None
        else:
            assert read(write(game)) == game


def test_depth_costs_nothing_in_reading() -> None:
    deep = HEAD + "".join(f'p "" 1 {n} "" {{ "on" "off" }} 0\n' for n in range(1, 20_001)) + 't "" 0\n' * 20_001
    game = read(deep)
    assert len(game.nodes) == 40_001
    with pytest.raises(InputError, match="may take 20001 moves"):
        Solvable(game).root()


FUZZ_SECONDS = 600.0
LONGEST_READ = 5.0


@pytest.mark.slow
def test_ten_minutes_of_broken_files_find_no_crash_and_no_hang() -> None:
    """Files cut, spliced, repeated and sprinkled with bytes: each is read, or refused with its place, at once."""
    seeds = [FULL.encode(), *(write(random_game(seed, hidden=seed % 2 == 0)).encode() for seed in range(20))]
    random, tried, accepted = Random(2026), 0, 0
    until = monotonic() + FUZZ_SECONDS
    while monotonic() < until:
        content = _mutated(random, seeds)
        began = monotonic()
        try:
            game = read(content)
        except InputError as error:
            assert error.line is not None and error.column is not None and error.remedy, content
        else:
            accepted += 1
            assert read(write(game)) == game, content
            with suppress(InputError, ValueError):
                agent_form(Solvable(game).root(), Solvable(game).players)
        assert monotonic() - began < LONGEST_READ, content
        tried += 1
    assert tried > 10_000 and 0 < accepted < tried


def _mutated(random: Random, seeds: list[bytes]) -> bytes:
    content = bytearray(random.choice(seeds))
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(content) + 1)
        to = min(len(content), at + random.randint(0, 30))
        match random.randrange(6):
            case 0:
                del content[at:to]
            case 1:
                content[at:at] = content[at:to] * random.randint(1, 50)
            case 2:
                other = random.choice(seeds)
                content[at:to] = other[random.randrange(len(other)) :][: random.randint(0, 200)]
            case 3:
                content[at:at] = bytes(random.choice(b'{}",/\\0123456789.eE+-cptEFGRD \n\x00\xff') for _ in range(5))
            case 4:
                content[at:to] = str(random.choice([0, -1, 10**18, "1e308", "1/3", "nan", 2**63])).encode()
            case _:
                del content[at:]
    return bytes(content)
