"""The settings of the server that protect people, and the palette that plotly must not reject."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from recsys_core.plots.theme import MODEL_STYLES, contrast_ratio

ROOT = Path(__file__).resolve().parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("section", "option", "value"),
    [
        ("server", "address", "127.0.0.1"),
        ("server", "enableXsrfProtection", True),
        ("server", "enableCORS", True),
        ("server", "maxUploadSize", 200),
        ("browser", "gatherUsageStats", False),
        ("client", "showErrorDetails", "none"),
        ("client", "toolbarMode", "minimal"),
    ],
)
def test_safe_settings(section, option, value):
    assert CONFIG[section][option] == value


def test_there_are_ten_different_chart_colours_or_plotly_uses_its_own():
    colours = CONFIG["theme"]["chartCategoricalColors"]
    assert len(set(colours)) == 10
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in colours)
    chance = MODEL_STYLES["random"].colour  # a grey of its own, beside the grey of the baseline
    assert {style.colour for style in MODEL_STYLES.values()} - {chance} <= set(colours)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_links_can_be_read_on_every_background(scheme):
    theme = CONFIG["theme"][scheme]
    for name in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast_ratio(theme["textColor"], theme[name]) >= 7
        assert contrast_ratio(theme["primaryColor"], theme[name]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_logo_can_be_seen_on_every_background(scheme):
    drawing = (ROOT / "back-end" / "recsys_dashboard" / "assets" / "logo.svg").read_text(encoding="utf-8")
    letters = re.search(r'stroke="(#\w+)"', drawing)[1]
    theme = CONFIG["theme"][scheme]
    for background in (theme["backgroundColor"], theme["sidebar"]["backgroundColor"]):
        assert contrast_ratio(letters, background) >= 3  # WCAG 2.2, 1.4.11: graphical objects
