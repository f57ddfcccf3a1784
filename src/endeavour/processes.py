"""Processes of our own beside this one, which none of them outlives."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pipe, get_context, parent_process
from multiprocessing.connection import Connection, wait
from threading import Thread
from typing import Any


def processes(
    count: int, *, begin: Callable[..., object] | None = None, given: tuple[Any, ...] = ()
) -> ProcessPoolExecutor:
    """So many processes that each call `begin` with what is given first; when this one is killed, so are they.

    >>> with processes(1) as beside:
    ...     beside.submit(abs, -3).result()
    3
    """
    return ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_begin, initargs=(begin, given)
    )


def _begin(begin: Callable[..., object] | None, given: tuple[Any, ...]) -> None:
    parent = parent_process()
    assert parent is not None, "only a pool's worker calls this"
    ending, ended = Pipe(duplex=False)
    watching = Thread(target=_end_with, args=(parent.sentinel, ending), daemon=True)
    watching.start()

    def watch_no_longer() -> None:
        # A thread that still runs when Python closes keeps alive what libraries then report as leaked.
        ended.close()
        watching.join()

    atexit.register(watch_no_longer)
    if begin is not None:
        begin(*given)


def _end_with(parent: int, ending: Connection) -> None:
    """A pool's workers wait on a queue that a killed parent never closes: the system says when it is gone."""
    if parent in wait([parent, ending]):
        os._exit(1)
