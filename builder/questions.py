"""Questions to a built date: how often its answers are right, and how one of them came about."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from builder.accuracy import answer_uncorrected, measure_accuracy, read_judged
from builder.capture.reader import read_evidence
from builder.comparison import compare_sides, to_frames
from builder.derivation import parse_plan, plan_build, run_steps
from builder.difference import Difference, collect_difference
from builder.errors import EvidenceUnreadable, UsageError
from builder.evaluation.draw import Candidate, draw_rows
from builder.evaluation.gold import parse_gold
from builder.explanation import Explanation, explain
from builder.index import read_index
from builder.layout import Layout
from builder.previous import find_date, read_side
from builder.project import read_params, read_text
from builder.reading import read_tables
from builder.redaction import Redactor
from builder.snapshot.build import to_frame
from builder.snapshot.drift import compare_families, compare_parameters, rename


def evaluate_date(layout: Layout, date: str, gold: Path | None = None) -> dict[str, Any]:
    """Accuracy of a built date.

    Raises:
        SnapshotRefused: the date is not built.
        EvidenceUnreadable: there is no gold file for the date, or it is broken.
    """
    if gold is not None and not gold.is_file():
        raise EvidenceUnreadable(f"{gold.name} is no file; name one that holds judged rows with --gold")
    tables = read_tables(layout, date)
    plan = plan_build(layout, date)
    judged = read_judged(plan, layout, gold)
    if judged is None:
        where = layout.gold(date[:10]).relative_to(layout.root).as_posix()
        raise EvidenceUnreadable(f"nobody judged rows of {date}: {where} is missing; name a file with --gold")
    with parse_plan(plan, layout) as parsed:
        return measure_accuracy(judged, plan, tables, answer_uncorrected(parsed, plan))


def draw_date(layout: Layout, date: str, rows: int) -> list[str]:
    """Repositories of a date to judge next, from its evidence alone; it need not be built.

    A repository that was judged for an earlier date is not fresh: its errors are known.

    Raises:
        CaptureRefused, EvidenceUnreadable: the evidence or an earlier gold file is missing or broken.
    """
    plan = plan_build(layout, date)
    day = plan.day.isoformat()
    folder = layout.gold(day).parent
    earlier = [path for path in sorted(folder.glob("*.csv")) if path.stem < day]
    known = {row.repo_id for path in earlier for row in parse_gold(read_text(path), path.name)}
    candidates = [
        Candidate(record.repo_id, frozenset(_find_tags(record.parts)))
        for _, _, record in read_evidence(layout.capture(date))
        if record.role == "member" and record.repo_id not in known and not plan.redactor.hides(record.repo_id)
    ]
    return draw_rows(day, candidates, rows)


def _find_tags(part: object) -> Iterator[str]:
    """Every tag in the parts of a record, whatever source they came from."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "tags" and isinstance(value, list):
                yield from (tag for tag in value if isinstance(tag, str))
            else:
                yield from _find_tags(value)


def diff_dates(layout: Layout, before: str, now: str) -> Difference:
    """What is different on one built date from another, whichever is earlier.

    Raises:
        SnapshotRefused: one of the dates is not built, or its files are not those of its manifest.
    """
    index, params = read_index(layout.index), read_params(layout)
    sides = [read_side(layout, find_date(layout, index, name)) for name in (before, now)]
    movement = compare_sides(layout, *sides)
    frames = [to_frames(side) for side in sides]
    models, unique_models = (
        rename(frames[0][table], column, movement.moved)
        for table, column in (("models", "repo_id"), ("unique_models", "unique_model_id"))
    )
    tolerance = params["drift"]["parameters_tolerance"]
    return collect_difference(
        names=(before, now),
        scopes=movement.scopes,
        changes=to_frame(movement.changes),
        before=frames[0],
        now=frames[1],
        families=compare_families(unique_models, frames[1]["unique_models"], examples=None),
        parameters=compare_parameters(models, frames[1]["models"], tolerance, examples=None),
    )


_SHOWN: Final = 200
"""Characters of what somebody typed that are looked at and repeated: two longest names on the Hub."""

_EXPLAINED: Final = (
    *("record", "record_value", "known_name", "decisions"),
    *("lineage", "parameters", "gaps", "models"),
)


def explain_repository(layout: Layout, date: str, repo_id: str) -> Explanation:
    """How each value of one repository came about, made again from the evidence.

    Raises:
        UsageError: the date has no such repository.
    """
    plan = plan_build(layout, date)
    where = _find_record(layout, date, repo_id, plan.redactor)
    with run_steps(plan, layout) as engine:
        rows = {name: engine.rows_of(name, "repo_id", repo_id) for name in _EXPLAINED}
    return explain(repo_id, where, rows)


def _find_record(layout: Layout, date: str, repo_id: str, redactor: Redactor) -> str:
    names = []
    for shard, line, record in read_evidence(layout.capture(date)):
        if record.role != "member" or redactor.hides(record.repo_id):
            continue
        if record.repo_id == repo_id:
            return f"{shard.relative_to(layout.root).as_posix()}, line {line}"
        names.append(record.repo_id)
    near = _find_near(repo_id, names)
    hint = f"did you mean {', '.join(near)}?" if near else "the table `models` lists them all"
    raise UsageError(f"{date} has no repository {repo_id[:_SHOWN]!r}; {hint}")


def _find_near(repo_id: str, names: list[str]) -> list[str]:
    """Up to three names that somebody may have meant: one that holds the other, else similar ones."""
    typed = repo_id.lower()
    lower = {name.lower(): name for name in names}
    around = [name for name in lower if typed and (typed in name or name in typed)]
    around.sort(key=lambda name: (abs(len(name) - len(typed)), name))
    return [lower[name] for name in (around or get_close_matches(typed[:_SHOWN], lower))[:3]]
