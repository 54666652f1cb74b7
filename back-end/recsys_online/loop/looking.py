"""What an experiment says so far, in one file that is replaced as a whole."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import msgspec
import pandas as pd

from recsys_core.errors import RefrainError
from recsys_core.whole_files import write_whole
from recsys_online.analysis import Analysis, Question, Report, analyse_with_tables
from recsys_online.analysis.listeners import CONTROL, PRIMARY
from recsys_online.analysis.moments import moments_of
from recsys_online.analysis.over_time import COLUMNS
from recsys_online.analysis.traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOOK, LISTENERS = "analysis.json", "listeners.parquet"


class Control(msgspec.Struct, frozen=True):
    """Listening time per session of the control's listeners, for planning: how many, mean, variance."""

    n: float
    mean: float
    variance: float


class Look(msgspec.Struct, frozen=True):
    """One look at an experiment.

    Attributes
    ----------
    over_time
        The effect over time, column by column.
    control
        None with fewer than two listeners of the control.
    """

    report: Report
    over_time: dict[str, list[str | float | int | None]]
    traffic: Traffic
    control: Control | None = None

    @property
    def course(self) -> pd.DataFrame:
        """The effect over time, as :func:`recsys_online.analysis.over_time.effect_over_time` gives it."""
        frame = pd.DataFrame(self.over_time, columns=COLUMNS)
        return frame.astype(dict.fromkeys(COLUMNS[6:], "float64"))


def look_of(analysis: Analysis) -> Look:
    """Return what is kept of an analysis."""
    course = analysis.over_time.astype(object).where(analysis.over_time.notna(), None)
    columns = {name: course[name].tolist() for name in COLUMNS}
    return Look(analysis.report, columns, analysis.traffic, _control(analysis.listeners))


def _control(listeners: pd.DataFrame) -> Control | None:
    values = listeners.loc[listeners["treatment"] == CONTROL, PRIMARY].to_numpy()
    if len(values) < 2:
        return None
    return Control(*(float(one) for one in moments_of(values)))


def keep_look(folder: Path, analysis: Analysis) -> Look:
    """Write an analysis below ``folder`` and return what is kept of it."""
    look = look_of(analysis)
    write_whole(folder / LOOK, msgspec.json.encode(look))
    return look


def read_look(folder: Path) -> Look | None:
    """Return the last look kept below ``folder``, None before the first or if it is damaged."""
    try:
        return msgspec.json.decode((folder / LOOK).read_bytes(), type=Look)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


class Watcher:
    """Looks at a log again and again on a thread of its own, never more than a third of the time.

    Within it, each look is kept in ``folder``. Leaving it waits for the look under way, so that no later
    one is replaced; where somebody asked to stop there will be none, and nobody waits.
    """

    def __init__(
        self,
        log: Path,
        question: Question,
        folder: Path,
        every: float,
        *,
        on_look: Callable[[], None],
        should_stop: Callable[[], bool],
    ) -> None:
        self._log, self._question, self._folder = log, question, folder
        self._every, self._on_look, self._should_stop = every, on_look, should_stop
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watcher", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        if not self._should_stop():
            self._thread.join()

    def _watch(self) -> None:
        pause = self._every
        while not self._over.wait(pause):
            start = time.monotonic()
            try:
                keep_look(self._folder, analyse_with_tables(str(self._log), self._question))
            except RefrainError:
                continue  # nothing logged yet
            self._on_look()
            pause = max(self._every, 2 * (time.monotonic() - start))
