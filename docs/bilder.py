"""Make the pictures of the handbook: pages of the workbooks, and parts of the report.

    python docs/bilder.py             all pictures into docs/bilder
    python docs/bilder.py FOLDER      the same out of the result folder of another plan

Needs LibreOffice (``soffice``), poppler (``pdftotext``, ``pdftoppm``), ImageMagick (``convert``), a
Chromium, and the Python package playwright; what is missing is named before anything is done.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PICTURES = Path(__file__).resolve().parent / "bilder"
MOST_BYTES, MOST_BYTES_TOGETHER = 200_000, 1_500_000
WIDTH, HEIGHT = 1280, 900
"""Of the browser window, in pixels."""
COLOURS = 64
"""Of a picture: charts and tables need no more."""
DPI = 130

PAGES: dict[str, tuple[str, str]] = {
    "vorlage-schulen": ("beispiel.xlsx", "Schulen: VKA-Schüler"),
    "plan-uebersicht": ("plan.xlsx", "Plan der Vorbereitungsklassen"),
    "plan-klassenbildung": ("plan.xlsx", "Klassenbildung"),
    "plan-auslastung": ("plan.xlsx", "Auslastung der Schulen"),
}
"""Picture → workbook, and how the first line of its page begins."""
SECTIONS: dict[str, str] = {
    "bericht-ueberblick": "",
    "bericht-karte": "#karte",
    "bericht-bedarf": "#bedarf",
}
"""Picture → section of the report; none: the top of the page as it opens."""
_PROGRAMS = {
    "soffice": "LibreOffice",
    "pdftotext": "poppler",
    "pdftoppm": "poppler",
    "convert": "ImageMagick",
}
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def missing() -> list[str]:
    """What has to be installed first."""
    found = [f"{name} ({of})" for name, of in _PROGRAMS.items() if shutil.which(name) is None]
    if _browser() is None:
        found.append("Chromium")
    if importlib.util.find_spec("playwright") is None:
        found.append("the Python package playwright")
    return found


def _browser() -> str | None:
    return next((path for name in _BROWSERS if (path := shutil.which(name))), None)


def main(arguments: list[str]) -> int:
    """Make all pictures, in a folder beside this file."""
    lacking = missing()
    if lacking:
        print(f"Missing: {', '.join(lacking)}.", file=sys.stderr)
        return 1
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        _planner("vorlage", "--beispiel", "beispiel.xlsx", work=work)
        plan = Path(arguments[0]).resolve() if arguments else work / "plan-stark"
        if not arguments:
            _planner("planen", "beispiel.xlsx", "-s", "stark", "-o", "plan-stark", work=work)
        shutil.copy(plan / "plan.xlsx", work)
        _pages(work)
        _sections(plan / "bericht.html", work)
    sizes = {file.name: file.stat().st_size for file in sorted(PICTURES.glob("*.png"))}
    for file, size in sizes.items():
        print(f"{size:>8} {file}")
    too_large = [file for file, size in sizes.items() if size > MOST_BYTES]
    if too_large or sum(sizes.values()) > MOST_BYTES_TOGETHER:
        print(f"Too large: {', '.join(too_large) or 'all together'}.", file=sys.stderr)
        return 1
    return 0


def _planner(*words: str, work: Path) -> None:
    subprocess.run([sys.executable, "-m", "daz_planner", *words, "-q"], cwd=work, check=True)


def _pages(work: Path) -> None:
    """One page of each workbook as it is printed."""
    home = work / "office"
    for workbook in sorted({book for book, _ in PAGES.values()}):
        subprocess.run(
            [
                *("soffice", f"-env:UserInstallation={home.as_uri()}", "--headless"),
                *("--convert-to", "pdf", "--outdir", str(work), str(work / workbook)),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "LANG": "de_DE.UTF-8"},
        )
    for picture, (workbook, beginning) in PAGES.items():
        pdf = work / f"{Path(workbook).stem}.pdf"
        page = _page_of(pdf, beginning)
        raw = work / picture
        subprocess.run(
            [
                *("pdftoppm", "-png", "-singlefile", "-r", str(DPI)),
                *("-f", str(page), "-l", str(page), str(pdf), str(raw)),
            ],
            check=True,
        )
        _shrink(raw.with_suffix(".png"), picture, trim=True)


def _page_of(pdf: Path, beginning: str) -> int:
    """Number of the first page whose text begins so."""
    text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True)
    for number, page in enumerate(text.stdout.decode("utf-8").split("\f"), start=1):
        if page.lstrip().startswith(beginning):
            return number
    raise LookupError(f"{pdf.name}: no page begins with {beginning}")


def _sections(report: Path, work: Path) -> None:
    """The top of the report and some sections, in light colours."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=_browser(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", locale="de-DE"
        )
        page.goto(report.as_uri())
        for picture, section in SECTIONS.items():
            raw = work / f"{picture}.png"
            if section:
                part = page.locator(section)
                part.scroll_into_view_if_needed()
                page.wait_for_function(_DRAWN, arg=section)
                part.screenshot(path=raw)
            else:
                page.screenshot(path=raw)
            _shrink(raw, picture, trim=False)
        browser.close()


_DRAWN = "name => !document.querySelector(name + ' .chart:not(:has(svg))')"
"""A section is drawn when all of its charts are."""


def _shrink(raw: Path, picture: str, trim: bool) -> None:
    """Few colours, no metadata; the foot and the white edges of a printed page go."""
    foot = ["-gravity", "South", "-chop", "0x5%"]
    edges = ["-trim", "+repage", "-bordercolor", "white", "-border", "12"]
    edges = [*foot, *edges] if trim else []
    target = PICTURES / f"{picture}.png"
    subprocess.run(
        [
            *("convert", str(raw), *edges, "+dither", "-colors", str(COLOURS), "-strip"),
            *("-define", "png:compression-level=9", f"PNG8:{target}"),
        ],
        check=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
