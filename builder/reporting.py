"""What commands print for people: what was built, how often it is right, how one row came about.

Whatever comes from the Hub is printed as it is: neither markup nor an emoji code nor a control
character in it does anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from builder.explanation import Candidate, Decided, Explanation


def print_report(
    date: str,
    manifest: Mapping[str, Any],
    *,
    same: bool | None,
    changed: list[str],
    revision: tuple[str, str] | None = None,
) -> None:
    """Print one date; `revision` is the dataset repository and tag where it is published."""
    console = Console(highlight=False)
    made_from = manifest["made_from"]
    how = "reconstructed from an export" if made_from["reconstructed"] else "captured from the Hub"
    console.print(f"\n[bold]{date}[/bold] · {how} · schema {manifest['schema_version']}")
    table = Table("table", box=None, pad_edge=False)
    table.add_column("rows", justify="right")
    table.add_column("bytes", justify="right")
    table.add_column("content", overflow="fold")
    for name, facts in manifest["tables"].items():
        table.add_row(name, f"{facts['rows']:,}", f"{facts['bytes']:,}", facts["content_sha256"][:12])
    console.print(table)
    if same is None:
        console.print("There is no git repository here, so nothing to compare the bytes with.")
    elif same:
        console.print("The bytes equal the committed ones.")
    else:
        console.print(
            "The bytes differ from the committed ones in: " + ", ".join(changed), markup=False, soft_wrap=True
        )
    if revision is not None:
        console.print(f"It is published in {revision[0]} as {revision[1]}.", markup=False, soft_wrap=True)
    where = f'"snapshots/{date}", "unique_models"'
    if revision is not None:
        where = f'"{revision[0]}", "unique_models", revision="{revision[1]}"'
    console.print("Load it:\n", end="")
    # Whole lines, however narrow the screen: they are there to be copied.
    console.print("    from datasets import load_dataset", markup=False)
    console.print(
        f'    models = load_dataset({where}, split="train")\n',
        markup=False,
        soft_wrap=True,
    )


_LABELS = {
    "unique_model_id": "distinct model",
    "kind": "kind",
    "audio_language_model": "audio-language",
    "family_id": "family (B³ F1)",
    "runtime_parameters": "runtime params",
    "logical_parameters": "logical params",
}
"""What is scored, short enough for a table that fits 80 columns."""

_COLUMNS = (
    *("right", "95 %\ninterval", "rows", "without\ncorrections"),
    *("blind\nrows", "tags\nonly", "nothing\nfolded"),
)
_LEVELS = ("high", "medium", "low")


def print_accuracy(date: str, accuracy: Mapping[str, Any]) -> None:
    """Print scores, scores per confidence, baselines and errors; the tables fit 80 columns."""
    console = Console(highlight=False, emoji=False)
    console.print(Text(f"\nAccuracy of {date}", style="bold"))
    console.print(
        f"{accuracy['scored_rows']} scored of {accuracy['gold_rows']} judged rows, "
        f"{accuracy['judged_blind']} of them judged blind: from public facts, before the answers were "
        "looked at. “blind rows” are these alone, without corrections.",
        markup=False,
    )
    console.print()
    main = _table(*_COLUMNS)
    for column, label in _LABELS.items():
        right = accuracy["scores"][column]
        main.add_row(
            label,
            _share(right),
            f"{right['low']:.2f}–{right['high']:.2f}" if right["rows"] else "–",
            str(right["rows"]),
            _share(accuracy["without_corrections"][column]),
            _share(accuracy["blind_without_corrections"][column]),
            _share(accuracy["baselines"]["declared_tags_only"][column]),
            _share(accuracy["baselines"]["nothing_folded"][column]),
        )
    console.print(main)
    console.print("\nBy the confidence that the snapshot gives each answer, with rows in brackets:\n")
    levels = _table(*_LEVELS)
    for column, label in _LABELS.items():
        scores = (accuracy["by_confidence"][level][column] for level in _LEVELS)
        levels.add_row(label, *(_share(score, rows=True) for score in scores))
    console.print(levels)
    errors = accuracy["errors"]
    console.print(f"\n{len(errors)} wrong {'answer' if len(errors) == 1 else 'answers'}:")
    # Lines instead of a table: a repo_id is there to be copied, however narrow the screen.
    for repo_id, of_repository in groupby(errors, key=itemgetter("repo_id")):
        print_line(console, f"  {repo_id}")
        for error in of_repository:
            judged, answer = (to_plain(_number(error[name])) for name in ("judged", "answer"))
            confidence = f" ({error['confidence']})" if error["confidence"] else ""
            print_line(console, f"      {error['column']}: judged {judged}, answered {answer}{confidence}")


def _table(*columns: str) -> Table:
    table = Table("value", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _share(score: Mapping[str, Any], *, rows: bool = False) -> str:
    if not score["rows"]:
        return "–"
    value = score["value"]
    # 1.000 only where nothing is wrong.
    text = f"{value if value == 1 else min(value, 0.999):.3f}"
    return f"{text} ({score['rows']})" if rows else text


def _number(text: str | None) -> int | str | None:
    return int(text) if text is not None and text.isascii() and text.isdecimal() else text


def print_line(console: Console, line: str, style: str = "") -> None:
    """One whole line, as it is: nothing in it is markup, and it is not cut or wrapped."""
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
    console.print(Text(shown, style=style), soft_wrap=True)


def print_explanation(explanation: Explanation) -> None:
    """Print what was seen, what was decided and beaten, lineage, arithmetic and gaps of one repository."""
    console = Console(highlight=False, emoji=False)
    console.print()
    print_line(console, f"{explanation.repo_id}  {explanation.where}", style="bold")
    seen = {**explanation.seen, **explanation.lists}
    name = ", ".join(f"{part} {to_plain(value)}" for part, value in explanation.name.items())
    parts = {
        "Seen": [*(f"{column}: {to_plain(value)}" for column, value in seen.items()), f"name: {name}"],
        "Decided": [line for decided in explanation.decided for line in _to_decided_lines(decided)],
        "Lineage": [_to_edge_line(edge) for edge in explanation.lineage],
        "Counts": [
            *(_to_addend_line(addend) for addend in explanation.addends),
            *(f"= {to_plain(value):>18}  {column}" for column, value in explanation.sums.items()),
        ],
        "Unknown": _to_gap_lines(explanation.gaps),
    }
    for title, lines in parts.items():
        console.print()
        print_line(console, title if lines else f"{title}: none", style="bold")
        for line in lines:
            print_line(console, f"  {line}")


def _to_decided_lines(decided: Decided) -> list[str]:
    values = ", ".join(winner.value for winner in decided.winners)
    losers = [f"    beat {loser.value}{_because(loser)}" for loser in decided.beaten]
    return [f"{decided.column} = {values}{_because(decided.winners[0])}", *losers]


def _to_edge_line(edge: Mapping[str, Any]) -> str:
    must = ", must be loaded too" if edge["external"] else ""
    note = f": {edge['note']}" if edge["note"] else ""
    return f"{edge['relation']} of {edge['base_model']} ({edge['status']}{must}){note}"


def _to_addend_line(addend: Mapping[str, Any]) -> str:
    sign = "+" if addend["counted"] else "·"
    stored, weights = addend["stored_elements"], addend["logical_parameters"]
    elements = f", {stored:,} stored" if stored is not None else ""
    return (
        f"{sign} {to_plain(weights):>18} ± {addend['uncertainty']:,}  {addend['component']} in "
        f"{addend['weights_repo_id']} ({addend['dtype']}{elements}; {addend['source']})"
    )


def _to_gap_lines(gaps: Mapping[str, str]) -> list[str]:
    by_reason: dict[str, list[str]] = {}
    for column, reason in gaps.items():
        by_reason.setdefault(reason, []).append(column)
    return [f"{reason}: {', '.join(columns)}" for reason, columns in sorted(by_reason.items())]


def _because(candidate: Candidate) -> str:
    target = f" → {candidate.target}" if candidate.target and candidate.target != candidate.value else ""
    return f"{target}  [{candidate.confidence}, {candidate.evidence}] {candidate.rule}"


def to_plain(value: object) -> str:
    """A value as a person reads it."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(str(element) for element in value)
    return str(value)


