"""The sections that are tables and sentences; those a run does not have are left out."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from markupsafe import Markup

from daz_planner import __version__, german
from daz_planner.planning.front_points import TOGETHER
from daz_planner.planning.reachability import reachability
from daz_planner.results.bottleneck_tables import bottleneck_sentences
from daz_planner.results.change_tables import change_sentence
from daz_planner.results.figures import school_types, schools_of
from daz_planner.results.front_tables import front_sentences, month_sentences
from daz_planner.results.futures_tables import judgement_sentences
from daz_planner.results.hours_limits import hours_courses
from daz_planner.results.reach_tables import estimate_text
from daz_planner.results.regular_tables import regular_sentence
from daz_planner.results.report import charts
from daz_planner.results.report.html_tables import (
    fixed,
    folded,
    html_table,
    note,
    plain_table,
    sentence,
    telling_columns,
)
from daz_planner.results.report.parts import Inputs, Section, partial, type_name
from daz_planner.results.site_tables import effect_sentence
from daz_planner.results.where import PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from daz_planner.results.schema import Table

LIST_KEY, CHANGES_KEY, HINTS_KEY = "liste", "aenderungen", "hinweise"
"""Sections that may name a child: the list, changes of seats, warnings that quote the input."""
_MOST_CHILDREN = 500
_MOST_SITES, _MOST_PLACES, _MOST_CLASSES = 10, 12, 12
"""Rows that stand open: candidate sites, municipalities far from any VKA, how needed a class is."""
_NOTICED = 0.05


def _sentences(texts: Iterable[str]) -> Markup:
    return Markup("").join(sentence(text) for text in texts if text)


def children_section(inputs: Inputs) -> Section | None:
    """Today's list: the seat of each child, and why there."""
    if not inputs.has("zuweisung") or inputs.tables["zuweisung"].is_empty:
        return None
    table = inputs.tables["zuweisung"]
    columns = ["Schüler-ID", "Schulart", "Gemeinde", "Schule", "ab Monat", "Minuten", "Grund"]
    title = "Plätze für die Kinder der heutigen Liste"
    body = html_table(table, title, columns, most=_MOST_CHILDREN, told=True)
    body += note("Minuten: einfacher Weg. Andere Schulen je Kind: tabellen/zuweisung.csv.")
    return Section(LIST_KEY, title, "Heutige Liste", body)


def futures_section(inputs: Inputs) -> Section | None:
    """The plan against doing nothing and the simple rule, on drawn futures."""
    judgement = inputs.plan.judgement
    if judgement is None:
        return None
    title = "Der Plan an gezogenen Zukünften"
    columns = [
        "Vorgehen",
        "Schulart",
        "Kinder, die einen Platz suchen",
        "Zukünfte ohne Warten",
        "Wartemonate",
        "Wartemonate P90",
        "länger als 60 Tage",
        "neue Klassen",
        "Klassenmonate",
        "Weg im Mittel",
    ]
    body = _sentences(judgement_sentences(judgement))
    body += html_table(
        inputs.tables["zukunft_vergleich"],
        "Plan, nichts tun und einfache Regel im Vergleich",
        columns,
    )
    needed = inputs.tables["zukunft_klassen"]
    if not needed.is_empty:
        name = "Wie oft jede neue Klasse gebraucht wird"
        many = len(needed.frame) > _MOST_CLASSES
        listed = html_table(needed, name, told=many)
        body += folded(name, listed, stays_closed=True) if many else listed
    return Section("zukuenfte", title, "Zukünfte", body)


def changes_section(inputs: Inputs) -> Section | None:
    """What is different from the earlier plan."""
    changes = inputs.plan.changes
    if changes is None:
        return None
    title = "Änderungen gegenüber dem früheren Plan"
    body = sentence(change_sentence(changes))
    if not inputs.tables["aenderungen"].is_empty:
        body += html_table(inputs.tables["aenderungen"], title, told=True)
    return Section(CHANGES_KEY, title, "Änderungen", body)


