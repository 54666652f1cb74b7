"""What the colours of the map stand for, chosen by the visitor and said below the map."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from recsys_core.artist_map.selected import commonest_main_tags
from recsys_core.plots.map_colours import PALETTES, REST, Colouring, by_group, by_value, scale_css
from recsys_dashboard.artist_map import address
from recsys_dashboard.artist_map.address_lists import TAGS, read_list, write_list
from recsys_dashboard.controls import is_dark
from recsys_dashboard.listening.address import pick_addressed
from recsys_dashboard.texts import plain, text, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import pandas as pd

    from recsys_core.artist_map import ArtistTags
    from recsys_dashboard.artist_map.listener import Listener
    from recsys_dashboard.artist_map.pictures import Picture

GROUP, TAG, POPULARITY, LISTENER = "group", "tag", "popularity", "listener"
CHOSEN_GROUPS = "artist_map.groups"
MOST = len(PALETTES[False])


class Coloured(NamedTuple):
    """A colour per artist, and what to say of it: names of colours, or the two ends of a scale."""

    by: str
    colouring: Colouring
    entries: tuple[tuple[str, int], ...] = ()
    ends: tuple[str, str] | None = None
    rest: int = 0


def pick_colour(picture: Picture) -> str:
    """Draw the choice of what colours stand for; ``?colour=`` names it, an unknown one is told."""
    options = [POPULARITY, LISTENER] if picture.made is None else [GROUP, POPULARITY, LISTENER]
    if picture.tags is not None:
        options.insert(1, TAG)
    asked = st.query_params.get(address.COLOUR)
    if asked is not None and asked not in (GROUP, TAG, POPULARITY, LISTENER):
        address.refuse(address.COLOUR, asked)
        del st.query_params[address.COLOUR]
    # a first view has no groups: its choice is kept apart, so that groups show once they are there
    key = address.COLOUR if picture.made is not None else "first_colour"
    return pick_addressed(
        key, options, label=text("artist_map.colour"), words=lambda one: text(f"artist_map.colour_{one}")
    )


def pick_tags(picture: Picture) -> list[int]:
    """Draw the choice of at most ten tags to colour; the commonest ones if none is chosen.

    ``?tags=`` names them.
    """
    tags = picture.tags
    if tags is None:
        return []
    counted = commonest_main_tags(tags)
    sizes = dict(counted)
    known = [tag for tag, _ in counted]
    st.session_state[address.CHOSEN_TAGS] = _tags_before(known, tags)[:MOST]
    chosen = st.multiselect(
        text("artist_map.tags"),
        known,
        format_func=lambda tag: text("artist_map.tag_option", tag=tags.names[tag], n=sizes[tag]),
        key=address.CHOSEN_TAGS,
        max_selections=MOST,
        placeholder=text("artist_map.tags_commonest"),
        help=text("artist_map.tags_help"),
        width=420,
    )
    write_list(TAGS, (tags.names[tag] for tag in chosen))
    return chosen or known[:MOST]


def _tags_before(known: list[int], tags: ArtistTags) -> list[int]:
    """Return the tags chosen so far, by the address when the page is opened."""
    if address.CHOSEN_TAGS in st.session_state:
        return [tag for tag in st.session_state[address.CHOSEN_TAGS] if tag in known]
    asked = read_list(TAGS)
    return [tag for tag in known if tags.names[tag] in asked]


def coloured(picture: Picture, by: str, listener: Listener | None, groups: list[int]) -> Coloured | None:
    """Return the colours; ``groups`` are those chosen in the list of groups; None without a listener."""
    artists = picture.artists
    if by == TAG and picture.tags is not None:
        tags = picture.tags
        return _in_colours(by, tags.main(), pick_tags(picture), lambda tag: tags.names[tag])
    if by == GROUP and picture.made is not None:
        labels = artists["cluster"].to_numpy()
        shown = groups[:MOST] or sorted(picture.groups)[:MOST]
        return _in_colours(by, labels, shown, lambda label: picture.groups[label])
    if by == LISTENER:
        if listener is None:
            return None
        low, high = text("artist_map.score_low"), text("artist_map.score_high")
        scores = listener.scores()[artists["item_idx"].to_numpy()]
        return Coloured(by, by_value(scores), ends=(low, high))
    listeners = artists["listeners"].to_numpy()
    low, high = (text("artist_map.listeners", n=int(end)) for end in (listeners.min(), listeners.max()))
    return Coloured(by, by_value(listeners, log=True), ends=(low, high))


def draw_legend(shown: Coloured) -> None:
    """Draw the colours with their names, or the scale with its ends, fit for the narrowest screen."""
    dark = is_dark()
    if shown.ends is not None:
        low, high = map(escape, shown.ends)
        bar = f'<span style="flex:0 1 180px;height:10px;border-radius:5px;background:{scale_css()}"></span>'
        st.html(_row(f"<span>{low}</span>{bar}<span>{high}</span>"))
        return
    chips = [_chip(PALETTES[dark][at], name, size) for at, (name, size) in enumerate(shown.entries)]
    if shown.rest:
        chips.append(_chip(REST[dark], text("artist_map.rest"), shown.rest))
    st.html(_row("".join(chips)))


def _in_colours(by: str, labels: np.ndarray, shown: list[int], name: Callable[[int], str]) -> Coloured:
    colouring = by_group(labels, shown=shown)
    entries = tuple((name(one), int((labels == one).sum())) for one in colouring.labels)
    return Coloured(by, colouring, entries, rest=int(colouring.grey.sum()))


def _chip(colour: str, name: str, size: int) -> str:
    dot = f'<span style="width:11px;height:11px;border-radius:50%;flex:none;background:{colour}"></span>'
    words = f"<span>{escape(name)} <span style='opacity:.65'>{whole(size)}</span></span>"
    return f'<span style="display:flex;align-items:center;gap:6px">{dot}{words}</span>'


def _row(inner: str) -> str:
    style = "display:flex;flex-wrap:wrap;align-items:center;gap:4px 16px;font-size:14px"
    return f'<div style="{style}">{inner}</div>'


def title_of(picture: Picture) -> str:
    """Return what the map shows as one finding."""
    if picture.made is None:
        return text("artist_map.title_first", n=len(picture.artists))
    names = [plain(name) for name in list(picture.groups.values())[:3]]
    if not names:
        return text("artist_map.title_no_groups", n=len(picture.artists))
    return text("artist_map.title_groups", n=len(picture.groups), names=", ".join(names))


def same_colours(
    shown: Coloured, other: Picture, carried: pd.DataFrame, listener: Listener | None
) -> Colouring:
    """Return the colours of a second picture, each meaning what it means on the first.

    ``carried`` are its artists with the groups of the first.
    """
    if shown.by == TAG and other.tags is not None:
        return by_group(other.tags.main(), shown=shown.colouring.labels)
    if shown.by == LISTENER and listener is not None:
        return by_value(listener.scores()[carried["item_idx"].to_numpy()])
    if shown.by == POPULARITY:
        return by_value(carried["listeners"].to_numpy(), log=True)
    return by_group(carried["cluster"].to_numpy(), shown=shown.colouring.labels)
