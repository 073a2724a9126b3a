"""The order that the schemas of the format ask of the parts of charts, drawings and styles.

ECMA-376 part 1: charts 21.2, drawings 20.5, styles 18.8, workbook 18.2. Excel repairs a file or
leaves a chart out where the order is another; LibreOffice and openpyxl read it all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

_AXIS = (
    "axId scaling delete axPos majorGridlines minorGridlines title numFmt majorTickMark "
    "minorTickMark tickLblPos spPr txPr crossAx crosses crossesAt "
)
_ORDERS = {
    CHART: {
        "chartSpace": "date1904 lang roundedCorners style clrMapOvr protection chart spPr txPr "
        "externalData printSettings",
        "chart": "title autoTitleDeleted pivotFmts view3D floor sideWall backWall plotArea legend "
        "plotVisOnly dispBlanksAs",
        "plotArea": "layout areaChart lineChart scatterChart barChart valAx catAx dateAx serAx "
        "dTable spPr",
        "barChart": "barDir grouping varyColors ser dLbls gapWidth overlap serLines axId",
        "lineChart": "grouping varyColors ser dLbls dropLines hiLowLines upDownBars marker smooth "
        "axId",
        "areaChart": "grouping varyColors ser dLbls dropLines axId",
        "scatterChart": "scatterStyle varyColors ser dLbls axId",
        "ser": "idx order tx spPr invertIfNegative pictureOptions marker dPt dLbls trendline "
        "errBars cat val xVal yVal smooth shape",
        "catAx": _AXIS + "auto lblAlgn lblOffset tickLblSkip tickMarkSkip noMultiLvlLbl",
        "dateAx": _AXIS + "auto lblOffset baseTimeUnit majorUnit majorTimeUnit minorUnit "
        "minorTimeUnit",
        "valAx": _AXIS + "crossBetween majorUnit minorUnit dispUnits",
        "scaling": "logBase orientation max min",
        "legend": "legendPos legendEntry layout overlay spPr txPr",
        "title": "tx layout overlay spPr txPr",
        "dLbls": "dLbl delete numFmt spPr txPr dLblPos showLegendKey showVal showCatName "
        "showSerName showPercent showBubbleSize separator showLeaderLines",
        "marker": "symbol size spPr",
        "manualLayout": "layoutTarget xMode yMode wMode hMode x y w h",
    },
    DRAWING: {
        "oneCellAnchor": "from ext sp grpSp graphicFrame cxnSp pic clientData",
        "twoCellAnchor": "from to sp grpSp graphicFrame cxnSp pic clientData",
        "from": "col colOff row rowOff",
        "pic": "nvPicPr blipFill spPr style",
        "graphicFrame": "nvGraphicFramePr xfrm graphic",
    },
    MAIN: {
        "styleSheet": "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs "
        "tableStyles colors",
        "dxf": "font numFmt fill alignment border protection",
        "border": "start end left right top bottom diagonal vertical horizontal",
        "workbook": "fileVersion fileSharing workbookPr workbookProtection bookViews sheets "
        "functionGroups externalReferences definedNames calcPr",
        "cfRule": "formula colorScale dataBar iconSet",
        "sheetView": "pane selection",
        "sheetPr": "tabColor outlinePr pageSetUpPr",
        "headerFooter": "oddHeader oddFooter evenHeader evenFooter firstHeader firstFooter",
        "table": "autoFilter sortState tableColumns tableStyleInfo",
        "dataValidation": "formula1 formula2",
    },
}
_NEEDED = {
    "catAx": ("axId", "scaling", "axPos", "crossAx"),
    "dateAx": ("axId", "scaling", "axPos", "crossAx"),
    "valAx": ("axId", "scaling", "axPos", "crossAx"),
    "ser": ("idx", "order"),
}
_AXES = ("catAx", "dateAx", "valAx", "serAx")


def order_problems(part: ElementTree.Element) -> Iterator[str]:
    """Elements of a part that stand in another order than the schema, or lack what it needs."""
    for element in part.iter():
        space, name = _split(element.tag)
        order = _ORDERS.get(space, {}).get(name)
        if order is None or (name == "marker" and not len(element)):
            continue
        names = order.split()
        found = [_split(child.tag) for child in element]
        unknown = [n for s, n in found if s == space and n not in names]
        if unknown:
            yield f"{name} has {', '.join(unknown)}"
        places = [names.index(n) for s, n in found if s == space and n in names]
        # The drawings of one plot may stand in any order, the axes after them too.
        if name == "plotArea":
            places = [1 if n.endswith("Chart") else 2 if n in _AXES else 3 for _, n in found]
            places = [0 if n == "layout" else p for p, (_, n) in zip(places, found, strict=True)]
        if places != sorted(places):
            yield f"the parts of {name} stand in another order than the schema"
        there = {n for _, n in found}
        missing = [need for need in _NEEDED.get(name, ()) if need not in there]
        if missing:
            yield f"{name} lacks {', '.join(missing)}"


def axis_problems(chart: ElementTree.Element) -> Iterator[str]:
    """Axes that are there twice or not at all, series of one number."""
    for plot in chart.iter(f"{CHART}plotArea"):
        ids = [
            axis.find(f"{CHART}axId").attrib["val"]  # type: ignore[union-attr]
            for name in _AXES
            for axis in plot.findall(f"{CHART}{name}")
        ]
        if len(set(ids)) != len(ids):
            yield "two axes of one id"
        crossed = {item.attrib["val"] for item in plot.iter(f"{CHART}crossAx")}
        used = {item.attrib["val"] for item in plot.findall(f"*/{CHART}axId")}
        if not crossed | used <= set(ids):
            yield f"axes {sorted(crossed | used)} of {ids}"
        for mark in ("idx", "order"):
            numbers = [item.attrib["val"] for item in plot.findall(f"*/{CHART}ser/{CHART}{mark}")]
            if len(set(numbers)) != len(numbers):
                yield f"two series of one {mark}"


def _split(tag: object) -> tuple[str, str]:
    text = str(tag)
    space, _, name = text.rpartition("}")
    return space + "}", name
