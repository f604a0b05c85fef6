"""`tocsin new`: write a case that passes lint and runs as it is.

What describes its states comes from the data sets in the cache, as known on its day. The rest is marked as a template.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.output import spoken
from tocsin.draft.blank import fact_check_text, plain_text, rendered
from tocsin.errors import InputError
from tocsin.files import write_all
from tocsin.runs.names import new_id
from tocsin.translation import Text, in_commas, in_semicolons, message, template

if TYPE_CHECKING:
    from tocsin.cli.new_pacts import Pacts

ACTOR = re.compile(r"[A-Z][A-Z0-9]{1,7}")
FILE = "case.yaml"
YAML_WORDS = ("NULL", "TRUE", "FALSE")
"""Names that YAML does not read as text."""
MAX_SIDE = 3
"""Maximum number of protectors, and of backers, of a new case."""
PROPOSED_PROTECTORS, PROPOSED_BACKERS = 2, 1
"""How many helpers a case gets by their pacts if the user names none, as in the back-test."""
MAX_OFFERED = 8
"""Actors of a case that a question names."""
NOBODY = "nobody"
"""The answer for no helper at all."""
FIRST_DAY = date(1816, 1, 1)
"""First day of a new case: that of the list of states."""


@dataclass(frozen=True)
class Player:
    """An actor of a new case.

    Attributes:
        key: its short name in the case: the code of a state, or the user's own in capitals.
        name: in plain words.
        number: of the state by the Correlates of War; None if it is no state on record.
    """

    key: str
    name: str
    number: int | None = None

    def __str__(self) -> str:
        return self.key if self.number is None else f"{self.key} ({self.name})"


@dataclass(frozen=True, kw_only=True)
class Roles:
    """The title of a new case, its day and its actors."""

    title: str
    day: date
    challenger: Player
    target: Player
    protectors: tuple[Player, ...]
    backers: tuple[Player, ...] = ()

    def __post_init__(self) -> None:
        keys = [actor.key for actor in self.actors]
        if len(set(keys)) < len(keys):
            raise InputError(message("an actor has two roles"), remedy=message("give each actor one role"))
        if max(len(self.protectors), len(self.backers)) > MAX_SIDE:
            raise InputError(
                message("a new case has at most three protectors and three backers"),
                remedy=message("add others to case.yaml later"),
            )

    def __str__(self) -> str:
        return ", ".join(map(str, self.actors))

    @property
    def actors(self) -> tuple[Player, ...]:
        """Return challenger, target, protectors and backers."""
        return (self.challenger, self.target, *self.protectors, *self.backers)

    @property
    def known_year(self) -> int:
        """Return the last year that ended before the day: later figures were not known on it."""
        return (self.day + timedelta(days=1)).year - 1


@dataclass(frozen=True)
class Cast:
    """Who may play on a day.

    Attributes:
        day: of the case; a name means the state that had it then.
        known: actors that the case has already.
        language: of the case, and of the names of states in it.
    """

    day: date
    known: tuple[Player, ...] = ()
    language: str = "en"

    def player_of(self, number: int) -> Player:
        """Return the actor that is a state, by its number in the Correlates of War."""
        from tocsin.data.codes import code_of

        code = code_of(number, self.day.year)
        return self._as_known(Player(code if ACTOR.fullmatch(code) else f"S{code}", self._name(code), number))

    def player(self, text: str) -> Player:
        """Return the actor that a text names: one of the case, a state by its code or name, else a short name of the user's own.

        Raises:
            InputError: if the text may mean several states, or is neither an actor, a state nor a short name in capitals.
        """
        from tocsin.data.codes import state_of
        from tocsin.data.names import codes_meant, find_code, suggestion

        wanted = text.strip()
        for actor in self.known:
            if wanted.casefold() in (actor.key.casefold(), actor.name.casefold()):
                return actor
        if codes_meant(wanted):
            code = find_code(wanted, year=self.day.year)
            return self._as_known(Player(code, self._name(code), state_of(code, self.day.year)))
        if ACTOR.fullmatch(wanted) and wanted not in YAML_WORDS:
            return Player(wanted, wanted)
        raise InputError(
            message("{name} is neither a state nor a valid short name", name=repr(wanted)),
            remedy=message(
                "{remedy}; for an actor of your own, use two to eight capital letters or digits",
                remedy=suggestion(wanted),
            ),
        )

    def _name(self, code: str) -> str:
        from tocsin.data.names import name_in

        return plain_text(name_in(code, self.language))

    def _as_known(self, player: Player) -> Player:
        """Return the actor of the case that is the same state, or has the same key; else the player itself."""
        number = player.number
        same = (one for one in self.known if one.key == player.key or (number is not None and one.number == number))
        return next(same, player)


# --- questions -----------------------------------------------------------------------------------------------------


def ask_title(title: str | None) -> str:
    """Return the title; ask for it if it is missing."""
    return title or click.prompt(spoken(message("The question or argument in one line")), type=str)


def parse_day(text: str | None) -> date:
    """Return the day of a case; today if none is given.

    Raises:
        InputError: if it is no day, lies before the list of states, or is still to come.
    """
    if text is None:
        return date.today()
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise InputError(
            message("{text} is not a day", text=repr(text)), remedy=message("write YYYY-MM-DD, such as 1914-06-27")
        ) from None
    if not FIRST_DAY <= day <= date.today():
        raise InputError(
            message("no case can be as of {day}", day=str(day)),
            remedy=message("name a day from {first} to today", first=str(FIRST_DAY)),
        )
    return day


def ask(
    title: str | None,
    challenger: str | None,
    target: str | None,
    protectors: tuple[str, ...],
    backers: tuple[str, ...],
    *,
    cast: Cast,
) -> tuple[Roles, Pacts | None]:
    """Return the roles from the options, and the pacts of the two sides; ask for what is missing, with five questions at most.

    Helpers that the user does not name are those bound by a defence pact on the day, the strongest first. If title, challenger and
    target are given, nothing is asked.

    Raises:
        InputError: if a name is not valid.
    """
    complete = bool(title and challenger and target)
    title = ask_title(title)

    def one(answer: str) -> tuple[Player, ...]:
        return _one(_named(answer, cast))

    first = (
        cast.player(challenger)
        if challenger
        else _prompt(message("Who wants change? ({hint})", hint=_offer(cast)), one)[0]
    )
    second = cast.player(target) if target else _prompt(message("From whom?"), one)[0]
    pacts = _pacts(first, second, cast.day)
    defending, helping = _named(", ".join(protectors), cast), _named(", ".join(backers), cast)
    taken = {actor.number for actor in (first, second, *defending, *helping)}
    defenders = () if protectors else _bound(pacts.defenders if pacts else (), taken, cast, PROPOSED_PROTECTORS)
    helpers = () if backers else _bound(pacts.backers if pacts else (), taken, cast, PROPOSED_BACKERS)
    if not complete and not protectors:
        defenders = _ask_helpers(template("Who may defend the target? ({hint})"), defenders, cast)
    if not complete and not backers:
        helpers = _ask_helpers(template("Who may support the challenger? ({hint})"), helpers, cast)
    roles = Roles(
        title=title,
        day=cast.day,
        challenger=first,
        target=second,
        protectors=defending or defenders,
        backers=helping or helpers,
    )
    return roles, pacts


def _offer(cast: Cast) -> Text:
    """Return what may answer the first question: actors of the case, or an example."""
    if not cast.known:
        return message("a state, such as Russia or RUS")
    names = in_commas(str(actor) for actor in cast.known[:MAX_OFFERED])
    if len(cast.known) > MAX_OFFERED:
        more = len(cast.known) - MAX_OFFERED
        return message("the case names {names} and {number} more; or another state", names=names, number=more)
    return message("the case names {names}; or another state", names=names)


def _pacts(challenger: Player, target: Player, day: date) -> Pacts | None:
    from tocsin.cli.new_pacts import look_up

    if challenger.number is None or target.number is None:
        return None
    return look_up(challenger.number, target.number, day)


def _bound(states: tuple[int, ...], taken: set[int | None], cast: Cast, most: int) -> tuple[Player, ...]:
    return tuple(cast.player_of(state) for state in states if state not in taken)[:most]


def _ask_helpers(question: str, proposed: tuple[Player, ...], cast: Cast) -> tuple[Player, ...]:
    """Return the answer to a question about helpers; an empty answer means those that pacts propose."""
    if proposed:
        names = in_commas(map(str, proposed))
        hint = message(
            "separate several with commas; empty: {names}, by defence pact; or {nobody}", names=names, nobody=NOBODY
        )
    else:
        hint = message("separate several with commas; empty: {nobody}", nobody=NOBODY)
    empty = ", ".join(actor.key for actor in proposed)
    return _prompt(message(question, hint=hint), lambda answer: _named(answer or empty, cast), default="")


def _prompt(
    question: Text, check: Callable[[str], tuple[Player, ...]], *, default: str | None = None
) -> tuple[Player, ...]:
    def checked(answer: str) -> tuple[Player, ...]:
        try:
            return check(answer)
        except InputError as error:
            raise click.UsageError(spoken(in_semicolons(filter(None, (error.message, error.remedy))))) from None

    return click.prompt(spoken(question), value_proc=checked, default=default, show_default=False)


def _named(answer: str, cast: Cast) -> tuple[Player, ...]:
    """Return the actors that an answer names, with commas or, between short names, blanks; none for "nobody"."""
    if answer.strip().casefold() == NOBODY:
        return ()
    return tuple(named for part in answer.split(",") if part.strip() for named in _part(part, cast))


def _part(text: str, cast: Cast) -> tuple[Player, ...]:
    """Return the actors in a part of an answer without commas: one name, or short names with blanks between them."""
    words = text.split()
    if len(words) > 1 and all(map(ACTOR.fullmatch, words)):
        return tuple(cast.player(word) for word in words)
    return (cast.player(text),)


def _one(names: tuple[Player, ...]) -> tuple[Player, ...]:
    if len(names) != 1:
        raise InputError(message("this is not one actor"), remedy=message("name one"))
    return names


# --- file ----------------------------------------------------------------------------------------------------------


def check_folder(folder: Path) -> None:
    """Check that a case can be written to a folder.

    Raises:
        InputError: if it contains a case, or is not a folder.
    """
    path = folder / FILE
    if path.exists():
        raise InputError(
            message("the folder contains a case already"), file=str(path), remedy=message("name another folder")
        )
    if folder.exists() and not folder.is_dir():
        raise InputError(message("not a folder"), file=str(folder), remedy=message("name another one"))


def write_template(folder: Path, roles: Roles, pacts: Pacts | None) -> tuple[Path, tuple[str, ...]]:
    """Write `case.yaml` to a folder; return its path, and sentences on what it rests on and lacks.

    The figures of the states come from the data sets in the cache, for the last year that ended before the day. Nothing is downloaded.

    Args:
        folder: of the case; its name gives the case's id, see `new_id`.
        roles: title, day and actors.
        pacts: defence pacts of challenger and target; None if they are not known.

    Raises:
        InputError: if the folder contains a case or cannot be written.
    """
    text, notes = template_text(new_id(folder), roles, pacts, "en")
    return _write(folder, text), notes


def template_text(key: str, roles: Roles, pacts: Pacts | None, language: str) -> tuple[str, tuple[str, ...]]:
    """Return the text of a new case with this id in a language, and the sentences of `write_template`."""
    from tocsin.cli.new_figures import figures
    from tocsin.cli.new_history import history_of

    listed, history = figures(roles, pacts, language), history_of(roles)
    freed = (*roles.protectors, roles.target)[0]
    values = {"roles": roles, "freed": freed, "figures": listed, "history": history}
    text = rendered("case.yaml.jinja", key, roles.title, roles.day, language, **values)
    return text, (*_pact_notes(roles, pacts), *filter(None, (listed.money, *listed.notes)))


def _pact_notes(roles: Roles, pacts: Pacts | None) -> tuple[str, ...]:
    from tocsin.cli.new_pacts import GET, SETS, is_cached, notes

    if pacts is None:
        missing = roles.target.number is not None and not is_cached(SETS)
        return (
            (message("Pacts, reach and forces were not looked up: run `tocsin data get {names}` first.", names=GET),)
            if missing
            else ()
        )
    return tuple(notes(pacts, roles))


def write_fact_check(folder: Path, title: str) -> Path:
    """Write a case without a game to a folder and return the path of its file; otherwise as `write_template`."""
    return _write(folder, fact_check_text(new_id(folder), title, date.today()))


def _write(folder: Path, text: str) -> Path:
    check_folder(folder)
    path = folder / FILE
    write_all({path: text})
    return path
