"""Reads headers of weight files by ranges, where the Hub has not counted them, and counts their tensors.

The readers are those of `builder.parse.headers`; here they are only given bytes. Of several files of one
model (GGUF labels, copies in another format) one set is read: the number of weights is the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Executor
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from builder.capture.file_fields import QUANTIZATION_CONFIG
from builder.capture.hub.client import Unanswered
from builder.capture.hub.request import Answer, file_request
from builder.capture.rules import Note, keep
from builder.errors import HeaderUnreadable
from builder.parse.facts import Facts, WeightFile
from builder.parse.files import read_files
from builder.parse.headers.counts import Count, count_tensors
from builder.parse.headers.gguf import parse_gguf
from builder.parse.headers.packing import StorageHints
from builder.parse.headers.safetensors import parse_safetensors
from builder.parse.headers.tensor import NeedBytes, TensorTable
from builder.parse.headers.torch_zip import FIRST_BYTES, TorchArchive, parse_archive, parse_torch
from builder.parse.popping import Fields, Irregularities
from builder.parse.quantization import read_configuration

if TYPE_CHECKING:
    from builder.capture.crawl.fetched import Fetched
    from builder.capture.evidence import JsonObject
    from builder.capture.hub.client import HubClient

FIRST_SAFETENSORS: Final = 100_000
"""These bytes hold 97 % of all Safetensors headers."""

FIRST_GGUF: Final = 2 * 2**20
"""Where the headers of GGUF files without a large vocabulary end."""

LAST_OF_ARCHIVE: Final = 2**16
"""These bytes hold the directory of most torch archives."""

_FORMATS: Final = {"safetensors": "safetensors", "mlx": "safetensors", "gguf": "gguf", "pytorch": "torch"}
_OF_WEIGHTS: Final = frozenset({"weights", "projector", "adapter"})
_GGUF_NUMBERS: Final = (
    *("context_length", "block_count", "embedding_length"),
    *("attention.head_count", "attention.head_count_kv", "attention.key_length"),
)
_ROUNDS: Final = 12
"""A reader that asks for at least twice as much each time has any allowed header within these."""


def read_headers(
    client: HubClient, shards: Executor, found: Fetched, detail: JsonObject, configs: JsonObject
) -> None:
    """Add the part `headers`, or say why there is none; files of one set are read side by side in `shards`.

    Raises:
        Unanswered: a range has no usable answer.
    """
    chosen = list(_choose_sets(found, detail))
    if not chosen:
        found.absent["headers"] = "not_captured"
        return
    hints = _read_hints(found.repo_id, configs)
    entries: list[JsonObject] = []
    for files in chosen:
        form = _FORMATS[str(files[0].format)]
        try:
            tables = list(shards.map(partial(_read_table, client, found, form), files))
            counts = count_tensors((tensor for table in tables for tensor in table.tensors), hints)
        except HeaderUnreadable as error:
            # Its text may quote the file; the report names only what kind of file it was.
            found.notes.append(Note("dropped", f"headers.{form}", str(error).partition(",")[0]))
            continue
        entry: JsonObject = {"path": files[0].path, "format": form, "counts": [_to_json(c) for c in counts]}
        if form == "gguf":
            entry["metadata"] = _to_metadata(tables[0])
        entries.append(entry)
    found.parts["headers"] = {"sha": detail.get("sha"), "files": list(entries)}
    found.times.setdefault("headers", found.times["files"])


def _choose_sets(found: Fetched, detail: JsonObject) -> Iterator[list[WeightFile]]:
    """Sets of files to read, each to be counted together."""
    sets = _group_files(found)
    counted = {**found.parts.get("list", {}), **detail}
    by_format: dict[str, list[list[WeightFile]]] = defaultdict(list)
    for files in sets:
        by_format[_FORMATS.get(str(files[0].format), "")].append(files)
    # The Hub counts `model.safetensors` and its shards at the root, and nothing else of this format.
    safetensors = by_format["safetensors"]
    if not counted.get("safetensors"):
        yield from safetensors
    gguf = by_format["gguf"]
    # It counts one file of weights and no projector.
    kinds = ("projector",) if counted.get("gguf") else ("weights", "adapter", "projector")
    for kind in kinds:
        of_kind = [files for files in gguf if files[0].role == kind]
        if of_kind:
            yield min(of_kind, key=lambda files: (sum(file.size_bytes for file in files), files[0].path))
    if not safetensors and not gguf:
        yield from by_format["torch"]


def _group_files(found: Fetched) -> list[list[WeightFile]]:
    # The same reading of the list of files that parse will make of it later.
    facts = Facts(found.repo_id, "member", datetime.min.replace(tzinfo=UTC))
    irregular = Irregularities()
    read_files(facts, Fields(found.repo_id, "files", found.parts["files"], irregular), irregular)
    groups: dict[tuple[str | None, ...], list[WeightFile]] = defaultdict(list)
    for file in facts.weight_files or ():
        if file.role in _OF_WEIGHTS and file.format in _FORMATS:
            groups[file.format, file.path_group, file.role, file.variant].append(file)
    return [sorted(files, key=lambda file: file.path) for _, files in sorted(groups.items(), key=_by_path)]


def _by_path(item: tuple[object, list[WeightFile]]) -> str:
    return min(file.path for file in item[1])


def _read_table(client: HubClient, found: Fetched, form: str, file: WeightFile) -> TensorTable:
    source = _Ranges(client, found, file)
    if form == "torch":
        return _read_torch(source, file.size_bytes)
    read, first = (parse_gguf, FIRST_GGUF) if form == "gguf" else (parse_safetensors, FIRST_SAFETENSORS)
    data = source.read(0, first)
    for _ in range(_ROUNDS):
        table = read(data, file.size_bytes)
        if isinstance(table, TensorTable):
            return table
        # A GGUF header shows its length only at its end, so each round asks for twice as much.
        data += source.read(
            len(data), table.stop if form == "safetensors" else max(table.stop, 2 * len(data))
        )
    raise HeaderUnreadable(f"{form} header, its length grows without end")


def _read_torch(source: _Ranges, size: int) -> TensorTable:
    first = source.read(0, min(FIRST_BYTES, size))
    last = source.read(max(0, size - LAST_OF_ARCHIVE), size)
    archive: TorchArchive | NeedBytes = parse_archive(first, last, size)
    if isinstance(archive, NeedBytes):
        archive = parse_archive(first, source.read(archive.start, size), size)
    if isinstance(archive, NeedBytes):
        raise HeaderUnreadable("torch archive, its directory is longer than it says")
    place = archive.pickle_bytes
    table = parse_torch(archive, source.read(place.start, place.stop))
    if isinstance(table, NeedBytes):
        table = parse_torch(archive, source.read(table.start, table.stop))
    if isinstance(table, NeedBytes):
        raise HeaderUnreadable("torch archive, its pickle is longer than it says")
    return table


class _Ranges:
    """Bytes of one file at one commit."""

    def __init__(self, client: HubClient, found: Fetched, file: WeightFile) -> None:
        self._client = client
        self._found = found
        self._file = file

    def read(self, start: int, stop: int) -> bytes:
        """Bytes from `start` up to `stop`, or to the end of the file.

        Raises:
            HeaderUnreadable: the file cannot be read; that it is gated is no fault of the file.
            Unanswered: there is no usable answer.
        """
        stop = min(stop, self._file.size_bytes)
        if start >= stop:
            return b""
        request = file_request(self._found.repo_id, self._sha, self._file.path, (start, stop))

        def check(answer: Answer) -> str | None:
            if answer.status == 200 and (start, stop) == (0, self._file.size_bytes):  # noqa: PLR2004 - the whole file
                return None if len(answer.body) == stop else "its body is not as long as the file"
            stated = answer.headers.get("content-range", "")
            wanted = f"bytes {start}-{stop - 1}/{self._file.size_bytes}"
            if answer.status != 206 or stated != wanted:  # noqa: PLR2004 - partial content
                return "it is not the range that was asked for"
            return None if len(answer.body) == stop - start else "its body is not as long as the range"

        answer = self._client.fetch(request, check)
        if answer.ok:
            self._found.times["headers"] = max(answer.observed_at, self._found.times.get("headers", ""))
            return answer.body
        if answer.is_gated or answer.is_missing:
            raise HeaderUnreadable("file of weights that is not given out, at this commit")
        raise Unanswered(request, f"it answered {answer.status}")

    @property
    def _sha(self) -> str:
        return str(self._found.parts["files"]["sha"])


def _read_hints(repo_id: str, configs: JsonObject) -> StorageHints:
    config = configs.get("config.json")
    if not isinstance(config, dict):
        return StorageHints()
    text = config.get("text_config")
    places = [place for place in (config, text) if isinstance(place, dict)]
    tied = any(place.get("tie_word_embeddings") is True for place in places)
    stated = config.get("quantization_config")
    if not isinstance(stated, dict):
        return StorageHints(tied_head=tied)
    kept = keep(stated, QUANTIZATION_CONFIG, "quantization_config", [])
    configured = read_configuration(Fields(repo_id, "quantization_config", kept, Irregularities()))
    group = stated.get("group_size")
    return StorageHints(
        method=configured.method,
        bits=int(configured.bits) if configured.bits is not None and configured.bits.is_integer() else None,
        group_size=group if type(group) is int else None,
        tied_head=tied,
    )


def _to_json(count: Count) -> JsonObject:
    return {
        "component": count.component,
        "dtype": count.dtype,
        "stored_elements": count.stored_elements,
        "logical_parameters": count.logical_parameters,
        "stored_bytes": count.stored_bytes,
    }


def _to_metadata(table: TensorTable) -> JsonObject:
    """Named numbers of a GGUF file, without the name of its architecture in front."""
    architecture = table.metadata.get("general.architecture")
    if not isinstance(architecture, str):
        return {}
    numbers = {name: table.metadata.get(f"{architecture}.{name}") for name in _GGUF_NUMBERS}
    found: JsonObject = {name: value for name, value in numbers.items() if type(value) is int}
    return {"architecture": architecture, **found}
