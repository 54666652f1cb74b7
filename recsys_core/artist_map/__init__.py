"""Artists on a map: close points share listeners."""

from recsys_core.artist_map.alignment import Alignment, aligned
from recsys_core.artist_map.artist_map import ArtistMap, Cluster, MapCard, MapQuality
from recsys_core.artist_map.build import build_map
from recsys_core.artist_map.principal import principal_components
from recsys_core.artist_map.projector import export_projector
from recsys_core.artist_map.settings import MapSettings, default_settings
from recsys_core.artist_map.similar import similar_artists
from recsys_core.artist_map.store import MapStore
from recsys_core.artist_map.tags import ArtistTags, artist_tags
from recsys_core.artist_map.vectors import ArtistFacts, ItemVectors, can_be_mapped

__all__ = [
    "Alignment",
    "ArtistFacts",
    "ArtistMap",
    "ArtistTags",
    "Cluster",
    "ItemVectors",
    "MapCard",
    "MapQuality",
    "MapSettings",
    "MapStore",
    "aligned",
    "artist_tags",
    "build_map",
    "can_be_mapped",
    "default_settings",
    "export_projector",
    "principal_components",
    "similar_artists",
]
