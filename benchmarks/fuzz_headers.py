"""How long and how much memory the header readers take for 1,000 hostile inputs; fails beyond the bounds.

Every input must give a table, a request for more bytes or a named error within 50 ms and 64 MiB of its
own (the input itself not counted). The inputs come from a seed: lengths up to 2^64, deep nesting,
truncated and damaged headers, wrong magic, deflate bombs, pickles that call functions. They are read in
a process of their own whose address space is limited, so that a reader that runs away ends it.

Time is the least of five readings, which leaves out what other processes on the machine took. The
second table is no attack: the cost of an honest header grows with its tensors, up to the most that are
accepted. A hostile header that is well-formed up to its end costs the same; the first table has these
with up to 3,000 tensors or 500,000 words.

    python -m benchmarks.fuzz_headers --inputs 1000
"""

from __future__ import annotations

import json
import random
import resource
import struct
import subprocess
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from builder.errors import HeaderUnreadable
from builder.parse.headers.counts import count_tensors
from builder.parse.headers.gguf import parse_gguf
from builder.parse.headers.packing import StorageHints
from builder.parse.headers.safetensors import parse_safetensors
from builder.parse.headers.tensor import NeedBytes, TensorTable
from builder.parse.headers.torch_zip import FIRST_BYTES, parse_archive, parse_torch
from tests.unit import header_bytes as write

MAX_MS = 50
MAX_MIB = 64
ADDRESS_SPACE = 2 * 2**30
REPEATS = 5
MIB = 2**20
LARGEST = 24_000_000
EXTREMES = (2**63, 2**64 - 1, 2**63 - 1, 25_000_001, 2**32, 2**31)

Input = tuple[str, str, bytes]


def read_torch(data: bytes) -> TensorTable | NeedBytes:
    """Directory and pickle, from a file that is all there."""
    archive = parse_archive(data[:FIRST_BYTES], data[-70_000:], len(data))
    if isinstance(archive, NeedBytes):
        archive = parse_archive(data[:FIRST_BYTES], data[archive.start :], len(data))
    if isinstance(archive, NeedBytes):
        return archive
    wanted = archive.pickle_bytes
    return parse_torch(archive, data[wanted.start : wanted.stop])


READERS: dict[str, Callable[[bytes], TensorTable | NeedBytes]] = {
    "safetensors": parse_safetensors,
    "gguf": parse_gguf,
    "torch": read_torch,
}


def outcome(reader: str, data: bytes) -> str:
    """What became of one input; any other exception ends the benchmark."""
    try:
        answer = READERS[reader](data)
        if isinstance(answer, NeedBytes):
            return "asks for more"
        count_tensors(answer.tensors, StorageHints("gptq", 4, 128, tied_head=True))
    except HeaderUnreadable:
        return "named error"
    return "counted"


def good_files(dice: random.Random) -> dict[str, bytes]:
    """One honest file of each kind, of random size."""
    shapes = [(dice.randrange(1, 9), 32 * dice.randrange(1, 9)) for _ in range(dice.randrange(1, 200))]
    names = [f"model.layers.{place}.mlp.weight" for place in range(len(shapes))]
    entries = write.safetensors_entries(
        {name: ("F32", shape) for name, shape in zip(names, shapes, strict=True)}
    )
    vocabulary = write.gguf_array(8, 500, write.gguf_text("token") * 500)
    tensors = [write.gguf_tensor(name, (32, 4), 2, place * 96) for place, name in enumerate(names)]
    state = {name: write.pickle_tensor((4,), str(place)) for place, name in enumerate(names)}
    pickled = write.pickle_file(write.pickle_dict(state))
    storages = {str(place): 16 for place in range(len(names))}
    return {
        "safetensors": write.safetensors_header({"__metadata__": {"format": "pt"}, **entries}),
        "gguf": write.gguf_file([write.gguf_pair("tokens", 9, vocabulary)], tensors),
        "torch": write.torch_file(pickled, storages, deflated=dice.choice([True, False])),
    }


