"""The page in a real Chromium: no request, no fault, controls, sizes, paper, accessibility.

Skipped where Playwright (extra ``browser``) or Chromium is not there.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daz_planner.planning.plan import Plan
from tests.results.report.jumps import (
    assert_every_link_leads_there,
    assert_the_keyboard_follows,
    assert_there,
)

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="Playwright fehlt: pip install -e .[browser]"
)

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
EVIL = "<img src=x onerror=\"document.title='boese'\"><script>document.title='boese'</script>"


def chromium_path() -> str | None:
    """Chromium of the system, named by ``CHROMIUM`` or found in the path."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for all tests of the file."""
    with sync_api.sync_playwright() as playwright:
        path = chromium_path() or playwright.chromium.executable_path
        if not Path(path).exists():
            pytest.skip("Chromium fehlt: Paket chromium oder „playwright install chromium“")
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def show(browser: Any, html: Callable[..., str], tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Function that opens the page of a plan; at the end no request and no fault may remain."""
    opened: list[Any] = []
    faults: list[str] = []

    def open_page(plan: Plan, width: int = 1280, height: int = 900, **context: Any) -> Any:
        file = tmp_path / f"bericht{len(opened)}.html"
        file.write_text(html(plan), encoding="utf-8")
        own = browser.new_context(
            viewport={"width": width, "height": height}, offline=False, **context
        )
        page = own.new_page()
        address = file.as_uri()
        page.on("request", lambda r: r.url in (address, "data:,") or faults.append(r.url))
        page.on("console", lambda m: faults.append(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda e: faults.append(str(e)))
        page.goto(address)
        page.evaluate("berichtDruckfertig()")
        opened.append(own)
        return page

    yield open_page
    for own in opened:
        own.close()
    assert faults == []


def rows(page: Any, place: str = "#karte-tabelle") -> list[list[str]]:
    """Texts of the rows of a table of the map."""
    found: list[list[str]] = page.evaluate(
        "place => [...document.querySelectorAll(place + ' tbody tr')]"
        ".map(r => [...r.cells].map(c => c.textContent))",
        place,
    )
    return found


def settled(page: Any) -> None:
    """Wait until the page has done what it was asked for."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 60)))")


