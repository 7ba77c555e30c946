"""Stages of many small matrices work on one thread, and leave the others as they were."""

import pytest

from workbench import stages
from workbench.stages.threads import on_one_thread
from workbench.store import table_digest


def threads():
    from threadpoolctl import threadpool_info

    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


def test_numpy_has_one_thread_for_as_long_as_the_stage_runs():
    import scipy.linalg  # noqa: F401

    before = threads()
    assert set(on_one_thread(threads)()) == {1}
    assert threads() == before


@pytest.mark.parametrize("compute", [stages.count_tones, stages.tell_all, stages.weigh_all, stages.follow_all,
                                     stages.lay_out_all])
def test_the_stages_that_count_work_so(compute):
    assert compute.__wrapped__.__doc__ == compute.__doc__


def test_the_map_is_the_same_however_many_threads_there_are(small_analysis):
    from threadpoolctl import threadpool_limits

    with threadpool_limits(2):
        found = stages.lay_out_all(small_analysis.study, small_analysis.tables, None)[0]["map"]
    assert table_digest(found) == table_digest(small_analysis.map)
