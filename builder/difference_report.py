"""What `builder diff` prints for people: counts in one table, then lists by family and repository.

Whatever comes from the Hub is printed as it is, as in `builder.reporting`; a list that is long is cut
at a line that says how many more there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import Final

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from builder.difference import Difference, ModelLine, ValueLine
from builder.reporting import print_line, to_plain

_COMMITS: Final = ("sha", "last_modified")
"""Columns that move with every commit: counted, since their values say nothing to a person."""

_COLUMNS: Final = ("before", "now", "new", "by new\nquery", "gone", "renamed", "other\nvalues", "first\nseen")
_WIDEST: Final = 200
"""Characters: more than nine columns of the longest numbers take."""

_KINDS: Final = ("added", "scope_added", "removed", "renamed", "changed", "first_observed")
"""Kinds of change in the order of the columns after `now`."""


def print_difference(difference: Difference, lines: int) -> None:
    """Print what is new, gone, renamed and other; at most so many lines of each list."""
    console = Console(highlight=False, emoji=False)
    console.print()
    print_line(console, f"From {difference.before} to {difference.now}", style="bold")
    for line in _to_scope_lines(difference):
        print_line(console, line)
    console.print()
    if difference.is_empty:
        print_line(console, "The two dates do not differ.")
        return
    _print_table(console, _to_table(difference))
    for title, listed in _to_lists(difference):
        if listed:
            console.print()
            print_line(console, f"{title}:", style="bold")
            for line in _cut(listed, lines):
                print_line(console, f"  {line}")


def _to_scope_lines(difference: Difference) -> list[str]:
    both = ", ".join(difference.scopes_of_both) or "none"
    only = [
        f"Asked on {name} only: {', '.join(scopes)}"
        for name, scopes in (
            (difference.before, difference.scopes_before),
            (difference.now, difference.scopes_now),
        )
        if scopes
    ]
    return [f"Queries of both dates: {both}", *only]


def _print_table(console: Console, table: Table) -> None:
    """Wider than the screen where numbers of seven digits need it: a number is never cut."""
    needed = Measurement.get(console, console.options.update(max_width=_WIDEST), table).maximum
    console.width = max(console.width, needed)
    console.print(table)


def _to_table(difference: Difference) -> Table:
    table = Table("table", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in _COLUMNS:
        table.add_column(column, justify="right", no_wrap=True)
    for line in difference.tables:
        counts = (line.changes[kind] for kind in _KINDS)
        table.add_row(
            line.table,
            f"{line.before:,}",
            f"{line.now:,}",
            *(f"{count:,}" if count else "–" for count in counts),
        )
    return table


def _to_lists(difference: Difference) -> Iterable[tuple[str, list[str]]]:
    yield _count("new distinct model", difference.new_models), _by_family(difference.new_models)
    yield _count("distinct model", difference.gone_models, "gone"), _by_family(difference.gone_models)
    renamed = difference.renamed_models
    yield _count("distinct model", renamed, "renamed"), [f"{r['before']} → {r['now']}" for r in renamed]
    yield _count("new repositor", difference.new_repositories), difference.new_repositories
    gone = difference.gone_repositories
    yield _count("repositor", gone, "gone"), [_with_reason(g.repo_id, g.reason) for g in gone]
    renamed = difference.renamed_repositories
    yield _count("repositor", renamed, "renamed"), [f"{r['before']} → {r['now']}" for r in renamed]
    yield _count("new famil", difference.new_families), difference.new_families
    yield _count("famil", difference.gone_families, "gone"), difference.gone_families
    split, merged = difference.families_split, difference.families_merged
    yield _count("famil", split, "split"), [f"{f['family_id']} into {', '.join(f['into'])}" for f in split]
    yield _count("famil", merged, "merged"), [f"{f['family_id']} from {', '.join(f['from'])}" for f in merged]
    moved = difference.parameters_moved
    yield (
        _count("parameter count", moved, "moved"),
        [f"{m['repo_id']}: {_to_step(m['before'], m['now'])}" for m in moved],
    )
    told = [value for value in difference.changed if value.column not in _COMMITS]
    yield _count("other value", told), _by_key(told)
    commits = {value.key for value in difference.changed if value.column in _COMMITS}
    yield "New commits", [f"in {_count('repositor', commits)}"] if commits else []
    observed = difference.first_observed
    yield "Values that were not captured before", [f"{name}: {n:,}" for name, n in observed.items()]
    yield "Counts of tasks", [f"{t.key}: {_to_step(t.before, t.now)}" for t in difference.tasks]


def _count(noun: str, things: Iterable[object], what: str = "") -> str:
    """A title such as `3 families gone`; a noun that ends in `famil` or `repositor` is completed."""
    number = len(list(things))
    endings = ("y", "ies") if noun.endswith(("famil", "repositor")) else ("", "s")
    return " ".join(filter(None, (f"{number:,} {noun}{endings[number != 1]}", what)))


def _by_family(models: list[ModelLine]) -> list[str]:
    lines = []
    for family_id, members in groupby(models, key=attrgetter("family_id")):
        lines.append(family_id)
        lines += [f"  {_with_reason(model.unique_model_id, _to_note(model))}" for model in members]
    return lines


def _to_note(model: ModelLine) -> str | None:
    notes = [model.reason, "by a new query" if model.by_scope else None]
    answer = model.audio_language_model
    notes.append({"yes": None, "no": "not an audio-language model"}.get(answer, "not decided"))
    return "; ".join(filter(None, notes)) or None


def _with_reason(name: str, reason: str | None) -> str:
    return f"{name} ({reason})" if reason else name


def _by_key(values: list[ValueLine]) -> list[str]:
    lines = []
    for key, of_row in groupby(values, key=attrgetter("key")):
        lines.append(key)
        lines += [f"  {v.column}: {to_plain(v.before)} → {to_plain(v.now)}" for v in of_row]
    return lines


def _to_step(before: int, now: int) -> str:
    share = f" ({100 * (now - before) / before:+.1f} %)" if before else ""
    return f"{before:,} → {now:,}{share}"


def _cut(lines: list[str], most: int) -> list[str]:
    if len(lines) <= most:
        return lines
    return [*lines[:most], f"… and {len(lines) - most:,} more lines: --lines {len(lines)} shows them"]
