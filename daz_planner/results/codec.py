"""Frozen dataclasses as JSON values and arrays, and back, by the types that their fields declare.

Nothing is pickled: what is read can only become the classes that the declared types name.  Lists of
one dataclass are written as a table (names of the fields once, then rows); arrays are kept apart by
number, for an ``.npz`` file.  A district and a forecast that occur twice are written once.
"""

from __future__ import annotations

import dataclasses
import math
import sys
import types
from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np
from pydantic import BaseModel

_SEEN, _FIELDS, _ROWS = "wie", "spalten", "zeilen"


class CodecError(ValueError):
    """A value does not have the type that is declared for it."""


class Encoder:
    """Turns values into JSON values; :attr:`arrays` collects the arrays by name.

    Parameters
    ----------
    names:
        Classes by name, for annotations that a module imports for type checkers only.
    shared:
        Classes of which one object is written once, however often it occurs.
    """

    def __init__(self, names: Mapping[str, type], shared: tuple[type, ...]) -> None:
        self.names = dict(names)
        self.shared = shared
        self.arrays: dict[str, np.ndarray[Any, Any]] = {}
        self._number: dict[int, int] = {}
        self._alive: list[Any] = []

    def encode(self, value: Any, hint: Any) -> Any:
        """The JSON value of a value that has the type ``hint``."""
        hint = _plain(value, hint)
        if hint is None or value is None:
            return None
        origin = get_origin(hint)
        if origin is np.ndarray:
            return self._array(value)
        if origin is tuple:
            return self._tuple(value, get_args(hint))
        if origin is dict:
            key, item = get_args(hint)
            return [[self.encode(k, key), self.encode(v, item)] for k, v in value.items()]
        if isinstance(hint, type) and issubclass(hint, BaseModel):
            return value.model_dump(mode="json")
        if dataclasses.is_dataclass(hint):
            return self._object(value, hint)
        return _scalar(value, hint)

    def _array(self, value: np.ndarray[Any, Any]) -> str:
        name = f"a{len(self.arrays)}"
        self.arrays[name] = np.asarray(value)
        return name

    def _tuple(self, value: tuple[Any, ...], parts: tuple[Any, ...]) -> Any:
        if len(parts) == 2 and parts[1] is Ellipsis:
            if value and dataclasses.is_dataclass(parts[0]) and type(value[0]) is parts[0]:
                hints = _hints(parts[0], self.names)
                rows = [[self.encode(getattr(v, n), h) for n, h in hints.items()] for v in value]
                return {_FIELDS: list(hints), _ROWS: rows}
            return [self.encode(item, parts[0]) for item in value]
        return [self.encode(item, part) for item, part in zip(value, parts, strict=True)]

    def _object(self, value: Any, hint: Any) -> dict[str, Any]:
        if not isinstance(value, hint):
            raise CodecError(f"{type(value).__name__} instead of {hint.__name__}")
        if hint in self.shared:
            if id(value) in self._number:
                return {_SEEN: self._number[id(value)]}
            self._number[id(value)] = len(self._number)
            self._alive.append(value)
        hints = _hints(hint, self.names)
        return {name: self.encode(getattr(value, name), kind) for name, kind in hints.items()}


class Decoder:
    """The way back; ``arrays`` as :class:`Encoder` collected them."""

    def __init__(
        self,
        names: Mapping[str, type],
        shared: tuple[type, ...],
        arrays: Mapping[str, np.ndarray[Any, Any]],
    ) -> None:
        self.names = dict(names)
        self.shared = shared
        self.arrays = arrays
        self._seen: list[Any] = []

    def decode(self, value: Any, hint: Any) -> Any:
        """The value of type ``hint``.

        Raises
        ------
        CodecError, KeyError, TypeError, ValueError
            If the JSON value is not one that :class:`Encoder` wrote for this type.
        """
        hint = _plain(value, hint)
        if hint is None or value is None:
            return None
        origin = get_origin(hint)
        if origin is np.ndarray:
            return self.arrays[value]
        if origin is tuple:
            return self._tuple(value, get_args(hint))
        if origin is dict:
            key, item = get_args(hint)
            return {self.decode(k, key): self.decode(v, item) for k, v in value}
        if isinstance(hint, type) and issubclass(hint, BaseModel):
            return hint.model_validate(value)
        if dataclasses.is_dataclass(hint):
            return self._object(value, hint)
        return _read(value, hint)

    def _tuple(self, value: Any, parts: tuple[Any, ...]) -> tuple[Any, ...]:
        if len(parts) == 2 and parts[1] is Ellipsis:
            if isinstance(value, dict):
                hints = _hints(parts[0], self.names)
                kinds = [(name, hints[name]) for name in value[_FIELDS]]
                return tuple(
                    parts[0](**{n: self.decode(v, h) for (n, h), v in zip(kinds, row, strict=True)})
                    for row in value[_ROWS]
                )
            return tuple(self.decode(item, parts[0]) for item in value)
        return tuple(self.decode(item, part) for item, part in zip(value, parts, strict=True))

    def _object(self, value: Any, hint: Any) -> Any:
        if hint in self.shared:
            if _SEEN in value:
                return self._seen[value[_SEEN]]
            place = len(self._seen)
            self._seen.append(None)
        hints = _hints(hint, self.names)
        made = hint(**{name: self.decode(item, hints[name]) for name, item in value.items()})
        if hint in self.shared:
            self._seen[place] = made
        return made


def _hints(kind: Any, names: Mapping[str, type]) -> dict[str, Any]:
    """Fields that take part in comparisons, with their types; where read from is left out."""
    return _hints_of(kind, tuple(names.items()))


@cache
def _hints_of(kind: Any, names: tuple[tuple[str, type], ...]) -> dict[str, Any]:
    known = get_type_hints(kind, {**dict(names), **vars(sys.modules[kind.__module__])})
    return {f.name: known[f.name] for f in dataclasses.fields(kind) if f.compare and f.init}


def _plain(value: Any, hint: Any) -> Any:
    """The type of a value out of those that an optional one allows."""
    if get_origin(hint) not in (Union, types.UnionType):
        return hint
    if value is None:
        return None
    rest = [part for part in get_args(hint) if part is not type(None)]
    if len(rest) == 1:
        return rest[0]
    return next((part for part in rest if isinstance(part, type) and isinstance(value, part)), None)


def _scalar(value: Any, hint: Any) -> Any:
    if hint is bool:
        return bool(value)
    if hint is int:
        return int(value)
    if hint is float:
        number = float(value)
        return number if math.isfinite(number) else str(number)
    if hint is str:
        return str(value)
    if hint is date:
        return value.isoformat()
    if isinstance(hint, type) and issubclass(hint, Enum):
        return value.name
    raise CodecError(f"{hint!r} cannot be written")


def _read(value: Any, hint: Any) -> Any:
    if hint is float:
        return float(value)
    if hint in (bool, int, str):
        if not isinstance(value, hint):
            raise CodecError(f"{value!r} instead of {hint.__name__}")
        return value
    if hint is date:
        return date.fromisoformat(value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint[value]
    raise CodecError(f"{hint!r} cannot be read")
