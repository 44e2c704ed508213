"""The least an app can be, a title, picture, slider and number: what Streamlit itself takes on a machine."""

import streamlit as st

st.title("Bare", anchor=False)
st.image('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1 L8 8" stroke="gray"/></svg>')
z = st.slider("z", -5.0, 5.0, 1.0, 0.1, key="z")
with st.container(key="picture"):
    st.markdown(f"{z:.1f}")
st.header("In Python", anchor=False)
