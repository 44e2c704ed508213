"""The chapter's algorithms as the book states them, a formula a line: begin reading here.

Slow and plain. `nnlib.Network` does the same for whole batches, fast; tests compare the two. Names are the
book's: W[t], b[t], z[t], h[t] and δ belong to layer t = 1, …, s, and h[0] is the input x. W[t] has the shape
(m_{t−1}, m_t), so the net input of one sample, a column in the book, is W[t]ᵀ h[t − 1] + b[t]. For a batch with
one sample a row the same product reads H[t − 1] W[t] + b[t]: book and library hold the very same numbers.
"""

from collections.abc import Sequence

import numpy as np

Layers = dict[int, np.ndarray]  # one array for each layer t
EPSILON = 1e-5  # ε of batch normalisation


def sigmoid(z: np.ndarray) -> np.ndarray:
    """a(z) = σ(z) = 1 / (1 + e^−z), eq. 23.14; its derivative is a'(z) = h (1 − h) with h = σ(z)."""
    return np.asarray(1 / (1 + np.exp(-z)))


# Exercise 23.2: the loss of multi-label classification; Z, Y are (N, l), one sample a row, one label a column


def multilabel_gradients(Z: np.ndarray, Y: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Exercise 23.2: L = −(1/N) Σ_i Σ_k [y log p + (1 − y) log(1 − p)] with p = σ(z), ∂L/∂p and ∂L/∂z."""
    N = len(Y)
    p = sigmoid(Z)
    L = -(Y * np.log(p) + (1 - Y) * np.log(1 - p)).sum() / N
    dL_dp = -(Y / p - (1 - Y) / (1 - p)) / N  # which is (p − y) / (N p (1 − p))
    dp_dz = p * (1 - p)
    dL_dz = dL_dp * dp_dz  # which is (p − y) / N
    return L, dL_dp, dL_dz


# Exercise 23.3: Algorithm 23.3, back-propagation, one sample at a time


def forward(x: np.ndarray, W: Layers, b: Layers) -> Layers:
    """Step 1 of Algorithm 23.3: the outputs h[0] = x, h[1], …, h[s] of every layer for one sample."""
    h = {0: x}
    for t in range(1, len(W) + 1):
        h[t] = sigmoid(W[t].T @ h[t - 1] + b[t])
    return h


def gradients(x: np.ndarray, y: np.ndarray, W: Layers, b: Layers) -> tuple[Layers, Layers]:
    """Step 2 of Algorithm 23.3: ∇W[t] = h[t − 1] δᵀ and ∇b[t] = δ of every layer, for one sample's cross-entropy.

    δ = ∂L/∂z[t] starts as h[s] − y and goes from layer t to layer t − 1 as a'(z[t − 1]) ⊙ (W[t] δ).

    Why: z_k = Σ_j w_jk h_j + b_k, so by the chain rule ∂L/∂w_jk = δ_k h_j, ∂L/∂b_k = δ_k, ∂L/∂h_j = Σ_k w_jk δ_k,
    which a'(z_j) turns into ∂L/∂z_j. At the output, cross-entropy has ∂L/∂h = (h − y) / (h (1 − h)), times
    σ' = h (1 − h). For whole batches: `Dense.add_gradients` in nnlib/layers.py. Compared with measured slopes:
    `test_back_propagation_agrees_with_slopes` in tests/nnlib/test_network.py.
    """
    h, dW, db = forward(x, W, b), {}, {}
    delta = h[len(W)] - y
    for t in range(len(W), 0, -1):
        dW[t], db[t] = np.outer(h[t - 1], delta), delta
        if t > 1:
            delta = h[t - 1] * (1 - h[t - 1]) * (W[t] @ delta)
    return dW, db


def algorithm_23_3(x: np.ndarray, y: np.ndarray, W: Layers, b: Layers, eta: float) -> None:
    """Algorithm 23.3 for one sample (x, y) at learning rate η; W and b are moved in place.

    The book moves W[t] before it sends δ on through W[t]. Here every δ is computed first, as the gradient of one
    and the same network demands; then all layers move.
    """
    dW, db = gradients(x, y, W, b)
    for t in W:
        W[t], b[t] = W[t] - eta * dW[t], b[t] - eta * db[t]


def first_weights(sizes: Sequence[int], rng: np.random.Generator) -> tuple[Layers, Layers]:
    """W and b before the first step: small random weights, narrower the more neurons they join, and no biases."""
    W, b = {}, {}
    for t in range(1, len(sizes)):
        W[t] = np.sqrt(2 / (sizes[t - 1] + sizes[t])) * rng.standard_normal((sizes[t - 1], sizes[t]))
        b[t] = np.zeros(sizes[t])
    return W, b


def train(
    X: np.ndarray, Y: np.ndarray, sizes: Sequence[int], eta: float, epochs: int, seed: int
) -> tuple[Layers, Layers]:
    """Exercise 23.3: W and b learned from the samples (X[i], Y[i]), one at a time, each epoch in a fresh order."""
    rng = np.random.default_rng(seed)
    W, b = first_weights(sizes, rng)
    for _ in range(epochs):
        for i in rng.permutation(len(X)):
            algorithm_23_3(X[i], Y[i], W, b, eta)
    return W, b


# Exercises 23.4 and 23.5: two computation graphs, forward and then backward, a line an edge


def sigmoid_gradients(z: float, y: float, loss: str = "cross-entropy") -> tuple[float, float, float, float]:
    """Exercise 23.4: L, ∂L/∂f, ∂L/∂y and ∂L/∂z of f = σ(z), L = ℓ(f, y); the other loss is "squared error"."""
    f = 1 / (1 + np.exp(-z))
    if loss == "cross-entropy":
        L = -y * np.log(f) - (1 - y) * np.log(1 - f)
        dL_df = (f - y) / (f * (1 - f))
        dL_dy = np.log((1 - f) / f)
    else:
        L = (f - y) ** 2 / 2
        dL_df, dL_dy = f - y, y - f
    df_dz = f * (1 - f)
    dL_dz = dL_df * df_dz  # upstream times local
    return L, dL_df, dL_dy, dL_dz


def softmax_gradients(x: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
    """Exercise 23.5: L and ∂L/∂x of L = −Σ y_k log p_k with p = softmax(x), both (l,), as figure 23.31 goes."""
    exp_x = np.exp(x)
    S = exp_x.sum()
    p = exp_x * (1 / S)
    L = -(y * np.log(p)).sum()
    d_log_p = -1 * y
    d_p = d_log_p / p
    d_inverse = (d_p * exp_x).sum()  # three messages meet at 1/S
    d_S = d_inverse * (-1 / S**2)
    d_exp_x = d_p * (1 / S) + d_S  # two branches meet at each exp x_k
    d_x = d_exp_x * exp_x  # which is p − y
    return L, d_x


# Exercise 23.6: batch normalisation of the net inputs z of a layer, (n, m), one sample a row


def normalise(z: np.ndarray, u: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """z̄ = (z − u) / √(σ² + ε), eq. 23.61."""
    return np.asarray((z - u) / np.sqrt(variance + EPSILON))


def batch_statistics(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """u = Σ z_j / n, eq. 23.59, and σ² = Σ (z_j − u)² / (n − 1), eq. 23.60, of every neuron."""
    n = len(z)
    u = z.sum(axis=0) / n
    variance = ((z - u) ** 2).sum(axis=0) / (n - 1)
    return u, variance


def batch_norm_backward(
    g: np.ndarray, z: np.ndarray, gamma: np.ndarray, epsilon: float = EPSILON, ddof: int = 1
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Exercise 23.6: g = ∂L/∂z̃ (n, m) back through z̃ = γ z̄ + β to ∂L/∂z (n, m), ∂L/∂γ and ∂L/∂β (m,).

    Step by step, through u and σ²: `nnlib.chapter23.batch_norm.backward`.
    """
    n, u = len(z), z.mean(axis=0)
    s = np.sqrt(z.var(axis=0, ddof=ddof) + epsilon)  # σ² divides by n − ddof; n − 1 in eq. 23.60
    z_bar = (z - u) / s
    dbeta = g.sum(axis=0)
    dgamma = (g * z_bar).sum(axis=0)
    # own path, minus the mean, minus the slope of g over z̄
    dz = gamma / s * (g - dbeta / n - z_bar * dgamma / (n - ddof))
    return dz, dgamma, dbeta


def batch_norm_step(
    X: np.ndarray, Y: np.ndarray, W: Layers, b: Layers, gamma: Layers, beta: Layers, eta: float
) -> Layers:
    """Exercise 23.6: back-propagation for one batch (X, Y), one sample a row, and one step of every parameter.

    W, b, γ and β are moved in place; γ and β belong to the hidden layers, all but the last. Returns ∇b of every
    layer, summed over the batch.
    """
    last, n, h, z = len(W), len(X), {0: X}, {}
    for t in range(1, last + 1):
        z[t] = h[t - 1] @ W[t] + b[t]
        h[t] = sigmoid(z[t] if t == last else gamma[t] * normalise(z[t], *batch_statistics(z[t])) + beta[t])
    delta = h[last] - Y
    dW, db, dgamma, dbeta = {}, {}, {}, {}
    for t in range(last, 0, -1):
        if t < last:  # δ has come to z̃; further back, to z
            delta, dgamma[t], dbeta[t] = batch_norm_backward(delta, z[t], gamma[t])
        dW[t], db[t] = h[t - 1].T @ delta, delta.sum(axis=0)
        if t > 1:
            delta = h[t - 1] * (1 - h[t - 1]) * (delta @ W[t].T)
    for t in W:  # only now, when every gradient is that of one and the same network
        W[t], b[t] = W[t] - eta / n * dW[t], b[t] - eta / n * db[t]
        if t < last:
            gamma[t], beta[t] = gamma[t] - eta / n * dgamma[t], beta[t] - eta / n * dbeta[t]
    return db


def algorithm_23_4(
    batches: Sequence[tuple[np.ndarray, np.ndarray]],
    X_test: np.ndarray,
    W: Layers,
    b: Layers,
    gamma: Layers,
    beta: Layers,
    eta: float,
) -> np.ndarray:
    """Algorithm 23.4: one pass of training over the batches (X, Y), then the outputs for X_test, one a row.

    W, b, γ and β are moved in place. γ and β belong to the hidden layers t = 1, …, s − 1.
    """
    s = len(W)
    for X, Y in batches:  # the training network f_Tr, which normalises with each batch's own u and σ²
        batch_norm_step(X, Y, W, b, gamma, beta, eta)

    H, outputs = [X for X, _ in batches], X_test
    for t in range(1, s):  # the inference network f_Inf: E_b(u) and E_b(σ²) over all batches
        Z = [X @ W[t] + b[t] for X in H]
        statistics = [batch_statistics(z) for z in Z]
        mean_u, mean_variance = (np.mean(each, axis=0) for each in zip(*statistics, strict=True))
        H = [
            sigmoid(gamma[t] * normalise(z, u, variance) + beta[t])
            for z, (u, variance) in zip(Z, statistics, strict=True)
        ]
        outputs = sigmoid(gamma[t] * normalise(outputs @ W[t] + b[t], mean_u, mean_variance) + beta[t])
    return sigmoid(outputs @ W[s] + b[s])


# Exercise 23.7: dropout and inverted dropout of the hidden layer of a network with two layers, as one run


def dropout_gradients(
    x: np.ndarray, y: np.ndarray, d: np.ndarray, p: float, W: Layers, b: Layers, inverted: bool
) -> tuple[Layers, Layers]:
    """∇W[t] and ∇b[t] of one sample under the mask d: Algorithm 23.3, masked on the way back too (23.70)."""
    scale = d / p if inverted else d
    h = sigmoid(W[1].T @ x + b[1])
    h_tilde = scale * h  # (23.69) or (23.72)
    delta = sigmoid(W[2].T @ h_tilde + b[2]) - y
    delta_1 = h * (1 - h) * scale * (W[2] @ delta)
    return {1: np.outer(x, delta_1), 2: np.outer(h_tilde, delta)}, {1: delta_1, 2: delta}


def dropout_twins(
    X: np.ndarray, Y: np.ndarray, W: Layers, b: Layers, p: float, eta: float, steps: int, seed: int
) -> float:
    """Exercise 23.7: the largest difference of the predictions of two runs, with W′ = p W and the rate p² η."""
    rng, apart = np.random.default_rng(seed), 0.0
    W_, b_ = {1: W[1], 2: p * W[2]}, dict(b)  # of the inverted network
    for _ in range(steps):
        i, d = rng.integers(len(X)), rng.random(len(b[1])) < p  # one sample and one mask for both
        dW, db = dropout_gradients(X[i], Y[i], d, p, W, b, inverted=False)
        dW_, db_ = dropout_gradients(X[i], Y[i], d, p, W_, b_, inverted=True)
        W = {t: W[t] - eta * dW[t] for t in W}
        W_ = {1: W_[1] - eta * dW_[1], 2: W_[2] - p**2 * eta * dW_[2]}
        b, b_ = {t: b[t] - eta * db[t] for t in b}, {t: b_[t] - eta * db_[t] for t in b_}
        plain = sigmoid(p * sigmoid(X @ W[1] + b[1]) @ W[2] + b[2])  # predicts with p h (23.71)
        inverted = sigmoid(sigmoid(X @ W_[1] + b_[1]) @ W_[2] + b_[2])  # predicts with h
        apart = max(apart, float(np.abs(plain - inverted).max()))
    return apart
