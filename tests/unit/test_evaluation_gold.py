"""The gold file: what it says, and every way in which it is refused."""

from __future__ import annotations

import pytest

from builder.errors import EvidenceUnreadable
from builder.evaluation.gold import COLUMNS, parse_gold
from tests.unit.accuracy_fixture import ROWS, to_text

GOOD = "a/b,a/b,f,original,yes,1,2,,high,blind,"


def test_a_judged_row_keeps_what_was_judged_and_leaves_the_rest_unknown() -> None:
    first, *rest = parse_gold(to_text(), "gold.csv")
    assert (first.repo_id, first.unique_model_id, first.family) == ("acme/alpha-7b", "acme/alpha-7b", "alpha")
    assert (first.kind, first.audio_language_model) == ("original", "yes")
    assert (first.runtime_parameters, first.logical_parameters) == (7_010_000_000, None)
    assert (first.confidence, first.judged, first.scored) == ("high", "handed", True)
    assert len(rest) == 5
    assert [row.scored for row in rest] == [True, True, True, True, False]


def test_rows_come_in_the_order_of_their_names() -> None:
    assert parse_gold(to_text(reversed(ROWS)), "gold.csv") == parse_gold(to_text(), "gold.csv")


def test_white_space_around_a_cell_does_not_count() -> None:
    (row,) = parse_gold(to_text([" a/b , ,f,  original,yes,, ,,high ,blind,"]), "gold.csv")
    assert (row.repo_id, row.unique_model_id, row.kind) == ("a/b", None, "original")


def test_a_file_without_rows_is_an_empty_set() -> None:
    assert parse_gold(to_text([]), "gold.csv") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "gold.csv: the columns must be repo_id, unique_model_id"),
        (",".join(COLUMNS[:-1]) + "\n", "the columns must be"),
        (",".join([*COLUMNS, "note"]) + "\n", "the columns must be"),
        ("\ufeff" + to_text(), "the columns must be"),
        (to_text([GOOD, GOOD]), "gold.csv, line 3: a/b is judged twice; keep one"),
        (to_text([GOOD + ",more"]), "line 2: the line does not have 11 cells"),
        (to_text(["a/b,a/b"]), "line 2: the line does not have 11 cells"),
        (to_text([GOOD.replace("a/b,a", ",a", 1)]), "line 2: repo_id is empty"),
        (to_text([GOOD.replace("original", "fork")]), "kind is 'fork', but must be one of original, "),
        (to_text([GOOD.replace("yes", "Yes")]), "audio_language_model is 'Yes', but must be one of yes, no"),
        (to_text([GOOD.replace("high", "sure")]), "confidence is 'sure', but must be one of high, "),
        (to_text([GOOD.replace("high", "")]), "confidence is empty"),
        (to_text([GOOD.replace("blind", "seen")]), "judged is 'seen', but must be one of handed, blind"),
        (to_text([GOOD.replace("blind", "")]), "judged is empty"),
        *(
            (to_text([GOOD.replace(",1,2,", f",{count},2,")]), "runtime_parameters is .*whole number above 0")
            for count in ("0", "-1", "1.5", "7B", "1_000", "\N{ARABIC-INDIC DIGIT THREE}", "9" * 5000)
        ),
        (to_text([GOOD.replace(",1,2,", ",1,none,")]), "logical_parameters is 'none'"),
        (to_text(['"a/b,a/b,f,original,yes,1,2,,high,blind,']), "this is no CSV .*; close the quotes"),
        (to_text(['"a"/b,a/b,f,original,yes,1,2,,high,blind,']), "this is no CSV"),
        (to_text([GOOD + "x" * 200_000]), "this is no CSV"),
    ],
)
def test_a_broken_file_is_refused_with_file_line_and_remedy(text: str, words: str) -> None:
    with pytest.raises(EvidenceUnreadable, match=words) as refused:
        parse_gold(text, "gold.csv")
    message = str(refused.value)
    assert message.startswith("gold.csv")
    assert "; " in message
    assert "\n" not in message
    assert len(message) < 400
