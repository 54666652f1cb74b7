"""The script Streamlit runs for every visit and every click: frame first, then the chosen page."""

from __future__ import annotations

import streamlit as st

from recsys_dashboard import preload

preload.finish()  # before anything else is imported
from recsys_dashboard.controls import pick_dataset  # noqa: E402
from recsys_dashboard.navigation import menu  # noqa: E402
from recsys_dashboard.page_frame import ASSETS, TAB_ICON  # noqa: E402
from recsys_dashboard.texts import text  # noqa: E402

# before the menu: the icon of a menu entry would else be fetched from a server on the internet
st.set_page_config(page_icon=TAB_ICON, layout="wide")
st.logo(str(ASSETS / "logo.svg"), size="large", icon_image=str(ASSETS / "mark.svg"))
page = menu()
pick_dataset()
st.set_page_config(page_title=text("app.tab", page=page.title))
page.run()
