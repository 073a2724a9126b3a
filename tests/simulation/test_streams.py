"""Random streams: each key its own numbers, more rows keep the first."""

from __future__ import annotations

import numpy as np

from daz_planner.simulation.streams import BLOCK, Process, uniforms


def test_every_part_of_the_key_gives_other_numbers() -> None:
    keys = [
        (1, Process.STAY, 0, 0),
        (2, Process.STAY, 0, 0),
        (1, Process.MOVING, 0, 0),
        (1, Process.STAY, 1, 0),
        (1, Process.STAY, 0, 1),
    ]
    rows = {uniforms(*key, 1).tobytes() for key in keys}
    assert len(rows) == len(keys)


def test_more_rows_keep_the_first_ones() -> None:
    few = uniforms(7, Process.STAY, 3, 2, 5)
    many = uniforms(7, Process.STAY, 3, 2, 50)
    assert (many[:5] == few).all()


def test_columns_are_the_runs_and_look_even() -> None:
    numbers = uniforms(1, Process.ARRIVALS, 1, 0, 4000)
    assert numbers.shape == (4000, BLOCK)
    assert abs(numbers.mean() - 0.5) < 0.005
    assert np.abs(np.corrcoef(numbers.T) - np.eye(BLOCK)).max() < 0.1
