"""Write the golden files to a folder, or compare two such folders: all numbers must be equal to the last digit.

python -m tests.golden make FOLDER [--whole]
python -m tests.golden compare FOLDER STORED

`--whole` also assesses the founding case with its usual number of draws. To compare two commits on one machine, run `make` in a
checkout of each, then `compare`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from tests.golden.commands import (
    ARCHIVE,
    ASSESS,
    ASSESS_SMALL,
    CODE,
    EVIDENCE,
    FIT,
    MEASURE,
    ROOT,
    SOLVE,
    export_archive,
    run,
)
from tests.golden.comparison import differences, read

SHARED = ROOT.parent / "shared"


def make(folder: Path, whole: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    commands = SOLVE | FIT | CODE | EVIDENCE | ASSESS_SMALL | ASSESS
    if whole:
        commands |= {
            "assessment-whole.json": [word for word in ASSESS["assessment.json"] if word not in ("--draws", "256")]
        }
    if SHARED.is_dir():
        from tests.data.test_readers import fill

        fill(SHARED, Path(os.environ["TOCSIN_DATA"]))
        commands |= MEASURE
    for name, arguments in commands.items():
        run(arguments, folder / name)
        print(folder / name, flush=True)
    for name in ARCHIVE:
        with tempfile.TemporaryDirectory() as scratch:
            export_archive(Path(scratch, "archive.db"), folder / name)
        print(folder / name, flush=True)


def compare(new: Path, stored: Path) -> int:
    different = [
        f"{file.name}{difference}"
        for file in sorted(stored.iterdir())
        if file.suffix in (".json", ".csv")
        for difference in differences(read(new / file.name), read(file), exact=True)
    ]
    print("\n".join(different[:50]) or "equal")
    return bool(different)


if __name__ == "__main__":
    if sys.argv[1] == "compare":
        raise SystemExit(compare(Path(sys.argv[2]), Path(sys.argv[3])))
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["TOCSIN_HOME"] = str(Path(scratch, "home"))
        os.environ["TOCSIN_DATA"] = str(Path(scratch, "data"))
        Path(scratch, "data").mkdir()
        make(Path(sys.argv[2]), "--whole" in sys.argv)
