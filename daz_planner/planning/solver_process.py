"""Solvers that run as programs of their own: where their files lie, and that they end in time.

A command line solver looks at the clock only now and then, and PuLP waits for it without end. So a
process is killed with its children when its time is up, and when the planner is interrupted.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

_WINDOWS = os.name == "nt"
_LOCK = threading.Lock()


def grace(seconds: float) -> float:
    """Seconds after which a process with such a time limit is killed: it may still write files."""
    return seconds + max(1.0, 0.1 * seconds)


def run_in(folder: Path, command: Sequence[str], log: BinaryIO, seconds: float) -> int | None:
    """Run a program in a folder; its exit code, ``None`` where it had to be killed."""
    with _started(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log) as process:
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _kill(process)


@contextmanager
def plain_folder() -> Iterator[Path]:
    """A temporary folder whose path a solver can read: without a blank wherever there is one.

    PuLP splits some command lines at blanks, and a user's folder on Windows may hold one.
    """
    places = [tempfile.gettempdir(), _short(tempfile.gettempdir())]
    places += [r"C:\Windows\Temp", os.environ.get("PUBLIC", "")] if _WINDOWS else ["/var/tmp"]
    for place in places:
        if place and place.isascii() and not any(sign.isspace() for sign in place):
            with suppress(OSError):
                folder = Path(tempfile.mkdtemp(dir=place))
                break
    else:
        folder = Path(tempfile.mkdtemp())
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def timed(adapter: Any, seconds: float) -> Iterator[None]:
    """While this holds, all processes that a module of PuLP starts end after so many seconds.

    PuLP has no way of its own to stop a process; its module gets a stand-in for ``subprocess``.
    ``None`` stands for a solver without processes.
    """
    if not hasattr(adapter, "subprocess"):
        yield
        return
    with _LOCK:
        before = adapter.subprocess
        adapter.subprocess = _Timed(time.monotonic() + seconds)
        try:
            yield
        finally:
            adapter.subprocess = before


class _Timed:
    """What a module of PuLP uses of ``subprocess``, with a deadline for all processes."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline

    def __getattr__(self, name: str) -> Any:
        return getattr(subprocess, name)

    def Popen(self, *args: Any, **kwargs: Any) -> Any:
        process = _started(*args, **kwargs)
        process.wait = self._ending(process, process.wait)  # type: ignore[method-assign]
        return process

    def call(self, *args: Any, **kwargs: Any) -> int:
        return int(self.Popen(*args, **kwargs).wait())

    def check_call(self, command: Any, **kwargs: Any) -> int:
        code = self.call(command, **kwargs)
        if code:
            raise subprocess.CalledProcessError(code, command)
        return code

    def _ending(
        self, process: subprocess.Popen[Any], wait: Callable[..., int]
    ) -> Callable[..., int]:
        def end(timeout: float | None = None) -> int:
            left = max(0.0, self._deadline - time.monotonic())
            try:
                return wait(left if timeout is None else min(left, timeout))
            except subprocess.TimeoutExpired:
                _kill(process)
                return wait(timeout) or 1
            finally:
                _kill(process)

        return end


def _started(*args: Any, **kwargs: Any) -> subprocess.Popen[Any]:
    """A process in a group of its own, so that it can be ended with its children."""
    if _WINDOWS:
        # No window flashes up.
        kwargs.setdefault("creationflags", getattr(subprocess, "CREATE_NO_WINDOW", 0))
    else:
        kwargs["start_new_session"] = True
    return subprocess.Popen(*args, **kwargs)


def _kill(process: subprocess.Popen[Any]) -> None:
    if process.returncode is not None:
        return
    if _WINDOWS:
        command = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        with suppress(OSError):
            subprocess.run(command, capture_output=True, check=False)
    else:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(OSError):
        process.kill()


def _short(path: str) -> str:
    """The short form of a path on Windows (``MAXMLL~1`` for ``Max Müller``), where it has one."""
    if not _WINDOWS:
        return ""
    import ctypes

    buffer = ctypes.create_unicode_buffer(1024)
    kernel: Any = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    return buffer.value if kernel.GetShortPathNameW(path, buffer, len(buffer)) else ""
