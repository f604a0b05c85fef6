"""Progress bars of long work in several parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Bars:
    """A progress bar for each part; a part gets its bar when it first makes progress.

    Attributes:
        progress: the display.
        label: what a bar says, with {} for the part.
    """

    def __init__(self, progress: Progress, label: str = "{}") -> None:
        self.progress = progress
        self.label = label
        self.tasks: dict[str, TaskID] = {}

    def __call__(self, part: str, total: int, done: int) -> None:
        """Advance the bar of a part, which has `total` steps, by the steps just done."""
        if part not in self.tasks:
            self.tasks[part] = self.progress.add_task(self.label.format(part), total=total)
        self.progress.advance(self.tasks[part], done)
