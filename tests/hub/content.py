"""What a file of the loopback Hub holds: all its bytes, or only the ends of a large file.

Weight files of gigabytes are served without existing: a `SparseFile` has its real head (where formats keep
their header), its real tail (where a zip keeps its directory) and zeros between, made while they are sent.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

PIECE_BYTES = 65_536
"""Bytes made at a time of a file that does not exist."""

LARGE_SUFFIXES = (
    *(".7z", ".arrow", ".bin", ".ckpt", ".ftz", ".gguf", ".gz", ".h5", ".joblib", ".model", ".msgpack"),
    *(".npy", ".npz", ".onnx", ".ot", ".parquet", ".pb", ".pickle", ".pkl", ".pt", ".pth", ".safetensors"),
    *(".tar", ".tflite", ".tgz", ".wasm", ".xz", ".zip", ".zst"),
    *(".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tiff", ".webp", ".flac", ".mp3", ".ogg", ".wav"),
)
"""What the Hub's `.gitattributes` of a new repository keeps in large file storage (LFS)."""

LARGE_BYTES = 10_000_000
"""Size from which the Hub keeps any file in LFS."""


@dataclass(frozen=True)
class SparseFile:
    """A large file of which only the ends are written down.

    Attributes:
        head: its first bytes.
        size: its length in bytes, ends included.
        tail: its last bytes.
        sha256: 64 hex digits; invented from the other three where it is not given, so that equal files
            have equal hashes. It is not the hash of the bytes served.
    """

    head: bytes
    size: int
    tail: bytes = b""
    sha256: str = ""

    def __post_init__(self) -> None:
        if self.size < len(self.head) + len(self.tail):
            raise ValueError(f"a file of {self.size} bytes cannot hold its own ends")
        if not self.sha256:
            parts = (b"sparse", self.head, str(self.size).encode(), self.tail)
            invented = hashlib.sha256(b"\0".join(parts)).hexdigest()
            object.__setattr__(self, "sha256", invented)

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`, in pieces."""
        tail_at = self.size - len(self.tail)
        at = start
        while at < stop:
            if at < len(self.head):
                piece = self.head[at : min(stop, at + PIECE_BYTES)]
            elif at < tail_at:
                piece = bytes(min(stop, tail_at, at + PIECE_BYTES) - at)
            else:
                piece = self.tail[at - tail_at : min(stop, at + PIECE_BYTES) - tail_at]
            yield piece
            at += len(piece)


Content = bytes | SparseFile


@dataclass(frozen=True)
class Blob:
    """A file as git and LFS know it.

    Attributes:
        content: what is in it.
        lfs: whether git holds only a pointer and the content lies in large file storage.
    """

    content: Content
    lfs: bool

    @classmethod
    def of(cls, path: str, content: Content) -> Blob:
        """A file stored as the Hub would store one of this name and size."""
        sparse = isinstance(content, SparseFile)
        return cls(content, sparse or is_large(path, len(content) if isinstance(content, bytes) else 0))

    @cached_property
    def size(self) -> int:
        """Bytes of the content, never of the pointer."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.size

    @cached_property
    def sha256(self) -> str:
        """Hash of the content; for a sparse file, the invented one."""
        return (
            hashlib.sha256(self.content).hexdigest()
            if isinstance(self.content, bytes)
            else self.content.sha256
        )

    @cached_property
    def pointer(self) -> bytes:
        """What git holds in place of an LFS file."""
        lines = (
            "version https://git-lfs.github.com/spec/v1",
            f"oid sha256:{self.sha256}",
            f"size {self.size}",
        )
        return "".join(f"{line}\n" for line in lines).encode()

    @cached_property
    def oid(self) -> str:
        """Git's hash: of the content, or of the pointer."""
        held = self.pointer if self.lfs or not isinstance(self.content, bytes) else self.content
        return hashlib.sha1(b"blob %d\0" % len(held) + held).hexdigest()  # noqa: S324 - git's own hash

    @property
    def etag(self) -> str:
        """What the Hub states as the file's ETag: sha256 for LFS, git's hash otherwise."""
        return self.sha256 if self.lfs else self.oid

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to `stop`."""
        if isinstance(self.content, bytes):
            yield self.content[start:stop]
        else:
            yield from self.content.read(start, stop)


def is_large(path: str, size: int) -> bool:
    """Whether the Hub keeps a file of this name and size in LFS."""
    return size >= LARGE_BYTES or (size > 0 and path.lower().endswith(LARGE_SUFFIXES))
