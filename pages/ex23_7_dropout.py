"""Exercise 23.7: dropout and inverted dropout, their averages, their equivalence, and where averages fail."""

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nnlib.chapter23.dropout import FORMS, next_neuron
from nnlib.chapter23.dropout_mistakes import MISTAKES, NO_MASK, NO_P, NO_SCALE, check_dropout
from nnlib.notation import subscript
from pages.ex23_7.charts import mean_and_guess_chart
from pages.ex23_7.masks import H_TEXT, MOST_NEURONS, key, mask_section
from pages.ex23_7.question import dropout_variance
from pages.ex23_7.twins import twin_section
from pages.shared.chapter import EXERCISES
from pages.shared.charts import show_chart
from pages.shared.gradient_table import RIGHT, WRONG, gradient_table, tint_rows
from pages.shared.numbers import difference, number
from pages.shared.page import Experiment, erratum, formula, heading, in_python_places, section, try_this
from pages.shared.predict_first import predict_first

# Where expectation is not enough

SCALES = np.linspace(0, 12, 41)
KEEP_PROBS = np.linspace(0.025, 1, 40)


@st.fragment
def next_section(snippet: DeltaGenerator) -> None:
    """The exact mean of a sigmoid neuron after the dropped layer, against what prediction takes for it.

    Its code goes into `snippet`.
    """
    section(
        "Where expectation is not enough",
        "The next layer does not stop at h̃. Its neuron takes **weights** w and a **bias** b. "
        "It computes z = w · h̃ + b and puts out σ(z). The **sigmoid** σ bends: it is flat at both ends. "
        "Prediction uses σ(p w · h + b). Is that the mean output in training?",
    )
    controls, picture = st.columns([1, 2], gap="medium")
    with controls:
        p = st.slider("Keep probability p", 0.05, 1.0, 0.6, 0.05, key=key("next_p"), bind="query-params")
        scale = st.slider("Scale s of the weights", 0.0, 12.0, 4.0, 0.1, key=key("scale"), bind="query-params")
        b = st.slider("Bias b", -6.0, 6.0, -1.0, 0.1, key=key("bias"), bind="query-params")
        m = st.slider("Neurons m", 2, MOST_NEURONS, 6, key=key("next_m"), bind="query-params")
        seed = int(st.number_input("Seed", 0, 9999, 0, key=key("next_seed"), bind="query-params") or 0)
        st.caption("The seed draws m outputs h from 0 to 1 and m weights around 0. All weights are then times s.")
    rng = np.random.default_rng(seed)
    h, w = rng.uniform(0, 1, m), rng.normal(0, 1, m)
    here = next_neuron(h, scale * w, b, p)
    over_p = [next_neuron(h, scale * w, b, q) for q in KEEP_PROBS]
    over_scale = [next_neuron(h, s * w, b, p) for s in SCALES]
    with picture:
        for column, (values, results, at, title) in zip(
            st.columns(2),
            [
                (KEEP_PROBS, over_p, p, "keep probability p"),
                (SCALES, over_scale, scale, "scale s of the weights"),
            ],
            strict=True,
        ):
            mean = np.array([result.mean_output for result in results])
            guess = np.array([result.predicted_output for result in results])

            def numbers(
                title: str = title, values: np.ndarray = values, mean: np.ndarray = mean, guess: np.ndarray = guess
            ) -> pd.DataFrame:
                return pd.DataFrame(
                    {
                        title: [number(x) for x in values],
                        "mean output": [number(x) for x in mean],
                        "prediction": [number(x) for x in guess],
                        "difference": [difference(x) for x in np.abs(mean - guess)],
                    }
                )

            with column:
                show_chart(
                    mean_and_guess_chart(values, mean, guess, at, title),
                    numbers,
                    f"Mean output over all masks and prediction, over the {title}. "
                    f"The largest difference is {number(np.abs(mean - guess).max())}.",
                    key=key(f"next_{'p' if values is KEEP_PROBS else 'scale'}"),
                )
    rows = [
        ("net input z", here.predicted_net_input, here.mean_net_input),
        ("output σ(z)", here.predicted_output, here.mean_output),
    ]
    gaps = [abs(predicted - mean) for _, predicted, mean in rows]
    agree = [gap < 1e-12 for gap in gaps]
    table = pd.DataFrame(
        {
            "of the next neuron": [name for name, _, _ in rows],
            "predicted from p h": [number(predicted) for _, predicted, _ in rows],
            f"mean over all {2**m:,} masks": [number(mean) for _, _, mean in rows],
            "difference": [difference(gap) for gap in gaps],
            "agrees": [RIGHT if ok else WRONG for ok in agree],
        }
    )
    st.dataframe(
        table if all(agree) else tint_rows(table, [not ok for ok in agree]),
        hide_index=True,
        width="stretch",
        key=key("next_table"),
        alt=f"The net input agrees; the outputs differ by {difference(gaps[1])}.",
    )
    erratum(
        "The solution takes the p-scaled prediction for the expected output. It is that up to z, which is linear "
        f"in h̃. Past σ it is an approximation: here it is off by {difference(gaps[1])}. "
        "It is close where p is near 1, or the weights are small. Inverted dropout has the same gap."
    )
    snippet.code(
        f"""import numpy as np
from nnlib.chapter23.dropout import next_neuron

rng = np.random.default_rng({seed})
h, w = rng.uniform(0, 1, {m}), rng.normal(0, 1, {m})
here = next_neuron(h, {scale!r} * w, b={b!r}, keep_prob={p!r})
print(here)
""",
        language="python",
    )


