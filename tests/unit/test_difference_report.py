"""What `builder diff` prints: readable at 80 columns, whole names, and hostile text as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from builder.difference import Departure, Difference, ModelLine, TableLine, ValueLine
from builder.difference_report import print_difference
from schemas import vocabulary
from schemas.tables.changes import COMPARED

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = "some-organisation-with-a-long-name/" + "a-model-with-a-very-long-name-" * 3 + "GGUF"
HOSTILE = ("[bold]", "[/]", "[red]x[/red]", ":smile:", "[link=file:///x]y[/link]", "a\\[b]", "trailing\\")
NONE = dict.fromkeys(vocabulary.CHANGE, 0)

SAME = Difference(
    before="2026-05-31",
    now="2026-06-30",
    scopes_of_both=["speech"],
    scopes_before=[],
    scopes_now=[],
    tables=[TableLine(table.name, 7, 7, NONE) for table in COMPARED],
    new_models=[],
    gone_models=[],
    renamed_models=[],
    new_repositories=[],
    gone_repositories=[],
    renamed_repositories=[],
    new_families=[],
    gone_families=[],
    families_split=[],
    families_merged=[],
    changed=[],
    first_observed={},
    parameters_moved=[],
    tasks=[],
)
MOVED = replace(
    SAME,
    scopes_before=["music"],
    scopes_now=["noise", "sound"],
    tables=[TableLine(table.name, 7, 8, dict.fromkeys(NONE, 2)) for table in COMPARED],
    new_models=[
        ModelLine("acme/a", "alpha", "yes", by_scope=False),
        ModelLine("acme/b", "alpha", "no", by_scope=True),
        ModelLine("zoo/c", "zeta", "unknown", by_scope=False),
    ],
    gone_models=[ModelLine("old/d", "omega", "yes", by_scope=False, reason="retagged")],
    renamed_models=[{"before": "acme/e", "now": "acme/f"}],
    new_repositories=["acme/a", "acme/b"],
    gone_repositories=[Departure("old/d", "deleted_or_private"), Departure("old/g", None)],
    renamed_repositories=[{"before": "acme/h", "now": "acme/i"}],
    new_families=["zeta"],
    gone_families=["omega"],
    families_split=[{"family_id": "alpha", "into": ["alpha", "beta"]}],
    families_merged=[{"family_id": "beta", "from": ["alpha", "gamma"]}],
    changed=[
        ValueLine("models", "acme/j", "gated", "false", "auto"),
        ValueLine("models", "acme/j", "license", None, ["mit", "other"]),
        ValueLine("models", "acme/j", "sha", "a" * 40, "b" * 40),
        ValueLine("models", "acme/k", "last_modified", "2026", "2027"),
    ],
    first_observed={"sha": 1200},
    parameters_moved=[{"repo_id": "acme/l", "before": 8_000_000_000, "now": 7_000_000_000}],
    tasks=[ValueLine("tasks", "speech", "model_count", 27_000, 29_000)],
)


@pytest.fixture
def printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[Difference, int], str]:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def run(difference: Difference, lines: int = 20) -> str:
        print_difference(difference, lines)
        return capsys.readouterr().out

    return run


def test_no_difference_is_one_sentence(printed: Callable[..., str]) -> None:
    assert printed(SAME) == (
        "\nFrom 2026-05-31 to 2026-06-30\nQueries of both dates: speech\n\nThe two dates do not differ.\n"
    )


def test_everything_is_told_under_its_title(printed: Callable[..., str]) -> None:
    text = printed(MOVED)
    for part in (
        "Queries of both dates: speech\nAsked on 2026-05-31 only: music\n",
        "Asked on 2026-06-30 only: noise, sound\n",
        "\n3 new distinct models:\n  alpha\n    acme/a\n    acme/b (by a new query; not an audio-",
        "-language model)\n  zeta\n    zoo/c (not decided)\n",
        "\n1 distinct model gone:\n  omega\n    old/d (retagged)\n",
        "\n1 distinct model renamed:\n  acme/e → acme/f\n",
        "\n2 new repositories:\n  acme/a\n  acme/b\n",
        "\n2 repositories gone:\n  old/d (deleted_or_private)\n  old/g\n",
        "\n1 repository renamed:\n  acme/h → acme/i\n",
        "\n1 new family:\n  zeta\n",
        "\n1 family gone:\n  omega\n",
        "\n1 family split:\n  alpha into alpha, beta\n",
        "\n1 family merged:\n  beta from alpha, gamma\n",
        "\n1 parameter count moved:\n  acme/l: 8,000,000,000 → 7,000,000,000 (-12.5 %)\n",
        "\n2 other values:\n  acme/j\n    gated: false → auto\n    license: unknown → mit, other\n",
        "\nNew commits:\n  in 2 repositories\n",
        "\nValues that were not captured before:\n  sha: 1,200\n",
        "\nCounts of tasks:\n  speech: 27,000 → 29,000 (+7.4 %)\n",
    ):
        assert part in text


@pytest.mark.parametrize(("number", "widest"), [(99_999, 80), (1_234_567, 110)])
def test_counts_fit_80_columns_and_are_never_cut(
    printed: Callable[..., str], number: int, widest: int
) -> None:
    lines = [TableLine(table.name, number, number, dict.fromkeys(NONE, number)) for table in COMPARED]
    text = printed(replace(MOVED, tables=lines))
    table = text.partition("noise, sound\n")[2].partition("3 new distinct")[0]
    assert max(map(len, table.splitlines())) <= widest
    assert "…" not in table
    rows = [line.split() for line in table.splitlines() if line.startswith("models ")]
    assert rows == [["models", *[f"{number:,}"] * 8]]


def test_a_long_list_is_cut_and_says_how_to_see_it(printed: Callable[..., str]) -> None:
    many = replace(MOVED, new_repositories=[f"acme/m{number}" for number in range(9)])
    text = printed(many, 5)
    assert "  acme/m4\n  … and 4 more lines: --lines 9 shows them\n" in text
    assert "acme/m5" not in text


def test_names_are_whole_lines(printed: Callable[..., str]) -> None:
    assert f"\n  {LONG}\n" in printed(replace(MOVED, new_repositories=[LONG]))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_and_values_are_printed_as_they_are(printed: Callable[..., str], text: str) -> None:
    hostile = replace(
        MOVED,
        new_repositories=[f"a/{text}"],
        changed=[ValueLine("models", text, "license", [text], text)],
        renamed_repositories=[{"before": text, "now": text}],
        scopes_now=[text],
    )
    found = printed(hostile)
    for line in (f"  a/{text}", f"    license: {text} → {text}", f"  {text} → {text}", f"only: {text}"):
        assert f"{line}\n" in found


def test_control_characters_do_nothing(printed: Callable[..., str]) -> None:
    found = printed(replace(MOVED, new_repositories=["a/\x1b[31mred\r\x07"]))
    assert "  a/\N{REPLACEMENT CHARACTER}[31mred\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}\n" in found
