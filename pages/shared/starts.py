"""What the batch norm and dropout pages begin with, and home's pictures of them show."""

import numpy as np

# 23.6: the batch's net inputs and gradients ∂L/∂z̃, scale and shift
START_Z = (0.1, -0.1, 0.6, 0.1, -0.5, 0.9, -0.8, 0.3)
START_G = (0.4, 1.3, 0.9, -0.7, -1.3, 0.5, -0.4, 0.8)
GAMMA, BETA = 1.3, 0.5

# 23.7: the layer's outputs
START_H = np.array([0.8, 0.3, -0.5, 1.2, 0.6, -0.9, 0.4, 1.0, -0.2, 0.7, 0.9, -0.6])
