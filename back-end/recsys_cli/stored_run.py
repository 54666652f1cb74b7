"""Which stored run a command speaks of, brought back to life on its data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from recsys_cli.data_options import asked_for, by_default, load
from recsys_core.datasets import DatasetChoice
from recsys_core.errors import RunError
from recsys_core.listening.best_run import best_run
from recsys_core.listening.preferences import Suggestions
from recsys_core.runs import RunStore
from recsys_core.runs.default_model import default_run_id
from recsys_dashboard.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from recsys_core.datasets import Dataset
    from recsys_core.runs.manifest import Manifest

RUN_HELP = "A stored run; if left out the default model, or the best of the data, as on the pages."


def suggestions_of(
    run_id: str | None,
    values: Mapping[str, Any],
    *,
    fit: Callable[[Manifest], bool] = lambda _manifest: True,
) -> Suggestions:
    """Return run ``run_id``, or the best of the data that the options name or that are there by default.

    ``fit`` says which runs are asked when none is named.

    Raises
    ------
    RunError
        If there is no such run, or none at all of these data.
    """
    store = RunStore(read_settings().runs_dir)
    asked = asked_for(values)
    if run_id is not None:
        run = store.load(run_id)
        return Suggestions(run, load(asked or _data_of(run.manifest)))
    known = [one for one in store.list() if fit(one)]
    data = load(asked or by_default(read_settings()))
    trained = _on(data, known)
    if known and not trained and asked is None:
        data = load(_data_of(known[0]))  # nothing trained on the default data: the data used last
        trained = _on(data, known)
    default = default_run_id(read_settings().default_model)
    return Suggestions(store.load(best_run(trained, default).run_id), data)


def judged_on(manifest: Manifest) -> str:
    """Return what a run was trained and judged on, in words: data, split, share held out, seed."""
    protocol, share = manifest.protocol, manifest.n_test / (manifest.n_train + manifest.n_test)
    way = protocol.method.replace("_", " ")
    return f"{manifest.dataset.title}, {way} split, {share:.0%} held out, seed {protocol.seed}"


def _on(data: Dataset, manifests: list[Manifest]) -> list[Manifest]:
    return [one for one in manifests if one.dataset.fingerprint == data.fingerprint]


def _data_of(manifest: Manifest) -> DatasetChoice:
    choice = manifest.dataset.choice
    try:
        return by_default(read_settings()) if choice is None else msgspec.convert(choice, DatasetChoice)
    except msgspec.ValidationError:
        raise RunError(
            f"Run {manifest.run_id} does not say where its data are: name them with --data-dir or --data."
        ) from None
