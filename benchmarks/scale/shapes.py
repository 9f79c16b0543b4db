"""How often what stands in a row of the Hub's lists: `shapes.json`, counted from such a list, and drawn from.

The table holds counts only, and of words those that stand in at least `COMMON` rows. The one that is here was
counted from 1,051 rows of May 2026, nearly all of text generation. They say how a row looks, not how the
Hub is made up: tasks and relations are stated in `lines.py` and `plan.py`.

    python -m benchmarks.scale.shapes LIST.jsonl.gz --origin "where and when the list was read"
"""

from __future__ import annotations

import bisect
import gzip
import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from statistics import quantiles
from typing import Any, Generic, TypeVar

import click
import orjson

from builder.capture.evidence import HUB_PARTS, Record, to_line
from builder.capture.fields import filter_part

SHAPES = Path(__file__).with_name("shapes.json")

COMMON = 5
"""Rows in which a word must stand to be named: rarer ones would tell of single repositories."""
PIECES = 20
"""Parts of equal share that a number's spread is given in."""
NUMBERS = ("downloads", "downloadsAllTime", "likes")
FIELDS = ("library_name", "pipeline_tag", "cardData", "safetensors")
CARD_FIELDS = ("language", "library_name", "license", "pipeline_tag", "tags")

Drawn = TypeVar("Drawn")


class Spread(Generic[Drawn]):
    """Values to draw from, each as often as its weight says."""

    def __init__(self, weights: Iterable[tuple[Drawn, float]]) -> None:
        pairs = list(weights)
        self.values = [value for value, _ in pairs]
        self._sums = list(accumulate(weight for _, weight in pairs))

    def at(self, share: float) -> Drawn:
        """The value at a share of all, from 0 to below 1."""
        return self.values[bisect.bisect_right(self._sums, share * self._sums[-1])]


@dataclass(frozen=True)
class Shapes:
    """The table, ready to draw from."""

    bytes_per_line: int
    """Mean length of the rows' evidence, for comparison."""
    present: Mapping[str, float]
    """Share of rows in which a field stands."""
    card: Mapping[str, float]
    """Share of rows whose card declares a field."""
    numbers: Mapping[str, Sequence[int]]
    dtypes: Spread[str]
    licenses: Spread[str]
    languages: Spread[tuple[str, ...]]
    tag_sets: Sequence[tuple[str, ...]]
    """Words that stand together in one row, with how many rows have how many of them."""
    rare_tags: float
    """Mean number of words in a row that hardly another row has."""
    repeats: float
    """Share of cards with a list that says something twice."""

    def number(self, field: str, share: float) -> int:
        """The number below which that share of rows lies."""
        ends = self.numbers[field]
        place, rest = divmod(share * (len(ends) - 1), 1)
        low, high = ends[int(place)], ends[int(place) + 1]
        # Counts are spread over powers of ten, also between two given ends.
        return int((low + 1) * ((high + 1) / (low + 1)) ** rest) - 1


def read_shapes(seed: int, without: AbstractSet[str] = frozenset(), sets: int = 5_000) -> Shapes:
    """Read the table; the words of `sets` rows are drawn once, `without` some, and shared by many records."""
    table = json.loads(SHAPES.read_bytes())
    draw = random.Random(seed)  # noqa: S311 - for spread, not for secrets
    sizes = Spread((int(size), count) for size, count in table["common_tags_per_row"].items())
    tags = Spread((tag, count) for tag, count in table["tags"].items() if tag not in without)
    return Shapes(
        bytes_per_line=table["bytes_per_line"],
        present=table["present"],
        card=table["card"],
        numbers=table["numbers"],
        dtypes=Spread(table["dtypes"].items()),
        licenses=Spread(table["licenses"].items()),
        languages=Spread((tuple(text.split()), count) for text, count in table["languages"].items()),
        tag_sets=[_draw_words(draw, tags, sizes.at(draw.random())) for _ in range(sets)],
        rare_tags=table["rare_tags_per_row"],
        repeats=table["cards_that_repeat"],
    )


