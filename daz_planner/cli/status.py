"""Exit codes of the commands."""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """What the process says to the one who started it."""

    OK = 0
    """Done."""
    WRONG = 2
    """The input or the call is wrong; nothing was written."""
    WITHOUT_SEAT = 3
    """Done, but half a child or more is left without a seat."""
    LIMIT = 4
    """Stopped by a limit before the asked gap. Beats 3."""
    BUG = 5
    """A fault of the program itself."""
    INTERRUPTED = 130
    """Interrupted by the user."""
