"""Files that travel with the program are found, wherever it is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from daz_planner import shipped
from daz_planner.errors import InputError


@pytest.mark.parametrize(
    "parts",
    [
        ("scenarios", "basis.toml"),
        ("data", "meissen-2017-02-08.xlsx"),
        ("data", "gemeinden_sachsen.csv"),
        ("data", "schulen_sachsen_2016.csv"),
    ],
)
def test_shipped_files_are_there(parts: tuple[str, ...]) -> None:
    assert shipped.path(*parts).is_file()


def test_package_folder_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package, checkout = tmp_path / "package", tmp_path / "checkout"
    for root in (package, checkout):
        (root / "data").mkdir(parents=True)
        (root / "data" / "x.csv").write_text(root.name)
    monkeypatch.setattr(shipped, "_PACKAGE", package)
    monkeypatch.setattr(shipped, "_CHECKOUT", checkout)
    assert shipped.path("data", "x.csv").read_text() == "package"
    (package / "data" / "x.csv").unlink()
    assert shipped.path("data", "x.csv").read_text() == "checkout"


def test_missing_file_is_an_error_with_a_remedy() -> None:
    with pytest.raises(InputError) as caught:
        shipped.path("data", "gibt-es-nicht.csv")
    assert "data/gibt-es-nicht.csv" in str(caught.value)
    assert caught.value.remedy