def front_section(inputs: Inputs) -> Section | None:
    """What each further class saves in ways."""
    front = inputs.plan.front
    if front is None:
        return None
    body = _sentences(front_sentences(front))
    chart = charts.front_chart(inputs.plan)
    if chart is not None:
        kinds = list(
            dict.fromkeys(
                row["Schulart"] for row in chart.data["werte"] if isinstance(row["Schulart"], str)
            )
        )
        body += partial(
            "abwaegung.html",
            chart=inputs.add("abwaegung", chart),
            kinds=list(zip(map(type_name, kinds), charts.type_colours(kinds), strict=True)),
        )
    table = inputs.tables["abwaegung"]
    columns = [
        "Schulart",
        "Zeile",
        "neue Klassen",
        "öffnet zusätzlich",
        "dafür nicht",
        "Weg am Tag",
        "spart je Klasse",
        "Kinder",
        "Kinder über Richtwert",
        "Status",
    ]
    shown = [column for column in columns if column in telling_columns(table)]
    title = "Schulwege gegen Klassen"
    kinds_told = table.values("Schulart")
    whole = [n for n, kind in enumerate(kinds_told) if kind == TOGETHER]
    single = [n for n, kind in enumerate(kinds_told) if kind != TOGETHER]
    name = "Nach der Zahl der neuen Klassen"
    name = f"Alle Schularten zusammen: {name[:1].lower()}{name[1:]}" if whole else name
    first = [column for column in shown if column != "Schulart"] if whole else shown
    body += html_table(table, name, first, rows=whole or single)
    body += note(
        "Weg am Tag: Minuten je Kind, hin und zurück, im Mittel. Jede Zeile „kürzeste Wege“ zeigt "
        "die kürzesten Wege mit so vielen Klassen, ohne dass jemand länger wartet; was eine Klasse "
        "spart, ist mit der Zeile darüber verglichen, nicht mit dem Plan."
    )
    if whole and single:
        each = "Dasselbe je Schulart"
        body += folded(
            each, html_table(table, each, shown, rows=single, told=True), stays_closed=True
        )
    months = inputs.tables["abwaegung_klassenmonate"]
    if not months.is_empty:
        columns = ["Klassenmonate" if c == "neue Klassen" else c for c in columns]
        columns = ["spart je Klassenmonat" if c == "spart je Klasse" else c for c in columns]
        columns = [column for column in columns if column in telling_columns(months)]
        name = "Nach zusätzlichen Klassenmonaten"
        every = html_table(months, name, columns, told=True)
        for text in month_sentences(front):
            every += note(text)
        body += folded(name, every, stays_closed=True)
    return Section("abwaegung", title, "Abwägung", body)


def bottlenecks_section(inputs: Inputs) -> Section | None:
    """What one more seat, room or teacher would be worth."""
    if inputs.plan.bottlenecks is None:
        if not inputs.plan.hit_limit:
            return None
        body = sentence(
            "Nicht gesucht: Die Rechnung wurde am Zeitlimit beendet, und was ein Platz oder Raum "
            "mehr brächte, lässt sich nur an einem fertigen Plan zeigen."
        )
        return Section("engpaesse", "Engpässe", "Engpässe", body)
    body = _sentences(bottleneck_sentences(inputs.plan, PAGE))
    table = inputs.tables["engpaesse"]
    if not table.is_empty:
        body += html_table(
            table, "Was ein Platz, Raum oder Lehrer mehr brächte", telling_columns(table)
        )
    return Section("engpaesse", "Engpässe", "Engpässe", body)


def sites_section(inputs: Inputs) -> Section | None:
    """Schools without VKA that could open one."""
    plan = inputs.plan
    if plan.sites is None:
        return None
    ranking = inputs.tables["standorte"]
    body = sentence(effect_sentence(plan.sites, plan))
    body += html_table(
        inputs.tables["standorte_vergleich"], "Der ganze Plan ohne und mit der Schulliste"
    )
    name = "Schulen ohne VKA, die eine öffnen könnten"
    if plan.sites.ranking.month is not None and not ranking.is_empty:
        body += note(
            f"Ersparnis, wenn dort allein ab {german.month(plan.sites.ranking.month)} eine Klasse "
            "öffnete und sonst alles wie im Plan ohne Schulliste bliebe. Räume an Schulen der "
            "Schulliste sind angenommen."
        )
    rows = list(range(len(ranking.frame)))
    columns = telling_columns(ranking)
    if len(set(ranking.values("Quelle"))) == 1:
        columns.remove("Quelle")
    body += html_table(ranking, name, columns, rows=rows[:_MOST_SITES])
    if len(rows) > _MOST_SITES:
        rest = html_table(ranking, f"{name}, weitere", columns, rows=rows[_MOST_SITES:], told=True)
        count = len(rows) - _MOST_SITES
        title = german.plural(count, "weitere Schule", "weitere Schulen")
        body += folded(title, rest, stays_closed=True)
    return Section("standorte", "Mögliche neue Standorte", "Standorte", body)


