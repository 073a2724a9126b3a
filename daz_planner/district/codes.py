"""The kinds of findings: every code with one German line on what it means.

A code stays the same from version to version, so that a list of findings can be filtered and
compared. The lines say what a kind means in general; the finding itself says it for its cell.
"""

from __future__ import annotations

FILES: dict[str, str] = {
    "datei": "Die Datei lässt sich nicht verwenden.",
    "datei_anderes_format": "Die Datei hat ein Format, das nicht gelesen wird.",
    "datei_endung": "Die Endung der Datei passt nicht zu ihrem Inhalt.",
    "datei_entitaeten": "In der Datei stehen XML-Entitäten; sie wird zur Sicherheit nicht gelesen.",
    "datei_entpackt_zu_gross": "Der Inhalt der Datei ist ausgepackt zu groß.",
    "datei_fehlt": "Die Datei gibt es nicht.",
    "datei_gesperrt": "Die Datei ist gesperrt oder ohne Leserecht.",
    "datei_html": "Die Datei ist eine HTML-Seite, keine Arbeitsmappe.",
    "datei_keine_mappe": "Die Datei ist keine Arbeitsmappe oder sie ist beschädigt.",
    "datei_leer": "Die Datei ist leer.",
    "datei_makros": "Die Datei enthält Makros; sie werden nicht beachtet.",
    "datei_ordner": "Wo eine Datei erwartet wird, ist ein Ordner.",
    "datei_passwort": "Die Datei ist mit einem Passwort geschützt.",
    "datei_sperrdatei": "Die Datei ist die Sperrdatei einer geöffneten Arbeitsmappe.",
    "datei_unlesbar": "Die Datei lässt sich nicht lesen.",
    "datei_verknuepfungen": "Die Datei ist mit anderen Dateien verknüpft.",
    "datei_xml_tabelle": "Die Datei ist eine XML-Tabelle von Excel 2003.",
    "datei_zu_gross": "Die Datei ist zu groß.",
    "ordner_befunde": "Fehlerdateien im Ordner werden nicht gelesen.",
    "ordner_leer": "Im Ordner liegt keine lesbare Tabelle.",
    "ordner_schulen": "Die Tabelle der Schulen fehlt im Ordner oder steht in mehreren Dateien.",
    "ordner_uebergangen": "Dateien des Ordners werden nicht gelesen.",
    "ordner_unlesbar": "Der Ordner lässt sich nicht lesen.",
    "ordner_zu_gross": "Im Ordner liegen zu viele Dateien.",
    "zeichen_unklar": "Einige Zeichen der Datei sind nicht lesbar.",
}
"""Files and folders."""

SHEETS: dict[str, str] = {
    "blatt_doppelt": "Zwei Blätter bedeuten dasselbe; nur eines wird gelesen.",
    "blatt_fehlt": "Ein nötiges Blatt fehlt.",
    "blatt_umbenennen": "Ein Blatt sieht aus wie ein bekanntes, heißt aber anders.",
    "blatt_unbekannt": "Das Blatt ist nicht bekannt und bleibt außen vor.",
    "blatt_verborgen": "Das Blatt ist ausgeblendet und wird trotzdem gelesen.",
    "blatt_zu_gross": "Der benutzte Bereich des Blattes ist zu groß.",
    "fehlerwert": "Eine Formel ergibt einen Fehler wie #NV oder #DIV/0!.",
    "formel_ohne_ergebnis": "Zu einer Formel ist kein Ergebnis gespeichert.",
    "keine_schule": "In der Tabelle steht keine Schule.",
    "kopfzeile_fehlt": "Das Blatt hat keine Zeile mit den Namen der Spalten.",
    "pruefung_offen": "Eine Prüfung wartet, bis die gemeldeten Fehler behoben sind.",
    "spalte_datum": "Von mehreren Spalten mit Datum ist eine gelesen.",
    "spalte_doppelt": "Eine Spalte gibt es zweimal.",
    "spalte_fehlt": "Eine nötige Spalte fehlt.",
    "spalte_schreibweise": "Eine Spalte ist anders geschrieben und wurde doch erkannt.",
    "spalte_unbekannt": "Eine Spalte ist nicht bekannt und bleibt außen vor.",
    "spalten_verborgen": "Ausgeblendete Spalten werden trotzdem gelesen.",
    "summe_falsch": "Eine Summe stimmt nicht mit ihren Zeilen überein.",
    "wert_falsch": "Ein Wert lässt sich nicht lesen oder ist nicht erlaubt.",
    "wert_gelesen_als": "Werte einer Spalte sind anders geschrieben und wurden doch erkannt.",
    "wert_fehlt": "Ein nötiger Wert fehlt.",
    "zu_viele_fehler": "Ein Blatt hat so viele Fehler, dass es nicht bis zum Ende geprüft wird.",
    "zeile_fraglich": "Eine Zeile mit Zahlen ist wohl kein Eintrag der Tabelle.",
    "zeile_nebenher": "Eine Zeile nennt Vergleichszahlen oder einen Teil und zählt nicht mit.",
    "zeile_unklar": "Eine Zeile ohne Zahlen bleibt außen vor.",
    "zeilen_verborgen": "Ausgeblendete oder weggefilterte Zeilen werden trotzdem gelesen.",
}
"""Sheets, columns, rows and cells."""

