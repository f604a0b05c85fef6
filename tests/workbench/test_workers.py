"""Processes beside the server: a broken one is said and the next one starts; none outlives its case or its server."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from tests.facts_only import write_facts_only
from tests.support import minimal_case
from tests.workbench.conftest import run_case
from tests.workbench.test_instances import address_in, first_line, opening

from tocsin.errors import InputError
from tocsin.workbench.asking import Hand
from tocsin.workbench.instances import Instance
from tocsin.workbench.link import GRACE
from tocsin.workbench.media_work import Work
from tocsin.workbench.printing import Press
from tocsin.workbench.running import Background
from tocsin.workbench.serving import Clock, Workbench, listening
from tocsin.workbench.worker import MAX_LINE, Slot, working

T = TypeVar("T")
WAIT = 30.0
"""Seconds in which what is waited for must happen; a loaded machine is slow."""
RUN, PYTHON = "nowhere@00000000", sys.executable
BROKEN = {
    "rubbish": ("echo no JSON; sleep 600", "a line that cannot be read"),
    "a list": ("echo '[1]'; sleep 600", "a line that cannot be read"),
    "an unknown line": ("""echo '{"stage": 1, "odd": 2}'; sleep 600""", "a line that cannot be read"),
    "a long line": (f"head -c {MAX_LINE + 100_000} /dev/zero | tr '\\0' x; sleep 600", "more than 16,000,000 bytes"),
    "nothing": ("exit 0", "ended before it was done"),
    "half a file": ("""echo '{"result": {"name": "a.pdf", "size": 9}}'; printf abc""", "ended before it was done"),
    "killed": ("kill -9 $$", "ended"),
}
"""What a broken process does, in place of Python, and what is then said."""


def parents() -> dict[int, int]:
    """Return the parent of every process of this machine, also of one that has ended and was not waited for."""
    by_child = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            by_child[int(file.parent.name)] = int(file.read_text().rpartition(")")[2].split()[1])
    return by_child


def children(parent: int) -> set[int]:
    """Return the workers of a process."""
    return {child for child, its in parents().items() if its == parent and "tocsin.workbench" in command(child)}


def command(process: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_text()
    return ""


def within(work: Coroutine[Any, Any, T]) -> T:
    """Return what some work gives, which must come in time."""
    return asyncio.run(asyncio.wait_for(work, WAIT))


def until(met: Callable[[], Any], seconds: float = WAIT) -> Any:
    end = time.monotonic() + seconds
    while not (value := met()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return value


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="lists processes as Linux does")


# --- broken processes ----------------------------------------------------------------------------------------------------


@pytest.fixture
def broken(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Start a broken program in place of each worker; return what is to be said."""
    script, said = BROKEN[request.param]
    monkeypatch.setattr(sys, "executable", program(script, tmp_path / "broken"))
    return said


def program(script: str, file: Path) -> str:
    """Write a program of the shell; return where it is."""
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)
    return str(file)


