"""Work on many blocks, here or on other processes, with what they share handed over once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

_CHUNKS_PER_PROCESS = 8

State = TypeVar("State")
Result = TypeVar("Result")

_here: tuple[Any, Callable[[Any, int], Any]] | None = None
"""In a worker: what the blocks share, and the work on one of them."""


@contextmanager
def on_processes(
    make: Callable[..., State],
    arguments: tuple[Any, ...],
    work: Callable[[State, int], Result],
    processes: int,
) -> Iterator[Callable[[Sequence[int]], Iterator[Result]]]:
    """A function that works on blocks and yields what comes out, in their order.

    Parameters
    ----------
    make, arguments:
        ``make(*arguments)`` is what the blocks share; each process makes it once.
    work:
        Called with that and the number of a block. ``make`` and ``work`` stand at the top level of
        a module, and the arguments can be pickled.
    processes:
        With 1 everything happens here.
    """
    if processes <= 1:
        state = make(*arguments)
        yield lambda blocks: (work(state, block) for block in blocks)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # "spawn" works alike on all systems, and a forked process may hang on threads of its parent.
    with ProcessPoolExecutor(
        processes, get_context("spawn"), _start, (make, arguments, work)
    ) as pool:

        def run(blocks: Sequence[int]) -> Iterator[Result]:
            chunk = max(1, len(blocks) // (processes * _CHUNKS_PER_PROCESS))
            yield from pool.map(_run, blocks, chunksize=chunk)

        try:
            yield run
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _start(
    make: Callable[..., Any], arguments: tuple[Any, ...], work: Callable[[Any, int], Any]
) -> None:
    global _here
    _here = make(*arguments), work


def _run(block: int) -> Any:
    assert _here is not None
    state, work = _here
    return work(state, block)
