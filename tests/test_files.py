"""Writing files: whole or not at all, through links, with the modes that users expect, and to devices and pipes."""

from __future__ import annotations

import os
import stat
import threading
import time
from pathlib import Path

import pytest

from tocsin import files
from tocsin.errors import InputError
from tocsin.files import check_outputs, remove_stale, replacing, write_all

pytestmark = pytest.mark.skipif(os.name == "nt", reason="modes, links and pipes of POSIX")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_device_stays_a_device(tmp_path: Path) -> None:
    write_all({tmp_path / "page.html": "page", Path("/dev/null"): "data"})
    with replacing(Path("/dev/null")) as temporary:
        temporary.write_text("data")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert (tmp_path / "page.html").read_text() == "page"


def test_a_full_device_is_reported_and_leaves_the_other_files_alone(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(InputError, match="No space left"):
        write_all({Path("/dev/full"): "data"})


def test_a_pipe_stays_a_pipe_and_its_reader_gets_the_text(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    texts: list[str] = []
    reader = threading.Thread(target=lambda: texts.append(pipe.read_text()))
    reader.start()
    check_outputs([pipe])
    write_all({pipe: "page"})
    reader.join(10)
    assert texts == ["page"] and stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("how", ["write_all", "replacing"])
def test_a_link_is_followed_and_stays_a_link(tmp_path: Path, how: str) -> None:
    target, link = tmp_path / "kept" / "page.html", tmp_path / "link.html"
    target.parent.mkdir()
    target.write_text("old")
    link.symlink_to(target)
    if how == "write_all":
        write_all({link: "new"})
    else:
        with replacing(link) as temporary:
            temporary.write_text("new")
    assert link.is_symlink() and target.read_text() == "new"
    assert [path.name for path in target.parent.iterdir()] == ["page.html"]


def test_a_link_to_nothing_yet_makes_its_target(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "page")
    write_all({tmp_path / "link": "new"})
    assert (tmp_path / "link").is_symlink() and (tmp_path / "page").read_text() == "new"


def test_a_link_that_leads_back_to_itself_is_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(InputError, match="leads back to itself"):
        check_outputs([loop])
    with pytest.raises(InputError, match="cannot write"):
        write_all({loop: "page"})
    assert loop.is_symlink() and [path.name for path in tmp_path.iterdir()] == ["loop"]


def test_a_new_file_honours_the_umask_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text("old")
    old.chmod(0o640)
    before = os.umask(0o027)
    try:
        write_all({tmp_path / "new": "new", old: "new"})
    finally:
        os.umask(before)
    assert (mode(tmp_path / "new"), mode(old)) == (0o640, 0o640)
    write_all({tmp_path / "open": "new"})
    assert mode(tmp_path / "open") == 0o666 & ~before


def test_a_late_failure_restores_the_files_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    first.write_text("old")
    rename = Path.replace

    def fails_for_third(self: Path, target: Path) -> Path:
        if target == third:
            raise OSError(5, "the disk broke")
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", fails_for_third)
    with pytest.raises(InputError, match="the disk broke"):
        write_all({first: "new", second: "new", third: "new"})
    assert first.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["first"]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: folder / ("x" * 300), "longer than"),
        (lambda folder: folder / ("x" * 300) / "page.html", "longer than"),
        (lambda folder: folder / "file" / "page.html", "cannot write in"),
        (lambda folder: folder, "is a folder"),
    ],
)
def test_a_place_that_cannot_be_written_is_known_before_the_run(tmp_path: Path, make: object, says: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=says):
        check_outputs([make(tmp_path)])  # type: ignore[operator]


def test_a_full_disk_is_known_before_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MIN_FREE", 10**18)
    with pytest.raises(InputError, match=r"disk of .* is full"):
        check_outputs([tmp_path / "page.html"])
    check_outputs([Path("/dev/null")])


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="the superuser may write everywhere")
def test_a_read_only_file_or_folder_is_known_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "page").write_text("")
    (tmp_path / "page").chmod(0o444)
    (tmp_path / "shut").mkdir(mode=0o555)
    for file in (tmp_path / "page", tmp_path / "shut" / "page"):
        with pytest.raises(InputError, match="cannot write"):
            check_outputs([file])


def test_what_a_killed_run_left_goes_and_what_is_new_stays(tmp_path: Path) -> None:
    old, new, other = (tmp_path / name for name in (".tocsin-old", ".tocsin-new", "last.json"))
    for path in (old, new, other):
        path.write_text("")
    os.utime(old, (time.time() - 2 * files.STALE,) * 2)
    remove_stale(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".tocsin-new", "last.json"]
    remove_stale(tmp_path / "absent")
