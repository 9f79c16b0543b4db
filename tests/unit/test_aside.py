"""Work beside the main line: begun at once or kept, with the same results and the same errors."""

from __future__ import annotations

import threading

import pytest

from builder.aside import work_aside


@pytest.mark.parametrize("at_once", [True, False])
def test_the_result_is_the_same_whenever_it_is_made(*, at_once: bool) -> None:
    with work_aside(at_once=at_once) as begin:
        results = [begin(lambda: sum(range(10))), begin(lambda: 7)]
        assert [result() for result in results] == [45, 7]


@pytest.mark.parametrize("at_once", [True, False])
def test_an_error_is_raised_where_the_result_is_asked_for(*, at_once: bool) -> None:
    with work_aside(at_once=at_once) as begin:
        broken = begin(lambda: int("no number"))
        with pytest.raises(ValueError, match="no number"):
            broken()


def test_work_runs_beside_only_where_it_is_wanted() -> None:
    here = threading.get_ident()
    with work_aside(at_once=True) as begin:
        assert begin(threading.get_ident)() != here
    with work_aside(at_once=False) as begin:
        assert begin(threading.get_ident)() == here


def test_what_was_begun_has_ended_with_the_context() -> None:
    done = threading.Event()
    with work_aside(at_once=True) as begin:
        begin(done.set)
    assert done.is_set()


def test_what_is_kept_and_never_asked_for_is_never_done() -> None:
    done = threading.Event()
    with work_aside(at_once=False) as begin:
        begin(done.set)
    assert not done.is_set()
