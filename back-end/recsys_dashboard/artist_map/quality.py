"""How far to believe a map: five figures, each with a sentence that says what it means here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import streamlit as st

from recsys_dashboard.texts import number, percent, text, whole

if TYPE_CHECKING:
    from recsys_core.artist_map import MapQuality
    from recsys_dashboard.artist_map.pictures import Picture

Verdict = Literal["good", "fair", "poor"]
# at least so much is good, at least so much is fair: our own reading of scales that have no official one
_LIMITS: dict[str, tuple[float, float]] = {
    "trustworthiness": (0.9, 0.75),
    "unclustered": (-0.2, -0.5),
    "density_validity": (0.25, 0.0),
    "tag_agreement": (0.3, 0.1),
    "seed_agreement": (0.7, 0.4),
}
_ICONS: dict[Verdict, str] = {
    "good": ":green[:material/check_circle:]",
    "fair": ":orange[:material/contrast:]",
    "poor": ":red[:material/error:]",
}


class Line(NamedTuple):
    """One figure: its name, how it is written, and how good it is (None where it says nothing)."""

    name: str
    value: str
    verdict: Verdict | None


def verdict(name: str, value: float) -> Verdict:
    """Return how good a figure is.

    Examples
    --------
    >>> verdict("trustworthiness", 0.94), verdict("unclustered", 0.31), verdict("seed_agreement", 0.2)
    ('good', 'fair', 'poor')
    """
    good, fair = _LIMITS[name]
    signed = -value if name == "unclustered" else value
    return "good" if signed >= good else "fair" if signed >= fair else "poor"


def lines(quality: MapQuality) -> list[Line]:
    """Return the five figures; of the agreement between seeds the lowest, which is the honest one."""
    seeds = min(quality.seed_agreement) if quality.seed_agreement and quality.n_clusters else None
    values = {
        "trustworthiness": quality.trustworthiness,
        "unclustered": quality.unclustered,
        "seed_agreement": seeds,
        "tag_agreement": quality.tag_agreement,
        "density_validity": quality.density_validity,
    }
    return [
        Line(
            name,
            percent(value) if name == "unclustered" else number(value, 2),
            None if value is None else verdict(name, value),
        )
        for name, value in values.items()
    ]


def _scale(name: str) -> str:
    """Return the ends of a figure's scale, and from where on we call it good or fair."""
    write = percent if name == "unclustered" else lambda value: number(value, 2)
    good, fair = (write(abs(limit)) for limit in _LIMITS[name])
    return text(f"artist_map.{name}_scale", good=good, fair=fair)


def quality_card(picture: Picture) -> None:
    """Draw the five figures with a sentence each; what each is called by specialists is in the help."""
    st.markdown(f"**{text('artist_map.quality')}**")
    if picture.made is None:
        st.markdown(text("artist_map.quality_first"))
        return
    quality = picture.made.card.quality
    for line in lines(quality):
        icon = _ICONS[line.verdict] if line.verdict else ":gray[:material/remove:]"
        means = text(f"artist_map.{line.name}_{line.verdict or 'none'}")
        scale = f":gray[:small[{_scale(line.name)}]]"
        st.markdown(
            f"{icon} **{text(f'artist_map.{line.name}')} {line.value}**  \n{means}  \n{scale}",
            help=text(
                f"artist_map.{line.name}_help",
                k=whole(quality.trust_neighbours),
                tagged=whole(quality.n_tagged),
                seeds=", ".join(map(str, quality.other_seeds)),
                values=", ".join(number(one, 2) for one in quality.seed_agreement),
            ),
        )
