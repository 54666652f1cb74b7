"""The vectors of a map as TensorBoard's Embedding Projector reads them, in the browser or by ``--logdir``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from recsys_core.artist_map.tags import NO_TAG, artist_tags

if TYPE_CHECKING:
    from pathlib import Path

    from recsys_core.artist_map.artist_map import ArtistMap
    from recsys_core.artist_map.vectors import ItemVectors

VECTORS, POINTS, METADATA = "vectors.tsv", "map.tsv", "metadata.tsv"
JSON_CONFIG, LOG_CONFIG = "projector_config.json", "projector_config.pbtxt"
HEADS = ("name", "group", "tag", "listeners", "item_id")
NOTHING = "-"  # an empty cell would make the reader miss a column


def export_projector(made: ArtistMap, vectors: ItemVectors, folder: Path) -> list[Path]:
    """Write the artists of a map for the Embedding Projector and return the files.

    ``vectors.tsv`` holds the vectors of length one, ``map.tsv`` the places on our map, ``metadata.tsv`` what
    is said of each artist. ``tensorboard --logdir FOLDER`` opens the folder by ``projector_config.pbtxt``;
    a web server with ``projector_config.json`` feeds the projector on the web.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    item_idx = made.artists["item_idx"].to_numpy()
    tensors = {"artists": (VECTORS, vectors.unit(item_idx)), "map": (POINTS, made.points)}
    contents = {file: _rows(values) for file, values in tensors.values()}
    contents[METADATA] = metadata(made, vectors)
    shapes = {name: (file, values.shape) for name, (file, values) in tensors.items()}
    contents[JSON_CONFIG], contents[LOG_CONFIG] = _json_config(shapes), _log_config(shapes)
    for file, text in contents.items():
        (folder / file).write_text(text, encoding="utf-8", newline="\n")
    return [folder / file for file in contents]


def metadata(made: ArtistMap, vectors: ItemVectors) -> str:
    """Return one line per artist under a line of heads, cells apart by tabs and free of them."""
    artists = made.artists
    tags = artist_tags(vectors.dataset, artists["item_idx"].to_numpy())
    main = np.full(len(artists), NO_TAG) if tags is None else tags.main()
    words = [NOTHING if one == NO_TAG or tags is None else tags.names[one] for one in main]
    groups = [made.name_of(label) for label in artists["cluster"]]
    columns = (artists["name"], groups, words, artists["listeners"], artists["item_id"])
    rows = [HEADS, *zip(*columns, strict=True)]
    return "".join("\t".join(map(cell, row)) + "\n" for row in rows)


def cell(value: object) -> str:
    """Return ``value`` on one line without tabs.

    Examples
    --------
    >>> cell("AC\\tDC\\nlive")
    'AC DC live'
    """
    return " ".join(str(value).split()) or NOTHING


def _rows(values: np.ndarray) -> str:
    return "".join("\t".join(f"{value:.6g}" for value in row) + "\n" for row in values.tolist())


def _json_config(shapes: dict[str, tuple[str, tuple[int, ...]]]) -> str:
    embeddings = [
        {"tensorName": name, "tensorShape": list(shape), "tensorPath": file, "metadataPath": METADATA}
        for name, (file, shape) in shapes.items()
    ]
    return msgspec.json.format(msgspec.json.encode({"embeddings": embeddings}), indent=2).decode() + "\n"


def _log_config(shapes: dict[str, tuple[str, tuple[int, ...]]]) -> str:
    return "".join(
        f'embeddings {{\n  tensor_name: "{name}"\n'
        + "".join(f"  tensor_shape: {length}\n" for length in shape)
        + f'  tensor_path: "{file}"\n  metadata_path: "{METADATA}"\n}}\n'
        for name, (file, shape) in shapes.items()
    )