DETAILS: dict[str, str] = {
    "angabe_doppelt": "Eine Angabe steht zweimal da.",
    "angabe_unbekannt": "Eine Angabe ist nicht bekannt und bleibt außen vor.",
    "landkreis_fehlt": "Weder der Landkreis noch seine Gemeinden sind bekannt.",
    "landkreis_unbekannt": "Der Landkreis ist keiner in Sachsen.",
    "landkreis_widerspruch": "Die meisten Gemeinden gehören zu einem anderen Landkreis.",
    "schuljahr_abweichend": "Der Stichtag liegt nicht im angegebenen Schuljahr.",
    "schuljahr_unklar": "Das Schuljahr lässt sich nicht lesen.",
    "stichtag_abweichend": "Der Stichtag widerspricht dem Titel einer Tabelle.",
    "stichtag_fehlt": "Der Stichtag fehlt.",
    "stichtag_zukunft": "Der Stichtag liegt in der Zukunft.",
}
"""Sheet Angaben."""

SCHOOLS: dict[str, str] = {
    "gemeinde_fehlt": "Zu einer Schule ist keine Gemeinde bekannt.",
    "klasse_ohne_schueler": "Eine Schule hat VKA-Klassen, aber keine VKA-Schüler.",
    "lage_gemeindesitz": "Für Schulen ohne Koordinate gilt der Sitz der Gemeinde.",
    "name_falsch": "Der Name einer Schule ist keiner.",
    "phasen_summe": "Die Phasen ergeben zusammen nicht die VKA-Schüler.",
    "klassengroesse_ueber_100": "Eine Klassengröße über 100 ist keine Schulklasse.",
    "klassen_zu_viele": "Es sind viel zu viele VKA-Klassen für die Zahl der Schüler.",
    "reserve_abweichend": "Schüler und Reserve passen nicht zu Klassen mal Klassenobergrenze.",
    "reserve_andere_obergrenze": "Die Reserven passen zur Klassenobergrenze einer anderen Zeit.",
    "reserve_ist_kapazitaet": "Die Reserve ist wohl die Zahl aller Plätze, nicht der freien.",
    "reserve_ohne_angabe": "Ohne Angabe der Reserve gilt Klassen mal Obergrenze minus Schüler.",
    "reserve_ohne_klasse": "Eine Schule ohne VKA-Klasse hat freie Plätze.",
    "reserve_strich": "Ein Strich in der Reserve ist als 0 freie Plätze gelesen.",
    "reserve_zu_gross": "Schüler und Reserve zusammen sind viel mehr, als die Klassen fassen.",
    "schueler_je_klasse": "Es sind viel zu viele Schüler für die Zahl der Klassen.",
    "schueler_ohne_klasse": "Eine Schule hat VKA-Schüler, aber keine VKA-Klasse.",
    "schulart_abweichend": "Die Schulart widerspricht dem Namen der Schule.",
    "schulart_fehlt": "Die Schulart ist nicht zu erkennen.",
    "schule_aehnlich": "Zwei Schulen haben sehr ähnliche Namen und sind vielleicht dieselbe.",
    "schule_doppelt": "Eine Schule steht zweimal in der Tabelle.",
    "schule_im_plan_fehlt": "Eine Schule des früheren Plans steht nicht mehr in der Tabelle.",
    "schule_fern": "Eine Schule liegt weit außerhalb des Landkreises.",
    "schule_gelesen_als": "Namen von Schulen sind anders geschrieben und wurden zugeordnet.",
    "schule_gemeinde_fern": "Eine Schule liegt weit vom Sitz ihrer Gemeinde entfernt.",
    "schule_ohne_vka": "Eine Schule steht nicht in der Tabelle und gilt als Schule ohne VKA.",
    "schule_unbekannt": "Eine genannte Schule steht nicht in der Tabelle der Schulen.",
    "schulnummer_doppelt": "Eine Schulnummer steht zweimal da.",
    "ueber_obergrenze": "Eine Schule hat mehr Schüler, als die Klassenobergrenze erlaubt.",
    "weniger_schueler_als_klassen": "Eine Schule hat weniger Schüler als Klassen.",
}
"""Sheet Schulen, and names of schools on any sheet."""

