"""The export for the Embedding Projector, opened by TensorBoard itself."""

from __future__ import annotations

import json
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

from recsys_core.artist_map import ArtistMap, export_projector
from recsys_core.artist_map.projector import cell
from tests.core.artist_map.demo_map import demo_map, demo_vectors


@pytest.fixture
def exported(tmp_path):
    artists = demo_map().artists.copy()
    artists.loc[0, "name"] = "AC\tDC\r\nlive\u2028at\x0bhome"
    artists.loc[1, "name"] = "   "
    made = ArtistMap(demo_map().card, artists)
    return tmp_path / "log", export_projector(made, demo_vectors(), tmp_path / "log"), made


def rows_of(path):
    return [line.split("\t") for line in path.read_text("utf-8").splitlines()]


def test_a_line_per_artist_and_nothing_breaks_a_line(exported):
    folder, files, made = exported
    assert {path.name for path in files} == {path.name for path in folder.iterdir()}
    n = len(made.artists)
    cells = rows_of(folder / "metadata.tsv")
    assert len(cells) == n + 1
    assert {len(row) for row in cells} == {5}
    assert cells[1][0] == "AC DC live at home"
    assert cells[2][0] == "-"
    vectors = np.loadtxt(folder / "vectors.tsv", delimiter="\t")
    np.testing.assert_allclose(vectors, demo_vectors().unit(made.artists["item_idx"].to_numpy()), atol=1e-5)
    config = json.loads((folder / "projector_config.json").read_text())
    assert [one["tensorShape"] for one in config["embeddings"]] == [[n, 16], [n, 2]]
    assert cell("") == "-"


def test_tensorboard_opens_the_folder(exported):
    folder, _, made = exported
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from tensorboard.plugins.projector import projector_plugin  # noqa: PLC0415
        from werkzeug.test import Client  # noqa: PLC0415
    context = SimpleNamespace(
        logdir=str(folder), data_provider=SimpleNamespace(list_runs=lambda *_a, **_k: [])
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plugin = projector_plugin.ProjectorPlugin(context)
        apps = plugin.get_plugin_apps()
        run = json.loads(Client(apps["/runs"]).get("/").get_data())[0]
        config = json.loads(Client(apps["/info"]).get(f"/?run={run}").get_data())
        tensor = Client(apps["/tensor"]).get(f"/?run={run}&name=map").get_data()
        said = Client(apps["/metadata"]).get(f"/?run={run}&name=artists").get_data().decode()
    assert {one["tensorName"] for one in config["embeddings"]} == {"artists", "map"}
    points = np.frombuffer(tensor, np.float32).reshape(-1, 2)
    np.testing.assert_allclose(points, made.points, rtol=1e-4)
    assert said.splitlines()[0] == "name\tgroup\ttag\tlisteners\titem_id"
    assert len(said.splitlines()) == len(points) + 1
