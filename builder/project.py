"""Reads the project's own files: parameters, card template, lock, steps, curated facts, code, JSON.

Whatever is missing or broken ends as one sentence that names the file: these files are edited by hand.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from builder.errors import EvidenceUnreadable
from builder.layout import Layout
from builder.snapshot import manifest, store
from builder.snapshot.drift import LIMITS
from builder.tables import curation
from builder.tables.steps import Step, parse_step

_CODE_ENDINGS: Final = frozenset({".py", ".sql", ".yaml", ".json", ".md", ".lock", ".csv"})
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)
_RESTORE: Final = "restore it from the repository"


def read_json(path: Path, name: str) -> dict[str, Any]:
    """A file that is one JSON object; `name` is how a message calls it.

    Raises:
        EvidenceUnreadable: it is not.
    """
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise EvidenceUnreadable(f"{name} cannot be read as JSON; restore it or build it again") from error
    if not isinstance(document, dict):
        raise EvidenceUnreadable(f"{name} holds no JSON object; restore it or build it again")
    return document


_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same values from either; the one in C reads the curated files ten times as fast."""


def load_yaml(content: bytes) -> Any:  # noqa: ANN401 - whatever the file holds
    """The value of a YAML text.

    Raises:
        yaml.YAMLError: it is none.
    """
    return yaml.load(content, Loader=_LOADER)  # noqa: S506 - both loaders are safe ones


def read_params(layout: Layout) -> Mapping[str, Any]:
    """The parameters, each of the type that its reader expects.

    Raises:
        EvidenceUnreadable: the file is broken, or a parameter is missing or of another type.
    """
    try:
        params = load_yaml(layout.params.read_bytes())
    except (OSError, yaml.YAMLError) as error:
        raise EvidenceUnreadable(f"params.yaml cannot be read as YAML; {_RESTORE}") from error
    if not isinstance(params, Mapping):
        raise EvidenceUnreadable(f"params.yaml holds no parameters; {_RESTORE}")
    share = params.get("hub_total_disagreement")
    repository = params.get("repository")
    for name, fits, form in (
        ("scopes", _is_scopes(params.get("scopes")), "tasks with their depth, type_tags and counted"),
        ("audio_tags", _is_list(params.get("audio_tags"), str), "a list of tags"),
        ("expected_models", _is_counts(params.get("expected_models")), "a number of models per list"),
        ("base_depth", params.get("base_depth") in range(5), "a whole number from 0 to 4"),
        ("shrink_limit", _is_share(params.get("shrink_limit")), "a share between 0 and 1"),
        ("memory_tiers_gb", _is_list(params.get("memory_tiers_gb"), int), "a list of whole numbers"),
        ("hub_total_disagreement", _is_share(share), "a share between 0 and 1"),
        ("drift", _is_limits(params.get("drift")), f"numbers named {', '.join(LIMITS)}, none below 0"),
        (
            "repository",
            isinstance(repository, str) and bool(_REPOSITORY.fullmatch(repository)),
            "a dataset repository, OWNER/NAME",
        ),
    ):
        if not fits:
            raise EvidenceUnreadable(f"params.yaml: {name} must be {form}; correct it or {_RESTORE}")
    return params


def _is_share(value: object) -> bool:
    return isinstance(value, float) and 0 < value < 1


def _is_counts(value: object) -> bool:
    return isinstance(value, Mapping) and all(type(number) is int for number in value.values())


def _is_scopes(value: object) -> bool:
    if not isinstance(value, Mapping) or set(value) != {"tasks", "type_tags", "counted"}:
        return False
    tasks = value["tasks"]
    depths = tasks.values() if isinstance(tasks, Mapping) else ()
    return (
        bool(depths)
        and set(depths) <= {"full", "audio"}
        and all(_is_list(value[name], str) for name in ("type_tags", "counted"))
    )


def _is_limits(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == set(LIMITS)
        and all(type(limit) in {int, float} and 0 <= limit < math.inf for limit in value.values())
    )


def _is_list(value: object, kind: type) -> bool:
    return isinstance(value, list) and bool(value) and all(type(element) is kind for element in value)


def read_text(path: Path) -> str:
    """A text of the project, such as the card's template.

    Raises:
        EvidenceUnreadable: it is missing or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EvidenceUnreadable(f"{path.name} cannot be read as UTF-8 text; {_RESTORE}") from error


def read_steps(folder: Path) -> list[Step]:
    """The SQL steps of a folder in their order."""
    return [parse_step(path.name, path.read_text()) for path in sorted(folder.glob("*.sql"))]


def read_curated(layout: Layout) -> dict[str, Any]:
    """The curated files, parsed; what must stand in them is `curation`'s to check.

    Raises:
        EvidenceUnreadable: a file is missing or no YAML.
    """
    documents: dict[str, Any] = {}
    for name in curation.FILES:
        try:
            documents[name] = load_yaml((layout.curated / f"{name}.yaml").read_bytes())
        except (OSError, yaml.YAMLError) as error:
            raise EvidenceUnreadable(
                f"builder/tables/curated/{name}.yaml cannot be read as YAML; correct it"
            ) from error
    return documents


def hash_code(layout: Layout) -> str:
    """One hash over everything that makes a snapshot, besides the evidence and the locked packages.

    Raises:
        EvidenceUnreadable: a file or folder is missing.
    """
    for name, path in layout.code.items():
        if not path.exists():
            raise EvidenceUnreadable(f"{name} is missing; {_RESTORE}")
    return manifest.hash_code(store.read_tree(layout.code, _CODE_ENDINGS))
