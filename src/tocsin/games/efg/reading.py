"""Read extensive-form files in Gambit's format, version 2 (its manual, "The extensive game file format").

A file is a prologue (`EFG 2 R`, title, players, optional comment) and the nodes of the tree, each before its successors:

    c "label" set# "set label" { "action" probability ... } outcome# "outcome label" { payoffs }    a move of chance
    p "label" player# set# "set label" { "action" ... } outcome# "outcome label" { payoffs }        a move of a player
    t "label" outcome# "outcome label" { payoffs }                                                  the end

An information set or outcome is described where its number first occurs; later occurrences may give the number alone. Commas
between payoffs are optional.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple, NoReturn

from tocsin.errors import InputError
from tocsin.games.efg.game import ExtensiveGame, FileNode, FileOutcome, MoveSet, Number, SetKey
from tocsin.reading import read_bytes

MAX_BYTES = 256_000_000
MAX_NODES = 1_000_000
MAX_DIGITS, MAX_EXPONENT = 300, 300
"""Largest length of a number, and its largest power of ten; larger payoffs do not fit float64."""

SUM_TOLERANCE = Fraction(1, 10**9)
"""How far the sum of probabilities, written as rounded decimals, may be from one."""

_TOKEN = re.compile(
    r"""(?P<space>[\s]+)
      | "(?P<text>(?:[^"\\]|\\.)*)"
      | (?P<number>[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?:/\d+)?(?![\w.]))
      | (?P<mark>[{},])
      | (?P<word>[A-Za-z]+)""",
    re.VERBOSE | re.DOTALL,
)


class _Token(NamedTuple):
    kind: str
    text: str
    start: int


def read_efg(file: Path) -> ExtensiveGame:
    """Return the game in an extensive-form file.

    Raises:
        InputError: if the file cannot be read, is larger than `MAX_BYTES` or is malformed, with line, column and remedy.
    """
    return parse_efg(read_bytes(file, str(file), MAX_BYTES), file=str(file))


def parse_efg(text: str | bytes, *, file: str | None = None) -> ExtensiveGame:
    """Return the game that the text of an extensive-form file describes.

    Args:
        text: as `str`, or bytes in UTF-8.
        file: its name in error messages.

    Raises:
        InputError: if the text is malformed, with line, column and remedy.
    """
    return _Reader(_decoded(text, file), file).game()


def _decoded(text: str | bytes, file: str | None) -> str:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        column = error.start - text.rfind(b"\n", 0, error.start)
        raise InputError(
            "this is not text in UTF-8", file=file, line=line, column=column, remedy="save the game as UTF-8 text"
        ) from None


class _Reader:
    def __init__(self, text: str, file: str | None) -> None:
        self.source, self.file = text, file
        self.tokens = self._tokens()
        self.token = next(self.tokens)
        self.players: tuple[str, ...] = ()
        self.sets: dict[SetKey, MoveSet] = {}
        self.outcomes: dict[int, FileOutcome] = {}

    # --- prologue and nodes ----------------------------------------------------------------------------------------

    def game(self) -> ExtensiveGame:
        title = self._prologue()
        self.players = self._texts("the players' names")
        if not self.players:
            self._fail("the game has no players", "name at least one in the braces")
        comment = self._take("text", "").text if self.token.kind == "text" else None
        nodes = self._nodes()
        if self.token.kind != "end":
            self._fail(
                f"unexpected {self._shown()} after the end of the tree", "remove it, or give a move more actions"
            )
        return ExtensiveGame(
            title=title,
            players=self.players,
            comment=comment,
            sets=self.sets,
            outcomes=self.outcomes,
            nodes=tuple(nodes),
        )

    def _prologue(self) -> str:
        if self.token.kind == "end":
            self._fail("the file is empty", 'begin an extensive game with: EFG 2 R "title" { "player" ... }')
        if self.token.text == "NFG":
            self._fail("this is a game in strategic form", "save it in extensive form (EFG)")
        if self.token.text != "EFG":
            self._fail(f"{self._shown()} is not the beginning of an extensive game", "begin the file with EFG 2 R")
        self._next()
        if (version := self._take("number", "the version 2").text) != "2":
            self._fail(f"unknown version {version} of the format", "save the game as EFG 2 R")
        if self.token.text not in ("R", "D"):
            self._fail(f"expected R or D instead of {self._shown()}", "begin the file with EFG 2 R")
        self._next()
        return self._take("text", "the title in quotation marks").text

    def _nodes(self) -> list[FileNode]:
        """Read all nodes. Counting the nodes still missing replaces recursion, so a tree may have any depth."""
        nodes: list[FileNode] = []
        missing = 1
        while missing:
            if len(nodes) >= MAX_NODES:
                self._fail(f"the tree has more than {MAX_NODES:,} nodes", "use a smaller game")
            if self.token.kind == "end":
                count = f"{missing} nodes are" if missing > 1 else "1 node is"
                self._fail(f"{count} missing at the end of the file", "add the rest")
            node = self._node()
            nodes.append(node)
            missing += (len(self.sets[node.moves].actions) if node.moves else 0) - 1
        return nodes

    def _node(self) -> FileNode:
        kind = self.token.text if self.token.kind == "word" else ""
        if kind not in ("c", "p", "t"):
            self._fail(f"expected a node instead of {self._shown()}", "begin a node with c, p or t")
        self._next()
        label = self._take("text", "the node's label in quotation marks").text
        moves = None if kind == "t" else self._moves(kind)
        return FileNode(label=label, moves=moves, outcome=self._outcome())

    # --- information sets and outcomes -----------------------------------------------------------------------------

    def _moves(self, kind: str) -> SetKey:
        player = 0
        if kind == "p":
            token = self.token
            player = self._whole("the player's number")
            if not 1 <= player <= len(self.players):
                self._fail(f"there is no player {player}", f"use 1 to {len(self.players)}", token)
        token = self.token
        key = (player, self._whole("the information set's number"))
        if self.token.kind == "text":
            label = self._take("text", "").text
            moves = self._actions(label, by_chance=player == 0)
            if self.sets.setdefault(key, moves) != moves:
                self._fail(f"information set {key[1]} differs from its first description", "describe it once", token)
        elif key not in self.sets:
            self._fail(
                f"information set {key[1]} has no description",
                "give its label and actions where it first occurs",
                token,
            )
        return key

    def _actions(self, label: str, *, by_chance: bool) -> MoveSet:
        token = self.token
        self._mark("{")
        actions: list[str] = []
        probabilities: list[Number] = []
        while self.token.kind == "text":
            actions.append(self._take("text", "").text)
            if by_chance:
                probabilities.append(self._probability())
            self._comma()
        self._mark("}")
        if not actions:
            self._fail("a move needs an action", "name at least one in the braces", token)
        if (
            by_chance
            and abs((total := sum((Fraction(probability) for probability in probabilities), Fraction(0))) - 1)
            > SUM_TOLERANCE
        ):
            self._fail(
                f"these probabilities sum to {float(total):.12g}, not to one",
                "correct them; fractions are exact",
                token,
            )
        return MoveSet(label=label, actions=tuple(actions), probabilities=tuple(probabilities))

    def _probability(self) -> Number:
        token = self.token
        probability = self._number("the action's probability")
        if not 0 <= probability <= 1:
            self._fail(f"{token.text} is not a probability", "give a number from 0 to 1", token)
        return probability

    def _outcome(self) -> int:
        token = self.token
        number = self._whole("the outcome's number, or 0 for none")
        if self.token.kind == "text":
            if number == 0:
                self._fail("outcome 0 means none and has no payoffs", "number outcomes from 1", token)
            outcome = FileOutcome(label=self._take("text", "").text, payoffs=self._payoffs())
            if self.outcomes.setdefault(number, outcome) != outcome:
                self._fail(f"outcome {number} differs from its first description", "describe it once", token)
        elif number and number not in self.outcomes:
            self._fail(
                f"outcome {number} has no description", "give its label and payoffs where it first occurs", token
            )
        return number

    def _payoffs(self) -> tuple[Number, ...]:
        token = self.token
        self._mark("{")
        payoffs: list[Number] = []
        while self.token.kind == "number":
            payoffs.append(self._number("a payoff"))
            self._comma()
        self._mark("}")
        if len(payoffs) != len(self.players):
            self._fail(f"{len(payoffs)} payoffs for {len(self.players)} players", "give one for each player", token)
        return tuple(payoffs)

    # --- tokens ----------------------------------------------------------------------------------------------------

    def _texts(self, what: str) -> tuple[str, ...]:
        texts: list[str] = []
        self._mark("{", what)
        while self.token.kind == "text":
            texts.append(self._take("text", what).text)
            self._comma()
        self._mark("}", what)
        return tuple(texts)

    def _comma(self) -> None:
        if self.token.text == "," and self.token.kind == "mark":
            self._next()

    def _mark(self, mark: str, what: str = "") -> None:
        if self.token.kind != "mark" or self.token.text != mark:
            around = f" around {what}" if what else ""
            self._fail(f"expected {mark} instead of {self._shown()}", f"write {mark}{around}")
        self._next()

    def _take(self, kind: str, what: str) -> _Token:
        if self.token.kind != kind:
            self._fail(f"expected {what} instead of {self._shown()}", f"write {what}")
        taken = self.token
        self._next()
        return taken

    def _whole(self, what: str) -> int:
        token = self._take("number", what)
        if not re.fullmatch(r"\d{1,9}", token.text):
            self._fail(f"{token.text[:40]} is not {what}", "use a whole number", token)
        return int(token.text)

    def _number(self, what: str) -> Number:
        token = self._take("number", what)
        above, _, below = token.text.partition("/")
        exponent = re.search(r"[eE]([-+]?\d+)", above)
        if len(token.text) > MAX_DIGITS or (exponent and abs(int(exponent[1])) > MAX_EXPONENT):
            self._fail(f"the number {token.text[:40]} is too long or too large", "use numbers below 1e300", token)
        if not below:
            return Decimal(above)
        if int(below) == 0:
            self._fail(f"{token.text} divides by zero", "give another number", token)
        return Fraction(Decimal(above)) / int(below)

    def _next(self) -> None:
        self.token = next(self.tokens)

    def _tokens(self) -> Iterator[_Token]:
        start = 0
        while start < len(self.source):
            match = _TOKEN.match(self.source, start)
            if match is None:
                self._fail_to_read(start)
            kind = match.lastgroup or ""
            if kind == "text":
                yield _Token(kind, re.sub(r'\\(["\\])', r"\1", match["text"]), start)
            elif kind != "space":
                yield _Token(kind, match.group(), start)
            start = match.end()
        while True:
            yield _Token("end", "the end of the file", len(self.source))

    def _fail_to_read(self, start: int) -> NoReturn:
        character = self.source[start]
        token = _Token("", character, start)
        if character == '"':
            self._fail("a text has no closing quotation mark", 'close it with "', token)
        self._fail(f"unexpected character {character!r}", "write texts in quotation marks", token)

    def _shown(self) -> str:
        if self.token.kind in ("end", "number"):
            return self.token.text[:40]
        return f'"{self.token.text[:40]}"' if self.token.kind == "text" else f"`{self.token.text[:40]}`"

    def _fail(self, message: str, remedy: str, token: _Token | None = None) -> NoReturn:
        start = (token or self.token).start
        line = self.source.count("\n", 0, start) + 1
        column = start - self.source.rfind("\n", 0, start)
        raise InputError(message, file=self.file, line=line, column=column, remedy=remedy)
