"""Show the stages of a long computation as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from tocsin.cli.guard import apart

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import TaskID

    from tocsin.translation import Translator

_Result = TypeVar("_Result", covariant=True)


class Run(Protocol[_Result]):
    """A computation that reports the name of a stage and the share of it that is done, in [0, 1]."""

    def __call__(self, *, progress: Callable[[str, float], None]) -> _Result:
        """Compute."""


def with_stages(run: Run[_Result], translator: Translator | None) -> _Result:
    """Run a computation with a bar for each stage, where there is a terminal; without a translator none is shown."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, quiet=translator is None)
    columns = (
        TextColumn("{task.description:<16}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    hidden = translator is None or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: float) -> None:
            if stage not in tasks:
                name = stage if translator is None else translator.plain(stage)
                tasks[stage] = bars.add_task(name, total=1.0)
            bars.update(tasks[stage], completed=done)

        return apart(lambda: run(progress=show))
