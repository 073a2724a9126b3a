"""``vergleich.html``: what stands on it, and tabs, slider, size and paper in a real Chromium."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daz_planner.cli.runs import load, with_cap_findings
from daz_planner.planning.compare import Comparison, Failure, FailureKind, cases, compare
from daz_planner.results.compare_tables import comparison_tables
from daz_planner.results.report.compare_page import comparison_page
from daz_planner.scenario import load_scenario, with_values
from daz_planner.shipped import path
from tests.results.report.jumps import assert_every_link_leads_there, assert_the_keyboard_follows

FILE = path("data", "meissen-2017-02-08.xlsx")
SMALL = {"zeitraum.monate": 8, "rechnen.laeufe": 8}
EVIL = "<img src=x onerror=\"document.title='boese'\">"


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """Three scenarios of the real district over eight months, and one that failed."""
    basis = with_values(load_scenario("basis"), SMALL)
    strong = with_values(load_scenario("stark"), {**SMALL, "klassen.freie_raeume": 2})
    wave = with_values(load_scenario("welle-2015"), {**SMALL, "zeitraum.monate": 6})
    district = with_cap_findings(load(FILE, None), basis)
    found = compare(cases(district, [basis, strong, wave]))
    failed = replace(
        found.runs[0], name="kaputt", plan=None, failure=Failure(FailureKind.SOLVER, EVIL)
    )
    return replace(found, runs=(*found.runs, failed))


@pytest.fixture(scope="module")
def page_text(comparison: Comparison) -> str:
    folders = {run.name: run.name for run in comparison.planned}
    return comparison_page(comparison, comparison_tables(comparison), folders)


def data_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="daten">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    told: dict[str, Any] = json.loads(found[1])
    return told


def test_every_drawing_stands_there_once(page_text: str) -> None:
    data = data_of(page_text)
    maps = [place for place in data["orte"] if place.startswith("karte-")]
    assert maps == ["karte-s0", "karte-s1", "karte-s2"]
    assert {data["orte"][place]["zeichnung"] for place in maps} == {"karte"}
    # Borders and names are the same in all scenarios, schools are not.
    for rows, different in (("grenzen", 1), ("orte", 1), ("schulen", 3)):
        assert len({data["orte"][place]["werte"][rows] for place in maps}) == different
    for drawing in data["zeichnungen"].values():
        assert not any(entry.get("values") for entry in drawing["data"])


def test_like_charts_have_the_same_axis(comparison: Comparison, page_text: str) -> None:
    data = data_of(page_text)
    drawing = data["zeichnungen"]["bedarf-GS-8"]
    (axis,) = [scale for scale in drawing["scales"] if scale["name"] == "y"]
    places = [place for place in data["orte"] if place.startswith("bedarf-GS-s")]
    most = max(
        max(row["P90"], row["Plätze"])
        for place in places
        for row in data["werte"][data["orte"][place]["werte"]["werte"]]
    )
    assert axis["domainMax"] == most


def test_the_page_is_small_and_asks_for_nothing(page_text: str) -> None:
    assert len(page_text.encode("utf-8")) < 3_000_000
    visible = re.sub(r"<script.*?</script>", "", page_text, flags=re.DOTALL)
    assert not re.search(r'<(script|link|img|iframe)[^>]+(src|href)="(?!data:)', visible)
    assert EVIL not in page_text
    assert "&lt;img src=x" in page_text


def test_six_scenarios_stay_below_three_megabytes(comparison: Comparison) -> None:
    names = ("a", "b", "c", "d", "e", "f")
    runs = [replace(comparison.runs[n % 3], name=name) for n, name in enumerate(names)]
    many = replace(comparison, runs=tuple(runs), tornados=())
    text = comparison_page(many, comparison_tables(many), {})
    assert len(text.encode("utf-8")) < 3_000_000


def test_the_figures_stand_in_the_table(comparison: Comparison, page_text: str) -> None:
    part = page_text[page_text.index('id="zahlen"') : page_text.index('id="bedarf"')]
    heads = re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', part)
    assert heads == ["Kennzahl", *(run.name for run in comparison.runs)]
    line = re.search(r"Anmeldungen je Monat.*?</tr>", part, re.DOTALL)
    assert line is not None
    assert "18,0" in line[0] and '<small class="change">+27</small>' in line[0]
    # In a box of a width of its own: the column of a failed scenario stays narrow.
    assert '<span class="state">nicht gerechnet: kein Plan gefunden</span>' in part


# -- in a browser ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="Playwright fehlt: pip install -e .[browser]"
    )
    names = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with sync_api.sync_playwright() as playwright:
        place = found or playwright.chromium.executable_path
        if not Path(place).exists():
            pytest.skip("Chromium fehlt: Paket chromium oder „playwright install chromium“")
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        started = playwright.chromium.launch(executable_path=place, args=arguments)
        yield started
        started.close()


@pytest.fixture
def show(browser: Any, page_text: str, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Function that opens the page; at the end no request and no fault may remain."""
    opened: list[Any] = []
    faults: list[str] = []
    file = tmp_path / "vergleich.html"
    file.write_text(page_text, encoding="utf-8")

    def open_page(width: int = 1280, **context: Any) -> Any:
        own = browser.new_context(viewport={"width": width, "height": 900}, **context)
        opened.append(own)
        page = own.new_page()
        address = file.as_uri()
        page.on("request", lambda r: r.url in (address, "data:,") or faults.append(r.url))
        page.on("console", lambda m: faults.append(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda e: faults.append(str(e)))
        page.goto(address)
        page.evaluate("berichtDruckfertig()")
        return page

    yield open_page
    for own in opened:
        own.close()
    assert faults == []


def open_panels(page: Any) -> list[str]:
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('[role=tabpanel]')]"
        ".filter(p => getComputedStyle(p).visibility === 'visible').map(p => p.id)"
    )
    return found


