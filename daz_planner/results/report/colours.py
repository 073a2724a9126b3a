"""The colours of page and pictures: one name each, for light and for dark.

Blue to orange to red can be told apart with every common colour blindness and in grey, where each
class is darker (on dark: lighter) than the one before; text on each colour has a contrast of at
least 4.5 to 1 (WCAG 2.2, 1.4.3). Tests compute both.
"""

from __future__ import annotations

import json
from typing import Any

LIGHT: dict[str, str] = {
    "bg": "#f4f6f8",
    "panel": "#ffffff",
    "ink": "#17222d",
    "muted": "#51606e",
    "line": "#d4dbe2",
    "accent": "#0a4f8f",
    "head": "#0b3a66",
    "head-ink": "#ffffff",
    "land": "#e9eef2",
    "edge": "#b4c0ca",
    "way": "#5b3f8c",
    "band": "#c9dcef",
    "need": "#0a5ea8",
    "seats": "#a33b12",
    "alarm": "#8f1d14",
    "alarm-bg": "#fdecea",
    "use0": "#d8e6f3",
    "use1": "#93bfe4",
    "use2": "#de9220",
    "use3": "#a61c2c",
    "use0-ink": "#17222d",
    "use1-ink": "#0d1a26",
    "use2-ink": "#1d1503",
    "use3-ink": "#ffffff",
    "phase1": "#2c6fb0",
    "phase2": "#8fb8de",
    "phase3": "#c48a24",
    "type0": "#2c6fb0",
    "type1": "#d9822b",
    "type2": "#4d4d4d",
    "type3": "#8c6bb1",
    "line0": "#0a5ea8",
    "line1": "#b8430f",
    "line2": "#2a7565",
    "line3": "#7a4fa3",
    "line4": "#7d6300",
    "line5": "#4d4d4d",
}
DARK: dict[str, str] = {
    "bg": "#10161c",
    "panel": "#18212a",
    "ink": "#e8edf2",
    "muted": "#a9b6c2",
    "line": "#34414d",
    "accent": "#7fb8ee",
    "head": "#0d2d4d",
    "head-ink": "#f2f6fa",
    "land": "#25313c",
    "edge": "#4b5a68",
    "way": "#c3a8f0",
    "band": "#29435c",
    "need": "#76b5f0",
    "seats": "#f0a072",
    "alarm": "#ffb4a8",
    "alarm-bg": "#3a1a16",
    "use0": "#24425e",
    "use1": "#2f6596",
    "use2": "#c8832b",
    "use3": "#ffa59b",
    "use0-ink": "#e8edf2",
    "use1-ink": "#ffffff",
    "use2-ink": "#1a1202",
    "use3-ink": "#1f0606",
    "phase1": "#5b9bd8",
    "phase2": "#35597a",
    "phase3": "#d9a441",
    "type0": "#5b9bd8",
    "type1": "#e59a4c",
    "type2": "#b8b8b8",
    "type3": "#b59ae0",
    "line0": "#76b5f0",
    "line1": "#f0a072",
    "line2": "#6fd1b8",
    "line3": "#c3a8f0",
    "line4": "#e0c04a",
    "line5": "#c0c0c0",
}


def variable(name: str) -> str:
    """The CSS variable of a colour, which the page resolves."""
    if name not in LIGHT:
        raise KeyError(name)
    return f"var(--{name})"


def css(colours: dict[str, str]) -> str:
    """Declarations of the variables."""
    return "".join(f"--{name}:{value};" for name, value in colours.items())


def resolved(specification: dict[str, Any]) -> dict[str, Any]:
    """A drawing with the light colours in place of the variables, for pictures outside the page."""
    text = json.dumps(specification)
    for name, value in LIGHT.items():
        text = text.replace(f"var(--{name})", value)
    result: dict[str, Any] = json.loads(text)
    return result
