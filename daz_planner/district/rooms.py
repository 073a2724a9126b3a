"""Free rooms by month: what the sheet Räume says, on top of the table of schools.

A number holds from its month on until the next one of the school.  It counts rooms for classes
beyond those that run on the reference date, as the column „freie Räume“ does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from daz_planner.district.model import District, RoomChange, School


def changed_rooms(changes: Sequence[RoomChange], school: str, month: date) -> int | None:
    """Free rooms of a school in a month by the sheet Räume; ``None`` before its first entry."""
    held = [entry for entry in changes if entry.school == school and entry.since <= month]
    return max(held, key=lambda entry: entry.since).free_rooms if held else None


def known_rooms(district: District, school: School, month: date) -> int | None:
    """Free rooms of a school in a month as the workbook knows them; ``None`` where it does not."""
    changed = changed_rooms(district.room_changes, school.name, month)
    return school.free_rooms if changed is None else changed
