"""What holds for every test: one BLAS thread in each process, and no clock on a property test's examples.

Several processes share the cores: threads that wait would fight, and one slow example says nothing.
"""

from hypothesis import settings
from threadpoolctl import threadpool_limits

threadpool_limits(1, "blas")
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
