"""``daz-planner planen``: the main job. Check, simulate, optimise, explain, write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from daz_planner.cli.options import (
    CandidateSites,
    EarlierFolder,
    Gap,
    InputFile,
    JudgedFutures,
    LogFile,
    OutputFolder,
    Overwrite,
    Processes,
    Public,
    Quiet,
    ReferenceDate,
    Runs,
    ScenarioName,
    Seed,
    Solver,
    TimeLimit,
    TradeOff,
)
from daz_planner.cli.status import ExitStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.table import Table

    from daz_planner.cli.terminal import Progress, Terminal
    from daz_planner.district.model import District, School
    from daz_planner.planning.changes import Changes
    from daz_planner.planning.front_points import Front
    from daz_planner.planning.plan import Plan
    from daz_planner.planning.site_plan import Sites
    from daz_planner.results.public import Shared
    from daz_planner.scenario.model import Scenario
    from daz_planner.simulation.forecast import Forecast

MOST_CHANGES = 10
"""So many changes against an earlier plan are named one by one."""
HALF_A_CHILD = 0.5
"""So many children without a seat make the exit code 3."""


def planen(
    file: InputFile,
    scenario_name: ScenarioName = "basis",
    folder: OutputFolder = None,
    reference_date: ReferenceDate = None,
    runs: Runs = None,
    seed: Seed = None,
    solver: Solver = None,
    time_limit: TimeLimit = None,
    gap: Gap = None,
    processes: Processes = 1,
    overwrite: Overwrite = False,
    earlier: EarlierFolder = None,
    sites: CandidateSites = False,
    futures: JudgedFutures = None,
    trade_off: TradeOff = False,
    public: Public = False,
    quiet: Quiet = False,
    log: LogFile = None,
) -> int:
    """Macht den Plan: prüft die Eingabe, rechnet, erklärt und schreibt die Ergebnisse.

    Die Ergebnisse stehen danach in ergebnisse/SZENARIO (beim zweiten Mal mit einer Nummer) oder
    in dem Ordner, den Sie mit -o nennen: plan.xlsx, bericht.html, tabellen und lauf.json.

    Der Befehl endet mit 0, wenn alles gut ist; mit 3, wenn ein halbes Kind oder mehr ohne Platz
    bleibt; mit 4, wenn das Zeitlimit kam, bevor der Plan gut genug war; mit 2 bei einem Fehler in
    der Eingabe.
    """
    from daz_planner.cli.clock import Stopwatch
    from daz_planner.cli.runlog import RunLog
    from daz_planner.cli.runs import load, loaded_scenario, with_cap_findings
    from daz_planner.cli.terminal import Terminal
    from daz_planner.planning.bottlenecks import with_bottlenecks
    from daz_planner.planning.front import with_front
    from daz_planner.planning.futures import with_judgement
    from daz_planner.planning.make import make_plan
    from daz_planner.planning.site_plan import plan_with_sites
    from daz_planner.planning.whole import bottleneck_seconds, judged_futures
    from daz_planner.results.folder import check_folder, write_result
    from daz_planner.results.summary import children_without_seat
    from daz_planner.simulation.simulate import simulate

    watch = Stopwatch()
    terminal = Terminal(quiet=quiet)
    run_log = RunLog(log, "planen")
    scenario = loaded_scenario(
        scenario_name, laeufe=runs, saat=seed, loeser=solver, zeitlimit=time_limit, luecke=gap
    )
    target = check_folder(folder, overwrite, scenario.name)
    if public:
        _check_public_target(target, overwrite)
    before = _earlier_plan(earlier)
    watch.lap("Start")
    district = with_cap_findings(load(file, reference_date), scenario)
    watch.lap("Lesen")
    run_log.line(f"Eingabe gelesen: {file.name or file}, Szenario {scenario.name}")
    with terminal.progress() as progress:
        progress(0.0, "Zukünfte werden durchgespielt")
        forecast = simulate(
            district, scenario, processes=processes, progress=_part(progress, 0.0, 0.2)
        )
        watch.lap("Simulation")
        make = plan_with_sites if sites else make_plan
        told = _part(progress, 0.2, 0.8)
        if before is None or earlier is None:
            plan = make(district, scenario, forecast, progress=told)
        else:
            plan = _again(district, scenario, forecast, before, earlier, make, told)
        others = watch.lap("Planung, übriges") - sum(plan.seconds.values())
        seconds = {**watch.seconds, **plan.seconds, "Planung, übriges": max(others, 0.0)}
        judged = judged_futures(scenario) if futures is None else futures
        plan = with_judgement(plan, judged, processes, _part(progress, 0.8, 0.85))
        seconds["Prüfung an Zukünften"] = watch.lap("Prüfung an Zukünften")
        progress(0.85, "Engpässe werden gesucht")
        plan = with_bottlenecks(plan, bottleneck_seconds(scenario))
        seconds["Engpässe"] = watch.lap("Engpässe")
        if trade_off:
            plan = with_front(plan, scenario.rechnen.zeitlimit, _part(progress, 0.87, 0.95))
            seconds["Abwägung"] = watch.lap("Abwägung")
        progress(0.95, "Ergebnisse werden geschrieben")
        written = write_result(plan, folder, overwrite=overwrite, seconds=seconds)
        shared = _shared(plan, written, overwrite, seconds) if public else None
        watch.lap("Schreiben")
    _show(terminal, plan, written, file)
    if shared is not None:
        _show_shared(terminal, shared, written)
    run_log.times({**seconds, "Schreiben": watch.seconds["Schreiben"], "Gesamt": watch.total})
    if plan.hit_limit or (plan.sites is not None and plan.sites.cut_off):
        status = ExitStatus.LIMIT
    elif children_without_seat(plan) >= HALF_A_CHILD:
        status = ExitStatus.WITHOUT_SEAT
    else:
        status = ExitStatus.OK
    run_log.line(f"Ergebnisse in {written}, Ende mit {int(status)}")
    return status


def _check_public_target(target: Path, overwrite: bool) -> None:
    """A folder of the shared version that cannot be written ends the command before the work."""
    from daz_planner.results.public_folder import check_public_folder, public_folder

    check_public_folder(public_folder(target), target, overwrite)


def _show_shared(terminal: Terminal, shared: Shared, written: Path) -> None:
    """Where the shared version is, and what it leaves out."""
    from daz_planner.cli.bericht import show_left_out
    from daz_planner.results.public_folder import public_folder

    terminal.print("", f"{public_folder(written)}")
    show_left_out(terminal, shared)


def _shared(plan: Plan, written: Path, overwrite: bool, seconds: dict[str, float]) -> Shared:
    """Write the shared version beside the result."""
    from daz_planner.results.public_folder import public_folder, write_public
    from daz_planner.results.record import run_record

    place, record = public_folder(written), run_record(plan, seconds)
    return write_public(plan, place, record, source=written, overwrite=overwrite)


def _earlier_plan(folder: Path | None) -> Plan | None:
    """The plan to build on; a folder that holds none ends the command before the work."""
    if folder is None:
        return None
    from daz_planner.results.stored import load_plan

    return load_plan(folder)


def _again(
    district: District,
    scenario: Scenario,
    forecast: Forecast,
    before: Plan,
    folder: Path,
    make: Callable[..., Plan],
    progress: Progress,
) -> Plan:
    """The plan on an earlier one; where candidate sites are asked for, they count as schools."""
    from daz_planner.district.candidates import candidate_schools
    from daz_planner.planning.again import plan_again
    from daz_planner.planning.make import make_plan

    further: Sequence[School] = ()
    if make is not make_plan:
        further = candidate_schools(district, forecast.school_types).schools
    name = folder.resolve().name
    return plan_again(
        district, scenario, forecast, before, name, make=make, further=further, progress=progress
    )


def _part(progress: Progress, start: float, end: float) -> Progress:
    """Progress of one step as a part of the whole."""

    def report(share: float, step: str, /) -> None:
        progress(start + (end - start) * min(max(share, 0.0), 1.0), step)

    return report


def _show(terminal: Terminal, plan: Plan, written: Path, file: Path) -> None:
    """The five answers, what to know about them, the new classes, and where everything is."""
    from rich.table import Table

    from daz_planner import german
    from daz_planner.results.summary import summary

    first, last = german.month(plan.months[0]), german.month(plan.months[-1])
    terminal.print(
        f"{plan.district.name}, Szenario {plan.scenario.name}, {first} bis {last}", style="bold"
    )
    answers = Table.grid(padding=(0, 2))
    answers.add_column(style="bold", width=24)
    answers.add_column()
    for question, answer in summary(plan):
        answers.add_row(question, answer)
    terminal.print("", answers)
    if plan.changes is not None:
        _show_changes(terminal, plan.changes)
    if plan.openings:
        terminal.heading("Neue Klassen")
        terminal.print(_openings(plan))
    if plan.bottlenecks is not None and plan.bottlenecks.items:
        from daz_planner.results.bottleneck_tables import bottleneck_sentences

        terminal.heading("Engpässe")
        for sentence in bottleneck_sentences(plan):
            terminal.print(sentence)
    if plan.front is not None:
        _show_front(terminal, plan, plan.front)
    if plan.sites is not None:
        _show_sites(terminal, plan, plan.sites)
    if plan.hints:
        terminal.heading("Hinweise")
        terminal.bullets(plan.hints)
    terminal.input_warnings(plan.district.findings, file)
    terminal.heading("Ergebnisse")
    terminal.print(f"{written}")
    terminal.print(
        "bericht.html für den Bildschirm, plan.xlsx zum Lesen und Drucken, tabellen für Excel, "
        "lauf.json mit allen Angaben zum Lauf"
    )


def _show_changes(terminal: Terminal, changes: Changes) -> None:
    """What is different from the earlier plan: in one sentence, then one by one."""
    from daz_planner.results.change_tables import change_sentence

    terminal.heading("Änderungen")
    terminal.print(change_sentence(changes))
    for item in changes.items[:MOST_CHANGES]:
        terminal.print(f"– {item.kind.value}: {item.who}, {item.before} → {item.after}")
        terminal.print(f"  {item.reason}")
    rest = len(changes.items) - MOST_CHANGES
    if rest > 0:
        terminal.print(f"{rest} weitere stehen auf dem Blatt Änderungen.")


def _show_front(terminal: Terminal, plan: Plan, front: Front) -> None:
    """What each further class would save: in sentences, as a table, as a picture."""
    from rich.text import Text

    from daz_planner.cli.front_view import front_plot, front_table
    from daz_planner.cli.plot import letters_for
    from daz_planner.results.front_tables import front_sentences

    terminal.heading("Was spart eine Klasse mehr?")
    for sentence in front_sentences(front):
        terminal.print(sentence)
    if not front.plans:
        return
    terminal.print("", front_table(plan))
    terminal.print(
        "Weg am Tag: Minuten hin und zurück, im Mittel über alle neu verteilten Kinder der "
        "Schulart. Die Zeilen unter dem Plan sind die kürzesten Wege mit so vielen Klassen; was "
        "eine Klasse spart, ist mit der Zeile darüber verglichen, nicht mit dem Plan. Alle stehen "
        "auf dem Blatt Abwägung."
    )
    console = terminal.out
    lines = front_plot(front, width=console.width, letters=letters_for(console.encoding))
    if lines:
        terminal.print("", Text("\n".join(lines)))


def _show_sites(terminal: Terminal, plan: Plan, sites: Sites) -> None:
    """The whole plan without and with candidate sites, and the best sites one by one."""
    from daz_planner import german
    from daz_planner.cli.terminal import plain_table
    from daz_planner.planning.sites import TOP
    from daz_planner.results.site_tables import effect_sentence

    terminal.heading("Mögliche Standorte")
    terminal.print(effect_sentence(sites, plan))
    ranking = sites.ranking
    if ranking.month is None or not ranking.gains:
        return
    numbers = ("Warte-\nmonate", "Minuten\nje Monat", "neu im\nRichtwert")
    table = plain_table("", "Schule", "Art", *numbers, right=("", *numbers))
    for rank, gain in enumerate(ranking.gains[:TOP], start=1):
        place = gain.school.municipality
        named = gain.school.name if place in gain.school.name else f"{gain.school.name} ({place})"
        table.add_row(
            f"{rank}",
            named,
            gain.school.school_type,
            german.plain(gain.waiting_avoided, 1),
            german.plain(gain.minutes_a_month, 1),
            german.plain(gain.newly_inside, 1),
        )
    terminal.print("", table)
    rest = len(ranking.gains) - TOP
    more = f" Weitere {rest} stehen auf dem Blatt Standorte." if rest > 0 else ""
    terminal.print(
        f"Ersparnis, wenn dort allein ab {german.month(ranking.month)} eine Klasse öffnete: "
        "Wartemonate der Kinder, Minuten Schulweg (einfach) je Monat, Kinder neu innerhalb des "
        f"Richtwerts.{more}"
    )


def _openings(plan: Plan) -> Table:
    from daz_planner import german
    from daz_planner.cli.terminal import plain_table
    from daz_planner.results.class_reasons import full_reason

    table = plain_table("Schule", "ab", "Klassen", "Grund", right=("Klassen",))
    table.columns[0].min_width = 20
    for opening in sorted(plan.openings, key=lambda item: (item.month, item.school)):
        table.add_row(
            plan.district.schools[opening.school].name,
            german.short_month(plan.months[opening.month]),
            f"{opening.classes}",
            full_reason(plan, opening),
        )
    return table
