"""Add a game to a case as `tocsin new` does, for the workbench: `python -m tocsin.cli.new_join_worker FOLDER`.

It reads the actors as JSON, see `new.ask`. If no game is added it prints a line of JSON, `{"message", "remedy"}`, and the exit status is not 0.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tocsin.cli.new_join import join
from tocsin.errors import TocsinError
from tocsin.workbench.link import Link, Requests

if __name__ == "__main__":
    try:
        join(Path(sys.argv[1]), None, None, **json.load(sys.stdin))
    except TocsinError as error:
        Link(Requests(()), sys.stdout.buffer).say(message=error.message, remedy=error.remedy)
        sys.exit(error.exit_code)
