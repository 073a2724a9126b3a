"""The report in a real Chromium: size, time to write, time to load, longest task while scrolling.

    python benchmarks/report.py [runs]

Two plans: the table of Landkreis Meißen, and one of the size of Saxony (1,000 schools, 12 months,
see ``writing.py``).  Beside each page stands the same page with all charts drawn at once, not one
by one when they come near the window or nothing else is to do.  Pages are opened in turn
(A B A B …); the medians and the median ratio of a pair are printed.  Times in milliseconds, from
the start of the navigation.  Needs the extra ``browser`` and Chromium.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from writing import saxony

from daz_planner.planning.plan import Plan
from daz_planner.results.folder import write_result
from daz_planner.results.record import run_record
from daz_planner.results.report.page import report_page
from daz_planner.results.stored import load_plan
from daz_planner.results.tables import tables

DATA = Path(__file__).parent.parent / "data" / "meissen-2017-02-08.xlsx"
TASKS = (
    "window.tasks = []; new PerformanceObserver((list) => list.getEntries()"
    ".forEach((entry) => tasks.push(entry.duration)))"
    ".observe({ type: 'longtask', buffered: true });"
)
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"
LONGEST = "Math.max(0, ...tasks.splice(0))"
MOVE = (
    "(value) => { const slider = document.getElementById('monat'); slider.value = value;"
    " slider.dispatchEvent(new Event('input')); }"
)
AT_ONCE = "<script>berichtDruckfertig();</script>"


def measured(browser: Browser, address: str) -> dict[str, float]:
    """Load, longest task until the page rests, while scrolling and while the slider moves."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(TASKS)
    page.goto(address, wait_until="load")
    found = {"load": page.evaluate(LOADED)}
    page.wait_for_function("!document.querySelector('[data-chart]:not(.drawn)')")
    page.wait_for_timeout(500)
    found["longest task, loading"] = page.evaluate(LONGEST)
    for _ in range(0, int(page.evaluate("document.documentElement.scrollHeight")), 600):
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(30)
    page.wait_for_timeout(300)
    found["longest task, scrolling"] = page.evaluate(LONGEST)
    page.evaluate("document.getElementById('karte').scrollIntoView()")
    page.wait_for_timeout(300)
    for value in range(int(page.get_attribute("#monat", "max") or 0) + 1):
        page.evaluate(MOVE, value)
        page.wait_for_timeout(100)
    found["longest task, slider"] = page.evaluate(LONGEST)
    page.close()
    return found


def district_plan(folder: Path) -> Plan:
    """The plan of the shipped table."""
    target = folder / "plan"
    job = [sys.executable, "-m", "daz_planner", "planen", str(DATA), "-o", str(target), "-q"]
    if subprocess.run(job, check=False).returncode not in (0, 3):
        raise SystemExit("the main job failed")
    return load_plan(target)


def report(browser: Browser, name: str, plan: Plan, folder: Path, runs: int) -> None:
    """Measure a plan and print."""
    since = time.perf_counter()
    write_result(plan, folder / f"{name}-all")
    whole = time.perf_counter() - since
    built, record = tables(plan), run_record(plan)
    since = time.perf_counter()
    html = report_page(plan, built, record)
    alone = time.perf_counter() - since
    pages = []
    for kind, text in (("", html), ("-at-once", AT_ONCE.join(html.rsplit("</body>", 1)))):
        file = folder / f"{name}{kind}.html"
        file.write_text(text, encoding="utf-8")
        pages.append(file.as_uri())
    print(
        f"{name}: {len(html.encode()) / 1e6:.2f} MB, all files of the plan {whole:.2f} s, "
        f"the page again {alone:.2f} s"
    )
    for address in pages:
        measured(browser, address)
    found: list[list[dict[str, Any]]] = [[measured(browser, a) for a in pages] for _ in range(runs)]
    for key in found[0][0]:
        own = statistics.median(pair[0][key] for pair in found)
        other = statistics.median(pair[1][key] for pair in found)
        ratios = [pair[0][key] / pair[1][key] for pair in found if pair[1][key]]
        ratio = f", ratio {statistics.median(ratios):.2f}" if ratios else ""
        print(f"  {key}: {own:.0f} ms, all charts at once {other:.0f} ms{ratio}")


def main() -> None:
    """Measure both plans."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        print(f"Chromium {browser.version}, {os.cpu_count()} processors, {runs} pairs")
        folder = Path(name)
        report(browser, "meissen", district_plan(folder), folder, runs)
        report(browser, "saxony", saxony(), folder, runs)
        browser.close()


if __name__ == "__main__":
    main()