def damaged(dice: random.Random) -> Iterator[Input]:
    """Honest files with bytes changed, numbers replaced by extremes, or the end cut off."""
    while True:
        for reader, good in good_files(dice).items():
            data = bytearray(good)
            for _ in range(dice.randrange(1, 8)):
                at = dice.randrange(len(data))
                if dice.choice([True, False]):
                    data[at] = dice.randrange(256)
                else:
                    extreme = dice.choice([*EXTREMES, 0, dice.randrange(2**64)])
                    data[at : at + 8] = struct.pack("<Q", extreme)
            yield reader, "damaged", bytes(data)
            yield reader, "truncated", good[: dice.randrange(len(good))]
            yield reader, "wrong magic", bytes(dice.randrange(256) for _ in range(8)) + good[8:]
            yield reader, "noise", bytes(dice.randbytes(dice.randrange(1, 200_000)))


def hostile_safetensors(dice: random.Random, much: int) -> Iterator[tuple[str, bytes]]:
    """Attacks on the reader of JSON headers; `much` is how many bytes the long ones take."""
    header = write.safetensors_header
    entry = '"%d":{"dtype":"U8","shape":[],"data_offsets":[0,1]}'
    heads = {f"{place}.lm_head.weight": ("U8", (1, 1)) for place in range(1000)}
    twins = {f"{place}.embed_tokens.weight": ("U8", (1, 2)) for place in range(1000)}
    texts = [f'"{place}":"' + '\\"' * (much // 30) + '"' for place in range(12)]
    yield "lengths", struct.pack("<Q", dice.choice(EXTREMES)) + b"{" * dice.randrange(100)
    yield "lengths", struct.pack("<Q", dice.randrange(2**64)) + b"{}"
    yield "deep nesting", header('{"a":' + "[" * much)
    yield "deep nesting", header('{"__metadata__":' + '{"a":' * (much // 5))
    yield "deep nesting", header('{"a":{"dtype":"F32","shape":' + "[" * 1000 + "]" * 1000 + "}}")
    yield "long texts", header('{"__metadata__":{"a":"' + '\\"' * (much // 2) + '"}}')
    yield "long texts", header('{"__metadata__":{' + ",".join(texts) + "}}")
    yield "long texts", header('{"__metadata__":{"a":"' + "a" * much + '"}}')
    yield "long texts", header('{"' + "a" * much + '":{}}')
    yield "long texts", header(b'{"\xf0\x9f\x98\x80' + b"a" * much + b'":{}}')
    yield "long texts", header('{"a":{"dtype":"' + "F" * much + '"}}')
    yield "long texts", header("{}" + " " * much)
    yield "long texts", header("{" + " " * much + "}")
    yield "many things", header("[[]," * (much // 4))
    yield "many things", header('{"a":[' + "[]," * (much // 3) + "1]}")
    yield "many things", header('{"__metadata__":{' + '"":"",' * (much // 6) + '"":""}}')
    yield "many things", header(write.safetensors_entries(heads | twins))
    yield (
        "contradictions",
        header("{" + ",".join(entry % place for place in range(dice.randrange(2, 3000))) + "}"),
    )
    yield "contradictions", header("{" + (entry % 1 + ",") * 2000 + entry % 1 + "}")


def hostile_gguf(dice: random.Random, much: int) -> Iterator[tuple[str, bytes]]:
    """Attacks on the reader of typed metadata."""
    file, pair, array = write.gguf_file, write.gguf_pair, write.gguf_array
    length = dice.choice([*EXTREMES, dice.randrange(2**64)])
    words = array(8, 500_000, bytes(min(much, 4_000_000)))
    lists = array(9, 60, array(9, 60, array(0, 0, b"")) * 60)
    yield "lengths", file(counts=(length, length))
    yield "lengths", file([pair("k", 8, struct.pack("<Q", length))])
    yield "lengths", file([pair("k", 9, array(dice.randrange(14), length, b""))])
    yield "lengths", file([], [write.gguf_tensor("t", (length,) * 4, 0, 0)])
    yield "lengths", file([], [write.gguf_tensor("t", (32,), 0, length // 32 * 32)])
    yield "deep nesting", file([pair("k", 9, array(9, 60, b"") * (much // 12))])
    yield "many things", file([pair("k", 9, words)])
    yield "many things", file([pair(str(place), 9, lists) for place in range(4000)])
    yield "many things", file([pair(str(place), 9, array(12, 64, bytes(512))) for place in range(4000)])
    yield "contradictions", file([], [write.gguf_tensor("t", (32,), 0, 0)] * 2000)
    clash = [write.gguf_tensor(str(place), (32,), 0, place * 96) for place in range(3000)]
    yield "contradictions", file([], clash)


def hostile_torch(dice: random.Random, much: int) -> Iterator[tuple[str, bytes]]:
    """Attacks on the readers of ZIP directories and of pickles."""
    file, some = write.torch_file, much % 19_000
    zeros = file(bytes(much), {}, deflated=True)
    calls = dice.choice([b"cos\nsystem\n", b"cbuiltins\neval\n", b"cposix\nfork\n"])
    yield "lengths", file(b"\x8d" + struct.pack("<Q", dice.choice(EXTREMES)) + b"x.", {})
    yield "lengths", file(b"\x8b" + struct.pack("<I", dice.randrange(2**32)) + b"x.", {})
    yield "lengths", lie_about_size(file(b"N.", {}), dice.randrange(2**32))
    yield "deep nesting", file(b"]" * some + b"a" * (some - 1) + b".", {})
    yield "deep nesting", file(b")" + b"\x85" * some + b".", {})
    yield "deep nesting", file(b"(" * some + b"t" * some + b".", {})
    yield "deflate bombs", zeros
    yield "deflate bombs", lie_about_size(zeros, much // 1030)
    yield "deflate bombs", file(dice.randbytes(90_000) + bytes(5 * MIB), {}, deflated=True)
    yield "pickle calls", file(calls + write.pickle_text("exit") + b"\x85R.", {})
    yield "pickle calls", file(b"](" + (calls + b")R") * 3000 + b"e.", {})
    yield "pickle loops", file(b"N0" * (much // 4) + b"N.", {})
    yield "pickle loops", file(b"]q\x00" + b"h\x00h\x00\x86" * 5000 + b"t.", {})
    yield "pickle loops", file(b")" + b"2\x86" * 9000 + b".", {})
    yield "pickle loops", file(b"]" + (b"]" + b"2" * 3 + b"eaa") * 2000 + b".", {})
    yield "contradictions", file(write.pickle_tensor((2**62,)) + b".", {"0": 4})
    yield "many things", b"PK\x03\x04" + bytes(300) + b"PK\x05\x06" * (much % 16_000)
    yield "many things", long_extra(dice.randrange(1, 16_000))


def crafted(dice: random.Random) -> Iterator[Input]:
    """Attacks on one weakness each, some as large as a header may be."""
    much = dice.choice([dice.randrange(10_000, LARGEST), LARGEST])
    for reader, attacks in (
        ("safetensors", hostile_safetensors),
        ("gguf", hostile_gguf),
        ("torch", hostile_torch),
    ):
        for kind, data in attacks(dice, much):
            yield reader, kind, data


def lie_about_size(archive: bytes, size: int) -> bytes:
    """The same archive with another unpacked size of data.pkl in its directory."""
    at = archive.index(b"PK\x01\x02") + 24
    return archive[:at] + struct.pack("<I", size) + archive[at + 4 :]


def long_extra(fields: int) -> bytes:
    """An archive with a directory of entries that look for their sizes in thousands of extra fields."""
    entry = (
        b"PK\x01\x02"
        + bytes(16)
        + b"\xff" * 8
        + struct.pack("<2H", 1, 4 * fields)
        + bytes(14)
        + b"a"
        + bytes(4 * fields)
    )
    directory = entry * 200
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 200, 200, len(directory), 4, 0)
    return b"PK\x03\x04" + directory + end


def inputs(number: int, seed: int) -> Iterator[Input]:
    """All crafted kinds again and again with other sizes, and as many damaged files."""
    dice = random.Random(seed)  # noqa: S311 - inputs that can be made again, not secrets
    damage = damaged(dice)
    made = 0
    while made < number:
        for attack in crafted(dice):
            for item in (attack, next(damage)):
                if made < number:
                    yield item
                    made += 1


def honest(tensors: int) -> Iterator[Input]:
    """Large files without a fault, to see how the cost grows."""
    names = [f"model.layers.{place}.mlp.gate_proj.weight" for place in range(tensors)]
    kind = f"honest, {tensors:,} tensors"
    yield (
        "safetensors",
        kind,
        write.safetensors_header(write.safetensors_entries(dict.fromkeys(names, ("F32", (1,))))),
    )
    words = min(10 * tensors, 780_000)
    vocabulary = write.gguf_pair("tokens", 9, write.gguf_array(8, words, write.gguf_text("token") * words))
    listed = [write.gguf_tensor(name, (32,), 2, place * 32) for place, name in enumerate(names)]
    yield "gguf", f"{kind}, {words:,} words", write.gguf_file([vocabulary], listed)
    state = {name: write.pickle_tensor((1,), str(place)) for place, name in enumerate(names)}
    storages = {str(place): 4 for place in range(tensors)}
    yield "torch", kind, write.torch_file(write.pickle_file(write.pickle_dict(state)), storages)


def measure(items: Iterator[Input], repeats: int) -> Iterator[dict[str, object]]:
    """Outcome, least time and peak of memory of each input."""
    for reader, kind, data in items:
        times: list[float] = []
        result = ""
        for _ in range(repeats):
            start = time.perf_counter()
            result = outcome(reader, data)
            times.append(time.perf_counter() - start)
        tracemalloc.start()
        outcome(reader, data)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        yield {
            "reader": reader, "kind": kind, "bytes": len(data), "outcome": result,
            "ms": min(times) * 1000, "mib": peak / MIB,
        }  # fmt: skip


def run_child(number: int, seed: int) -> None:
    """Read everything under a limited address space; one line of JSON per input."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    for row in measure(inputs(number, seed), REPEATS):
        click.echo(json.dumps({"hostile": True, **row}))
    for size in (1_000, 10_000, 100_000):
        for row in measure(honest(size), 2):
            click.echo(json.dumps({"hostile": False, **row}))


def show(title: str, rows: list[dict[str, object]]) -> None:
    """A table by reader and kind."""
    click.echo(
        f"{title}\n{'reader':12} {'kind':38} {'inputs':>6} {'MB':>6} {'max ms':>7} {'max MiB':>8}  outcomes"
    )
    for key in sorted({(str(row["reader"]), str(row["kind"])) for row in rows}):
        mine = [row for row in rows if (row["reader"], row["kind"]) == key]
        outcomes = Counter(str(row["outcome"]) for row in mine)
        told = ", ".join(f"{name} {count}" for name, count in sorted(outcomes.items()))
        largest = max(int(str(row["bytes"])) for row in mine) / 1e6
        worst_ms, worst_mib = (max(float(str(row[name])) for row in mine) for name in ("ms", "mib"))
        click.echo(
            f"{key[0]:12} {key[1]:38} {len(mine):6} {largest:6.1f} {worst_ms:7.1f} {worst_mib:8.2f}  {told}"
        )
    click.echo()


@click.command()
@click.option("--inputs", "number", default=1_000, show_default=True, help="Hostile inputs to read.")
@click.option("--seed", default=20251207, show_default=True, help="Other seeds make other inputs.")
@click.option("--child", is_flag=True, hidden=True)
def main(number: int, seed: int, *, child: bool) -> None:
    """Read hostile headers; exit with 1 if one breaks a bound."""
    if child:
        run_child(number, seed)
        return
    command = [
        sys.executable,
        "-m",
        "benchmarks.fuzz_headers",
        "--child",
        f"--inputs={number}",
        f"--seed={seed}",
    ]
    root = Path(__file__).resolve().parents[1]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=root, check=False)  # noqa: S603 - this file
    rows: list[dict[str, object]] = [json.loads(line) for line in ran.stdout.splitlines()]
    hostile = [row for row in rows if row["hostile"]]
    show(f"{len(hostile)} hostile inputs, seed {seed}", hostile)
    show("honest headers, for comparison", [row for row in rows if not row["hostile"]])
    over = [row for row in hostile if float(str(row["ms"])) > MAX_MS or float(str(row["mib"])) > MAX_MIB]
    times = sorted(float(str(row["ms"])) for row in hostile)
    if times:
        click.echo(
            f"time: median {times[len(times) // 2]:.2f} ms, 99 % {times[len(times) * 99 // 100]:.2f} ms"
        )
    click.echo(f"beyond {MAX_MS} ms or {MAX_MIB} MiB: {len(over)}; read: {len(hostile)} of {number}")
    for row in over:
        click.echo(f"  {row}")
    sys.exit(1 if over or ran.returncode or len(hostile) != number else 0)


if __name__ == "__main__":
    main()
