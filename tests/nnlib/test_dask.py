"""The README's grid search on a local Dask cluster: run as printed, with the result it has in one process."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV

from nnlib.estimator import FeedforwardClassifier

ROOT = Path(__file__).parents[2]

# Put before the example: whoever fits leaves a file named after its process. The workers import it too.
FOOTPRINTS = """
import os
from pathlib import Path
from nnlib.estimator import FeedforwardClassifier

plain_fit = FeedforwardClassifier.fit

def fit(self, X, y):
    Path({folder!r}, f"{{os.getpid()}}.fit").touch()
    return plain_fit(self, X, y)

FeedforwardClassifier.fit = fit
"""


@pytest.mark.thorough
def test_the_grid_search_of_the_readme_runs_on_a_cluster_and_finds_the_same(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    example = re.search(r"<!-- dask example -->\n```python\n(.*?)```\n<!-- end -->", readme, re.DOTALL)
    assert example is not None
    script = tmp_path / "search.py"
    script.write_text(FOOTPRINTS.format(folder=str(tmp_path)) + example[1], "utf-8")
    run = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    # On a busy machine Dask says so when it ends a worker; anything else on stderr is ours.
    said = [line for line in run.stderr.splitlines() if "Worker process still alive" not in line]
    assert (run.returncode, said) == (0, [])
    assert len(list(tmp_path.glob("*.fit"))) >= 2  # the script's own process, for the best, and the cluster's

    X, y = load_digits(return_X_y=True)
    model = FeedforwardClassifier(
        (50,), learning_rate="cosine", learning_rate_init=0.01, max_iter=10, random_state=0
    )
    here = GridSearchCV(model, {"batch_size": [16, 64], "keep_prob": [0.8, 1.0]}, cv=3).fit(X / 16, y)
    assert run.stdout.strip() == f"{here.best_params_} {round(here.best_score_, 4)}"
    assert here.best_score_ > 0.92
