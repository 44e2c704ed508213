"""Interactive companion to chapter 23, "feed-forward neural networks": page configuration and navigation."""

import streamlit as st

st.set_page_config(page_icon="🔢", layout="wide")

pages = [
    st.Page("pages/home.py", title="Chapter 23", icon=":material/home:", url_path="", default=True),
]
st.navigation(pages).run()
