"""A game is added by a process of its own: it ends with the server, loses no edit, and reads no file that the case does not name."""

from __future__ import annotations

import asyncio
import os
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import httpx
import pytest
from tests.facts_only import write_facts_only
from tests.workbench.test_instances import address_in, first_line, opening
from tests.workbench.test_workers import client, command, needs_proc, parents, until, within

from tocsin.errors import InputError
from tocsin.workbench import game_writer
from tocsin.workbench.adding_game import Adding, Aim, Players
from tocsin.workbench.desk import ChangedError, Desk
from tocsin.workbench.game_writer import with_game

WORKER = "tocsin.cli.new_join_worker"
PLAYERS, AIM = Players("ATH", "MEL", ["SPA"]), Aim("tribute", 2, 20)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(write_facts_only(tmp_path / "case") / "case.yaml")


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the process that adds a game take ten minutes; return the folder of temporary files."""
    (tmp_path / "slow").mkdir()
    pause = f"import sys, time\nif {WORKER!r} in sys.orig_argv: time.sleep(600)\n"
    (tmp_path / "slow" / "sitecustomize.py").write_text(pause, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'slow'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    return tmp_path / "temporary"


def commands(scratch: Path) -> list[int]:
    """Return the processes that add a game in a folder of temporary files."""
    return [process for process in parents() if f"\0{WORKER}\0{scratch}" in command(process)]


@needs_proc
def test_the_command_ends_when_the_case_is_closed(desk: Desk, slow: Path) -> None:
    before = desk.file.read_bytes()

    async def run() -> None:
        adding = Adding()
        asked = asyncio.create_task(adding.add(desk, desk.draft().version, PLAYERS, AIM))
        while not commands(slow):
            await asyncio.sleep(0.02)
        with pytest.raises(InputError, match="being added already"):
            await adding.add(desk, desk.draft().version, PLAYERS, AIM)
        await adding.close()
        with pytest.raises(InputError, match="this case was closed"):
            await asked
        with pytest.raises(InputError, match="this case was closed"):
            await adding.add(desk, desk.draft().version, PLAYERS, AIM)

    within(run())
    assert not commands(slow) and not list(slow.iterdir())
    assert desk.file.read_bytes() == before


@needs_proc
def test_the_command_ends_with_a_server_that_is_killed(desk: Desk, slow: Path) -> None:
    body = {
        "challenger": "ATH",
        "target": "MEL",
        "protectors": [],
        "backers": [],
        "aim": "x",
        "levels": 2,
        "horizon": 9,
    }

    def ask(reader: httpx.Client) -> None:
        with suppress(httpx.HTTPError):
            reader.post("/api/games", json={"base": desk.draft().version, **body}, timeout=60)

    with opening(str(desk.file)) as process, client(address_in(first_line(process))) as reader:
        threading.Thread(target=ask, args=(reader,), daemon=True).start()
        until(lambda: commands(slow))
        process.kill()
        process.wait()
        until(lambda: not commands(slow))


def test_an_edit_that_is_made_meanwhile_is_not_lost(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    base, before = desk.draft().version, desk.draft().text
    written = Adding._written

    async def edited_meanwhile(adding: Adding, folder: Path, text: str, players: Players) -> str:
        desk.edit(base, lambda now: now + "# mine\n")
        return await written(adding, folder, text, players)

    monkeypatch.setattr(Adding, "_written", edited_meanwhile)
    with pytest.raises(ChangedError) as caught:
        within(Adding().add(desk, base, PLAYERS, AIM))
    assert desk.draft().text == before + "# mine\n"
    assert caught.value.mine is not None and "theatres:" in caught.value.mine and "# mine" not in caught.value.mine


def test_a_text_that_the_reader_did_not_see_gets_no_game(desk: Desk) -> None:
    before = desk.file.read_bytes()
    with pytest.raises(ChangedError):
        within(Adding().add(desk, "0" * 64, PLAYERS, AIM))
    assert desk.file.read_bytes() == before


# --- the copy --------------------------------------------------------------------------------------------------------


def test_only_files_that_the_case_names_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_facts_only(tmp_path / "case")
    (tmp_path / "secret.csv").write_text("key\n", encoding="utf-8")
    (folder / "tables").mkdir()
    for name in ("tables/named.csv", "unnamed.csv"):
        (folder / name).write_text("key,value,unit,date,kind,source,confidence,note\n", encoding="utf-8")
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    text += f"fact_tables: [tables/named.csv, ../secret.csv, {tmp_path / 'secret.csv'}, link.csv, tables, case.yaml]\n"
    copied: list[str] = []

    def look(copy: Path, _players: object) -> None:
        copied.extend(sorted(str(file.relative_to(copy)) for file in copy.rglob("*") if file.is_file()))
        assert (copy / "case.yaml").read_text(encoding="utf-8") == text

    monkeypatch.setattr(game_writer, "_run", look)
    assert with_game(folder, text, {}) == text
    assert copied == ["case.yaml", "tables/named.csv"]


def test_an_error_does_not_name_the_copy(desk: Desk) -> None:
    text = desk.draft().text + "theatres: {main: {}}\n"
    with pytest.raises(InputError) as caught:
        with_game(desk.file.parent, text, asdict(PLAYERS))
    assert caught.value.remedy and "/" not in f"{caught.value.message}{caught.value.remedy}"
