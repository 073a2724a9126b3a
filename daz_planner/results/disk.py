"""What the operating system refuses when a result is written, in plain German.

The texts of the system are in the language of the machine and speak of errors, not of remedies; so
the number of the error decides what a planner reads.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from daz_planner.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

CLOSE_FILES = (
    "Schließen Sie die Datei in Excel und anderen Programmen oder "
    "nennen Sie mit -o einen anderen Ordner."
)
_OTHER_FOLDER = "Nennen Sie mit -o einen anderen Ordner."

_IN_USE = (
    "Eine Datei oder der Ordner wird gerade von einem anderen Programm benutzt.",
    CLOSE_FILES,
)
_LOCKED = (
    "Keine Schreibrechte: Der Ordner oder eine Datei darin ist gesperrt oder schreibgeschützt.",
    CLOSE_FILES,
)
_READ_ONLY = ("Auf diesen Datenträger kann nur gelesen werden.", _OTHER_FOLDER)
_FULL = (
    "Auf dem Datenträger ist kein Speicherplatz mehr frei.",
    "Geben Sie Speicherplatz frei oder nennen Sie mit -o einen Ordner auf einem anderen Laufwerk.",
)
_TOO_LONG = (
    "Der Pfad oder ein Name darin ist zu lang.",
    "Nennen Sie mit -o einen Ordner mit kürzerem Pfad.",
)
_NO_FOLDER = ("Ein Teil des Pfads ist kein Ordner.", _OTHER_FOLDER)
_GONE = (
    "Der Ordner ist nicht erreichbar: Ein Ordner oder Laufwerk im Pfad fehlt.",
    "Prüfen Sie, ob das Laufwerk verbunden ist, oder nennen Sie mit -o einen anderen Ordner.",
)
_GONE_OR_LONG = (
    "Der Ordner ist nicht erreichbar: Ein Ordner oder Laufwerk im Pfad fehlt, oder der Pfad ist zu "
    "lang.",
    "Prüfen Sie, ob das Laufwerk verbunden ist, oder nennen Sie mit -o einen kürzeren Pfad.",
)
_TAKEN = ("Dort gibt es schon eine Datei oder einen Ordner mit diesem Namen.", _OTHER_FOLDER)
_BAD_NAME = (
    "Der Name des Ordners enthält Zeichen, die hier nicht erlaubt sind.",
    "Nennen Sie mit -o einen Ordner mit einfachem Namen.",
)

_BY_ERRNO = {
    errno.EACCES: _LOCKED,
    errno.EPERM: _LOCKED,
    errno.EROFS: _READ_ONLY,
    errno.ENOSPC: _FULL,
    errno.EBUSY: _IN_USE,
    errno.ETXTBSY: _IN_USE,
    errno.ENAMETOOLONG: _TOO_LONG,
    errno.ENOTDIR: _NO_FOLDER,
    errno.EEXIST: _TAKEN,
    errno.ENOTEMPTY: _TAKEN,
    errno.ENOENT: _GONE,
    errno.EINVAL: _BAD_NAME,
}
if hasattr(errno, "EDQUOT"):
    _BY_ERRNO[errno.EDQUOT] = _FULL

# Windows tells more by its own number: several of them share one errno.
_BY_WINERROR = {
    3: _GONE_OR_LONG,
    19: _READ_ONLY,
    32: _IN_USE,
    33: _IN_USE,
    39: _FULL,
    112: _FULL,
    123: _BAD_NAME,
    206: _TOO_LONG,
    267: _NO_FOLDER,
}


def output_error(error: OSError, target: Path) -> OutputError:
    """The error of the system as one of the program, with the place and a remedy."""
    problem, remedy = _problem(error)
    return OutputError(problem, place=str(target), remedy=remedy)


def _problem(error: OSError) -> tuple[str, str]:
    windows = _BY_WINERROR.get(getattr(error, "winerror", None) or 0)
    if windows is not None:
        return windows
    if error.errno in _BY_ERRNO:
        return _BY_ERRNO[error.errno]
    if isinstance(error, PermissionError):
        return _LOCKED
    number = f" (Nr. {error.errno})" if error.errno is not None else ""
    return f"Der Datenträger meldet einen Fehler{number}.", _OTHER_FOLDER