# Plant a mistake

PARAMETERS = [
    *(f"∂L/∂w¹{subscript(i)}{subscript(j)}" for i in (1, 2) for j in (1, 2, 3, 4)),
    *(f"∂L/∂b¹{subscript(j)}" for j in (1, 2, 3, 4)),
    *(f"∂L/∂w²{subscript(j)}" for j in (1, 2, 3, 4)),
    "∂L/∂b²",
]
WHAT_IS_WRONG = {
    "none": "Nothing is wrong. Both tables agree.",
    NO_MASK: "δ̃ = δ instead of 23.70: a dropped neuron sends nothing forward, yet it is told to change.",
    NO_P: "Prediction passes on h, which is 1/p times what training passed on. "
    "All gradients agree: a gradient check cannot see it.",
    NO_SCALE: "Training passes on d ⊙ h and prediction h. It is the same network as plain dropout without p. "
    "All gradients agree: a gradient check cannot see it.",
}


@st.fragment
def mistake_section(snippet: DeltaGenerator) -> None:
    """A small network with dropout, right or wrong, and two checks of it; its code goes into `snippet`."""
    section(
        "Every gradient, checked",
        "A network with 2 inputs, 4 hidden neurons and 1 output sees one sample under one fixed mask. "
        "**Analytic** is back-propagation. **Numerical** moves one weight a little and measures how the loss L "
        "changes. A second table compares training, averaged over all 16 masks, with prediction.",
    )
    controls, tables = st.columns([1, 2], gap="medium")
    with controls:
        form = str(st.radio("Form", FORMS, horizontal=True, key=key("check_form"), bind="query-params"))
        mistake = str(st.radio("Plant a mistake", MISTAKES[form], key=key(f"mistake_{form}"), bind="query-params"))
        p = st.slider("Keep probability p", 0.05, 1.0, 0.6, 0.05, key=key("check_p"), bind="query-params")
        seed = int(st.number_input("Seed", 0, 9999, 1, key=key("check_seed"), bind="query-params") or 0)
        st.caption("The seed draws the network, the sample and the mask.")
    result = check_dropout(p, form, mistake, seed)
    with tables:
        dropped = [f"h{subscript(j + 1)}" for j in range(4) if result.mask[j] == 0]
        st.markdown(
            f"The mask d is ({', '.join(f'{d:.0f}' for d in result.mask)}). "
            + (
                f"It drops {' and '.join([', '.join(dropped[:-1]), dropped[-1]] if dropped[1:] else dropped)}. "
                if dropped
                else "It drops nobody. "
            )
            + WHAT_IS_WRONG.get(mistake, "What comes back is not the slope of what went forward.")
        )
        passes = gradient_table(PARAMETERS, result.gradients, key=key("gradients"))
        gaps = np.abs(result.trained - result.predicted)
        agree = gaps < 1e-12
        table = pd.DataFrame(
            {
                "passed on by": [f"neuron {j + 1}" for j in range(4)],
                "in prediction": [number(x) for x in result.predicted],
                "in training, on average": [number(x) for x in result.trained],
                "difference": [difference(x) for x in gaps],
                "agrees": [RIGHT if ok else WRONG for ok in agree],
            }
        )
        st.dataframe(
            table if agree.all() else tint_rows(table, ~agree),
            hide_index=True,
            width="stretch",
            key=key("averages"),
            alt=f"Training on average against prediction: {agree.sum()} of 4 agree.",
        )
        if agree.all():
            st.caption(f"{RIGHT} All 4 neurons agree.")
        else:
            wrong = ", ".join(f"neuron {j + 1}" for j in np.flatnonzero(~agree))
            st.caption(f"{WRONG} {(~agree).sum()} of 4 disagree: {wrong}.")
        if mistake != "none" and passes and agree.all():
            st.markdown("With this mask and p, this mistake changes nothing. Lower p or take another seed.")
    snippet.code(
        f"""from nnlib.chapter23.dropout_mistakes import check_dropout

check = check_dropout(keep_prob={p!r}, form="{form}", mistake="{mistake}", random_state={seed})
print(check.mask, check.trained, check.predicted, sep="\\n")
print(check.gradients.analytic, check.gradients.numerical, sep="\\n")
""",
        language="python",
    )


