"""Interactive companion to chapter 23, "feed-forward neural networks": page configuration and navigation."""

from pathlib import Path

import streamlit as st

from pages.shared.address import drop_impossible_values, mind_the_browser
from pages.shared.chapter import EXERCISES
from pages.shared.delivery import apply_styles, wait_for_delivery
from pages.shared.numbers import RIGHT
from pages.shared.practice import solved
from pages.shared.run import break_off_training

break_off_training()
st.set_page_config(page_icon="🔢", layout="wide")


pages = [
    st.Page("pages/home.py", title="Chapter 23", icon=":material/home:", url_path="", default=True),
    *(
        st.Page(
            exercise.script,
            title=f"{exercise.label} {RIGHT}" if exercise.number in solved() else exercise.label,
            icon=f":material/{exercise.icon}:",
        )
        for exercise in EXERCISES.values()
    ),
]
page = st.navigation(pages)
apply_styles()
mind_the_browser()
with st.sidebar.expander("What the letters mean", type="compact"):
    st.caption((Path(__file__).with_name("pages") / "letters.md").read_text("utf-8"))
if "app_has_run" not in st.session_state:
    st.session_state["app_has_run"] = True  # what `start_with_the_app` looks for
    drop_impossible_values()  # now that Streamlit knows the page to start anew
page.run()
wait_for_delivery()
