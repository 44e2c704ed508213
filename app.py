"""Interactive companion to chapter 23, "feed-forward neural networks": page configuration and navigation."""

import streamlit as st

from pages.shared.address import drop_impossible_values

st.set_page_config(page_icon="🔢", layout="wide")


pages = [
    st.Page("pages/home.py", title="Chapter 23", icon=":material/home:", url_path="", default=True),
    st.Page("pages/ex23_1_xnor.py", title="23.1 XNOR", icon=":material/hub:"),
    st.Page("pages/ex23_2_multilabel_loss.py", title="23.2 Multi-label loss", icon=":material/label:"),
    st.Page("pages/ex23_3_mnist.py", title="23.3 MNIST", icon=":material/draw:"),
    st.Page("pages/ex23_4_sigmoid_graph.py", title="23.4 Sigmoid graph", icon=":material/timeline:"),
    st.Page("pages/ex23_5_softmax_graph.py", title="23.5 Softmax graph", icon=":material/account_tree:"),
    st.Page("pages/ex23_6_batch_norm.py", title="23.6 Batch norm", icon=":material/straighten:"),
    st.Page("pages/ex23_7_dropout.py", title="23.7 Dropout", icon=":material/blur_on:"),
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
