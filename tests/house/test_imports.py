"""Holds every import of the product to the one direction in which facts flow.

A room may use what comes before it and never what comes after, so that each fact is decided in one
place; and the core, which decides, does not know files, network or clock.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]

# The way of a record through the house.
ORDER = (
    "schemas",
    "builder.parse",
    "builder.tables",
    "builder.snapshot",
    "builder.card",
    "builder.publish",
)
# What all rooms of the builder may use: words, places and the list of dates, no decisions about records.
SHARED = ("builder.errors", "builder.index", "builder.layout")
# The doors to the outside.
DOORS = ("builder.capture", "builder.engine")
# What stages and questions have in common, and what only counts or prints its results.
JOINTS = (
    *("builder.aside", "builder.assembly", "builder.comparison", "builder.derivation", "builder.previous"),
    *("builder.project", "builder.reading", "builder.redaction", "builder.relations", "builder.source"),
)
PRINTERS = (
    *("builder.difference", "builder.difference_report", "builder.evaluation"),
    *("builder.explanation", "builder.export", "builder.reporting"),
)
# What is asked of tables once they are made.
MEASURES = ("builder.accuracy", "builder.validation")

# What follows a build: sending a date to the Hub, checking it, making it again, taking something out of it.
RELEASE = (
    *("builder.publishing", "builder.readiness", "builder.reproduction", "builder.takedown"),
    "builder.verification",
)
PAGE = ("builder.page", "builder.paging")

# Room → rooms that it may use besides itself.
ALLOWED: dict[str, set[str]] = {
    **{room: {*ORDER[:place], *SHARED} for place, room in enumerate(ORDER)},
    "schemas": set(),
    **{room: set(SHARED) for room in SHARED},
    # Headers are counted where they are read, and what a model builds on decides what is read next.
    "builder.capture": {"schemas", "builder.parse", *SHARED},
    # An engine runs steps, so it knows what a step is.
    "builder.engine": {"schemas", "builder.tables", *SHARED},
    **{room: {"schemas", *SHARED, *PRINTERS} for room in PRINTERS},
    **{room: {*ORDER, *SHARED, *DOORS, *JOINTS} for room in JOINTS},
    **{room: {*ORDER, *SHARED, *DOORS, *JOINTS, *PRINTERS} for room in MEASURES},
    # Rooms and doors are joined here, which only the command line uses.
    "builder.stages": {*ORDER, *SHARED, *DOORS, *JOINTS, *PRINTERS, *MEASURES},
    "builder.questions": {*ORDER, *SHARED, *DOORS, *JOINTS, *PRINTERS, *MEASURES},
    **{room: {*ORDER, *SHARED, *DOORS, *JOINTS, *PRINTERS, *MEASURES, *RELEASE} for room in RELEASE},
    "builder.sharing": {*ORDER, *SHARED, *DOORS, *JOINTS, *PRINTERS},
    # Choosing reads a built date and nothing that made it, so that it answers at once.
    "builder.choice": {"schemas", *SHARED},
    "builder.choice_report": {"builder.choice", "builder.reporting", *SHARED},
    "builder.choosing": {"schemas", "builder.choice", *SHARED},
    "builder.page": {"builder.choice", "builder.export", *SHARED},
    "builder.paging": {"builder.choice", "builder.page", *SHARED},
    "builder.page_publishing": {"builder.project", "builder.publish", *PAGE, *SHARED},
    "builder.page_report": {"builder.reporting"},
    "builder.documenting": {*ORDER, "builder.choice", "builder.choosing", *SHARED},
    "builder.__main__": {"builder.cli"},
    "builder.cli": {
        *(*ORDER, *SHARED, *DOORS, *JOINTS, *PRINTERS),
        *("builder.stages", "builder.questions", "builder.sharing", *MEASURES, *RELEASE),
        *("builder.choice", "builder.choice_report", "builder.choosing", "builder.documenting"),
        *("builder.paging", "builder.page_publishing", "builder.page_report"),
    },
}

CORE = (
    "schemas",
    "builder.parse",
    "builder.card",
    "builder.snapshot.build",
    "builder.snapshot.canonical",
    "builder.snapshot.drift",
    "builder.snapshot.manifest",
    "builder.snapshot.scopes",
    "builder.difference",
    "builder.publish.entry",
    "builder.publish.page_plan",
    "builder.publish.plan",
    "builder.publish.state",
    "builder.choice",
    "builder.evaluation",
    "builder.explanation",
    "builder.redaction",
    "builder.export",
    "builder.page",
)
WORLD = {"click", "dvc", "huggingface_hub", "os", "time"}


def within(name: str, package: str) -> bool:
    """Whether a dotted name is a package or something inside it."""
    return name == package or name.startswith(f"{package}.")


def room(name: str) -> str | None:
    """The room that a dotted name belongs to; None where it is none of ours."""
    return next((room for room in ALLOWED if within(name, room)), None)


@cache
def modules() -> dict[str, Path]:
    """Dotted name → file of every module of the product."""
    paths = [path for package in ("builder", "schemas") for path in (ROOT / package).rglob("*.py")]
    parts = {path: path.relative_to(ROOT).with_suffix("").parts for path in paths}
    return {".".join(names).removesuffix(".__init__"): path for path, names in parts.items()}


def imports(path: Path) -> Iterator[str]:
    """Dotted names that a file imports, wherever in the file: late imports count."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{path} imports by a relative name in line {node.lineno}"
            assert not node.level, f"{path} imports by a relative name in line {node.lineno}"
            for alias in node.names:
                # `from builder import cli` imports the module builder.cli.
                dotted = f"{node.module}.{alias.name}"
                yield dotted if dotted in modules() else node.module


def test_every_module_belongs_to_a_room() -> None:
    assert [name for name in modules() if room(name) is None] == ["builder"]


def test_imports_go_one_way() -> None:
    wrong = []
    for name, path in modules().items():
        for imported in imports(path):
            here, there = room(name), room(imported)
            if here and there and there != here and there not in ALLOWED[here]:
                wrong.append(f"{name} imports {imported}")
    assert wrong == []


def test_the_core_does_not_know_the_world() -> None:
    core = {name: path for name, path in modules().items() if any(within(name, part) for part in CORE)}
    assert {room(name) for name in core} >= {"schemas", "builder.parse", "builder.card", "builder.snapshot"}
    assert [
        (name, imported)
        for name, path in core.items()
        for imported in imports(path)
        if imported.split(".")[0] in WORLD
    ] == []