def _draw_words(draw: random.Random, tags: Spread[str], size: int) -> tuple[str, ...]:
    words: dict[str, None] = {}
    # Bounded: where few words make up most of the weight, drawing one that is new takes long.
    for _ in range(20 * size):
        if len(words) == size:
            break
        words[tags.at(draw.random())] = None
    return tuple(words)


def count_shapes(rows: Sequence[Mapping[str, Any]], origin: str) -> dict[str, Any]:
    """The table of some rows of a list."""
    kept = [filter_part("list", dict(row))[0] for row in rows]
    lists: list[dict[str, Any]] = [dict(row) for row in kept]
    cards = [row["cardData"] or {} for row in lists]
    absent = {part: "not_captured" for part in HUB_PARTS if part != "list"}
    lines = [to_line(Record(row["id"], "member", {"list": row}, absent)) for row in lists]
    words = [_own_words(row, card) for row, card in zip(lists, cards, strict=True)]
    rows_with = Counter(word for found in words for word in found)
    common = {word: count for word, count in sorted(rows_with.items()) if count >= COMMON}
    sizes = Counter(sum(word in common for word in found) for found in words)
    present = {name: sum(row[name] is not None for row in lists) for name in FIELDS}
    declared = {name: sum(name in card for card in cards) for name in CARD_FIELDS}
    return {
        "origin": origin,
        "rows": len(rows),
        "bytes_per_line": round(sum(map(len, lines)) / len(lines)),
        "present": {name: round(count / len(rows), 3) for name, count in present.items()},
        "card": {name: round(count / len(rows), 3) for name, count in declared.items()},
        "numbers": {name: _spread([row[name] for row in lists]) for name in NUMBERS},
        "dtypes": _count(
            " ".join(sorted(row["safetensors"]["parameters"])) for row in lists if row["safetensors"]
        ),
        "licenses": _count(card["license"] for card in cards if isinstance(card.get("license"), str)),
        "languages": _count(
            " ".join(map(str, card["language"])) for card in cards if isinstance(card.get("language"), list)
        ),
        "common_tags_per_row": {str(size): sizes[size] for size in sorted(sizes)},
        "rare_tags_per_row": round(
            sum(count for count in rows_with.values() if count < COMMON) / len(rows), 2
        ),
        "cards_that_repeat": round(sum(map(_repeats, cards)) / len(rows), 3),
        "tags": common,
    }


def _own_words(row: Mapping[str, Any], card: Mapping[str, Any]) -> set[str]:
    """The tags of a row that are not another field of it said again."""
    language = card.get("language")
    said = {row["library_name"], row["pipeline_tag"], "safetensors", "gguf", "region:us"}
    said |= {language} if isinstance(language, str) else set(map(str, language or ()))
    return {tag for tag in row["tags"] if tag not in said and not tag.startswith(("base_model:", "license:"))}


def _repeats(card: Mapping[str, Any]) -> bool:
    lists = [value for value in card.values() if isinstance(value, list)]
    return any(len(set(map(str, value))) < len(value) for value in lists)


def _spread(numbers: list[int]) -> list[int]:
    ends = map(round, quantiles(numbers, n=PIECES, method="inclusive"))
    return [min(numbers), *ends, max(numbers)]


def _count(texts: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(texts).items()))


@click.command()
@click.argument("listing", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--origin", required=True, help="Where and when the list was read.")
@click.option("--rows", default=100_000, show_default=True, help="Rows to count, from the first on.")
def main(*, listing: Path, origin: str, rows: int) -> None:
    """Count a list, JSON lines in gzip, into shapes.json."""
    with gzip.open(listing, "rb") as stream:
        counted = count_shapes([orjson.loads(line) for line in islice(stream, rows)], origin)
    SHAPES.write_text(json.dumps(counted, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
