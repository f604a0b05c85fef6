"""Write runs and read them: see `places` for the files.

A run that is repeated has the same hash. It is stored once, and the days on which it was made are added.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from tocsin.errors import CaseErrors, InputError
from tocsin.files import PREFIX, write_all
from tocsin.runs.notes import check_note
from tocsin.runs.places import RUNS, check_readable, folder, locked, remove_leftovers, reported, sha256
from tocsin.translation import Said, message
from tocsin.translation.stored_text import STORED

if TYPE_CHECKING:
    from tocsin.assessment.record import AssessmentRecord
    from tocsin.case.schema import Case
    from tocsin.runs.about import About
    from tocsin.runs.copies import CaseCopy

ABOUT, RECORD, ASSESSMENT = "about.json", "record.json", "assessment.json"
WORLDS, SKETCH = "worlds.parquet", "sketch.json"
CASE, RAN, PARTS, NOTE = "case", "ran", "parts", "note.txt"
SHOWN = 8
"""Digits of a hash that are shown."""
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d{6}\.\d{6}Z\Z")
_PART = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}\Z")


@dataclass(frozen=True, kw_only=True)
class NewRun:
    """A run to store.

    Attributes:
        record: its assessment.
        draws: worlds requested.
        copy: the files of the case.
        summary: of the case.
        questions: of the case, each with its answer.
        brief: path of the brief.
        folder: of the case.
        parts: the whole assessment, its worlds and its sketch: content of `ASSESSMENT`, `WORLDS` and `SKETCH`.
        note: of the user; empty for none.
    """

    record: AssessmentRecord
    draws: int
    copy: CaseCopy
    summary: str = ""
    questions: tuple[tuple[Said, Said], ...] = ()
    brief: str = ""
    folder: str = ""
    parts: Mapping[str, bytes] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class StoredRun:
    """A run in the store; `path` is its folder. Two names of one run are equal."""

    path: Path

    @property
    def hash(self) -> str:
        """Return the hash that names the run."""
        return self.path.name

    @property
    def case(self) -> str:
        """Return the id of its case."""
        return self.path.parent.name

    @property
    def name(self) -> str:
        """Return its name for a reader, as commands take it: `japan-buildup@3fa2c1d0`."""
        return f"{self.case}@{self.hash[:SHOWN]}"

    @cached_property
    def moments(self) -> tuple[str, ...]:
        """Return when it was run, the last moment of each day in UTC, in order: `2026-11-30T021530.123456Z`."""
        try:
            return tuple(sorted(file.name for file in (self.path / RAN).iterdir() if _MOMENT.match(file.name)))
        except OSError:
            return ()

    @property
    def days(self) -> tuple[date, ...]:
        """Return the days of running in UTC, in order."""
        return tuple(date.fromisoformat(moment[:10]) for moment in self.moments)

    @property
    def last(self) -> str:
        """Return when it was run last; runs are ordered by it."""
        return self.moments[-1] if self.moments else ""

    @property
    def moment(self) -> str:
        """Return when it was run last, in UTC to the minute: `2026-11-30T02:15Z`; empty if it is not known."""
        return f"{self.last[:13]}:{self.last[13:15]}Z" if self.last else ""

    @property
    def brief(self) -> str:
        """Return the path of the brief of the last time; empty if it is not known."""
        return self._outside.get("brief", "")

    @property
    def folder(self) -> str:
        """Return the folder of the case at the last time; empty if it is not known."""
        return self._outside.get("folder", "")

    @cached_property
    def _outside(self) -> dict[str, str]:
        """Return what the last time left outside the store: the same run may have another folder and brief each time."""
        try:
            data = json.loads((self.path / RAN / self.last).read_bytes())
            return {str(name): str(value) for name, value in data.items()}
        except (OSError, ValueError, AttributeError, RecursionError):
            return {}

    @property
    def note(self) -> str:
        """Return the user's note; empty if there is none."""
        try:
            return (self.path / NOTE).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    @cached_property
    def about(self) -> About:
        """Return what the run is.

        Raises:
            InputError: if the file is damaged, or from a version that this one cannot read.
        """
        from tocsin.runs.about import About

        try:
            about = About.model_validate_json((self.path / ABOUT).read_bytes())
        except (OSError, ValidationError):
            raise self.unreadable() from None
        if (about.hash, about.case) != (self.hash, self.case) or about.origin.hash() != self.hash:
            raise self.unreadable()
        return about

    @cached_property
    def record(self) -> AssessmentRecord:
        """Return its assessment as in its JSON.

        Raises:
            InputError: if it is damaged, or from a version that this one cannot read.
        """
        from tocsin.assessment.record import AssessmentRecord

        data = self.part(RECORD)
        try:
            return AssessmentRecord.model_validate_json(data or b"")
        except ValidationError:
            raise self.unreadable() from None

    def part(self, name: str) -> bytes | None:
        """Return a file of the result, or a part that was added; None if it was not stored, has gone or is damaged.

        Raises:
            InputError: if `about.json` cannot be read.
        """
        known = self.about.parts.get(name)
        try:
            data = (self.path / (name if known else f"{PARTS}/{name}")).read_bytes()
        except OSError:
            return None
        return data if known is None or sha256(data) == known else None

    def added(self, name: str) -> datetime | None:
        """Return when a part was added, in UTC; None if there is none."""
        try:
            return datetime.fromtimestamp((self.path / PARTS / name).stat().st_mtime, UTC)
        except OSError:
            return None

    def damaged_file(self) -> str:
        """Return the name of a file that is damaged or has gone; empty if the run is whole."""
        try:
            about = self.about
        except InputError:
            return ABOUT
        if broken := next((name for name in about.parts if self.part(name) is None), ""):
            return broken
        if _verdicts_in(self.part(RECORD) or b"") != about.verdicts:
            return ABOUT
        broken = self._damaged_copy()
        return f"{CASE}/{broken}" if broken else ""

    def is_damaged(self) -> bool:
        """Return whether a file of this version's run is damaged or has gone; a run that another version stored may be whole."""
        from tocsin import __version__

        return self._version() in ("", __version__) and self.damaged_file() != ""

    def _damaged_copy(self) -> str:
        """Return the name of a file of the case whose copy is damaged or has gone; empty if there is none."""
        from tocsin.reading import file_inside

        for name, known in self.about.files.items():
            try:
                intact = sha256(file_inside(self.path / CASE, name).read_bytes()) == known
            except (InputError, OSError):
                intact = False
            if not intact:
                return name
        return ""

    @property
    def case_file(self) -> Path:
        """Return the stored copy of the case's YAML file, beside which its other files stand.

        Raises:
            InputError: if the copy of a file is damaged.
        """
        from tocsin.reading import file_inside

        if broken := self._damaged_copy():
            raise InputError(
                message("the stored copy of {file} is damaged in the run {run}", file=broken, run=self.name),
                remedy=message("run `tocsin assess` on the case itself"),
            )
        return file_inside(self.path / CASE, self.about.main)

    def load_case(self, present: Case | None = None) -> Case:
        """Return the case from the stored copy of its files, with the settings of the run.

        Values that are measured from data sets are read from the cache again: `case.sha256` is not that of the run if they differ.

        Args:
            present: the case as its files are now. If the run is of this state, the stored copy is not read.

        Raises:
            InputError: if a file is damaged, or this version cannot read the case.
        """
        from tocsin.case.override import override

        origin = self.about.origin
        case = present if present is not None and present.sha256 == origin.sha256 else self.written_case()
        return override(case, origin.settings) if origin.settings else case

    def written_case(self) -> Case:
        """Return the case without the settings of the run; see `load_case`."""
        from tocsin.case import load

        try:
            return load(self.case_file)
        except CaseErrors as error:
            first = error.problems[0]
            raise InputError(
                message(
                    "the stored case of the run {run} cannot be read now: {problem}",
                    run=self.name,
                    problem=first.message,
                ),
                file=first.file,
                line=first.line,
                remedy=first.remedy,
            ) from error

    def unreadable(self) -> InputError:
        """Return the error for a run that is damaged or comes from another version."""
        from tocsin import __version__

        version = self._version()
        if version in ("", __version__):
            problem = message("the stored run {name} is damaged", name=self.name)
        else:
            problem = message(
                "tocsin {version} stored the run {run}, and this version, {own}, cannot read it",
                version=version,
                run=self.name,
                own=__version__,
            )
        remedy = message("name another run, see `tocsin runs`, or run the case again; nothing was changed")
        return InputError(problem, file=str(self.path), remedy=remedy)

    def _version(self) -> str:
        """Return the version of Tocsin that stored the run, whatever else its file says; empty if it cannot be read."""
        try:
            return str(json.loads((self.path / ABOUT).read_bytes())["origin"]["versions"]["tocsin"])
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return ""


