"""The log file of a command: steps, times and versions; after a fault of the program its trace.

It holds no data of pupils: only what the program itself says about its steps.
"""

from __future__ import annotations

import os
import platform
import tempfile
import time
import traceback
from datetime import datetime
from pathlib import Path

from daz_planner import __version__
from daz_planner.errors import OutputError

_current: RunLog | None = None


class RunLog:
    """Lines with a time stamp. Without a path nothing is kept."""

    def __init__(self, path: Path | None, command: str) -> None:
        self.path = path
        if path is not None:
            try:
                with path.open("w", encoding="utf-8") as file:
                    file.write("")
            except OSError:
                raise OutputError(
                    "In diese Datei kann das Protokoll nicht geschrieben werden.",
                    place=str(path),
                    remedy="Nennen Sie mit --log eine Datei in einem Ordner, in den Sie "
                    "schreiben dürfen.",
                ) from None
        self.line(f"daz-planner {__version__} {command}, Python {platform.python_version()}")
        global _current
        _current = self

    def line(self, text: str) -> None:
        """Add a line."""
        if self.path is None:
            return
        stamp = datetime.now().strftime("%d.%m.%Y %H:%M:%S")
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{stamp} {text}\n")

    def times(self, seconds: dict[str, float]) -> None:
        """Add the seconds of each step."""
        for step, value in seconds.items():
            self.line(f"{step}: {value:.2f} s".replace(".", ","))


def keep_trace(error: BaseException) -> Path | None:
    """Write the trace of an unexpected error; the file, or ``None`` where none can be written."""
    text = "".join(traceback.format_exception(error))
    head = (
        f"daz-planner {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
        f"{time.strftime('%d.%m.%Y %H:%M:%S')}\n"
    )
    try:
        if _current is not None and _current.path is not None:
            with _current.path.open("a", encoding="utf-8", errors="replace") as file:
                file.write(head + text)
            return _current.path
        handle, name = tempfile.mkstemp(prefix="daz-planner-", suffix=".log", text=True)
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.write(head + text)
        return Path(name)
    except OSError:
        return None