def circles(page: Any) -> list[str]:
    """Colours of the circles of the map."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('#karte-bild .mark-symbol path')]"
        ".map(p => p.getAttribute('fill'))"
    )
    return found


def test_every_chart_is_drawn_and_nothing_is_asked_from_elsewhere(
    plan: Plan, show: Callable[..., Any]
) -> None:
    page = show(plan)
    wanted = page.evaluate("document.querySelectorAll('[data-chart]').length")
    assert wanted == 5  # map, two school types, waiting, phases
    assert page.evaluate("document.querySelectorAll('[data-chart] svg').length") == wanted
    assert sorted(circles(page)) == ["var(--use0)", "var(--use2)", "var(--use2)"]
    labels = page.inner_text("[data-chart='bedarf-GS']")
    assert "Feb 2017" in labels and "Mrz 2017" in labels


def test_the_slider_changes_month_table_and_map(plan: Plan, show: Callable[..., Any]) -> None:
    page = show(plan)
    slider = page.locator("#monat")
    assert slider.get_attribute("aria-valuetext") == "Februar 2017"
    assert rows(page)[0] == ["Grundschule Süd", "1", "23", "23", "100 %"]
    assert "+" not in page.inner_text("#karte-bild")
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    settled(page)
    assert slider.get_attribute("aria-valuetext") == "April 2017"
    assert page.inner_text("#monatsname") == "April 2017"
    assert rows(page) == [
        ["Grundschule „Nord“", "1", "17", "22", "77 %"],
        ["Grundschule Süd", "2", "25", "46", "53 %"],
        ["Oberschule Mitte", "1", "9", "23", "39 %"],
    ]
    assert sorted(circles(page)) == ["var(--use0)", "var(--use0)", "var(--use1)"]
    assert "+" in page.inner_text("#karte-bild")  # Süd has a new class
    page.wait_for_function(
        "document.getElementById('karte-stand').textContent.startsWith('April 2017')"
    )
    assert page.inner_text("#karte-stand") == "April 2017: 51 von 91 Plätzen belegt (55,5 %)."
    page.keyboard.press("Home")
    settled(page)
    assert rows(page)[0][0] == "Grundschule Süd"


def test_the_sentence_for_a_screen_reader_follows_only_when_the_slider_rests(
    plan: Plan, show: Callable[..., Any]
) -> None:
    page = show(plan)
    page.evaluate(
        "window.told = []; new MutationObserver(() => told.push(1))"
        ".observe(document.getElementById('karte-stand'), {childList: true})"
    )
    page.evaluate(
        "for (const v of [1, 2, 3]) { const m = document.getElementById('monat');"
        " m.value = v; m.dispatchEvent(new Event('input')); }"
    )
    page.wait_for_function(
        "document.getElementById('karte-stand').textContent.startsWith('Mai 2017')"
    )
    assert page.evaluate("told.length") == 1
    # By itself an output element would be read at every step.
    assert page.get_attribute("#monatsname", "aria-live") == "off"


def test_school_type_school_and_ways(plan: Plan, show: Callable[..., Any]) -> None:
    page = show(plan)
    ways = "#karte-bild .mark-rule line"
    assert page.locator(ways).count() == 0 and rows(page, "#wege-tabelle") == []
    page.select_option("#art", "OS")
    settled(page)
    assert [row[0] for row in rows(page)] == ["Oberschule Mitte"]
    assert len(circles(page)) == 1
    page.select_option("#art", "alle")
    page.locator("#monat").focus()
    page.keyboard.press("End")
    page.check("#wege")
    settled(page)
    assert page.locator(ways).count() == 4
    assert rows(page, "#wege-tabelle")[0] == ["Bedorf", "Grundschule Süd", "3,5", "5"]
    page.select_option("#schule", "Oberschule Mitte")
    settled(page)
    assert [row[0] for row in rows(page, "#wege-tabelle")] == ["Bedorf", "Cedorf"]
    assert page.locator(ways).count() == 2
    page.uncheck("#wege")
    settled(page)
    assert page.locator(ways).count() == 0


def test_a_click_on_a_school_chooses_it(plan: Plan, show: Callable[..., Any]) -> None:
    page = show(plan)
    page.locator("#karte-bild .mark-symbol path").nth(0).click()
    settled(page)
    assert page.input_value("#schule") == "Grundschule Süd"
    assert page.is_checked("#wege")
    page.locator("#karte-bild .mark-symbol path").nth(0).click()
    settled(page)
    assert page.input_value("#schule") == ""


def test_the_map_stands_still_without_borders(plan: Plan, show: Callable[..., Any]) -> None:
    page = show(plan)
    place = (
        "[...document.querySelectorAll('#karte-bild .mark-symbol path')]"
        ".map(p => p.getAttribute('transform'))"
    )
    before = page.evaluate(place)
    page.select_option("#art", "GS")
    page.check("#wege")
    settled(page)
    assert set(page.evaluate(place)) < set(before)


def test_dark_and_light(plan: Plan, show: Callable[..., Any]) -> None:
    page = show(plan)
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.click("#farben")
    assert page.get_attribute("#farben", "aria-pressed") == "true"
    dark = page.evaluate(ground)
    assert dark != light
    by_system = show(plan, color_scheme="dark")
    assert by_system.evaluate(ground) == dark
    by_system.click("#farben")
    assert by_system.evaluate(ground) == light
    # Paper is light, whatever the screen is.
    by_system.click("#farben")
    by_system.emulate_media(media="print", color_scheme="dark")
    ink = "getComputedStyle(document.querySelector('dd')).color"
    assert by_system.evaluate(ink) == "rgb(23, 34, 45)"


@pytest.mark.parametrize("width", [360, 390, 768, 1280, 1920])
def test_nothing_sticks_out(plan: Plan, show: Callable[..., Any], width: int) -> None:
    page = show(plan, width=width)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    size = page.locator("#karte-bild svg").bounding_box()
    assert size["width"] <= width and size["height"] >= 250


@pytest.mark.parametrize("width", [1280, 390])
def test_every_entry_of_the_menu_leads_to_its_section(
    whole: Plan, show: Callable[..., Any], width: int
) -> None:
    assert_every_link_leads_there(show(whole, width=width))


@pytest.mark.parametrize("width", [1280, 390])
def test_jumps_by_keyboard_and_by_address(
    whole: Plan, show: Callable[..., Any], width: int
) -> None:
    page = show(whole, width=width)
    assert_the_keyboard_follows(page, "regelklassen")
    address = page.url.split("#")[0]
    page.goto("about:blank")
    page.goto(f"{address}#phasen")
    assert_there(page, "phasen")


def test_whoever_scrolls_is_not_pulled_back(whole: Plan, show: Callable[..., Any]) -> None:
    page = show(whole)
    page.evaluate(
        "document.querySelector('nav.sections a[href=\"#phasen\"]').click();"
        "requestAnimationFrame(() => requestAnimationFrame(() => {"
        " dispatchEvent(new WheelEvent('wheel')); scrollTo(0, 0); }))"
    )
    page.wait_for_timeout(400)
    assert page.evaluate("scrollY") == 0


def test_new_classes_are_cards_on_a_phone(whole: Plan, show: Callable[..., Any]) -> None:
    page = show(whole, width=390)
    page.locator("#klassen").scroll_into_view_if_needed()
    settled(page)
    table = page.locator("#klassen table.cards")
    box = page.locator("#klassen .scroll").first
    assert box.evaluate("b => b.scrollWidth <= b.clientWidth + 1")
    for head in ("gebraucht in", "Grund"):
        cell = table.locator(f"td[data-head='{head}']").first
        place = cell.bounding_box()
        assert place["x"] >= 0 and place["x"] + place["width"] <= 390
        assert cell.evaluate("c => getComputedStyle(c, '::before').content") != "none"
    # Drawn as blocks it is still a table to a screen reader.
    assert table.get_by_role("rowheader").first.is_visible()
    assert table.get_by_role("cell").count() > 3
    assert table.locator("thead").evaluate("h => h.getBoundingClientRect().width") <= 1
    wide = show(whole).locator("#klassen table.cards tbody tr").first
    assert wide.evaluate("r => getComputedStyle(r).display") == "table-row"


@pytest.mark.parametrize("name", ["one month", "two months", "no schools", "no points"])
def test_odd_plans_open(
    plan: Plan,
    show: Callable[..., Any],
    odd_plans: dict[str, Callable[[Plan], Plan]],
    name: str,
) -> None:
    page = show(odd_plans[name](plan))
    assert page.evaluate("document.querySelectorAll('[data-chart]:not(:has(svg))').length") == 0
    if name == "one month":
        assert page.is_disabled("#monat")
    if name == "no points":
        assert page.is_disabled("#wege")
        assert len(rows(page)) == 3
        page.select_option("#art", "OS")
        settled(page)
        assert len(rows(page)) == 1


def test_names_do_not_become_code(plan: Plan, show: Callable[..., Any]) -> None:
    schools = tuple(replace(s, name=f"{EVIL}{s.name}") for s in plan.district.schools)
    page = show(replace(plan, district=replace(plan.district, name=EVIL, schools=schools)))
    page.check("#wege")
    page.locator("#karte-bild .mark-symbol path").nth(0).hover()
    settled(page)
    assert page.title() != "boese"
    assert page.locator("#vg-tooltip-element").inner_text().count(EVIL) == 1


def test_keyboard_and_reduced_motion(plan: Plan, show: Callable[..., Any]) -> None:
    page = show(plan, reduced_motion="reduce")
    behaviour = "getComputedStyle(document.documentElement).scrollBehavior"
    assert page.evaluate(behaviour) == "auto"
    page.keyboard.press("Tab")
    assert page.inner_text(":focus") == "Zum Inhalt springen"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhalt"
    order = []
    for _ in range(5):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.id"))
    assert order[1:] == ["monat", "art", "schule", "wege"]


def test_on_paper(plan: Plan, show: Callable[..., Any]) -> None:
    page = show(plan)
    page.emulate_media(media="print")
    for hidden in ("nav.sections", "#farben", "#art", "#monat"):
        assert not page.is_visible(hidden), hidden
    for shown in ("h1", "#karte-bild svg", "#karte-tabelle table", "#monatsname"):
        assert page.is_visible(shown), shown
    assert page.evaluate("getComputedStyle(document.querySelector('h2')).breakAfter") == "avoid"
    wide = page.evaluate(
        "[...document.querySelectorAll('.scroll, .beside')]"
        ".every(b => getComputedStyle(b).overflowX === 'visible')"
    )
    assert wide
    paper = page.pdf(prefer_css_page_size=True, print_background=True)
    pages = len(re.findall(rb"/Type\s*/Page\b", paper))
    assert 4 <= pages <= 12
    assert b"/MediaBox [0 0 841" in paper  # A4 landscape


@pytest.mark.parametrize(
    ("scheme", "width", "everything"),
    [
        ("light", 390, False),
        ("dark", 390, True),
        ("light", 1280, True),
        ("dark", 1280, False),
    ],
)
def test_axe_finds_nothing(
    plan: Plan,
    whole: Plan,
    show: Callable[..., Any],
    scheme: str,
    width: int,
    everything: bool,
) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe fehlt: pip install -e .[browser]"
    )
    page = show(whole if everything else plan, width=width, color_scheme=scheme)
    page.check("#wege")
    page.evaluate(
        "document.querySelectorAll('details').forEach(d => { d.open = true; });"
        "document.querySelectorAll('main > section').forEach("
        "s => { s.style.contentVisibility = 'visible'; })"
    )
    settled(page)
    found = axe.Axe().run(page)
    told = [
        f"{item['id']}: {node['target']} {node['failureSummary']}"
        for item in found.response["violations"]
        for node in item["nodes"]
    ]
    assert told == []
    assert len(found.response["passes"]) > 25