def _verdicts_in(record: bytes) -> dict[str, str] | None:
    """Return the verdicts in the JSON of an assessment by claim; None if it cannot be read."""
    try:
        return {claim["id"]: claim["verdict"] for claim in json.loads(record)["claims"]}
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def store_run(new: NewRun) -> StoredRun:
    """Store a run, or add the present day to the same run if it is stored.

    A kill leaves the whole run or nothing of it, and never touches another run. Two processes may store runs at once. A damaged run is
    stored anew, with the days, the note and the parts that it had.

    Raises:
        InputError: if the store cannot be written.
    """
    about = _about(new)
    run = StoredRun(folder() / RUNS / about.case / about.hash)
    with reported():
        damaged = _set_aside(run.path) if _is_damaged(run.path) else None
        with locked(alone=False):
            remove_leftovers()
            if not run.path.is_dir():
                _place(run.path, new, about)
            _stamp(run.path, new)
            if damaged is not None:
                _take_over(damaged, run.path)
            if new.note:
                set_note(run, new.note)
    return StoredRun(run.path)


def _is_damaged(path: Path) -> bool:
    """Return whether a run is stored whose result cannot be read."""
    if not path.is_dir():
        return False
    run = StoredRun(path)
    try:
        return any(run.part(name) is None for name in run.about.parts)
    except InputError:
        return True