MUNICIPALITIES: dict[str, str] = {
    "ags_abweichend": "Gemeindeschlüssel und Name gehören nicht zusammen.",
    "ags_falsch": "Ein Gemeindeschlüssel hat nicht acht Ziffern.",
    "anteile_summe": "Die Anteile am Zuzug ergeben nicht 100 %.",
    "einwohner_abweichend": "Die Einwohner weichen stark von der Liste der Gemeinden ab.",
    "einwohner_fehlen": "Alle Gemeinden haben 0 Einwohner.",
    "gemeinde_ausserhalb": "Gemeinden liegen nicht im Landkreis.",
    "gemeinde_doppelt": "Eine Gemeinde steht zweimal da.",
    "gemeinde_gelesen_als": "Ortsteile sind der Gemeinde zugeordnet, zu der sie gehören.",
    "gemeinde_unbekannt": "Eine genannte Gemeinde steht nicht in der Liste.",
    "gemeinden_unvollstaendig": "Dem Blatt der Gemeinden fehlen Gemeinden des Landkreises.",
    "koordinate_falsch": "Breite oder Länge liegt nicht in Sachsen oder beide sind vertauscht.",
    "koordinate_halb": "Von Breite und Länge fehlt eine.",
    "lage_abweichend": "Die Koordinate liegt weit vom Sitz der Gemeinde entfernt.",
}
"""Sheet Gemeinden, names and places of municipalities."""

PUPILS: dict[str, str] = {
    "ausschluss_alle": "Für ein Kind sind alle Schulen seiner Schulart ausgeschlossen.",
    "bestand_abweichend": "Der Bestand hat eine andere Zahl von Schülern als die Tabelle.",
    "bestand_fehlt": "Im Bestand fehlen die Schüler einer Schule.",
    "bestand_phasen": "Der Bestand hat andere Zahlen je Phase als die Tabelle.",
    "bestand_weit_abweichend": "Bestand und Tabelle nennen sehr verschiedene Zahlen von Schülern.",
    "bestand_stichtag": "Der Bestand ist nicht vom Stichtag.",
    "bestand_stichtage": "Listen des Bestands gelten für verschiedene Tage.",
    "datum_nach_stichtag": "Ein Datum liegt nach dem Stichtag.",
    "eintritt_geaendert": "Der Eintritt eines Schülers ist in zwei Beständen verschieden.",
    "fixiert_ausgeschlossen": "Ein Kind ist auf eine Schule fixiert und von ihr ausgeschlossen.",
    "fixiert_familie": "Geschwister sind auf verschiedene Schulen fixiert.",
    "fixiert_mehrfach": "Ein Kind ist auf mehrere Schulen fixiert.",
    "fixiert_schliesst": "Ein Kind ist auf eine Schule fixiert, deren Klasse bald schließt.",
    "fixiert_schulart": "Ein Kind ist auf eine Schule einer anderen Schulart fixiert.",
    "fixiert_voll": "Auf eine Schule sind mehr Kinder fixiert, als Plätze frei sind.",
    "gemeldet_nach_stichtag": "Ein Kind ist nach dem Stichtag gemeldet.",
    "kind_doppelt": "Eine Schüler-ID steht zweimal da.",
    "kind_im_bestand": "Ein Kind wartet und steht zugleich im Bestand.",
    "kind_zwei_schulen": "Ein Schüler steht an zwei Schulen.",
    "klassenstufe_abweichend": "Die Klassenstufe passt nicht zur Schulart.",
    "klassenstufen_spanne": "In den VKA einer Schule sind zu viele Klassenstufen.",
    "laufende_nummern": "Die Kennungen zweier Listen sind wohl laufende Nummern.",
    "liste_fehlt": "In den Dateien steht keine Schülerliste.",
    "personenbezug": "Eine Kennung sieht aus wie ein Name oder ein anderes Merkmal der Person.",
    "phase_vor_eintritt": "Eine Phase beginnt vor dem Eintritt.",
    "phase_zurueck": "Ein Schüler war in einem früheren Bestand schon in einer späteren Phase.",
    "schule_der_liste": "Zu welcher Schule eine Schülerliste gehört, ist nicht sicher.",
    "schule_der_liste_abweichend": "Die Schule einer Liste steht nicht in ihrer Spalte „Schule“.",
    "schulart_ohne_schule": "Auf der Warteliste steht eine Schulart ohne Schule.",
    "schulart_unklar": "Die Klassenstufe gibt es an mehreren Schularten.",
    "verweildauer_ueber": "Ein Schüler ist länger in der VKA als vorgesehen.",
    "wohnort_ausserhalb": "Ein Schüler wohnt außerhalb des Landkreises.",
    "wunsch_ausgeschlossen": "Ein Kind wünscht eine Schule, die für es ausgeschlossen ist.",
}
"""Sheets Bestand and Neuzugänge."""

