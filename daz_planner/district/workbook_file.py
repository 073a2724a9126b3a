"""Writing a workbook whole or not at all, with the same bytes each time."""

from __future__ import annotations

import io
import os
import re
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from daz_planner.district.text import quoted
from daz_planner.errors import OutputError

if TYPE_CHECKING:
    from openpyxl import Workbook

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_CORE = "docProps/core.xml"


def workbook_bytes(workbook: Workbook, stamp: datetime) -> bytes:
    """The workbook as .xlsx with ``stamp`` in place of every time of writing."""
    workbook.properties.created = stamp
    raw = io.BytesIO()
    workbook.save(raw)
    iso = stamp.strftime("%Y-%m-%dT%H:%M:%SZ").encode("ascii")
    result = io.BytesIO()
    with (
        zipfile.ZipFile(raw) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == _CORE:
                content = _MODIFIED.sub(rb"\g<1>" + iso + rb"\g<2>", content)
            about = zipfile.ZipInfo(entry.filename, stamp.timetuple()[:6])
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o600 << 16
            about.create_system = 3
            target.writestr(about, content)
    return result.getvalue()


def check_new_file(path: Path, *, overwrite: bool = False) -> None:
    """Whether a file may be written there, as far as it is known before.

    Raises
    ------
    OutputError
        It is a folder, or the file exists and must not be overwritten.
    """
    if path.is_dir():
        raise OutputError(
            f"{quoted(str(path))} ist ein Ordner.",
            remedy="Nennen Sie eine Datei, z. B. eingabe.xlsx.",
        )
    if path.exists() and not overwrite:
        raise OutputError(
            f"Die Datei {quoted(str(path))} gibt es schon.",
            remedy="Wählen Sie einen anderen Namen oder --ueberschreiben.",
        )


def write_whole(content: bytes, path: Path, *, overwrite: bool = False) -> None:
    """Write a file whole or not at all.

    Raises
    ------
    OutputError
        The file exists and must not be overwritten, the folder is missing, or the file is open in
        another program.
    """
    path = Path(path)
    check_new_file(path, overwrite=overwrite)
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(
            prefix=f".{path.stem}-", suffix=".tmp", dir=path.parent
        )
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        _usual_rights(temporary)
        os.replace(temporary, path)
        temporary = None
    except FileNotFoundError as error:
        raise OutputError(
            f"Den Ordner {quoted(str(path.parent))} gibt es nicht.",
            remedy="Legen Sie ihn an oder wählen Sie einen anderen.",
        ) from error
    except OSError as error:
        raise OutputError(
            f"Die Datei {quoted(str(path))} lässt sich nicht schreiben "
            f"({error.strerror or error}).",
            remedy="Schließen Sie sie in Excel und prüfen Sie die Rechte am Ordner.",
        ) from error
    finally:
        if temporary is not None and os.path.exists(temporary):
            os.remove(temporary)


def _usual_rights(path: str) -> None:
    """Give a temporary file the rights of an ordinary new file."""
    if os.name == "posix":
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(path, 0o666 & ~mask)
