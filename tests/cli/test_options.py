"""Values of the command line as a German office writes them."""

from __future__ import annotations

from datetime import date

import pytest

from daz_planner.cli import options
from daz_planner.cli.german import CallError, nearest


@pytest.mark.parametrize(
    ("text", "value"), [("0.005", 0.005), ("0,005", 0.005), ("0,5%", 0.005), (" 1 % ", 0.01)]
)
def test_share(text: str, value: float) -> None:
    assert options.share("--luecke")(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["1", "100%", "-0,1", "", "inf", "viel"])
def test_no_share(text: str) -> None:
    with pytest.raises(CallError):
        options.share("--luecke")(text)


def test_date() -> None:
    parse = options.german_date("--stichtag")
    assert parse("08.02.2017") == date(2017, 2, 8)
    assert parse("8.2.2017") == date(2017, 2, 8)
    for wrong in ("2017-02-08", "08.02.17", "30.02.2017", "heute", "1.1.1.1"):
        with pytest.raises(CallError):
            parse(wrong)


def test_seconds_take_a_comma() -> None:
    assert options.seconds("--zeitlimit")("1,5") == 1.5
    with pytest.raises(CallError):
        options.seconds("--zeitlimit")("0")


def test_one_of_ignores_case() -> None:
    assert options.one_of("--loeser", ("highs", "cbc"))("HiGHS") == "highs"


def test_nearest_keeps_silent_when_nothing_is_near() -> None:
    assert nearest("simuliere", ["planen", "simulieren"]) == "Meinten Sie „simulieren“?"
    assert nearest("xyzxyz", ["planen"]) == ""
    assert nearest("-z", ["-s"]) == ""
