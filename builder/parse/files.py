"""The part `files`: which files are needed to load a repository, and which of them belong together.

`{"sha": commit, "files": [{"path", "size", "sha256"}, …]}` holds every file of one commit, as the
Hub's detail call with blobs or its tree lists them; `sha256` is absent for files outside large-file
storage. Training state, and graphs that another graph of the set contains, are left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from builder.parse.facts import Facts, WeightFile
from builder.parse.paths import GRAPHS, ROOT, ParsedPath, is_of_training, parse_path
from builder.parse.popping import Fields, Irregularities
from builder.parse.siblings import find_weights
from schemas.shared import PATH, SHA, SHA256

CAPTURED: Final = frozenset({"sha", "weight_formats", "weights_bytes"})

_PATH: Final = re.compile(PATH.pattern)
_SHA: Final = re.compile(SHA.pattern)
_SHA256: Final = re.compile(SHA256.pattern)
_OF_WEIGHTS: Final = frozenset({"weights", "projector", "adapter"})
_MERGED: Final = "decoder_model_merged"
_SPLIT: Final = frozenset({"decoder_model", "decoder_with_past_model"})


def read_files(facts: Facts, part: Fields, irregular: Irregularities) -> None:
    """Fill the facts from one list of files.

    Raises:
        EvidenceUnreadable: a size is negative, or a field is not known.
    """
    _read_sha(facts, part, irregular)
    sizes: dict[str, tuple[int | None, str | None]] = {}
    for item in part.subs("files"):
        path, size, sha256 = item.text("path"), item.whole("size"), item.text("sha256")
        item.done()
        if path is None or path in sizes:
            part.refuse("files", "a file without path, or one that is listed twice")
            continue
        if sha256 is not None and not _SHA256.fullmatch(sha256):
            part.refuse("files", "a hash that is none")
            sha256 = None
        sizes[path] = (size, sha256)
    part.done()
    if not sizes:
        # An empty repository still has `.gitattributes`.
        part.refuse("files", "no file is listed")
        return
    needed = _find_needed(sizes)
    stored = [path for path in needed if path.role in _OF_WEIGHTS]
    facts.captured |= CAPTURED
    facts.file_formats = {path.format for path in stored if path.format is not None}
    facts.holds_weights = True if stored else find_weights(sorted(sizes))
    groups = _name_groups(stored)
    is_one_set = set(groups.values()) == {ROOT}
    facts.weight_files = []
    for parsed in needed:
        size, sha256 = sizes[parsed.path]
        if size is None or not _PATH.fullmatch(parsed.path):
            # Sizes are summed, and a sum without one file would be another number.
            part.refuse("files", "a path or size that cannot be kept, so that none of them is")
            facts.weight_files = []
            break
        group = ROOT if parsed.role == "index" and is_one_set else groups.get(parsed.path, parsed.group)
        facts.weight_files.append(_to_file(parsed, size, sha256, group))


def _read_sha(facts: Facts, part: Fields, irregular: Irregularities) -> None:
    sha = part.text("sha")
    if sha is None:
        return
    if not _SHA.fullmatch(sha):
        part.refuse("sha", "not hexadecimal of the right length")
        return
    if facts.sha not in {None, sha}:
        irregular.add("files.sha", "another commit than the one listed")
    facts.sha = sha


def _find_needed(paths: Collection[str]) -> list[ParsedPath]:
    """Files that loading needs, by path: checkpoints of a training run only where nothing else is."""
    parsed = [found for path in sorted(paths) if (found := parse_path(path)) is not None]
    finished = [path for path in parsed if not is_of_training(path.path)]
    if any(path.role in _OF_WEIGHTS for path in finished):
        parsed = finished
    merged = {(path.folder, path.variant) for path in parsed if path.stem == _MERGED}
    return [
        path
        for path in parsed
        if not (path.format == "onnx" and path.stem in _SPLIT and (path.folder, path.variant) in merged)
    ]


def _name_groups(stored: list[ParsedPath]) -> dict[str, str]:
    """Path → group; `*` for all where there is one group only."""
    candidates: dict[object, set[str]] = defaultdict(set)
    for path in stored:
        if path.role == "weights" and path.group is not None:
            candidates[_loader(path)].add(path.group)
            candidates[_loader(path), path.folder].add(path.group)
    groups = {
        path.path: (path.role == "projector" and _find_partner(path, candidates)) or path.group or ROOT
        for path in stored
    }
    return dict.fromkeys(groups, ROOT) if len(set(groups.values())) == 1 else groups


def _find_partner(projector: ParsedPath, candidates: Mapping[object, set[str]]) -> str | None:
    """The group of weights that a projector goes with: the one it is named for, or the only candidate."""
    everywhere = candidates.get(_loader(projector), set())
    near = candidates.get((_loader(projector), projector.folder), set())
    if projector.group in everywhere:
        return projector.group
    return next((min(found) for found in (everywhere, near, {ROOT} & everywhere) if len(found) == 1), None)


def _loader(path: ParsedPath) -> str | None:
    """Formats of tensors by name are loaded side by side."""
    return path.format if path.format in GRAPHS | {"gguf"} else None


def _to_file(parsed: ParsedPath, size_bytes: int, sha256: str | None, group: str | None) -> WeightFile:
    return WeightFile(
        path=parsed.path,
        size_bytes=size_bytes,
        sha256=sha256,
        format=parsed.format,
        role=parsed.role,
        variant=parsed.variant,
        shard_index=parsed.shard_index,
        shard_count=parsed.shard_count,
        path_group=group,
    )
