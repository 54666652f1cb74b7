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

    def downloaded(self, done: int, total: int | None) -> None:
        """Follow a download of ``total`` bytes, if the server told how many."""
        if self._bar is None:
            self._bar = self._new(total, "Last.fm", "B", unit_scale=True)
        self._bar.update(done - self._bar.n)

    def _new(self, total: int | None, title: str, unit: str, **style: Any) -> tqdm[Any]:
        return tqdm(
            total=total, desc=title, unit=unit, file=sys.stderr, disable=self._hidden, leave=False, **style
        )
