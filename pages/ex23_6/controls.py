"""What page 23.6 begins with: the batch's net inputs and gradients ∂L/∂z̃, scale and shift."""

START_Z = (0.1, -0.1, 0.6, 0.1, -0.5, 0.9, -0.8, 0.3)
START_G = (0.4, 1.3, 0.9, -0.7, -1.3, 0.5, -0.4, 0.8)
GAMMA, BETA = 1.3, 0.5
