"""The letters to merge: two short Word files with merge fields, to be adapted by the office.

They hold no name and claim no law: the legal basis is a field of the data, which the office fills
on the sheet Angaben.  What the office has to write itself stands in square brackets, marked yellow.
The files are plain Office Open XML (ECMA-376), written with the standard library.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from daz_planner.results.letters import SEATED, WAITING

LETTERS: tuple[str, ...] = (SEATED.lower(), WAITING.lower())
"""The two letters: to children with a seat, to children who wait."""

_STATUS = {SEATED.lower(): SEATED, WAITING.lower(): WAITING}
_STAMP = (2017, 2, 8, 12, 0, 0)
"""Time of writing in the file, always the same so that the same content gives the same bytes."""
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"


@dataclass(frozen=True)
class Field:
    """A merge field: what stands there comes from the column of that name."""

    name: str


@dataclass(frozen=True)
class Own:
    """What the office writes itself: in square brackets, marked yellow."""

    text: str


Part = str | Field | Own


@dataclass(frozen=True)
class Line:
    """A paragraph: its parts and its style."""

    parts: tuple[Part, ...]
    style: str = "Normal"


def _line(*parts: Part, style: str = "Normal") -> Line:
    return Line(parts, style)


_ID = Field("SchuelerID")
_TOP = (
    _line(Own("Briefkopf des Amtes")),
    _line(
        Own(
            "Name und Anschrift der Sorgeberechtigten: Das Programm kennt keine Namen. Ergänzen "
            "Sie sie über die Schüler-ID aus Ihrem eigenen Verfahren."
        ),
        style="Anschrift",
    ),
    _line("Unser Zeichen:\t", _ID, style="Angabe"),
    _line("Datum:\t", Own("Datum"), style="Angabe"),
)
_END = (
    _line("Rechtsgrundlage: ", Field("Rechtsgrundlage")),
    _line("Bei Fragen wenden Sie sich bitte an ", Own("Name, Telefon, E-Mail"), "."),
    _line("Mit freundlichen Grüßen", style="Schluss"),
    _line(Own("Unterschrift")),
)
_BODIES: dict[str, tuple[Line, ...]] = {
    SEATED: (
        _line("Platz in einer Vorbereitungsklasse", style="Betreff"),
        _line("Sehr geehrte Damen und Herren,"),
        _line(
            "für das Kind mit dem Zeichen ",
            _ID,
            " ist ein Platz in einer Vorbereitungsklasse (Deutsch als Zweitsprache) vorgesehen:",
        ),
        _line("Schule:\t", Field("Schule"), style="Angabe"),
        _line("Ort der Schule:\t", Field("Schulort"), style="Angabe"),
        _line("Schulart:\t", Field("Schulart"), style="Angabe"),
        _line("Beginn:\t", Field("Beginn"), style="Angabe"),
        _line(
            "Schulweg:\tetwa ",
            Field("WegMinuten"),
            " Min. (einfacher Weg)",
            style="Letzte",
        ),
        _line(
            "Bitte melden Sie sich vor dem ersten Schultag in der Schule: ",
            Own("erster Schultag, Uhrzeit, Ansprechperson"),
            ".",
        ),
    ),
    WAITING: (
        _line("Warteliste für eine Vorbereitungsklasse", style="Betreff"),
        _line("Sehr geehrte Damen und Herren,"),
        _line(
            "für das Kind mit dem Zeichen ",
            _ID,
            " ist zurzeit kein Platz in einer Vorbereitungsklasse (Deutsch als Zweitsprache) frei. "
            "Es steht auf der Warteliste:",
        ),
        _line("Schulart:\t", Field("Schulart"), style="Angabe"),
        _line("Angemeldet:\t", Field("WartetSeit"), style="Angabe"),
        _line("Stand der Liste:\t", Field("Stichtag"), style="Letzte"),
        _line("Sie bekommen Nachricht, sobald ein Platz frei ist."),
    ),
}
_TITLES = {SEATED: "Anschreiben: Platz", WAITING: "Anschreiben: Warteliste"}


def letter_lines(letter: str) -> tuple[Line, ...]:
    """The paragraphs of one of :data:`LETTERS`. Raises ``KeyError`` for one that there is not."""
    return (*_TOP, *_BODIES[_STATUS[letter]], *_END)


def letter_bytes(letter: str) -> bytes:
    """One of :data:`LETTERS` as a .docx file; the same bytes each time.

    The letter skips the rows of the children that it is not for. Raises ``KeyError`` for a letter
    that there is not.
    """
    status = _STATUS[letter]
    lines = letter_lines(letter)
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            (f"{_OFFICE}/officeDocument", "word/document.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": _core(_TITLES[status]),
        "word/_rels/document.xml.rels": _relations((f"{_OFFICE}/styles", "styles.xml")),
        "word/document.xml": _document(lines, status),
        "word/styles.xml": _styles(),
    }
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            about = zipfile.ZipInfo(name, _STAMP)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o600 << 16
            about.create_system = 3
            package.writestr(about, (_HEAD + text).encode("utf-8"))
    return raw.getvalue()


def _document(lines: Sequence[Line], status: str) -> str:
    body = "".join(_paragraph(line, status if n == 0 else "") for n, line in enumerate(lines))
    page = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" '
        'w:bottom="1134" w:left="1418" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )
    return f'<w:document xmlns:w="{_W}"><w:body>{body}{page}</w:body></w:document>'


def _paragraph(line: Line, skip_others_than: str) -> str:
    properties = f'<w:pPr><w:pStyle w:val="{line.style}"/></w:pPr>'
    skip = _skip(skip_others_than) if skip_others_than else ""
    return f"<w:p>{properties}{skip}{''.join(map(_part, line.parts))}</w:p>"


def _part(part: Part) -> str:
    if isinstance(part, Field):
        return _field(_instruction(f" MERGEFIELD {part.name} "), f"«{part.name}»")
    if isinstance(part, Own):
        return _run(f"[{part.text}]", '<w:rPr><w:highlight w:val="yellow"/></w:rPr>')
    before, *after = part.split("\t")
    return _run(before) + "".join("<w:r><w:tab/></w:r>" + _run(text) for text in after)


def _run(text: str, properties: str = "") -> str:
    if not text:
        return ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _field(instruction: str, shown: str) -> str:
    """A field; ``shown`` is what stands in its place until it is merged."""
    return f"{_mark('begin')}{instruction}{_mark('separate')}{_run(shown)}{_mark('end')}"


def _skip(status: str) -> str:
    """The rule that leaves out every row with another status."""
    inner = _field(_instruction(" MERGEFIELD Status "), "«Status»")
    before, after = _instruction(" SKIPIF "), _instruction(f' <> "{status}" ')
    return f"{_mark('begin')}{before}{inner}{after}{_mark('separate')}{_mark('end')}"


def _mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _instruction(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{escape(text)}</w:instrText></w:r>'


def _styles() -> str:
    return (
        f'<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>'
        '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:eastAsia="Arial"/>'
        '<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="de-DE"/>'
        "</w:rPr></w:rPrDefault></w:docDefaults>"
        + _style("Normal", "Normal", '<w:spacing w:after="160" w:line="276" w:lineRule="auto"/>')
        + _style("Anschrift", "Anschrift", '<w:spacing w:before="480" w:after="720"/>', right=5100)
        + _style("Angabe", "Angabe", _DETAIL.format(after=40))
        + _style("Letzte", "Letzte Angabe", _DETAIL.format(after=200))
        + _style("Betreff", "Betreff", '<w:spacing w:before="480" w:after="240"/>', bold=True)
        + _style("Schluss", "Schluss", '<w:spacing w:before="320" w:after="720"/>')
        + "</w:styles>"
    )


_DETAIL = (
    '<w:tabs><w:tab w:val="left" w:pos="2268"/></w:tabs><w:spacing w:after="{after}"/>'
    '<w:ind w:left="2268" w:hanging="2268"/>'
)


def _style(key: str, name: str, paragraph: str, *, bold: bool = False, right: int = 0) -> str:
    normal = key == "Normal"
    default = ' w:default="1"' if normal else ""
    based = "" if normal else '<w:basedOn w:val="Normal"/>'
    indent = f'<w:ind w:right="{right}"/>' if right else ""
    letters = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{key}"><w:name w:val="{name}"/>{based}'
        f"<w:qFormat/><w:pPr>{paragraph}{indent}</w:pPr>{letters}</w:style>"
    )


def _content_types() -> str:
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{_MAIN}.styles+xml"/>'
        f'<Override PartName="/docProps/core.xml" ContentType="{core}"/></Types>'
    )


def _relations(*links: tuple[str, str]) -> str:
    items = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(links, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{items}</Relationships>'


def _core(title: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>daz-planner</dc:creator>"
        "<dc:language>de-DE</dc:language></cp:coreProperties>"
    )
