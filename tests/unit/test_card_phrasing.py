"""Numbers in words: never more certain than they are."""

from __future__ import annotations

import pytest

from builder.card import phrasing
from builder.card.citation import render_bibtex
from builder.card.escape import to_markdown


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(0, 9, "0 %"), (9, 9, "100 %"), (1, 1000, "1 %"), (999, 1000, "99 %"), (1, 3, "33 %"), (0, 0, "–")],
)
def test_a_share_is_none_or_all_only_where_that_is_exact(part: int, whole: int, words: str) -> None:
    assert phrasing.write_percent(part, whole) == words


def test_a_number_takes_the_right_form_of_its_noun() -> None:
    assert phrasing.count_things(1, "family", "families") == "1 family"
    assert phrasing.count_things(0, "family", "families") == "0 families"
    assert to_markdown(phrasing.count_things(1200, "model")) == "1,200 models"


def test_a_stated_round_number_says_about() -> None:
    assert phrasing.state_count(27_000, exact=False) == "about 27,000"
    assert phrasing.state_count(151, exact=True) == "151"


def test_sizes_are_short_and_say_when_they_are_unknown() -> None:
    assert phrasing.write_range(684_000_000, 70_900_000_000) == "0.684 – 70.9 B"
    assert phrasing.write_range(8_280_000_000, 8_280_000_001) == "8.28 B"
    assert phrasing.write_range(None, None) == "not known"
    assert phrasing.write_gigabytes(8_040_000_000) == "8.0 GB"
    assert phrasing.write_gigabytes(None) == "not known"


def test_a_name_that_is_no_word_of_ours_stays_out_of_code_spans() -> None:
    assert phrasing.list_terms(["sha", "a b", "c|d"]) == "`sha`, a b, c&#124;d"


def test_a_date_in_words_is_the_same_on_every_machine() -> None:
    assert phrasing.write_day("2025-12-07") == "7 December 2025"
    assert phrasing.write_day("2025-12-07.1") == "7 December 2025"


def test_the_citation_names_date_and_revision() -> None:
    entry = render_bibtex("2025-12-07.1", "1.0", "acme/dataset")
    assert entry.startswith("@misc{audio_multimodal_models_20251207_1,\n")
    assert "year         = {2025}" in entry
    assert "revision 2025-12-07.1" in entry
    assert entry.count("{") == entry.count("}")