def _set_aside(path: Path) -> Path | None:
    """Take a damaged run out of the list, so that its repetition can be stored; return where it is, None if it is whole by now."""
    aside = folder() / RUNS / f"{PREFIX}{secrets.token_hex(8)}"
    with locked(alone=True):
        if not _is_damaged(path):
            return None
        path.rename(aside)
    return aside


def _take_over(damaged: Path, path: Path) -> None:
    """Give a run the days, the note and the added parts of its damaged predecessor, which is then removed."""
    for name in (RAN, PARTS):
        for file in (damaged / name).glob("[!.]*"):
            (path / name).mkdir(exist_ok=True)
            file.rename(path / name / file.name)
    if (damaged / NOTE).exists():
        (damaged / NOTE).rename(path / NOTE)
    shutil.rmtree(damaged)


def _about(new: NewRun) -> About:
    from tocsin.runs.about import FORMAT, About, digests, origin_of

    record, origin = new.record, origin_of(new.record, new.draws)
    files = digests(new.copy.files)
    return About(
        format=FORMAT,
        hash=origin.hash(),
        origin=origin,
        case=record.case.id,
        title=record.case.title,
        as_of=record.case.as_of,
        summary=new.summary,
        main=new.copy.main,
        files=files,
        measured={item.name: item.sha256 for item in record.run.data if item.name not in files},
        drawn=record.run.draws,
        variants=record.run.variants,
        verdicts={claim.id: claim.verdict for claim in record.claims},
        questions=new.questions,
        parts=digests(_parts(new)),
    )


def _parts(new: NewRun) -> dict[str, bytes]:
    text = new.record.model_dump_json(by_alias=True, context={STORED: True})
    return {RECORD: text.encode("utf-8"), **new.parts}


def _place(target: Path, new: NewRun, about: About) -> None:
    """Write a run under a temporary name, and give it its own unless another process did so meanwhile."""
    from tocsin.runs.copies import write_shared

    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = folder() / RUNS / f"{PREFIX}{secrets.token_hex(8)}"
    try:
        temporary.mkdir()
        for name, data in _parts(new).items():
            (temporary / name).write_bytes(data)
        for name, data in new.copy.files.items():
            write_shared(temporary / CASE / name, data)
        text = about.model_dump_json(by_alias=True, context={STORED: True})
        (temporary / ABOUT).write_text(text, encoding="utf-8")
        _stamp(temporary, new)
        try:
            temporary.rename(target)
        except OSError:
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _stamp(path: Path, new: NewRun) -> None:
    """Note the present moment as one at which the run was made, in place of earlier ones of the same day."""
    moment = f"{datetime.now(UTC):%Y-%m-%dT%H%M%S.%fZ}"
    (path / RAN).mkdir(exist_ok=True)
    (path / RAN / moment).write_text(json.dumps({"brief": new.brief, "folder": new.folder}), encoding="utf-8")
    for file in (path / RAN).glob(f"{moment[:10]}T*"):
        if file.name < moment:
            file.unlink(missing_ok=True)


def stored_runs(case: str | None = None) -> tuple[StoredRun, ...]:
    """Return the runs in the store, of all cases or of one by its id, the newest first; damaged ones are among them.

    Raises:
        InputError: if the store is there and cannot be read.
    """
    check_readable()
    runs = (
        StoredRun(path)
        for path in (folder() / RUNS).glob(f"{case or '*'}/*")
        if _HASH.match(path.name) and not path.parent.name.startswith(".") and path.is_dir()
    )
    return tuple(sorted(runs, key=lambda run: (run.last, run.hash), reverse=True))


def add_part(run: StoredRun, name: str, data: bytes) -> None:
    """Store a file beside a run, in place of one of that name that was added before; `StoredRun.part` reads it.

    Args:
        run: a stored run.
        name: file name of lower-case letters, digits, dots, hyphens and underscores; not that of a file of the result.
        data: its content.

    Raises:
        InputError: if the name is not allowed, the run has gone, or the file cannot be written.
    """
    if not _PART.match(name) or name in (RECORD, ASSESSMENT, WORLDS, SKETCH):
        raise InputError(
            message("a part of a run cannot be called {name}", name=repr(name)),
            remedy=message("use a file name such as `challenge.json`"),
        )
    with reported(), locked(alone=False):
        check_there(run)
        write_all({run.path / PARTS / name: data})


def set_note(run: StoredRun, text: str) -> None:
    """Give a run a note in place of its present one; an empty text removes it.

    Raises:
        InputError: if the note is too long, the run has gone, or the file cannot be written.
    """
    check_note(text)
    with reported(), locked(alone=False):
        check_there(run)
        if text.strip():
            write_all({run.path / NOTE: " ".join(text.split())})
        else:
            (run.path / NOTE).unlink(missing_ok=True)


def check_there(run: StoredRun) -> None:
    """Raise InputError if a run has been removed meanwhile."""
    if not run.path.is_dir():
        raise InputError(
            message("the run {run} is no longer stored", run=run.name), remedy=message("see `tocsin runs`")
        )
