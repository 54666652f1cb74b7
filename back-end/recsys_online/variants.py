"""Recommenders with settings of their own, as a plan names them: checked before anybody is served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from recsys_core.errors import SettingsError
from recsys_online.next_track import Contextual, Fallback, Indexed, Session
from recsys_online.next_track.indexed import Order
from recsys_online.next_track.session import SessionSettings

if TYPE_CHECKING:
    import numpy as np

    from recsys_online.catalogue import Catalogue
    from recsys_online.experiments.plan import Variant
    from recsys_online.next_track import NextTrackRecommender


class IndexedSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As :class:`recsys_online.next_track.Indexed` takes them."""

    order: Order = "walk"
    skip_ever: bool = False


class ContextualSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As :class:`recsys_online.next_track.Contextual` takes them."""

    liked: Annotated[float, Meta(ge=0, le=1)] = 0.5


AnySettings = IndexedSettings | ContextualSettings | SessionSettings
SETTINGS: dict[str, type[AnySettings]] = {
    "indexed": IndexedSettings,
    "contextual": ContextualSettings,
    "session": SessionSettings,
}


def checked_settings(name: str, variant: Variant) -> AnySettings:
    """Return the settings of ``variant``.

    Raises
    ------
    SettingsError
        If there is no such recommender to vary, or a setting is unknown or out of range.
    """
    kind = SETTINGS.get(variant.like)
    if kind is None:
        raise SettingsError(
            f"Recommender {name}: {variant.like!r} cannot be varied. "
            f"Choose among {', '.join(sorted(SETTINGS))}."
        )
    try:
        return msgspec.convert(variant.settings, kind)
    except msgspec.ValidationError as error:
        raise SettingsError(f"Recommender {name}: {error}.") from None


def create_variant(
    name: str, variant: Variant, catalogue: Catalogue, rng: np.random.Generator
) -> NextTrackRecommender:
    """Return the recommender that ``variant`` describes; its choices are logged under ``name``."""
    settings = checked_settings(name, variant)
    if isinstance(settings, IndexedSettings):
        return Indexed(rng, order=settings.order, skip_ever=settings.skip_ever, name=name)
    if isinstance(settings, ContextualSettings):
        return Contextual(catalogue, rng, liked=settings.liked, name=name)
    return Fallback(Session(catalogue, rng, settings, name=name), Indexed(rng))
