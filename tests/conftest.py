"""One BLAS thread in every test process: several of them share the cores, and threads that wait would fight."""

from threadpoolctl import threadpool_limits

threadpool_limits(1, "blas")
