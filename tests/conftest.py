"""What holds for every test: one BLAS thread a process, no clock on a property test, no runs kept.

Several processes share the cores: threads that wait would fight, and an example that is slow, or slow to make,
says nothing. The runs of page 23.3 that whoever runs the tests has kept are neither seen nor touched: tests of
that folder name their own.
"""

import os

from hypothesis import HealthCheck, settings
from threadpoolctl import threadpool_limits

threadpool_limits(1, "blas")
settings.register_profile(
    "any machine", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")
os.environ["FEEDFORWARD_RUNS"] = ""
