"""How a gradient moves the parameters: gradient descent, with momentum or not, and Adam."""

from collections.abc import Callable

import numpy as np
from scipy.linalg import get_blas_funcs

from nnlib.network import Network
from nnlib.notation import Array
from nnlib.validation import check_number


class SGD:
    """Stochastic gradient descent: v ← μ v + ∇L, θ ← θ − η v; with momentum μ = 0 plain θ ← θ − η ∇L.

    Parameters
    ----------
    network : whose parameters θ are moved
    momentum : μ in [0, 1)
    """

    def __init__(self, network: Network, *, momentum: float = 0.0) -> None:
        self.momentum = check_number("momentum", momentum, 0.0, float(np.nextafter(1.0, 0.0)))
        self._parameters, self._views = network.parameters, network.views(network.parameters)
        self._axpy = get_blas_funcs("axpy", dtype=network.dtype)
        self._velocity = np.zeros_like(network.parameters if momentum else network.parameters[:0])
        self._velocity_views = network.views(self._velocity) if momentum else []

    @property
    def state(self) -> list[Array]:
        """The arrays a step depends on besides the parameters."""
        return [self._velocity]

    def step(self, network: Network, rate: float) -> None:
        """Move `network`'s parameters by the gradient its last backward pass left, at rate η."""
        if self.momentum == 0.0:
            network.add_mean_gradient(self._views, scale=-rate)  # straight into W and b
        else:
            self._velocity *= self.momentum
            network.add_mean_gradient(self._velocity_views)
            self._axpy(self._velocity, self._parameters, a=-rate)  # θ ← θ − η v, in place


class Adam:
    """Adam (Kingma and Ba, 2015): θ ← θ − η m̂ / (√v̂ + ε) with running means m of ∇L and v of (∇L)².

    m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) undo the bias of starting both at 0.

    Parameters
    ----------
    network : whose parameters θ are moved
    beta1, beta2 : in [0, 1), the share of m and v kept each step
    epsilon : ε > 0
    """

    def __init__(
        self, network: Network, *, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8
    ) -> None:
        below_one = float(np.nextafter(1.0, 0.0))
        self.beta1 = check_number("beta1", beta1, 0.0, below_one)
        self.beta2 = check_number("beta2", beta2, 0.0, below_one)
        self.epsilon = check_number("epsilon", epsilon, 0.0, np.inf, low_included=False)
        self._parameters = network.parameters
        self._axpy = get_blas_funcs("axpy", dtype=network.dtype)
        self._gradient, self._m, self._v, self._work = (np.zeros_like(network.parameters) for _ in range(4))
        self._gradient_views = network.views(self._gradient)
        self._steps = np.zeros(1)

    @property
    def state(self) -> list[Array]:
        """The arrays a step depends on besides the parameters."""
        return [self._m, self._v, self._steps]

    @property
    def steps(self) -> float:
        """How many were taken: the t of m̂ and v̂."""
        return float(self._steps[0])

    def step(self, network: Network, rate: float) -> None:
        """Move `network`'s parameters by the gradient its last backward pass left, at rate η."""
        self._gradient.fill(0)
        network.add_mean_gradient(self._gradient_views)
        self._steps += 1
        t = self.steps
        g, m, v, work = self._gradient, self._m, self._v, self._work
        m *= self.beta1
        self._axpy(g, m, a=1 - self.beta1)  # m ← β₁ m + (1 − β₁) g
        np.multiply(g, g, out=work)
        v *= self.beta2
        self._axpy(work, v, a=1 - self.beta2)  # v ← β₂ v + (1 − β₂) g²
        np.sqrt(v, out=work)
        # √v̂ + ε = (√v + ε c) / c with c = √(1 − β₂ᵗ): one number instead of a pass over the vector.
        c = float(np.sqrt(1 - self.beta2**t))
        work += self.epsilon * c
        np.divide(m, work, out=work)
        self._axpy(work, self._parameters, a=-rate * c / (1 - self.beta1**t))


OPTIMIZERS: dict[str, Callable[[Network], SGD | Adam]] = {
    "sgd": SGD,
    "momentum": lambda network: SGD(network, momentum=0.9),
    "adam": Adam,
}
