"""The field `evalResults`: results of benchmarks that the Hub shows beside a model.

Owners and others file them as `.eval_results/*.yaml`; the form is described at
https://huggingface.co/docs/hub/eval-results. They name data set and task, never the metric: that is the
benchmark's own, so the number is kept without a unit. Of several results of one task the latest is kept,
and of several of that time the highest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from builder.parse.facts import Facts, Score
from builder.parse.popping import Fields
from schemas.shared import LINK
from schemas.tables.evaluations import DATASET_ID

_DATASET_ID: Final = re.compile(DATASET_ID.pattern)
_LINK: Final = re.compile(LINK.pattern)


def read_scores(facts: Facts, results: Iterable[Fields]) -> None:
    """Fill the facts from the results; what has no data set or number is reported and left out."""
    found: dict[str, tuple[str, float, Score]] = {}
    for result in results:
        wrapped = result.sub("data")
        # Beside a wrapped result the Hub repeats its fields, or says nothing.
        if wrapped is not None:
            result.ignore("dataset", "value", "date", "source", "verified")
            result.done()
        dated = _read_score(facts.repo_id, result if wrapped is None else wrapped)
        if dated is not None:
            date, score = dated
            key = score.dataset_id
            found[key] = max(
                found.get(key, (date, score.value, score)), (date, score.value, score), key=_rank
            )
    facts.scores = [found[key][2] for key in sorted(found)]


def _rank(entry: tuple[str, float, Score]) -> tuple[str, float, str]:
    date, value, score = entry
    return date, value, score.source_url


def _read_score(repo_id: str, result: Fields) -> tuple[str, Score] | None:
    dataset, source = result.sub("dataset"), result.sub("source")
    parts = []
    if dataset is not None:
        parts = [part for part in (dataset.text("id"), dataset.text("task_id")) if part]
        dataset.ignore("revision")
        dataset.done()
    link = source.text("url") if source is not None else None
    if source is not None:
        source.done()
    value, date = result.decimal("value"), result.text("date")
    result.ignore("verified")
    result.done()
    dataset_id = "/".join(parts)
    if not _DATASET_ID.fullmatch(dataset_id):
        result.refuse("dataset", "no data set of the Hub")
        return None
    if value is None or value < 0:
        result.refuse("value", "no number of at least 0")
        return None
    if link is None or not _LINK.fullmatch(link):
        link = f"https://huggingface.co/{repo_id}"
    return date or "", Score(dataset_id, value, link)