def reach_section(inputs: Inputs) -> Section | None:
    """Municipalities without a VKA inside the guide value."""
    if not inputs.has("erreichbarkeit"):
        return None
    title, name = "Gemeinden ohne nahe VKA", "Gemeinden ohne VKA innerhalb des Richtwerts"
    table = inputs.tables["erreichbarkeit"]
    listed = html_table(table, name, told=len(table.frame) > _MOST_PLACES)
    if len(table.frame) > _MOST_PLACES:
        count = german.number(len(table.frame))
        body = sentence(f"{name}: {_by_type(table)}.")
        body += folded(f"Alle {count} mit Weg und nächster Schule", listed, stays_closed=True)
    else:
        body = listed
    body += note(estimate_text(reachability(inputs.plan)))
    body += html_table(
        inputs.tables["erreichbarkeit_tempo"],
        "Zahl dieser Gemeinden, je nach angenommenem Tempo",
    )
    return Section("erreichbarkeit", title, "Erreichbarkeit", body)


def _by_type(table: Table) -> str:
    """How many rows there are of each school type: „GS 10, OS 15“."""
    kinds = table.values("Schulart")
    return ", ".join(f"{kind} {kinds.count(kind)}" for kind in dict.fromkeys(kinds))


def regular_section(inputs: Inputs) -> Section | None:
    """Where pupils who leave the VKA find no seat in a regular class."""
    plan = inputs.plan
    if plan.regular is None or not inputs.has("regelklassen"):
        return None
    table = inputs.tables["regelklassen"]
    above = table.values("über der Grenze")
    missing = [n for n, value in enumerate(above) if value is not None and value >= _NOTICED]
    text = regular_sentence(plan, PAGE).replace(f" ({PAGE.regular})", "")
    body = sentence(text) if text else Markup("")
    columns = [
        "Schule",
        "Schulart",
        "Gemeinde",
        "Monat",
        "Plätze",
        "frei",
        "neu in Regelklassen",
        "über der Grenze",
        "davon heute schon",
        "volle Klassenstufen",
    ]
    if table.is_empty:
        body += sentence(table.empty)
    elif not missing:
        body += sentence("In jeder geprüften Regelklasse reicht der Platz in jedem Monat.")
    else:
        body += _short_schools(table, missing)
        name = "Monat für Monat, wo Plätze fehlen"
        shown = html_table(table, name, columns, rows=missing, most=300, told=True)
        body += folded(name, shown, stays_closed=True)
    body += note(
        "Frei: Klassen × Grenze weniger Schüler der Eingabe und Inklusionszuschlag. Neu: wer nach "
        "dem Stichtag in eine Regelklasse kommt, an der nächsten Schule der Schulart mit der "
        "Klassenstufe. Über der Grenze: je Klassenstufe gerechnet, im Mittel. Alle Monate: "
        "tabellen/regelklassen.csv."
    )
    return Section("regelklassen", "Plätze in Regelklassen", "Regelklassen", body)


def _short_schools(table: Table, missing: list[int]) -> Markup:
    """One line a school that lacks seats, the most first: since when, and how many at most."""
    names, above = table.values("Schule"), table.values("über der Grenze")
    months, today = table.values("Monat"), table.values("davon heute schon")
    grades = table.values("volle Klassenstufen")
    types, towns = table.values("Schulart"), table.values("Gemeinde")
    rows_of: defaultdict[str, list[int]] = defaultdict(list)
    for n in missing:
        rows_of[names[n]].append(n)
    worst = {name: max(own, key=lambda n: above[n]) for name, own in rows_of.items()}
    lines = [
        [
            name,
            types[n],
            towns[n],
            german.short_month(months[rows_of[name][0]]),
            fixed(above[n], 1),
            german.short_month(months[n]),
            fixed(today[n] or 0.0, 1),
            grades[n] or "",
        ]
        for name, n in sorted(worst.items(), key=lambda item: (-above[item[1]], item[0]))
    ]
    heads = [
        ("Schule", False),
        ("Schulart", False),
        ("Gemeinde", False),
        ("Plätze fehlen ab", False),
        ("höchstens", True),
        ("im Monat", False),
        ("davon heute schon", True),
        ("volle Klassenstufen", False),
    ]
    return plain_table("Schulen, an denen Plätze fehlen, im Mittel", heads, lines)


def hours_section(inputs: Inputs) -> Section:
    """Teacher hours by month, and against what is there."""
    plan = inputs.plan
    kinds = school_types(plan)
    heads = [("Monat", False), *((kind, True) for kind in kinds), ("zusammen", True)]
    lines = []
    for t, month in enumerate(plan.months):
        hours = [float(plan.weekly_hours[schools_of(plan, kind), t].sum()) for kind in kinds]
        numbers = [fixed(value, 1) for value in [*hours, sum(hours)]]
        lines.append([german.short_month(month), *numbers])
    courses = [course for course in hours_courses(plan) if course.limit is not None]
    body = Markup("")
    if courses:
        tight = []
        for course in courses:
            assert course.limit is not None
            t = int(course.need.argmax())
            tight.append(
                [
                    course.name,
                    "Planungsregion" if course.is_area else "Schulart",
                    fixed(course.limit, 1),
                    fixed(course.need[t], 1),
                    german.short_month(plan.months[t]),
                    fixed(course.limit - course.need[t], 1),
                    course.source,
                ]
            )
        told = [
            ("für", False),
            ("Bereich", False),
            ("vorhanden", True),
            ("höchster Bedarf", True),
            ("im Monat", False),
            ("frei (minus: fehlt)", True),
            ("Herkunft", False),
        ]
        body += plain_table("Höchster Bedarf gegen vorhandene Stunden", told, tight)
    name = "Lehrerwochenstunden je Schulart und Monat"
    table = plain_table(name, heads, lines, told=bool(courses))
    body += folded(name, table, stays_closed=True) if courses else table
    return Section("stunden", "Lehrerstunden", "Lehrerstunden", body)


