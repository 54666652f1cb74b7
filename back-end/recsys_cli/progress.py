"""Progress bars on stderr, none where nobody watches."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Self

from tqdm import tqdm

if TYPE_CHECKING:
    from types import TracebackType


class Bar:
    """One bar at a time, gone when done; ``quiet`` or a stderr that is no terminal shows none."""

    def __init__(self, *, quiet: bool) -> None:
        self._hidden = quiet or not sys.stderr.isatty()
        self._bar: tqdm[Any] | None = None
        self._objective, self._best = "", float("-inf")

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Take the bar away, whatever happened."""
        self.end()

    def end(self) -> None:
        """Take the present bar away."""
        if self._bar is not None:
            self._bar.close()
        self._bar = None

    def epoch(self, event: dict[str, Any]) -> None:
        """Follow the events of a comparison, one bar per model."""
        if event["kind"] == "started":
            self.end()
            self._bar = self._new(event["epochs"], event["model"], "epoch")
        elif event["kind"] == "epoch" and self._bar is not None:
            self._bar.set_postfix_str(f"test AUC {event['test_auc']:.4f}", refresh=False)
            self._bar.update()
        elif event["kind"] == "finished":
            self.end()

    def count(self, place: int, of: int) -> None:
        """Say that ``place`` of so many segments are done."""
        if self._bar is None:
            self._bar = self._new(of, "segments", "segment")
        self._bar.update(place - self._bar.n)

    def sessions(self, done: int, of: int) -> None:
        """Say that ``done`` of so many sessions are over."""
        if self._bar is None:
            self._bar = self._new(of, "listening", "session")
        self._bar.update(done - self._bar.n)

    def step(self, title: str, done: int, of: int) -> None:
        """Say that ``done`` of ``of`` parts of a step are done."""
        if self._bar is None:
            self._bar = self._new(of, title, "part")
        self._bar.update(done - self._bar.n)

    def trial(self, event: dict[str, Any]) -> None:
        """Follow the events of a study: trials done, and the best value of its first objective so far."""
        if event["kind"] == "study":
            self._objective, self._best = event["objectives"][0], float("-inf")
            self._bar = self._new(event["trials"], event["study"], "trial", initial=event["done"])
        elif event["kind"] == "ended" and self._bar is not None and event["state"] != "stopped":
            self._best = max([self._best, *(event["values"] or [])[:1]])
            self._bar.set_postfix_str(f"best {self._objective} {self._best:.4f}", refresh=False)
            self._bar.update()
        elif event["kind"] == "finished":
            self.end()

    def mapped(self, event: dict[str, Any]) -> None:
        """Follow the making of a map by the share of all work."""
        if self._bar is None:
            self._bar = self._new(100, "map", "%")
        self._bar.set_postfix_str(event["step"], refresh=False)
        self._bar.update(round(100 * event["share"]) - self._bar.n)

    def downloaded(self, done: int, total: int | None) -> None:
        """Follow a download of ``total`` bytes, if the server told how many."""
        if self._bar is None:
            self._bar = self._new(total, "Last.fm", "B", unit_scale=True)
        self._bar.update(done - self._bar.n)

    def _new(self, total: int | None, title: str, unit: str, **style: Any) -> tqdm[Any]:
        return tqdm(
            total=total, desc=title, unit=unit, file=sys.stderr, disable=self._hidden, leave=False, **style
        )