SIGNS = {"add": "+", "update": "~", "delete": "-"}


def print_plan(plan: Mapping[str, Any], obstacle: str | None, *, execute: bool) -> None:
    """Print what publishing a date would do, file by file, with the difference of the cards."""
    console = Console(highlight=False, emoji=False)
    print_line(console, f"{plan['date']} → {plan['repo_id']}", style="bold")
    if plan["commit"] is None:
        begins = f", made at {plan['starts_at'][:12]}" if plan["starts_at"] else ""
        print_line(console, f"branch  {plan['branch']}{begins}")
        print_line(console, f"parent  {plan['parent'][:12]}; any other head refuses the commit")
        print_line(console, f"commit  {plan['summary']}, manifest {plan['manifest_sha256'][:12]}")
        for change in plan["changes"]:
            size = "" if change["action"] == "delete" else f"  {change['bytes']:,} bytes"
            print_line(console, f"  {SIGNS[change['action']]} {change['path']}{size}")
        print_line(console, f"        {len(plan['changes'])} files change, {plan['bytes']:,} bytes are sent")
        _print_card_change(console, plan["card"])
    else:
        print_line(console, f"commit  {plan['commit'][:12]} holds these files already")
    print_line(console, f"tag     {plan['date']}{' is there already' if plan['tagged'] else ''}")
    if plan["done"]:
        print_line(console, "published and identical: nothing is sent")
    if obstacle is not None and not execute:
        print_line(console, f"not yet: {obstacle}")
    elif not execute and not plan["done"]:
        print_line(console, "nothing was done; add --execute to do it")


def _print_card_change(console: Console, card: Mapping[str, Any]) -> None:
    if not card["added"] and not card["removed"]:
        print_line(console, "card    as it is there")
        return
    if not card["removed"]:
        print_line(console, f"card    new, {card['added']} lines")
        return
    print_line(console, f"card    {card['added']} lines more, {card['removed']} less, beginning:")
    for line in card["lines"]:
        print_line(console, f"  {line[:_CARD_WIDTH]}")


_CARD_WIDTH = 100
"""Characters of a card's line: its tables are wide, and a difference shows near the beginning."""


def print_published(result: Mapping[str, Any]) -> None:
    """Print where a published date lies, and what is left to a person."""
    console = Console(highlight=False, emoji=False)
    entry, date = result["publication"], result["date"]
    if not result["acted"]:
        print_line(console, f"{date} is published in {entry['repo_id']} and identical; nothing was done")
        return
    print_line(
        console, f"{date} is published: every file read back from {entry['repo_id']} is the one of its"
    )
    print_line(
        console, f"manifest, at the tag {date} on commit {entry['hub_commit'][:12]} of {entry['branch']}"
    )
    print_line(console, "now commit the index and push it with the tag:")
    print_line(console, f"    git commit --message 'Publish {date}' snapshots/index.yaml")
    print_line(console, f"    git push origin HEAD {date}")
