"""Wall time of a command, step by step, counted from the start of the process."""

from __future__ import annotations

import sys
import time
from time import perf_counter

import daz_planner.cli as cli

_PLAUSIBLE = 600.0
"""A command that took longer than this to start was not measured rightly (seconds)."""


def seconds_since_start() -> float:
    """Seconds since the process was created; where the system does not tell, since our import."""
    fallback = perf_counter() - cli._IMPORTED
    if sys.platform != "linux":
        return fallback
    try:
        import os

        with open("/proc/self/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
        created = int(fields[19]) / os.sysconf("SC_CLK_TCK")
        elapsed = time.clock_gettime(time.CLOCK_BOOTTIME) - created
    except (OSError, ValueError, IndexError, AttributeError):
        return fallback
    return elapsed if fallback <= elapsed <= fallback + _PLAUSIBLE else fallback


class Stopwatch:
    """Seconds by step, in the order of the steps. The first step starts with the process."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = perf_counter()
        self._started = self._last - seconds_since_start()
        self._last = self._started

    def lap(self, step: str) -> float:
        """End ``step``, which began when the last one ended; seconds of the step."""
        now = perf_counter()
        self.seconds[step] = self.seconds.get(step, 0.0) + now - self._last
        self._last = now
        return self.seconds[step]

    @property
    def total(self) -> float:
        """Seconds since the process was created."""
        return perf_counter() - self._started
