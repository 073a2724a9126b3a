"""Every kind of finding is documented, and no kind is documented that does not exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

import daz_planner
from daz_planner.district.codes import CODES, meaning

PACKAGE = Path(daz_planner.__file__).parent
SOURCES = [
    *(file for file in sorted((PACKAGE / "district").glob("*.py")) if file.name != "codes.py"),
    PACKAGE / "cli" / "pruefen.py",
    PACKAGE / "planning" / "earlier.py",
]
SHAPE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def test_every_code_of_the_package_is_documented_and_none_is_stale() -> None:
    used = codes_of(*(file.read_text(encoding="utf-8") for file in SOURCES))
    assert len(used) > 60
    assert sorted(used - CODES.keys()) == []
    assert sorted(CODES.keys() - used) == []


@pytest.mark.parametrize("code", sorted(CODES))
def test_each_line_is_a_short_german_sentence(code: str) -> None:
    line = CODES[code]
    assert SHAPE.fullmatch(code)
    assert line.endswith(".") and line[0] in "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜ„"
    assert len(line) <= 100 and "\n" not in line


def test_meaning_of_a_code() -> None:
    assert meaning("datei_fehlt") == "Die Datei gibt es nicht."
    assert meaning("gibt_es_nicht") == ""


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ("out.fault('a_b', 'Text.')", {"a_b"}),
        ("self.out.warn('a' if x else 'b', 'Text.')", {"a", "b"}),
        ("Finding(file='f', code='a')", {"a"}),
        ("Finding('f', 's', 1, 2, 'a')", {"a"}),
        ("def f(c, code):\n    out.warn(code, 'T')\n\nf('wort', 'a_b')", {"a_b"}),
        ("class K:\n  def f(self, code):\n    out.warn(code)\n\nk.f('a_b')", {"a_b"}),
        ("class E(X):\n  def __init__(self, code):\n    pass\n\nraise E('a_b')", {"a_b"}),
        ("def f():\n    return 'a_b', 'Ein Satz.'", {"a_b"}),
        ("def f():\n    return 'a_b', f'Ein {x}.'", {"a_b"}),
        ("TEXTS = {'a_b': 'Ein Satz.', 'c': 3}", {"a_b"}),
        ("def kind():\n    return 'a_b' if x else ''\n\nout.warn(kind, 'Ein Satz.')", set()),
        ("(out.fault if x else out.warn)('a_b', f'Ein {x}.')", {"a_b"}),
        ("tell('a_b', 'Ein Satz.')", {"a_b"}),
        ("warnings.warn('Nothing of ours.')", set()),
        ("pair = ('a_b', 'c_d')", set()),
    ],
)
def test_codes_are_found_in_all_ways_of_writing(source: str, codes: set[str]) -> None:
    assert codes_of(source) == codes


def codes_of(*sources: str) -> set[str]:
    """The codes in sources: where a finding is made, and where a code is handed on to that place.

    That is the first argument of ``fault`` and ``warn``, an argument for a parameter ``code``, and
    the text before a sentence in a call, a tuple or a dictionary.
    """
    trees = [ast.parse(source) for source in sources]
    takes = {"fault": {0}, "warn": {0}, "Finding": {4}}
    for tree in trees:
        for name, position in _takers(tree):
            takes.setdefault(name, set()).add(position)
    found: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            for part in _code_places(node, takes):
                found.update(_literals(part))
    return {code for code in found if SHAPE.fullmatch(code)}


def _takers(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Functions and classes with a parameter ``code``, and its position in a call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and part.name == "__init__":
                    yield from ((node.name, position) for position in _position(part))
        elif isinstance(node, ast.FunctionDef) and node.name != "__init__":
            yield from ((node.name, position) for position in _position(node))


def _position(function: ast.FunctionDef) -> Iterator[int]:
    names = [a.arg for a in function.args.args if a.arg not in ("self", "cls")]
    if "code" in names:
        yield names.index("code")


def _code_places(node: ast.AST, takes: dict[str, set[int]]) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        for position in takes.get(name, ()):
            yield from node.args[position : position + 1]
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "code")
        for part, following in pairwise(node.args):
            if _is_sentence(following) and _has_underscore(part):
                yield part
    elif isinstance(node, ast.Tuple) and len(node.elts) > 1 and _is_sentence(node.elts[1]):
        yield from (part for part in node.elts[:1] if _has_underscore(part))
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None and _is_sentence(value) and _has_underscore(key):
                yield key


def _literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _is_sentence(node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_sentence(node.body)
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
    )


def _has_underscore(node: ast.expr) -> bool:
    return any("_" in text for text in _literals(node))
