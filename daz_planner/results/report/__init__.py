"""``bericht.html``: the plan as one page that works without a network, on a projector and printed.

Charts are drawn with Altair and compiled to Vega here, so that the page carries no more than the
Vega runtime; tables are plain HTML, so that the page is complete for a screen reader and on paper.
"""
