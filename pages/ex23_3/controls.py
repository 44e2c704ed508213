"""The controls of page 23.3 that its settings come from."""

import streamlit as st

from nnlib.activations import ACTIVATIONS
from nnlib.chapter23.printed_program import OPTIMIZERS
from nnlib.losses import LOSSES
from nnlib.network import INITIALIZERS
from nnlib.training import SCHEDULES
from pages.ex23_3.settings import BATCH_NORMS, BATCHES, DATA, DROPOUTS, MOST_LAYERS, RATES, ROWS, SIZES, Settings
from pages.shared.controls import Controls

controls = Controls("ex23_3")


def choose_settings() -> Settings:
    """One control for every setting, one below the other."""
    usual = Settings()
    data = controls.menu(
        "data",
        "Data set",
        DATA,
        help="The source trains on 56,000 pictures and tests on 14,000. MNIST's own split is 60,000 and "
        "10,000. The small digits are scikit-learn's: 1,437 and 360 pictures of 8 × 8 pixels.",
    )
    rows = controls.steps(
        "rows",
        "Training pictures used",
        ROWS,
        usual.rows,
        help="Fewer pictures train faster and are learned by heart sooner: train and test curves part.",
    )
    hidden, keep = _choose_layers(len(usual.hidden))
    return Settings(
        data=data,
        rows=rows,
        hidden=hidden,
        keep=keep,
        dropout=controls.choice(
            "dropout",
            "Kind of dropout",
            DROPOUTS,
            help="Inverted divides the kept outputs by p while training. Plain multiplies all outputs by p when "
            "predicting. It matters only where a keep probability is below 1.",
        ),
        batch_norm=controls.choice(
            "batch_norm",
            "Batch normalisation",
            BATCH_NORMS,
            usual.batch_norm,
            help="Exercise 23.6: the net inputs of each hidden neuron are shifted and scaled to mean 0 and "
            "variance 1 within the batch, before the activation. The variance divides by n − 1 as in the book, or "
            "by n.",
        ),
        activation=controls.choice(
            "activation",
            "Activation of hidden layers",
            list(ACTIVATIONS),
            usual.activation,
            help="The function a(z) that turns a neuron's net input z into its output h.",
        ),
        loss=controls.menu(
            "loss",
            "Output and loss",
            list(LOSSES),
            usual.loss,
            help="Algorithm 23.3 uses sigmoid outputs with cross-entropy. The printed program's error is that of "
            "squared error. Softmax makes the ten outputs sum to 1.",
        ),
        init=controls.choice(
            "init",
            "First weights",
            list(INITIALIZERS),
            usual.init,
            help="Drawn at random with variance 1 (normal, as in the source), 2 / (inputs + outputs) (xavier), or "
            "2 / inputs (he).",
        ),
        batch=controls.steps(
            "batch",
            "Batch size",
            BATCHES,
            usual.batch,
            help="Samples whose gradients are averaged before the weights move once.",
        ),
        rate=controls.steps(
            "rate",
            "Learning rate η",
            RATES,
            usual.rate,
            help="How far the weights move along the negative gradient.",
        ),
        optimizer=controls.menu(
            "optimizer",
            "Optimizer",
            list(OPTIMIZERS),
            usual.optimizer,
            help="How the gradient moves the weights: sgd takes the plain step of Algorithm 23.3; momentum keeps "
            "0.9 of the step before; adam scales each weight's step by the size of its past gradients. The last "
            "one makes the printed program's bias mistake.",
        ),
        schedule=controls.choice(
            "schedule",
            "Learning rate over time",
            list(SCHEDULES),
            usual.schedule,
            help="Constant, or falling to 0 along half a cosine wave by the last epoch.",
        ),
        epochs=controls.slider(
            "epochs",
            "Epochs",
            1,
            50,
            usual.epochs,
            help="An epoch is one pass over all training pictures, in a fresh random order.",
        ),
        seed=controls.number(
            "seed",
            "Seed",
            0,
            9999,
            usual.seed,
            help="Fixes the first weights and the order of the pictures. The same seed gives the same run.",
        ),
    )


def _choose_layers(usual: int) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Neurons and keep probability of each hidden layer."""
    hidden, keep = [], []
    for t in range(1, 1 + controls.slider("layers", "Hidden layers", 0, MOST_LAYERS, usual)):
        with st.container(horizontal=True):
            hidden.append(controls.number(f"size{t}", f"Neurons in layer {t}", 1, 512, SIZES[t - 1], width=105))
            keep.append(
                controls.slider(
                    f"keep{t}",
                    f"Keep p, layer {t}",
                    0.05,
                    1.0,
                    1.0,
                    0.05,
                    width=120,
                    help="Dropout (exercise 23.7): in each step a neuron of this layer is kept with probability "
                    "p, the keep probability. At p = 1 none is dropped.",
                )
            )
    return tuple(hidden), tuple(keep)
