"""The controls of page 23.6: what they begin with and what they offer."""

from pages.shared.controls import Controls

START_Z = (0.1, -0.1, 0.6, 0.1, -0.5, 0.9, -0.8, 0.3)
START_G = (0.4, 1.3, 0.9, -0.7, -1.3, 0.5, -0.4, 0.8)
GAMMA, BETA = 1.3, 0.5
REACH = 3.0  # of the sliders
EPSILON = "1e−5"
EPSILONS = {"0": 0.0, "1e−8": 1e-8, "1e−5": 1e-5, "1e−3": 1e-3, "0.1": 0.1, "1": 1.0}
DIVISORS = {"n − 1": 1, "n": 0}  # of σ², with what is taken off n

controls = Controls("ex23_6")
