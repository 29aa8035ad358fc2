"""Running one check on a frame."""

import functools

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator

from components.checks import registry


@pytest.fixture(scope="session", autouse=True)
def _parameters_of_a_class_are_looked_up_once():
    """For each tree that it plants, scikit-learn reads the same signature: a fifth of a forest."""
    names = functools.cache(BaseEstimator._get_param_names.__func__)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseEstimator, "_get_param_names", classmethod(names))
        yield


@pytest.fixture
def check_frame(make_table, run_context):
    """Return a function that runs a check on a frame and gives its result."""

    def run(check_id, frame, *, params=None, seed=0, source=None, **roles):
        table = make_table(frame, **roles)
        check = registry.get(check_id)
        chosen = check.params(**params) if params else None
        return check.run(table, run_context(table, seed=seed, source=source), chosen)

    return run


@pytest.fixture
def people():
    """Two hundred rows without any planted problem, and one of each kind of column."""
    rng = np.random.default_rng(7)
    n = 200
    return pd.DataFrame(
        {
            "age": rng.integers(18, 80, n),
            "height": rng.normal(170, 10, n).round(2),
            "job": rng.choice(["baker", "nurse", "pilot", "smith"], n),
            "sex": rng.choice(["f", "m"], n),
            "member": rng.choice([True, False], n),
            "since": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, n), "D"),
            "paid": rng.choice(["no", "yes"], n),
        }
    )
