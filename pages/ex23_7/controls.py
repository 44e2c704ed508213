"""What page 23.7 begins with: the layer's outputs."""

import numpy as np

START_H = np.array([0.8, 0.3, -0.5, 1.2, 0.6, -0.9, 0.4, 1.0, -0.2, 0.7, 0.9, -0.6])
