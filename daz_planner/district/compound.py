"""The compound file (OLE) around an .xls: its streams out, and one stream in again.

What a file declares about itself is checked here and never handed on: the reader of values gets a
fresh container with the one stream that holds the workbook.
"""

from __future__ import annotations

import struct
from array import array

from daz_planner.district.limits import broken

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_MOST_ENTRIES = 20_000


def streams(data: bytes) -> dict[str, bytes]:
    """The streams of the root storage by their names; those of storages inside count too.

    Raises
    ------
    Unreadable
        The file is cut off or its chains are damaged.
    """
    try:
        return _streams(data)
    except (struct.error, IndexError, ValueError, UnicodeDecodeError, OverflowError):
        raise broken() from None


def _streams(data: bytes) -> dict[str, bytes]:
    if not data.startswith(SIGNATURE):
        raise broken()
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or small_shift != 6:
        raise broken()
    size = 1 << shift
    sectors = len(data) // size
    first_directory, _, cutoff, first_small = struct.unpack_from("<II I I", data, 48)

    def sector(number: int) -> bytes:
        start = (number + 1) * size
        if number >= sectors or start >= len(data):
            raise broken()
        return data[start : start + size].ljust(size, b"\0")

    fat = array("I")
    for number in _fat_sectors(data, size, sectors, sector):
        fat.extend(struct.unpack(f"<{size // 4}I", sector(number)))

    def chain(start: int) -> bytes:
        parts: list[bytes] = []
        while start < _FAT - 1 and start != _END:
            if len(parts) > sectors or start >= len(fat):
                raise broken()
            parts.append(sector(start))
            start = fat[start]
        return b"".join(parts)

    directory = chain(first_directory)
    if len(directory) // 128 > _MOST_ENTRIES:
        raise broken()
    entries: list[tuple[str, int, int, int]] = []
    for place in range(0, len(directory) - 127, 128):
        entry = directory[place : place + 128]
        length, kind = struct.unpack_from("<HB", entry, 64)
        start, many = struct.unpack_from("<II", entry, 116)
        name = entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le", errors="replace")
        entries.append((name, kind, start, many))
    root = next((entry for entry in entries if entry[1] == 5), None)
    small_stream = chain(root[2]) if root and root[3] else b""
    small_fat = array("I")
    small_bytes = chain(first_small) if first_small < _FAT - 1 else b""
    small_fat.frombytes(small_bytes[: len(small_bytes) // 4 * 4])

    def small_chain(start: int) -> bytes:
        parts: list[bytes] = []
        while start < _FAT - 1:
            if len(parts) > len(small_fat) or start >= len(small_fat):
                raise broken()
            parts.append(small_stream[start * 64 : start * 64 + 64])
            start = small_fat[start]
        return b"".join(parts)

    found: dict[str, bytes] = {}
    total = 0
    for name, kind, start, many in entries:
        if kind != 2 or name in found:
            continue
        if many > len(data):
            raise broken()
        if name.casefold() not in ("workbook", "book"):
            found[name] = b""
            continue
        content = small_chain(start) if many < cutoff else chain(start)
        total += len(content)
        if len(content) < many or total > 2 * len(data):
            raise broken()
        found[name] = content[:many]
    return found


def _fat_sectors(data: bytes, size: int, sectors: int, sector: object) -> list[int]:
    numbers = [n for n in struct.unpack_from("<109I", data, 76) if n < _FAT - 1]
    next_table = struct.unpack_from("<I", data, 68)[0]
    seen = 0
    while next_table < _FAT - 1:
        seen += 1
        if seen > sectors or next_table >= sectors:
            raise broken()
        start = (next_table + 1) * size
        table = struct.unpack_from(f"<{size // 4}I", data, start)
        numbers += [n for n in table[:-1] if n < _FAT - 1]
        next_table = table[-1]
    if len(numbers) > sectors or len(set(numbers)) != len(numbers):
        raise broken()
    return numbers


def build(name: str, content: bytes) -> bytes:
    """A compound file with one stream, padded with zero bytes to at least 4,096."""
    content = content.ljust(4096, b"\0")
    many = -(-len(content) // 512)
    fat_sectors = 1
    while fat_sectors * 128 < many + 1 + fat_sectors + (_tables(fat_sectors)):
        fat_sectors += 1
    tables = _tables(fat_sectors)
    # sectors: the stream, the directory, the tables of sectors, their list where it is long
    directory, fat_at = many, many + 1
    list_at = fat_at + fat_sectors
    fat = array("I", range(1, many)) + array("I", [_END, _END])
    fat.extend([_FAT] * fat_sectors)
    fat.extend([_FAT - 1] * tables)
    fat.extend([_FREE] * (fat_sectors * 128 - len(fat)))
    places = list(range(fat_at, fat_at + fat_sectors))
    head = SIGNATURE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, fat_sectors, directory, 0, 4096, _END, 0,
                        list_at if tables else _END, tables)  # fmt: skip
    first = places[:109]
    head += struct.pack("<109I", *first, *[_FREE] * (109 - len(first)))
    rest = places[109:]
    lists = b""
    for number in range(tables):
        part = rest[number * 127 : number * 127 + 127]
        part += [_FREE] * (127 - len(part))
        after = list_at + number + 1 if number + 1 < tables else _END
        lists += struct.pack("<128I", *part, after)
    entries = _entry("Root Entry", 5, 1, _END, 0) + _entry(name, 2, _FREE, 0, len(content))
    entries += bytes(256)
    body = content.ljust(many * 512, b"\0")
    return head + body + entries + struct.pack(f"<{len(fat)}I", *fat) + lists


def _tables(fat_sectors: int) -> int:
    return -(-max(fat_sectors - 109, 0) // 127)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, _FREE, _FREE, child)
        + bytes(36)
        + struct.pack("<III", start, size, 0)
    )