def goals_section(inputs: Inputs) -> Section | None:
    """How near each goal is to the best."""
    if not inputs.has("ziele"):
        return None
    title = "Ziele und Genauigkeit"
    body = html_table(inputs.tables["ziele"], "Wert, bewiesene Schranke und Lücke je Ziel")
    rule = "gelten in dieser Reihenfolge"
    if inputs.has("abrechnung"):
        rule = "sind nach ihren Preisen abgewogen; was sie kosten, zeigt die Abrechnung"
    body += note(
        f"Die Ziele {rule}. Lücke: So weit kann der Plan bei diesem Ziel "
        "höchstens vom bewiesen Besten entfernt sein. Weg: der einfache Schulweg aller Kinder, die "
        "im Zeitraum einen Platz bekommen, jedes einmal gezählt."
    )
    if inputs.has("abrechnung"):
        body += html_table(inputs.tables["abrechnung"], "Abrechnung: Menge × Preis = Betrag")
    return Section("ziele", title, "Ziele", body)


def hints_section(inputs: Inputs) -> Section | None:
    """What has to be known about the plan, and the warnings of the input."""
    hints = list(inputs.plan.hints)
    warnings = list(inputs.record.get("warnungen", []))
    if not hints and not warnings:
        return None
    body = partial("hinweise.html", hints=hints, warnings=warnings)
    return Section(HINTS_KEY, "Hinweise und Warnungen", "Hinweise", body)


def assumptions_section(inputs: Inputs) -> Section | None:
    """What differs from the base, then every assumption on demand."""
    if not inputs.has("annahmen"):
        return None
    table = inputs.tables["annahmen"]
    differing = [n for n, told in enumerate(table.values("weicht ab")) if told == "ja"]
    if differing:
        columns = ["Parameter", "Bedeutung", "Wert", "Wert in basis", "Einheit", "Quelle"]
        body = html_table(
            table, "Was von basis oder von der Regel abweicht", columns, rows=differing
        )
    else:
        body = sentence("Alle Annahmen sind die des Szenarios basis.")
    count = german.number(len(table.frame))
    every = html_table(table, "Jede Annahme mit Wert und Quelle", most=1000, told=True)
    body += folded(f"Alle {count} Annahmen mit Wert und Quelle", every, stays_closed=True)
    if inputs.has("ausgangszahlen"):
        name = "Ausgangszahlen je Schule und woher sie kommen"
        start = html_table(inputs.tables["ausgangszahlen"], name, told=True)
        body += folded(name, start, stays_closed=True)
    return Section("annahmen", "Annahmen", "Annahmen", body)


def protocol_section(inputs: Inputs) -> Section:
    """What is needed to check and repeat the run."""
    record = inputs.record
    versions = record.get("versionen", {})
    rows = [
        ["Programm", f"daz-planner {versions.get('daz-planner', __version__)}"],
        ["Rechenprogramm", str(record.get("loeser", ""))],
        ["Verlangte Lücke", german.percent(float(record.get("verlangte_luecke", 0.0)), 3)],
        ["Startwert des Zufalls (Saat)", str(record["saat"])],
        ["Gerechnete Zukünfte", german.number(record["laeufe"])],
        ["Am Zeitlimit beendet", "ja" if inputs.plan.hit_limit else "nein"],
        *[
            ["Eingabe", f"{item['datei']} (SHA-256 {item['sha256'][:16]}…)"]
            for item in record["eingabe"]
        ],
        [
            "Rechenzeit",
            ", ".join(
                f"{name} {german.number(value, 2)} s" for name, value in record["sekunden"].items()
            ),
        ],
        [
            "Versionen",
            ", ".join(
                f"{name} {value}" for name, value in versions.items() if name != "daz-planner"
            ),
        ],
    ]
    body = plain_table("Angaben zum Lauf", [("Angabe", False), ("Wert", False)], rows, told=True)
    return Section("protokoll", "Protokoll", "Protokoll", body)