def test_tabs_by_mouse_and_keyboard(show: Callable[..., Any]) -> None:
    page = show()
    tabs = page.locator("[role=tab]")
    assert tabs.all_text_contents() == ["basis", "stark", "welle-2015", "kaputt"]
    assert open_panels(page) == ["feld-s0"]
    tabs.nth(1).click()
    assert open_panels(page) == ["feld-s1"]
    for key, number in (
        ("ArrowRight", 2),
        ("ArrowRight", 3),
        ("ArrowRight", 0),
        ("ArrowLeft", 3),
        ("Home", 0),
        ("End", 3),
    ):
        page.keyboard.press(key)
        assert open_panels(page) == [f"feld-s{number}"]
        assert page.evaluate("document.activeElement.id") == f"reiter-s{number}"
        chosen = page.locator("[role=tab][aria-selected=true]")
        assert chosen.count() == 1 and chosen.get_attribute("id") == f"reiter-s{number}"
        assert page.locator("[role=tab][tabindex='0'], [role=tab]:not([tabindex])").count() == 1
    assert "kein Plan gefunden" in page.locator("#feld-s3").inner_text()


def test_the_month_moves_in_every_tab(comparison: Comparison, show: Callable[..., Any]) -> None:
    page = show()
    school = "Oberschule „Am Merzdorfer Park“ Riesa"
    s = next(n for n, item in enumerate(comparison.district.schools) if item.name == school)
    for month in (0, 5):
        page.evaluate(
            "t => { const s = document.getElementById('monat'); s.value = t;"
            " s.dispatchEvent(new Event('input')); }",
            month,
        )
        for n, run in enumerate(comparison.planned):
            assert run.plan is not None
            used = f"{round(float(run.plan.use[s, month])):d}"
            page.wait_for_function(
                "([n, name, used]) => [...document.querySelectorAll(`#feld-s${n} .beside tr`)]"
                ".some(r => r.cells[0].textContent === name && r.cells[2].textContent === used)",
                arg=[n, school, used],
            )
    assert page.locator("#monatsname").text_content() == "Juli 2017"


def test_charts_have_a_width_in_tabs_that_are_closed(show: Callable[..., Any]) -> None:
    page = show()
    widths = page.evaluate(
        "[...document.querySelectorAll('[data-chart] svg')]"
        ".map(s => s.getBoundingClientRect().width)"
    )
    assert len(widths) == len(data_of(page.content())["orte"])
    assert min(widths) > 100


def test_the_need_changes_with_the_school_type(show: Callable[..., Any]) -> None:
    page = show()
    lines = "[data-chart=bedarf-alle] svg path[stroke]"
    before = page.locator(lines).evaluate_all("found => found.map(p => p.getAttribute('d')).join()")
    page.select_option("#bedarf-art", "GS")
    page.wait_for_function(
        "([where, old]) => [...document.querySelectorAll(where)]"
        ".map(p => p.getAttribute('d')).join() !== old",
        arg=[lines, before],
    )


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_nothing_is_wider_than_the_window(show: Callable[..., Any], width: int) -> None:
    page = show(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_every_scenario_is_there(show: Callable[..., Any]) -> None:
    page = show()
    page.emulate_media(media="print")
    assert open_panels(page) == ["feld-s0", "feld-s1", "feld-s2", "feld-s3"]
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    assert b"/MediaBox [0 0 841" in paper
    assert 6 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 20


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(show: Callable[..., Any], scheme: str, width: int) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe fehlt: pip install -e .[browser]"
    )
    page = show(width, color_scheme=scheme)
    page.locator("[role=tab]").nth(1).click()
    page.evaluate(
        "document.querySelectorAll('details').forEach(d => { d.open = true; });"
        "document.querySelectorAll('main > section').forEach("
        "s => { s.style.contentVisibility = 'visible'; })"
    )
    page.wait_for_timeout(500)
    found = axe.Axe().run(page)
    told = [
        f"{item['id']}: {node['target']} {node['failureSummary']}"
        for item in found.response["violations"]
        for node in item["nodes"]
    ]
    assert told == []


@pytest.mark.parametrize("width", [1280, 390])
def test_every_entry_of_the_menu_leads_to_its_section(show: Callable[..., Any], width: int) -> None:
    assert_every_link_leads_there(show(width))
    assert_the_keyboard_follows(show(width), "annahmen")
