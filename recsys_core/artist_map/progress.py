"""What is told while a map is made, and when it is asked whether to stop."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from recsys_core.errors import CancelledError

if TYPE_CHECKING:
    from collections.abc import Callable

Event = dict[str, Any]

STEPS = ("neighbours", "layouts", "clusters", "agreement", "quality", "names")
IN_LAYOUTS = 0.9  # of the time, roughly
TOLD = 25  # times per layout


class Watch:
    """Follows one map: steps, passes within the layouts, which may run side by side, seconds.

    Parameters
    ----------
    n_layouts
        How many layouts there will be, for the share of all work done.
    """

    def __init__(
        self,
        on_event: Callable[[Event], None],
        should_stop: Callable[[], bool],
        clock: Callable[[], float],
        *,
        n_layouts: int,
    ) -> None:
        self._on_event, self._should_stop, self._clock = on_event, should_stop, clock
        self._n_layouts, self._passed = n_layouts, list[float]()
        self._share, self._stopped, self._lock = 0.0, False, Lock()
        self._step, self._began = "", clock()
        self._seconds: dict[str, float] = {}

    def step(self, step: str) -> None:
        """Begin a step.

        Raises
        ------
        CancelledError
            If asked to stop.
        """
        self._end_step()
        self._step = step
        self._check()
        self._on_event({"kind": "step", "step": step, "share": round(self._share, 3)})

    def passes(self, total: int) -> Callable[[int], None]:
        """Return what a layout of ``total`` passes calls with the number done; it raises as :meth:`step`."""
        every = max(1, total // TOLD)
        with self._lock:
            layout = len(self._passed)
            self._passed.append(0.0)

        def on_epoch(done: int) -> None:
            with self._lock:  # events leave one by one, and the share only grows
                self._check()
                if done % every and done != total:
                    return
                self._passed[layout] = done / total
                self._share = IN_LAYOUTS * sum(self._passed) / self._n_layouts
                self._on_event(self._progress(done, total))

        return on_epoch

    def stop(self) -> None:
        """Let every layout under way end at its next pass."""
        self._stopped = True

    def _progress(self, done: int, total: int) -> Event:
        share = round(self._share, 3)
        return {"kind": "progress", "step": self._step, "done": done, "total": total, "share": share}

    def finished(self) -> dict[str, float]:
        """End the last step and return the seconds of each."""
        self._end_step()
        return self._seconds

    def _end_step(self) -> None:
        now = self._clock()
        if self._step:
            self._seconds[self._step] = now - self._began
        self._began = now

    def _check(self) -> None:
        self._stopped = self._stopped or self._should_stop()
        if self._stopped:
            raise CancelledError("The map was stopped; nothing was stored.")
