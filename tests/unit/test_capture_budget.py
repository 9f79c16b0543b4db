"""Windows of requests: what is left, when to wait, and what answers teach."""

from __future__ import annotations

from builder.capture.hub.budget import ANONYMOUS, RESERVE, ROUNDING_S, WINDOW_S, Budget

QUOTA = ANONYMOUS["api"]
USABLE = QUOTA - int(QUOTA * RESERVE)


def take_all(budget: Budget, now: float) -> int:
    taken = 0
    while not budget.take("api", now):
        taken += 1
    return taken


def test_a_window_is_used_up_to_its_reserve_and_the_next_one_begins_when_it_ends() -> None:
    budget = Budget()
    assert take_all(budget, 100.0) == USABLE
    assert budget.take("api", 150.0) == 100.0 + WINDOW_S - 150.0
    assert not budget.take("resolvers", 150.0)
    assert not budget.take("api", 100.0 + WINDOW_S)


def test_the_hub_knows_better_what_is_left() -> None:
    budget = Budget()
    assert not budget.take("api", 0.0)
    budget.give_back("api")
    budget.learn("api", 1.0, left=QUOTA // 2, ends_in_s=60)
    assert take_all(budget, 2.0) == QUOTA // 2 - int(QUOTA * RESERVE)
    assert budget.take("api", 2.0) == 60 + 1.0 + ROUNDING_S - 2.0


def test_answers_out_of_order_give_nothing_back() -> None:
    budget = Budget()
    budget.learn("api", 0.0, left=100, ends_in_s=60)
    budget.learn("api", 0.5, left=200, ends_in_s=60)
    assert budget.state("api", 1.0)[0] == 100


def test_requests_under_way_count_as_sent() -> None:
    budget = Budget()
    for _ in range(8):
        assert not budget.take("api", 0.0)
    budget.learn("api", 1.0, left=300, ends_in_s=200)
    assert budget.state("api", 1.0)[0] == 292


def test_a_refusal_empties_the_window_until_it_says() -> None:
    budget = Budget()
    budget.exhaust("api", 10.0, 5.0)
    assert budget.take("api", 10.0) == 5.0 + ROUNDING_S
    assert not budget.take("api", 10.0 + 5.0 + ROUNDING_S)


def test_a_larger_quota_is_taken_over_and_nonsense_is_not() -> None:
    budget = Budget()
    budget.learn_policy("api", 1_000, 300)
    assert budget.state("api", 0.0)[1] == 1_000
    budget.learn_policy("api", 0, 300)
    budget.learn_policy("api", 10, 0)
    assert budget.state("api", 0.0)[1] == 1_000


def test_how_many_windows_requests_take() -> None:
    budget = Budget()
    assert [budget.windows_for("api", requests) for requests in (0, 1, USABLE, USABLE + 1)] == [0, 1, 1, 2]
