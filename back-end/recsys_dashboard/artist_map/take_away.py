"""The files of a map: where every artist lies, and the folder that TensorBoard's projector opens."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import streamlit as st

from recsys_core.artist_map import export_projector
from recsys_core.artist_map.selected import selected_artists
from recsys_dashboard.downloads import csv_bytes, parquet_button
from recsys_dashboard.texts import text

if TYPE_CHECKING:
    import pandas as pd

    from recsys_core.artist_map import ArtistMap
    from recsys_dashboard.artist_map.pictures import Picture


def take_away(picture: Picture) -> None:
    """Draw the buttons that take the map home."""
    stem = f"refrain-map-{picture.vectors.run_id}-{picture.key}"
    st.subheader(text("artist_map.take_title"), anchor=False)
    with st.container(horizontal=True):
        st.download_button(
            text("artist_map.csv"),
            data=lambda: csv_bytes(all_artists(picture)),
            file_name=f"{stem}.csv",
            mime="text/csv",
            key="artist_map.csv",
            icon=":material/download:",
            on_click="ignore",
        )
        parquet_button(lambda: all_artists(picture), f"{stem}.parquet", key="artist_map.all_parquet")
        if (made := picture.made) is not None:
            st.download_button(
                text("artist_map.projector"),
                data=lambda: projector_zip(made, picture),
                file_name=f"{stem}-projector.zip",
                mime="application/zip",
                key="artist_map.projector",
                icon=":material/folder_zip:",
                on_click="ignore",
                help=text("artist_map.projector_help"),
            )
    st.caption(text("artist_map.take_note"))


def all_artists(picture: Picture) -> pd.DataFrame:
    """Return every artist of a picture with group, tags, listeners and place."""
    return selected_artists(picture.artists, list(picture.row_of), picture.groups, picture.tags)


def projector_zip(made: ArtistMap, picture: Picture) -> bytes:
    """Return the files of :func:`recsys_core.artist_map.export_projector` in one archive."""
    buffer = io.BytesIO()
    with TemporaryDirectory() as folder, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in export_projector(made, picture.vectors, Path(folder)):
            archive.write(path, path.name)
    return buffer.getvalue()
