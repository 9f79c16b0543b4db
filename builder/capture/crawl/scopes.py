"""Which lists a capture reads: tasks in full, designs wherever they are filed, tasks to be counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from builder.errors import UsageError

Depth: TypeAlias = Literal["full", "audio", "count"]
"""`full`: every model; `audio`: those that take audio; `count`: how many there are."""

COUNT_SOURCE: Final = "ids in the Hub's list"


@dataclass(frozen=True)
class Scope:
    """One list of the Hub.

    Attributes:
        name: the tag that is asked for; `models.scopes` repeats it.
        query: parameters of the list call.
        expected: models that it held when the number was last looked up, for the estimate of calls.
    """

    name: str
    query: Mapping[str, str]
    depth: Depth
    expected: int

    @property
    def is_task(self) -> bool:
        """Whether it is one of the Hub's tasks, of which `tasks` states the number of models."""
        return "pipeline_tag" in self.query


def read_scopes(params: Mapping[str, Any]) -> tuple[Scope, ...]:
    """The default scopes, from `scopes` of params.yaml as `builder.project` has checked it."""
    stated, expected = params["scopes"], params["expected_models"]
    tasks = {**stated["tasks"], **dict.fromkeys(stated["counted"], "count")}
    return (
        *(
            Scope(tag, {"pipeline_tag": tag}, depth, int(expected.get(tag, 0)))
            for tag, depth in tasks.items()
        ),
        *(Scope(tag, {"filter": tag}, "full", int(expected.get(tag, 0))) for tag in stated["type_tags"]),
    )


def choose_scopes(scopes: Sequence[Scope], names: Sequence[str]) -> tuple[Scope, ...]:
    """The named scopes; all where none is named.

    Raises:
        UsageError: a name is none of theirs, or what is left holds no model.
    """
    known = {scope.name for scope in scopes}
    if unknown := sorted(set(names) - known):
        raise UsageError(
            f"--scope {unknown[0]!a:.60} is not in params.yaml; there are {', '.join(sorted(known))}"
        )
    chosen = tuple(scope for scope in scopes if not names or scope.name in names)
    if all(scope.depth == "count" for scope in chosen):
        raise UsageError(
            "these scopes are only counted, and a capture of no model cannot become a date; "
            "add --scope audio-text-to-text"
        )
    return chosen
