"""The JavaScript that draws the charts in the browser, from the vl-convert package.

Putting it together takes most of a second and holds up every thread of this process, so a child
process does it while the other files of the result are written.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from threading import Thread

_SNIPPET = "window.vegaEmbed = vegaEmbed;"
_CODE = (
    "import sys, vl_convert; "
    f"sys.stdout.buffer.write(vl_convert.javascript_bundle({_SNIPPET!r}).encode('utf-8'))"
)
_LONGEST = 60.0
"""Seconds after which this process does the work itself."""


class _Child:
    """A run of the child process; its text is ``""`` where it failed."""

    def __init__(self) -> None:
        self.text = ""
        # A daemon, so that a command that fails meanwhile does not wait for it.
        self.thread = Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            # -P: a file of that name in the current folder is not what is meant.
            done = subprocess.run(
                [sys.executable, "-P", "-c", _CODE],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=_LONGEST,
                check=True,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            self.text = done.stdout.decode("utf-8")
        except (OSError, ValueError, subprocess.SubprocessError):
            self.text = ""


@cache
def _child() -> _Child:
    return _Child()


def start_runtime() -> None:
    """Begin to put the runtime together in the background, once in a process."""
    # In a program packed into one file, the executable is not Python.
    if sys.executable and not getattr(sys, "frozen", False):
        _child()


@cache
def runtime() -> str:
    """The runtime as text that may stand inside a script element.

    Waits for the child process of :func:`start_runtime`; without one it is made here.
    """
    text = ""
    if _child.cache_info().currsize:
        _child().thread.join()
        text = _child().text
    if not text:
        import vl_convert

        text = vl_convert.javascript_bundle(_SNIPPET)
    # Inside a script element only these sequences could end it or change how its end is found.
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")
