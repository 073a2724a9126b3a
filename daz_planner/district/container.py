"""The zip container of .xlsx and .ods: parts are unpacked a piece at a time, within limits.

The sizes that a container declares are not believed: what is unpacked is counted.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from daz_planner.district.limits import (
    LARGEST_PART,
    MOST_PARTS,
    MOST_UNPACKED,
    Unreadable,
    broken,
    has_entities,
    protected,
    unpacks_too_large,
)

_PIECE = 1 << 20
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, OSError, ValueError,
           NotImplementedError, IndexError, OverflowError)  # fmt: skip


class Container:
    """A zip file in memory. Names are looked up without regard to case."""

    def __init__(self, data: bytes) -> None:
        if data.count(b"PK\x01\x02") > MOST_PARTS:
            raise unpacks_too_large()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE:
            raise broken() from None
        self._parts: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            self._parts.setdefault(_plain(info.filename), info)
        self._left = MOST_UNPACKED

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parts in lower case, with forward slashes."""
        return tuple(self._parts)

    def __contains__(self, name: str) -> bool:
        return _plain(name) in self._parts

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, a piece at a time.

        Raises
        ------
        Unreadable
            There is no such part, it is damaged or encrypted, or the container is a bomb.
        """
        info = self._parts.get(_plain(name))
        if info is None:
            raise broken()
        if info.flag_bits & 1:
            raise protected()
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise broken()
        if info.file_size > MOST_UNPACKED:
            raise unpacks_too_large()
        try:
            with self._zip.open(info) as part:
                while piece := part.read(_PIECE):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise unpacks_too_large()
                    yield piece
        except RuntimeError:
            raise protected() from None
        except _DAMAGE:
            raise broken() from None

    def read(self, name: str, *, most: int = LARGEST_PART) -> bytes:
        """All bytes of a part of at most ``most`` bytes."""
        kept: list[bytes] = []
        size = 0
        for piece in self.pieces(name):
            size += len(piece)
            if size > most:
                raise unpacks_too_large()
            kept.append(piece)
        return b"".join(kept)


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def xml_parser() -> expat.XMLParserType:
    """A parser that refuses document types and so all entities; names keep their prefix."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise has_entities()

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def parse(parser: expat.XMLParserType, text: bytes) -> None:
    """Run a parser over a whole part; damage is :class:`Unreadable`."""
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise broken() from None


def local(name: str) -> str:
    """The name without its prefix: ``x:row`` → ``row``."""
    return name.rpartition(":")[2]


def elements(text: bytes) -> list[tuple[str, dict[str, str]]]:
    """All elements of a small part: local name and attributes (with their prefixes)."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(found) >= 500_000:
            raise unpacks_too_large()
        found.append((local(name), attributes))

    parser = xml_parser()
    parser.StartElementHandler = start
    parse(parser, text)
    return found


__all__ = ["Container", "Unreadable", "elements", "local", "parse", "xml_parser"]
