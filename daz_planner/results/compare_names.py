"""What an assumption is called in a sentence: words instead of the key of the scenario file."""

from __future__ import annotations

_NAMES = {
    "zeitraum": "Zeitraum",
    "zeitraum.beginn": "Beginn des Zeitraums",
    "zeitraum.monate": "Länge des Zeitraums",
    "zuzug": "Zuzug",
    "zuzug.pro_monat": "Anmeldungen je Monat",
    "zuzug.reihe": "Anmeldungen Monat für Monat",
    "zuzug.aus": "Anmeldungen aus dem Blatt Historie",
    "zuzug.zuweisungen": "zugewiesene Personen",
    "zuzug.angekuendigt": "angekündigte Zuweisungen",
    "zuzug.varianzfaktor": "Streuung der Anmeldungen",
    "zuzug.niveau_schwankung": "Schwankung des Zuzugs",
    "zuzug.saison": "Anmeldungen nach Jahreszeit",
    "zuzug.trend_pro_jahr": "Trend der Anmeldungen",
    "zuzug.welle": "vorübergehender zusätzlicher Zuzug",
    "zuzug.schularten": "Anteile der Schularten",
    "zuzug.stufen": "Anteile der Klassenstufen",
    "zuzug.familien_anteil": "Anteil der Geschwister",
    "zuzug.gemeinden": "Verteilung auf die Gemeinden",
    "phasen": "Dauer der Phasen",
    "abgang": "Wegzug und Rückkehr",
    "abgang.wegzug_pro_monat": "Wegzug",
    "abgang.rueckkehr_in_vka": "Rückkehr in die VKA",
    "abgang.rueckkehr_nach_monaten": "Zeit bis zur Rückkehr in die VKA",
    "abgang.direkt_in_regelklasse": "Anmeldungen gleich in eine Regelklasse",
    "schuljahr": "Schuljahr und Klassenstufen",
    "klassen": "Vorgaben für Klassen",
    "klassen.obergrenze": "Obergrenze je Klasse",
    "klassen.planungsgroesse": "Planungsrichtwert je Klasse",
    "klassen.freie_raeume": "freie Räume je Schule",
    "klassen.oeffnen_in": "Monate, in denen Klassen öffnen dürfen",
    "klassen.vorlauf_monate": "Vorlauf bis zur ersten neuen Klasse",
    "klassen.schliessen_in": "Monate, in denen Klassen schließen dürfen",
    "klassen.phase2_zaehlt_in_regelklasse": "Platz der Phase 2 in der Regelklasse",
    "klassen.klassenstufen_spanne": "Klassenstufen einer Klasse",
    "wege": "Annahmen zum Schulweg",
    "wege.umweg": "Umweg gegenüber der Luftlinie",
    "wege.kmh": "Tempo auf dem Schulweg",
    "wege.fest_minuten": "feste Minuten je Schulweg",
    "wege.richtwert": "Richtwert für den Schulweg",
    "wege.grenze": "Grenze für den Schulweg",
    "lehrer": "Lehrerstunden",
    "lehrer.begrenzt": "Grenze durch Lehrerstunden",
    "lehrer.stunden": "vorhandene Lehrerstunden",
    "ziele": "Ziele des Plans",
    "ziele.reihenfolge": "Reihenfolge der Ziele",
    "ziele.preise": "Preise der Ziele",
    "ziele.toleranz": "Toleranz der Ziele",
}
"""Key, or the table around it → its name."""


def assumption_name(key: str) -> str:
    """The name of a key or of the nearest table around it; the key itself where neither has one.

    What a table holds beyond its name stands in brackets: ``Dauer der Phasen (OS, phase2, mittel)``
    becomes ``Dauer der Phasen (OS)``, since only the school type is a word.
    """
    parts = key.split(".")
    for length in range(len(parts), 0, -1):
        name = _NAMES.get(".".join(parts[:length]))
        if name is not None:
            kinds = [part for part in parts[length:] if part.isupper()]
            return f"{name} ({', '.join(kinds)})" if kinds else name
    return key
