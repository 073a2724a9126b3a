"""Output that never fails: on a console of Windows, in a pipe, with ASCII only."""

from __future__ import annotations

import codecs
import errno
import os
import sys
import unicodedata
from typing import Any

HANDLER = "daz_planner.legible"
"""Name of the codec error handler that writes what the encoding lacks in a legible way."""

_LEGIBLE = {
    "ä": "ae",
    "ö": "oe",
    "ü": "ue",
    "Ä": "Ae",
    "Ö": "Oe",
    "Ü": "Ue",
    "ß": "ss",
    "ẞ": "SS",
    "„": '"',
    "“": '"',
    "”": '"',
    "‚": "'",
    "‘": "'",
    "’": "'",
    "»": '"',
    "«": '"',
    "–": "-",
    "—": "-",
    "−": "-",
    "‑": "-",
    "…": "...",
    "×": "x",
    "·": "-",
    "•": "-",
    "→": "->",
    "≤": "<=",
    "≥": ">=",
    "≠": "<>",
    "≈": "~",
    "½": "1/2",
    "±": "+/-",
    "§": "Paragraph ",
    "€": "EUR",
    "Σ": "Summe",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
}


def legible(error: UnicodeError) -> tuple[str, int]:
    """Codec error handler: ``ä`` becomes ``ae``, ``–`` becomes ``-``; the rest its base letter."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_substitute(char) for char in text), error.end


def writable(text: str, encoding: str) -> str:
    """A text as it will be read on a stream of an encoding: ``ä`` is ``ae`` where there is no ä."""
    codecs.register_error(HANDLER, legible)
    try:
        return text.encode(encoding, HANDLER).decode(encoding)
    except LookupError:
        return text


def prepare() -> None:
    """Let both streams write any text, whatever their encoding is."""
    codecs.register_error(HANDLER, legible)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=HANDLER)


def is_broken_pipe(error: OSError) -> bool:
    """Whether the reader of our output has gone (``| head``); Windows says it as EINVAL."""
    if isinstance(error, BrokenPipeError) or error.errno == errno.EPIPE:
        return True
    return os.name == "nt" and error.errno == errno.EINVAL and error.filename is None


def silence() -> None:
    """Throw away whatever is still to be written, so that nothing fails at the end."""
    null = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None and _is_broken(stream):
            os.dup2(null, stream.fileno())
    os.close(null)


def _is_broken(stream: Any) -> bool:
    try:
        stream.flush()
    except (OSError, ValueError):
        return True
    return False


def _substitute(char: str) -> str:
    known = _LEGIBLE.get(char)
    if known is not None:
        return known
    plain = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode("ascii")
    return plain or "?"
