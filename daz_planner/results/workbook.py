"""``plan.xlsx``: puts the sheets together and saves them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from daz_planner import german
from daz_planner.planning.front_points import Measure
from daz_planner.results.record import run_record
from daz_planner.results.sheets.bottlenecks import add_bottlenecks
from daz_planner.results.sheets.changes import add_changes
from daz_planner.results.sheets.check_formulas import NOWHERE, Places
from daz_planner.results.sheets.checks import add_checks
from daz_planner.results.sheets.classes import add_classes
from daz_planner.results.sheets.flows import add_flows
from daz_planner.results.sheets.forecast import add_forecast, add_needs
from daz_planner.results.sheets.frame import limit_heights, settle_pages, wrap_note
from daz_planner.results.sheets.front import add_front
from daz_planner.results.sheets.futures import add_futures
from daz_planner.results.sheets.hours import add_hours
from daz_planner.results.sheets.lists import (
    add_assumptions,
    add_children,
)
from daz_planner.results.sheets.load import add_load
from daz_planner.results.sheets.mail_merge import MAIL_MERGE_SHEET, add_mail_merge
from daz_planner.results.sheets.navigation import add_links
from daz_planner.results.sheets.occupancy import add_occupancy, add_start
from daz_planner.results.sheets.overview import COLUMNS, LINK_ROW, add_overview
from daz_planner.results.sheets.protocol import add_protocol
from daz_planner.results.sheets.reach import add_reach
from daz_planner.results.sheets.regular import add_no_regular, add_regular
from daz_planner.results.sheets.sites import add_sites
from daz_planner.results.sheets.style import Styles
from daz_planner.results.sheets.waiting import add_waiting
from daz_planner.results.summary import summary
from daz_planner.results.tables import tables as tables_of

if TYPE_CHECKING:
    from pathlib import Path

    from daz_planner.planning.plan import Plan
    from daz_planner.results.run import Run
    from daz_planner.results.schema import Table


def build_workbook(
    plan: Plan,
    tables: dict[str, Table] | None = None,
    record: dict[str, Any] | None = None,
) -> Workbook:
    """The workbook of a plan; ``tables`` and ``record`` are made where they are not given."""
    tables = tables_of(plan) if tables is None else tables
    record = run_record(plan) if record is None else record
    workbook = Workbook()
    if workbook.active is not None:
        workbook.remove(workbook.active)
    styles = Styles(workbook)
    footer = footer_of(plan)
    overview = add_overview(workbook, styles, plan, summary(plan), tables, footer)
    classes = add_classes(workbook, styles, tables["klassenbildung"], footer)
    children = add_children(workbook, styles, tables["zuweisung"], footer)
    add_mail_merge(workbook, styles, tables["serienbrief"], footer)
    change = plan.scenario.schuljahr.wechsel_monat
    placed = tables["verteilung"], plan.months, footer, change
    flows, flow_sums = add_flows(workbook, styles, *placed)
    matrix = add_load(workbook, styles, tables["auslastung"], footer)
    load = add_occupancy(workbook, styles, tables["auslastung"], footer)
    start = add_start(workbook, styles, tables["ausgangszahlen"], footer)
    waiting, waiting_sums = add_waiting(workbook, styles, tables["wartende"], plan.months, footer)
    add_bottlenecks(workbook, styles, plan, tables["engpaesse"], footer)
    add_reach(
        workbook, styles, plan, tables["erreichbarkeit"], tables["erreichbarkeit_tempo"], footer
    )
    forecast = add_forecast(workbook, styles, tables["prognose"], footer)
    needs = add_needs(workbook, styles, tables["plaetze"], footer)
    further = _further_sheets(workbook, styles, plan, tables, footer)
    hours, hour_sums, hour_limits = add_hours(
        workbook,
        styles,
        tables["lehrerstunden"],
        tables["lehrerstunden_schularten"],
        footer,
        tables["lehrerstunden_grenzen"],
    )
    assumptions = add_assumptions(workbook, styles, tables["annahmen"], footer)
    places = Places(
        overview=overview,
        classes=classes,
        children=children,
        flows=flows,
        flow_sums=flow_sums,
        matrix=matrix,
        start=start,
        load=load,
        waiting=waiting,
        waiting_sums=waiting_sums,
        hours=hours,
        hour_sums=hour_sums,
        hour_limits=hour_limits or NOWHERE,
        forecast=forecast,
        needs=needs,
        assumptions=assumptions,
        **further,
    )
    add_checks(workbook, styles, plan, places, tables["bilanz"], footer)
    bill = tables.get("abrechnung")
    add_protocol(workbook, styles, plan, record, tables["ziele"], footer, bill)
    add_links(workbook, styles, LINK_ROW, COLUMNS, bare=(MAIL_MERGE_SHEET,))
    for sheet in workbook.worksheets:
        wrap_note(sheet, styles)
    title = f"VKA-Plan {plan.district.name}, Szenario {plan.scenario.name}"
    subject = "Planung der Vorbereitungsklassen (Deutsch als Zweitsprache)"
    set_properties(workbook, plan, record, title, subject)
    return workbook


def _further_sheets(
    workbook: Workbook, styles: Styles, plan: Plan, tables: dict[str, Table], footer: str
) -> dict[str, Any]:
    """The sheets of what a run was asked for beside the plan; where their tables stand."""
    found: dict[str, Any] = {}
    if plan.judgement is not None:
        policies, needed = tables["zukunft_vergleich"], tables["zukunft_klassen"]
        found["policies"], found["needed"] = add_futures(
            workbook, styles, plan.judgement, policies, needed, footer
        )
    if plan.changes is not None:
        add_changes(workbook, styles, plan.changes, tables["aenderungen"], footer)
    if plan.sites is not None:
        ranking, effect = tables["standorte"], tables["standorte_vergleich"]
        found["sites"] = add_sites(workbook, styles, plan, plan.sites, ranking, effect, footer)
    if plan.front is not None:
        fronts = {
            Measure.CLASSES: tables["abwaegung"],
            Measure.CLASS_MONTHS: tables["abwaegung_klassenmonate"],
        }
        found["fronts"] = tuple(add_front(workbook, styles, plan, fronts, footer).values())
    if plan.regular is None:
        add_no_regular(workbook, styles, footer)
    else:
        table = tables["regelklassen"]
        found["regular"] = add_regular(workbook, styles, plan.regular, table, footer)
    return found


def footer_of(run: Run) -> str:
    """What stands at the foot of every printed page."""
    return (
        f"{run.district.name} · Stichtag {german.day(run.district.reference_date)} · "
        f"Szenario {run.scenario.name}"
    )


def write_workbook(
    plan: Plan,
    path: Path,
    tables: dict[str, Table] | None = None,
    record: dict[str, Any] | None = None,
) -> None:
    """Write ``plan.xlsx``. Raises ``OSError`` where the file cannot be written."""
    build_workbook(plan, tables, record).save(path)


def set_properties(
    workbook: Workbook, plan: Run, record: dict[str, Any], title: str, subject: str
) -> None:
    """What a file manager shows of the workbook, and what holds for all of its sheets.

    The last step before it is saved: formulas are computed when it is opened, no row is higher than
    Excel takes, and a few rows left over get no page of their own.
    """
    for sheet in workbook.worksheets:
        limit_heights(sheet)
        settle_pages(sheet)
    properties = workbook.properties
    properties.title = title
    properties.subject = subject
    properties.creator = f"daz-planner {record['versionen']['daz-planner']}"
    properties.description = (
        f"Stichtag {german.day(plan.district.reference_date)}, "
        f"{german.month(plan.months[0])} bis {german.month(plan.months[-1])}"
    )
    properties.keywords = "VKA, DaZ, Klassenbildung, Schulplanung"
    properties.language = "de-DE"
    workbook.calculation.fullCalcOnLoad = True
