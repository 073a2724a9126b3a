"""What the system refuses is told in German, by the number of the error."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from daz_planner.planning.plan import Plan
from daz_planner.results import workbook
from daz_planner.results.disk import output_error
from daz_planner.results.folder import check_folder, write_result

TARGET = Path("aus")


class WindowsError32(OSError):
    """As Windows raises it: several numbers share one errno."""

    def __init__(self, number: int, winerror: int) -> None:
        super().__init__(number, "The process cannot access the file")
        self.winerror = winerror


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (errno.EACCES, "Keine Schreibrechte"),
        (errno.EPERM, "Keine Schreibrechte"),
        (errno.EROFS, "kann nur gelesen werden"),
        (errno.ENOSPC, "kein Speicherplatz"),
        (errno.EBUSY, "von einem anderen Programm benutzt"),
        (errno.ENAMETOOLONG, "zu lang"),
        (errno.ENOTDIR, "kein Ordner"),
        (errno.EEXIST, "gibt es schon"),
        (errno.ENOENT, "nicht erreichbar"),
        (errno.EIO, f"Der Datenträger meldet einen Fehler (Nr. {errno.EIO})."),
    ],
)
def test_by_number(number: int, text: str) -> None:
    error = output_error(OSError(number, "some text of the system"), TARGET)
    assert text in error.message
    assert "system" not in str(error)
    assert error.place == "aus"
    assert error.remedy


@pytest.mark.parametrize(
    ("winerror", "text"),
    [(32, "von einem anderen Programm benutzt"), (206, "zu lang"), (112, "Speicherplatz")],
)
def test_windows_tells_more(winerror: int, text: str) -> None:
    assert text in output_error(WindowsError32(errno.EACCES, winerror), TARGET).message


def test_an_error_without_number() -> None:
    assert output_error(OSError("?"), TARGET).message == "Der Datenträger meldet einen Fehler."
    assert "Schreibrechte" in output_error(PermissionError(), TARGET).message


def test_errors_of_the_writing_are_told_so(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)

    def broken(*args: object, **kwargs: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(workbook, "write_workbook", broken)
    with pytest.raises(Exception, match=r"aus: Der Datenträger meldet einen Fehler \(Nr\. 5\)"):
        write_result(plan, TARGET)
    assert list(tmp_path.iterdir()) == []


def test_errors_of_the_check_are_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def unreadable(self: Path) -> object:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", unreadable)
    with pytest.raises(Exception, match="Keine Schreibrechte"):
        check_folder(tmp_path, True, "basis")
