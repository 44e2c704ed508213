"""Home: what the chapter is about and what each page lets the reader do."""

import streamlit as st

st.title("Feed-forward neural networks, alive", anchor=False)
