"""Reading extensive-form files: the format of Gambit (its manual, "The extensive game file format"), version 2.

A file is a prologue (`EFG 2 R`, title, players, comment or none) and the nodes of the tree, each before what follows it:

    c "label" set# "set label" { "action" chance ... } outcome# "outcome label" { payoffs }     a move of chance
    p "label" player# set# "set label" { "action" ... } outcome# "outcome label" { payoffs }    a move of a player
    t "label" outcome# "outcome label" { payoffs }                                              the end

What a set or an outcome is, is said where its number first stands; later it may be left out. Payoffs may be parted by
commas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, NoReturn

from tocsin.errors import InputError
from tocsin.games.efg.game import Entry, ExtensiveGame, MoveSet, Number, Result, SetKey

MAX_NODES = 1_000_000
MAX_DIGITS, MAX_EXPONENT = 300, 300
"""Longest number that is read, and its largest power of ten: beyond, a payoff is no float64."""

SUM_TOLERANCE = Fraction(1, 10**9)
"""How far chances written as rounded decimals may miss one."""

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
    at: int


def read(text: str | bytes, *, file: str | None = None) -> ExtensiveGame:
    """The game of a file's text.

    Args:
        text: as `str`, or bytes in UTF-8.
        file: its name, for errors.

    Raises:
        InputError: with line and column and the remedy.
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
        self.now = next(self.tokens)
        self.players: tuple[str, ...] = ()
        self.sets: dict[SetKey, MoveSet] = {}
        self.outcomes: dict[int, Result] = {}

    # --- the whole -------------------------------------------------------------------------------------------------

    def game(self) -> ExtensiveGame:
        title = self._prologue()
        self.players = self._texts("the players' names")
        if not self.players:
            self._fail("the game has no players", "name at least one in the braces")
        comment = self._take("text", "").text if self.now.kind == "text" else None
        nodes = self._nodes()
        if self.now.kind != "end":
            self._fail(f"{self._shown()} stands after the end of the tree", "remove it, or give a move more actions")
        return ExtensiveGame(
            title=title,
            players=self.players,
            comment=comment,
            sets=self.sets,
            outcomes=self.outcomes,
            nodes=tuple(nodes),
        )

    def _prologue(self) -> str:
        if self.now.kind == "end":
            self._fail("the file is empty", 'an extensive game begins with: EFG 2 R "title" { "player" ... }')
        if self.now.text == "NFG":
            self._fail("this is a game in strategic form", "give it in extensive form (EFG)")
        if self.now.text != "EFG":
            self._fail(f"{self._shown()} is not the beginning of an extensive game", "begin the file with EFG 2 R")
        self._next()
        if (version := self._take("number", "the version 2").text) != "2":
            self._fail(f"version {version} of the format is not known", "save the game as EFG 2 R")
        if self.now.text not in ("R", "D"):
            self._fail(f"{self._shown()} stands where R or D is due", "begin the file with EFG 2 R")
        self._next()
        return self._take("text", "the title in quotation marks").text

    def _nodes(self) -> list[Entry]:
        """All nodes; a count of those still due stands for the tree, so that depth costs nothing."""
        found: list[Entry] = []
        due = 1
        while due:
            if len(found) >= MAX_NODES:
                self._fail(f"the tree has more than {MAX_NODES:,} nodes", "give a smaller game")
            if self.now.kind == "end":
                self._fail(f"the file ends where {due} more node{'s are' if due > 1 else ' is'} due", "add the rest")
            node = self._node()
            found.append(node)
            due += (len(self.sets[node.moves].actions) if node.moves else 0) - 1
        return found

    def _node(self) -> Entry:
        kind = self.now.text if self.now.kind == "word" else ""
        if kind not in ("c", "p", "t"):
            self._fail(f"{self._shown()} stands where a node is due", "begin a node with c, p or t")
        self._next()
        label = self._take("text", "the node's label in quotation marks").text
        moves = None if kind == "t" else self._moves(kind)
        return Entry(label=label, moves=moves, outcome=self._outcome())

    # --- sets and outcomes -----------------------------------------------------------------------------------------

    def _moves(self, kind: str) -> SetKey:
        player = 0
        if kind == "p":
            at = self.now
            player = self._whole("the player's number")
            if not 1 <= player <= len(self.players):
                self._fail(f"there is no player {player}", f"use 1 to {len(self.players)}", at)
        at = self.now
        key = (player, self._whole("the information set's number"))
        if self.now.kind == "text":
            label = self._take("text", "").text
            given = self._actions(label, by_chance=player == 0)
            if self.sets.setdefault(key, given) != given:
                self._fail(f"information set {key[1]} was said before to be another", "say it once, or alike", at)
        elif key not in self.sets:
            self._fail(
                f"nothing is said of information set {key[1]}", "give its label and actions where it first stands", at
            )
        return key

    def _actions(self, label: str, *, by_chance: bool) -> MoveSet:
        at = self.now
        self._mark("{")
        actions: list[str] = []
        chances: list[Number] = []
        while self.now.kind == "text":
            actions.append(self._take("text", "").text)
            if by_chance:
                chances.append(self._chance())
            self._comma()
        self._mark("}")
        if not actions:
            self._fail("a move needs an action", "name at least one in the braces", at)
        if by_chance and abs((total := sum((Fraction(chance) for chance in chances), Fraction(0))) - 1) > SUM_TOLERANCE:
            self._fail(
                f"these chances sum to {float(total):.12g}, not to one", "correct them, as fractions if need be", at
            )
        return MoveSet(label=label, actions=tuple(actions), chances=tuple(chances))

    def _chance(self) -> Number:
        at = self.now
        chance = self._number("the action's probability")
        if not 0 <= chance <= 1:
            self._fail(f"{at.text} is no probability", "give a number from 0 to 1", at)
        return chance

    def _outcome(self) -> int:
        at = self.now
        number = self._whole("the outcome's number, or 0 for none")
        if self.now.kind == "text":
            if number == 0:
                self._fail("outcome 0 means none and has no payoffs", "number outcomes from 1", at)
            result = Result(label=self._take("text", "").text, payoffs=self._payoffs())
            if self.outcomes.setdefault(number, result) != result:
                self._fail(f"outcome {number} was said before to be another", "say it once, or alike", at)
        elif number and number not in self.outcomes:
            self._fail(f"nothing is said of outcome {number}", "give its label and payoffs where it first stands", at)
        return number

    def _payoffs(self) -> tuple[Number, ...]:
        at = self.now
        self._mark("{")
        found: list[Number] = []
        while self.now.kind == "number":
            found.append(self._number("a payoff"))
            self._comma()
        self._mark("}")
        if len(found) != len(self.players):
            self._fail(f"{len(found)} payoffs stand here for {len(self.players)} players", "give one for each", at)
        return tuple(found)

    # --- tokens ----------------------------------------------------------------------------------------------------

    def _texts(self, what: str) -> tuple[str, ...]:
        found: list[str] = []
        self._mark("{", what)
        while self.now.kind == "text":
            found.append(self._take("text", what).text)
            self._comma()
        self._mark("}", what)
        return tuple(found)

    def _comma(self) -> None:
        if self.now.text == "," and self.now.kind == "mark":
            self._next()

    def _mark(self, mark: str, what: str = "") -> None:
        if self.now.kind != "mark" or self.now.text != mark:
            self._fail(
                f"{self._shown()} stands where {mark} is due", f"write {mark}" + (f" around {what}" if what else "")
            )
        self._next()

    def _take(self, kind: str, what: str) -> _Token:
        if self.now.kind != kind:
            self._fail(f"{self._shown()} stands where {what} is due", f"write {what}")
        taken = self.now
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
            self._fail(f"{token.text[:40]} is too long or too large a number", "use numbers below 1e300", token)
        if not below:
            return Decimal(above)
        if int(below) == 0:
            self._fail(f"{token.text} divides by zero", "give another number", token)
        return Fraction(Decimal(above)) / int(below)

    def _next(self) -> None:
        self.now = next(self.tokens)

    def _tokens(self) -> Iterator[_Token]:
        at = 0
        while at < len(self.source):
            found = _TOKEN.match(self.source, at)
            if found is None:
                begun = self.source[at]
                self._fail(
                    "a text is not closed" if begun == '"' else f"{begun!r} cannot be read here",
                    'close it with "' if begun == '"' else "write texts in quotation marks",
                    _Token("", begun, at),
                )
            kind = found.lastgroup or ""
            if kind == "text":
                yield _Token(kind, re.sub(r'\\(["\\])', r"\1", found["text"]), at)
            elif kind != "space":
                yield _Token(kind, found.group(), at)
            at = found.end()
        while True:
            yield _Token("end", "the end of the file", len(self.source))

    def _shown(self) -> str:
        if self.now.kind in ("end", "number"):
            return self.now.text[:40]
        return f'"{self.now.text[:40]}"' if self.now.kind == "text" else f"`{self.now.text[:40]}`"

    def _fail(self, message: str, remedy: str, token: _Token | None = None) -> NoReturn:
        at = (token or self.now).at
        line = self.source.count("\n", 0, at) + 1
        column = at - self.source.rfind("\n", 0, at)
        raise InputError(message, file=self.file, line=line, column=column, remedy=remedy)
