"""Stages of many small matrices work on one thread, and leave the others as they were."""

import pytest

from workbench import stages
from workbench.stages.threads import on_one_thread


def threads():
    from threadpoolctl import threadpool_info

    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


def test_numpy_has_one_thread_for_as_long_as_the_stage_runs():
    import scipy.linalg  # noqa: F401

    before = threads()
    assert set(on_one_thread(threads)()) == {1}
    assert threads() == before


@pytest.mark.parametrize("compute", [stages.count_tones, stages.tell_all, stages.weigh_all, stages.follow_all])
def test_the_stages_that_count_work_so(compute):
    assert compute.__wrapped__.__doc__ == compute.__doc__