def derivation() -> None:
    """Both forms, their averages, and why the two training runs are one."""
    section(
        "Step by step",
        "**1.** A mask d has m entries. Each is 1 with probability p, else 0. So its square is itself.",
        formula(r"E[d_j] = p"),
        formula(r"\mathrm{Var}[d_j] = E[d_j^2] - E[d_j]^2 = p(1-p)"),
        "**2.** Plain dropout. Forward, the mask multiplies the outputs h:",
        formula(r"\tilde h = d \odot h", "23.69"),
        "**3.** δ is the derivative of the loss by these outputs. The chain rule multiplies by d again:",
        formula(r"\tilde \delta = d \odot \delta", "23.70"),
        "**4.** In the mean, training passes on p h. So prediction does too:",
        formula(r"E[d \odot h] = p\,h, \qquad \tilde h = p\, h", "23.71"),
        "**5.** Inverted dropout divides by p in training, on the way back as well. Prediction uses h:",
        formula(r"\tilde h = \tfrac{1}{p}\; d \odot h, \qquad E[\tilde h] = h", "23.72"),
        "**6.** A constant factor is squared in the variance. So the two forms spread differently:",
        formula(r"\mathrm{Var}[d_j h_j] = p(1-p)\,h_j^2"),
        formula(r"\mathrm{Var}\big[\tfrac{1}{p}\, d_j h_j\big] = \tfrac{1-p}{p}\,h_j^2"),
        "**7.** Now the equivalence. Let W lead from h to the next net input z, and take W′ = p W. "
        "Then both forms have the same z, under every mask:",
        formula(r"W'^{T} \big(\tfrac{1}{p}\, d \odot h\big) + b = W^{T} (d \odot h) + b = z"),
        "**8.** So the loss is the same, and so is its derivative δ by z. The **gradient** ∇ of a matrix holds "
        "the loss's derivatives by its entries. The inverted one is 1/p times as large:",
        formula(r"\nabla W' = \big(\tfrac{1}{p}\, d \odot h\big)\, \delta^{T} = \tfrac{1}{p}\, \nabla W"),
        "**9.** What goes back to the layer is the same, so all layers before it learn alike:",
        formula(r"\tfrac{1}{p}\; d \odot (W' \delta) = d \odot (W \delta)"),
        "**10.** A step at the rate p² η turns W′ into p times what W becomes:",
        formula(
            r"\begin{aligned} W' - p^2 \eta\, \nabla W' &= p\,W - p\,\eta\, \nabla W \\"
            r" &= p\,(W - \eta\, \nabla W) \end{aligned}"
        ),
        "**11.** So W′ = p W holds after every step. And the predictions agree:",
        formula(r"W'^{T} h + b = W^{T} (p\, h) + b"),
    )


heading(
    EXERCISES["23.7"].heading,
    "In training, a layer's neurons are left out at random. How does prediction make up for it? "
    "And do the two ways of doing so come to the same?",
)
st.markdown(
    "A hidden layer has m neurons with outputs h. In every training step a **mask** d is drawn. "
    "It holds a 1 for each neuron that is kept and a 0 for each that is **dropped**. "
    "Each neuron is kept with the **keep probability** p. h̃ is what the layer passes on. Two forms are in use. "
    "**Plain** dropout trains with h̃ = d ⊙ h and predicts with p h. "
    "**Inverted** dropout trains with h̃ = d ⊙ h / p and predicts with h. "
    "The sign ⊙ multiplies neuron by neuron."
)
sections, python = st.container(), st.container()
with python:
    # filled by the sections, whenever one of them is drawn anew
    snippets = in_python_places(4, ("Your masks:", "The two networks:", "The next neuron:", "The gradient check:"))
with sections:
    mask_section(snippets[0])
    twin_section(snippets[1])
    next_section(snippets[2])
    mistake_section(snippets[3])
    derivation()
    try_this(
        [
            Experiment(
                "A thousand masks",
                {key("p"): 0.2, key("drawn"): 1000, key("neuron"): 1, key("h_text"): H_TEXT},
                "Few neurons are kept: p = 0.2. Look at both charts at the top. Where do the means settle?",
                "The means settled on p h and on h. Switch the table to “inverted”: its variance is 25 times as "
                "large, as dividing by p multiplies it by 1/p².",
            ),
            Experiment(
                "Forget the rate p² η",
                {
                    key("map_weights"): True,
                    key("map_rate"): False,
                    key("twin_p"): 0.6,
                    key("rate"): 0.1,
                    key("steps"): 300,
                    key("live"): None,
                },
                "Look at “Are the two forms the same?”. Press “Run all four”. Which networks stay together?",
                "Both networks started as one. With the same rate for both, W′ learned too fast, and they parted. "
                "Only with both conditions did they stay together to the last digits.",
            ),
            Experiment(
                "Large weights",
                {key("next_p"): 0.5, key("scale"): 12.0, key("bias"): 0.0, key("next_m"): 6, key("next_seed"): 0},
                "Look at “Where expectation is not enough”. Compare z and σ(z).",
                "z still agreed, but σ(z) did not: a mean does not pass through a curve. Now raise p to 1, and "
                "the gap closes.",
            ),
        ]
    )
    predict_first(dropout_variance, "ex23_7")
