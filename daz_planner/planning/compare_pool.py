"""Independent pieces of work on several processes, handed back as soon as each is done.

A process that dies takes nobody with it: what was under way is tried once more, each piece in a
process of its own, and only the piece that dies again is lost.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

State = TypeVar("State")
Result = TypeVar("Result")

_here: tuple[Any, Callable[[Any, int], Any]] | None = None
"""In a worker: what the pieces share, and the work on one of them."""
_busy = False
"""In a worker: whether it works on a piece."""
_CLEANING = 1.0
"""Seconds in which interrupted work may end by itself."""


def as_completed(
    state: State,
    work: Callable[[State, int], Result],
    pieces: Sequence[int],
    processes: int,
) -> Iterator[tuple[int, Result | None]]:
    """Each piece with its result, in the order in which they are done.

    Parameters
    ----------
    state:
        What the pieces share; it can be pickled.
    work:
        Called with the state and a piece, at the top level of a module.
    pieces:
        Begun in this order.
    processes:
        With 1 everything happens here.

    Yields
    ------
    ``None`` as the result of a piece whose process died.
    """
    if processes <= 1:
        for piece in pieces:
            yield piece, work(state, piece)
        return
    lost: list[int] = []
    yield from _on_pool(state, work, pieces, min(processes, max(1, len(pieces))), lost)
    for piece in lost:
        again: list[int] = []
        yield from _on_pool(state, work, [piece], 1, again)
        if again:
            yield piece, None


def _on_pool(
    state: State,
    work: Callable[[State, int], Result],
    pieces: Sequence[int],
    processes: int,
    lost: list[int],
) -> Iterator[tuple[int, Result | None]]:
    """Like :func:`as_completed`; pieces of processes that died are added to ``lost``."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures import as_completed as done_first
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children, get_context

    # "spawn" works alike on all systems, and a forked process may hang on threads of its parent.
    others = active_children()
    with ProcessPoolExecutor(processes, get_context("spawn"), _start, (state, work)) as pool:
        with _unheard():
            waiting = {pool.submit(_run, piece): piece for piece in pieces}
        try:
            for future in done_first(waiting):
                try:
                    result: Result | None = future.result()
                except BrokenProcessPool:
                    lost.append(waiting[future])
                    continue
                yield waiting[future], result
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            _end([process for process in active_children() if process not in others])
            raise


@contextmanager
def _unheard() -> Iterator[None]:
    """Ctrl-C waits; processes begun meanwhile hear it no sooner than they can answer it.

    Otherwise a process that is still importing would print where it was.  Windows knows no such
    mask.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _start(state: Any, work: Callable[[Any, int], Any]) -> None:
    global _here
    signal.signal(signal.SIGINT, _interrupted)
    _here = state, work
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _run(piece: int) -> Any:
    global _busy
    assert _here is not None
    state, work = _here
    _busy = True
    try:
        return work(state, piece)
    finally:
        _busy = False


def _interrupted(_number: int, _frame: Any) -> None:
    """Ctrl-C reaches a worker too: what it works on may clean up, and without work it ends."""
    if not _busy:
        os._exit(130)
    raise KeyboardInterrupt


def _end(processes: Collection[BaseProcess]) -> None:
    """End processes that are no longer wanted; a solver within one does not listen."""
    latest = time.monotonic() + _CLEANING
    for process in processes:
        process.join(max(0.0, latest - time.monotonic()))
        if process.is_alive():
            process.terminate()
    for process in processes:
        process.join(_CLEANING)
