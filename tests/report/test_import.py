"""Commands that write no brief do not pay for it."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("arguments", [["--help"], ["rhetoric", "code", "--help"], ["draw", "--help"]])
def test_commands_without_a_brief_load_nothing_of_it(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom tocsin.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    pass\n"
        "print([name for name in sys.modules if name.startswith(('tocsin.report', 'jinja2'))], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_the_room_itself_loads_the_brief_only_when_it_is_used() -> None:
    code = (
        "import sys, tocsin.report; print([name for name in ('jinja2', 'tocsin.report.brief') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_help_of_export_names_the_parts_of_a_brief() -> None:
    from click.testing import CliRunner

    from tocsin.cli import main
    from tocsin.report.parts import PARTS

    said = " ".join(CliRunner().invoke(main, ["export", "--help"]).output.split())
    assert f"{', '.join(PARTS)}." in said
