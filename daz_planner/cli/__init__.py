"""The command line: one file a command; parse, call, print, exit code.

Only :func:`main` stands here, so that starting costs nothing; see :mod:`daz_planner.cli.app`.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

_IMPORTED = perf_counter()


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code (see :class:`ExitStatus`).

    ``args`` are the words after the program's name, by default those of the process.
    """
    try:
        from daz_planner.cli.app import run

        status = run(args)
    except KeyboardInterrupt:  # before or after the command: run() answers in between
        status = 130
    if status == 130:
        _leave_solvers()
    return status


def _leave_solvers() -> None:
    """End at once where a solver still works: it hears nothing before its goal is solved."""
    import os
    import sys
    import threading

    if any(thread.name.startswith("daz-solver") for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(130)