def each_of(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("broken", names, indirect=True)


async def ended(background: Background) -> None:
    async for progress in background.follow():
        if not progress.running:
            return


@each_of("rubbish", "a list", "an unknown line", "a long line", "nothing", "killed")
def test_a_broken_job_is_said_and_the_next_one_starts(
    broken: str, case_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        background = Background(case_file)
        background.start("assess")
        await ended(background)
        assert broken in background.progress.message and "start it again" in background.progress.remedy
        monkeypatch.setattr(sys, "executable", PYTHON)
        background.start("compare", {"items": ["case", "variant:none"], "language": "en"})
        await ended(background)
        assert "variant:none" in background.progress.message
        await background.close()

    within(run())


@each_of("killed")
def test_broken_work_on_headlines_is_said_and_the_next_one_starts(
    broken: str, archive_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        work = Work()
        assert work.start("week", str(archive_file), "shipped", "en")
        while "stage" in work.state:
            await asyncio.sleep(0.01)
        assert broken in work.state["message"] and work.state["remedy"]
        monkeypatch.setattr(sys, "executable", PYTHON)
        assert work.start("week", str(archive_file), "shipped", "en")
        while "stage" in work.state:
            await asyncio.sleep(0.01)
        assert work.state["message"] == "no such archive"
        await work.close()

    within(run())


@each_of("nothing", "half a file")
def test_a_broken_file_is_said_and_the_next_one_is_made(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        press = Press()
        with pytest.raises(InputError, match=broken) as caught:
            await press.make(RUN, "json", "en", "")
        assert caught.value.remedy and press.made is None
        monkeypatch.setattr(sys, "executable", PYTHON)
        with pytest.raises(InputError, match="no case has been run yet"):
            await press.make(RUN, "json", "en", "")
        await press.close()

    within(run())


@each_of("rubbish", "a long line", "killed")
def test_a_broken_solver_is_said_and_the_next_claim_starts_another(
    broken: str, case_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        hand = Hand(case_file)
        await hand.focus("C1", "v1")
        while "message" not in hand.state:
            await asyncio.sleep(0.01)
        assert broken in hand.state["message"] and hand.state["remedy"]
        monkeypatch.setattr(sys, "executable", PYTHON)
        await hand.focus("C99", "v1")
        while "stage" in hand.state:
            await asyncio.sleep(0.01)
        assert "no claim 'C99'" in hand.state["message"]
        await hand.close()

    within(run())


def test_a_system_that_starts_no_process_is_said(case_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        background = Background(case_file)
        background.start("assess")
        await ended(background)
        assert "cannot start a process" in background.progress.message and background.progress.remedy

    monkeypatch.setattr(sys, "executable", str(case_file / "none"))
    within(run())


def test_what_a_library_prints_is_no_line_of_the_worker(
    case_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import atexit, os\nclass Talker:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'tocsin.assessment.run': print('from Python'); os.write(1, b'from C\\n')\n"
        "import sys; sys.meta_path.insert(0, Talker())\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")

    async def run() -> None:
        background = Background(case_file)
        background.start("assess")
        await ended(background)
        assert background.progress.message == "" and "run" in background.results["assess"]

    within(run())


def test_options_longer_than_a_command_line_arrive(case_file: Path) -> None:
    async def run() -> None:
        background = Background(case_file)
        background.start("challenge", {"claims": ["主張" * 20_000]})
        await ended(background)
        assert "主張" in background.progress.message

    within(run())


# --- stopping --------------------------------------------------------------------------------------------------------


@needs_proc
def test_a_process_that_does_not_end_when_told_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stubborn = tmp_path / "stubborn"
    stubborn.write_text("#!/bin/sh\ntrap '' TERM\necho '{\"up\": 1}'\nwhile :; do sleep 0.1; done\n", encoding="utf-8")
    stubborn.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(stubborn))

    async def run() -> float:
        async with working("runner") as worker:
            assert await anext(worker.lines()) == {"up": 1}
            began = time.monotonic()
        return time.monotonic() - began

    assert GRACE <= within(run()) < GRACE + WAIT
    assert str(stubborn) not in "".join(map(command, parents()))


def test_a_process_that_is_told_to_end_removes_its_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        f"#!{sys.executable}\nimport tempfile, time\nfrom tocsin.workbench.link import linked\n"
        f"with linked() as link, tempfile.TemporaryDirectory(dir={str(tmp_path)!r}) as name:\n"
        "    link.say(folder=name)\n    time.sleep(600)\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))

    async def run() -> Path:
        async with working("runner") as worker:
            folder = Path((await anext(worker.lines()))["folder"])
            assert folder.exists()
        return folder

    assert not within(run()).exists()


@needs_proc
def test_work_that_is_stopped_before_its_process_is_there_leaves_none(case_file: Path) -> None:
    async def run() -> None:
        background, work, press = Background(case_file), Work(), Press()
        for wait in (0.0, 0.001, 0.01):
            background.start("assess")
            work.start("learn", "none.db")
            making = asyncio.create_task(press.make(RUN, "json", "en", ""))
            await asyncio.sleep(wait)
            for one in (background, work, press):
                one.stop()
            assert await making is None
            await ended(background)
            while work.state:
                await asyncio.sleep(0.01)
            assert background.progress.message == ""
        await asyncio.gather(background.close(), work.close(), press.close())

    within(run())
    assert children(os.getpid()) == set()


def test_a_later_file_ends_an_earlier_one_whose_process_is_not_there_yet() -> None:
    async def run() -> None:
        press = Press()
        first = asyncio.create_task(press.make(RUN, "html", "en", "all"))
        await asyncio.sleep(0)
        with pytest.raises(InputError, match="no case has been run yet"):
            await press.make(RUN, "json", "en", "")
        assert await first is None

    within(run())


def test_nothing_starts_on_a_case_that_was_closed(case_file: Path) -> None:
    async def run() -> None:
        background, work, press, hand = Background(case_file), Work(), Press(), Hand(case_file)
        starting = asyncio.create_task(hand.start())
        await asyncio.sleep(0)
        await asyncio.gather(background.close(), work.close(), press.close(), hand.close())
        await starting
        for start in (lambda: background.start("assess"), lambda: work.start("learn", "none.db")):
            with pytest.raises(InputError, match="this case was closed") as caught:
                start()
            assert caught.value.remedy
        with pytest.raises(InputError, match="this case was closed"):
            await press.make(RUN, "json", "en", "")
        await hand.start()

    within(run())
    assert children(os.getpid()) == set()


def test_a_slot_takes_one_work_after_another() -> None:
    async def run() -> None:
        slot = Slot()
        task = slot.start(lambda: asyncio.sleep(0.01, "done"))
        assert slot.busy
        assert await task == "done" and not slot.busy
        slot.start(lambda: asyncio.sleep(600))
        await slot.close()
        assert not slot.busy

    within(run())


@needs_proc
@pytest.mark.browser
def test_a_pdf_that_is_stopped_leaves_no_browser_and_no_temporary_folder(
    case_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    run = run_case(case_file)

    def browsers() -> list[int]:
        return [process for process in parents() if f"--print-to-pdf={tmp_path}" in command(process)]

    async def stop() -> None:
        press = Press()
        making = asyncio.create_task(press.make(f"op-ed@{run}", "pdf", "en", "first"))
        while not browsers():
            await asyncio.sleep(0.01)
        press.stop()
        assert await making is None
        await press.close()
        await asyncio.sleep(0.2)  # the loop closes the pipes of the ended process

    within(stop())
    assert until(lambda: not browsers())
    assert not list((tmp_path / "temporary").glob("tocsin-*"))


# --- the end of a case and of the server -----------------------------------------------------------------------------------


def start_all(reader: httpx.Client, archive: Path, job: tuple[str, dict[str, Any]]) -> None:
    """Start a job, work on headlines, a file, a game and the solver of games."""
    base = reader.get("/api/case").json()["version"]
    assert reader.post("/api/media/week", json={"archive": str(archive), "coder": "shipped"}).status_code == 200
    assert reader.post(job[0], json=job[1]).status_code == 200
    choice = {"run": RUN, "format": "html", "language": "en", "parts": []}

    game = {
        "base": base,
        "challenger": "ATH",
        "target": "MEL",
        "protectors": [],
        "backers": [],
        "aim": "tribute",
        "levels": 2,
        "horizon": 20,
    }

    def asked(path: str, body: dict[str, Any]) -> None:
        with suppress(httpx.HTTPError):
            reader.post(path, json=body, timeout=WAIT)

    for path, body in (("/api/print", choice), ("/api/games", game)):
        threading.Thread(target=asked, args=(path, body), daemon=True).start()


RUNNING: tuple[str, dict[str, Any]] = ("/api/run", {})
COMPARING: tuple[str, dict[str, Any]] = ("/api/compare", {"items": ["case", "beside:other"]})
CHALLENGING: tuple[str, dict[str, Any]] = ("/api/challenge", {"claims": []})
JOBS = {"assess": RUNNING, "compare": COMPARING, "challenge": CHALLENGING}


def paused(parent: int) -> set[int]:
    """Return the five workers of a server as soon as they are there, paused, so that none ends by itself."""
    workers: set[int] = set()

    def all_there() -> bool:
        for child in children(parent) - workers:
            os.kill(child, signal.SIGSTOP)
            workers.add(child)
        return len(workers) == 5

    until(all_there)
    return workers


def left(workers: set[int]) -> set[int]:
    return workers & parents().keys()


@needs_proc
@pytest.mark.parametrize("job", JOBS)
def test_another_case_ends_what_runs_for_the_first(
    reader: httpx.Client, case_file: Path, archive_file: Path, job: str
) -> None:
    other = write_facts_only(case_file.parent.parent / "other") / "case.yaml"
    start_all(reader, archive_file, JOBS[job])
    workers = paused(os.getpid())
    assert reader.post("/api/open", json={"file": str(other)}, timeout=WAIT).status_code == 200
    assert left(workers) == set()


@needs_proc
def test_a_verification_ends_with_its_case(reader: httpx.Client, case_file: Path, archive_file: Path) -> None:
    other = write_facts_only(case_file.parent.parent / "other") / "case.yaml"
    start_all(reader, archive_file, ("/api/runs/verify", {"run": run_case(case_file)}))
    workers = paused(os.getpid())
    assert reader.post("/api/open", json={"file": str(other)}, timeout=WAIT).status_code == 200
    assert left(workers) == set()


@needs_proc
def test_an_idle_server_ends_what_runs(case_file: Path, archive_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    idle = [0.0]
    monkeypatch.setattr(Clock, "idle", lambda _clock: idle[0])
    workbench = Workbench(Instance(case_file), listening(), idle=0.5, home=case_file.parent.parent)
    addresses: list[str] = []
    thread = threading.Thread(target=workbench.run, args=(addresses.append,))
    thread.start()
    with client(until(lambda: addresses)[0]) as reader:
        start_all(reader, archive_file, RUNNING)
        workers = paused(os.getpid())
        idle[0] = 1.0
        thread.join(WAIT)
    assert not thread.is_alive()
    assert left(workers) == set()


@contextmanager
def client(address: str) -> Iterator[httpx.Client]:
    """Give a browser that was let in."""
    home = address.split("/?")[0]
    with httpx.Client(base_url=home, headers={"Origin": home}, trust_env=False, follow_redirects=True) as reader:
        assert reader.get(address).status_code == 200
        yield reader


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_server_and_what_runs(case_file: Path, archive_file: Path, number: signal.Signals) -> None:
    with opening(str(case_file)) as process, client(address_in(first_line(process))) as reader:
        start_all(reader, archive_file, RUNNING)
        workers = paused(process.pid)
        process.send_signal(number)
        assert process.wait(WAIT) == 0
        assert until(lambda: not left(workers))


@needs_proc
@pytest.mark.slow
def test_workers_of_a_killed_server_end_soon(tmp_path: Path, archive_file: Path) -> None:
    case = minimal_case(tmp_path / "case")  # its games take seconds
    with opening(str(case.folder)) as process, client(address_in(first_line(process))) as reader:
        start_all(reader, archive_file, RUNNING)
        workers: set[int] = until(lambda: started if len(started := children(process.pid)) >= 3 else None)
        process.kill()
        process.wait()
        assert until(lambda: not left(workers))
