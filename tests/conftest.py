"""What holds for every test: one BLAS thread a process, no clock on a property test's examples, no runs kept.

Several processes share the cores: threads that wait would fight, and one slow example says nothing. The runs of
page 23.3 that whoever runs the tests has kept are neither seen nor touched: tests of that folder name their own.
"""

import os

from hypothesis import settings
from threadpoolctl import threadpool_limits

threadpool_limits(1, "blas")
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
os.environ["FEEDFORWARD_RUNS"] = ""