PLANNING: dict[str, str] = {
    "historie_anmeldungen": "Die Anmeldungen der Schularten ergeben nicht die Gesamtzahl.",
    "historie_ausreisser": "Ein Monat hat viel mehr als alle anderen Monate.",
    "historie_doppelt": "Ein Monat steht zweimal in der Historie.",
    "historie_luecke": "In der Historie fehlen Monate.",
    "historie_nach_stichtag": "Ein Monat der Historie liegt nach dem Stichtag.",
    "historie_phasen": "Die Phasen ergeben nicht die VKA-Schüler des Monats.",
    "historie_widerspruch": "Ein Monat steht mit verschiedenen Zahlen in der Historie.",
    "inklusion_ueber": "Der Zuschlag für Inklusion ist höher, als § 2 SächsKlassBVO zulässt.",
    "klassenplan_schliesst": "Eine beschlossene Schließung nimmt Schülern von heute den Platz.",
    "klassenplan_ueber_raeume": "Der Klassenplan sieht mehr Klassen vor, als Räume da sind.",
    "klassenplan_vor_stichtag": "Ein Eintrag des Klassenplans liegt vor dem Stichtag.",
    "klassenplan_widerspruch": "Zwei Einträge des Klassenplans widersprechen einander.",
    "lehrerstunden_ohne_schule": "Lehrerstunden gelten für eine Schulart ohne Schule.",
    "raeume_doppelt": "Für eine Schule und einen Monat stehen die Räume zweimal da.",
    "raeume_unter_klassen": "Ab einem Monat sind weniger Räume da, als Klassen beschlossen sind.",
    "raeume_vor_stichtag": "Ein Eintrag der Räume liegt vor dem Stichtag.",
    "raeume_widerspruch": "Zwei Einträge der Räume widersprechen einander.",
    "regelklasse_doppelt": "Eine Klassenstufe einer Schule steht zweimal da.",
    "regelklasse_fehlt": "Eine Klassenstufe hat Schüler, aber keine Klasse.",
    "regelklasse_ohne_ort": "Wo eine Schule mit Regelklassen liegt, ist nicht bekannt.",
    "regelklasse_ohne_schulart": "Die Schulart einer Schule mit Regelklassen ist nicht bekannt.",
    "regelklasse_ueber": "Die Regelklassen haben mehr Schüler als erlaubt.",
    "region_unbekannt": "Zu einer Planungsregion gehört keine Schule und keine Gemeinde.",
    "stunden_doppelt": "Lehrerstunden stehen zweimal da.",
    "stunden_fehlen": "Schon die VKA-Klassen von heute brauchen mehr Lehrerstunden, als da sind.",
    "stunden_unglaubwuerdig": "Lehrerstunden passen nicht zu den VKA-Klassen von heute.",
    "stunden_unklar": "Es ist nicht klar, wofür die Lehrerstunden gelten.",
    "weg_null": "Ein Weg zwischen verschiedenen Orten hat 0 Minuten.",
    "weg_ohne_namen": "Zu Minuten fehlt der Name der Gemeinde oder der Schule.",
    "weg_ueber_300": "Ein Weg dauert mehr als 300 Minuten; vielleicht sind es Kosten.",
    "weg_zu_lang": "Ein Weg ist viel länger, als die Karte erwarten lässt.",
    "weg_zu_schnell": "Ein Weg wäre schneller als jedes Fahrzeug auf der Straße.",
    "wege_einheit": "Die meisten Wege passen nicht zur Karte; vielleicht sind es keine Minuten.",
    "wege_unklar": "Das Blatt der Wege ist weder eine Liste noch eine Tabelle aller Paare.",
    "zeitraum": "Der Zeitraum des Szenarios passt nicht zum Stichtag.",
}
"""Sheets Klassenplan, Räume, Wege, Regelklassen, Lehrerstunden and Historie."""

CODES: dict[str, str] = {
    **FILES,
    **SHEETS,
    **DETAILS,
    **SCHOOLS,
    **MUNICIPALITIES,
    **PUPILS,
    **PLANNING,
}
"""Code → what it means. Every code of the package is here, and no other."""


def meaning(code: str) -> str:
    """What a kind of finding means, in one German sentence; empty for an unknown code."""
    return CODES.get(code, "")
