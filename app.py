"""Interactive companion to chapter 23, "feed-forward neural networks": page configuration and navigation."""

import streamlit as st

from pages.shared.address import drop_impossible_values
from pages.shared.chapter import EXERCISES

st.set_page_config(page_icon="🔢", layout="wide")


pages = [
    st.Page("pages/home.py", title="Chapter 23", icon=":material/home:", url_path="", default=True),
    *(
        st.Page(exercise.script, title=exercise.label, icon=f":material/{exercise.icon}:")
        for exercise in EXERCISES.values()
    ),
]
page = st.navigation(pages)
# On a narrow screen an equation number follows its formula; at the right margin it would cover it.
st.html(
    "<style>@media (max-width: 640px) "
    "{ .katex-display .tag { position: static !important; margin-left: 1.5em; } }</style>"
)
if "app_has_run" not in st.session_state:
    st.session_state["app_has_run"] = True  # what `heading` looks for
    drop_impossible_values()  # now that Streamlit knows the page to start anew
page.run()
