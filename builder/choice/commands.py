"""The command that runs a variant in a runtime; whatever comes from the Hub is quoted for the shell.

The forms: `llama-server -hf`, `vllm serve`, `python -m mlx_vlm.generate`, `ollama run hf.co/…`, and
`from_pretrained` of transformers.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from typing import Final

RUNTIMES: Final = ("transformers", "vllm", "llama.cpp", "mlx", "ollama", "transformers.js")
"""Runtimes that can be asked for, as `runtimes.runtime` spells them."""

_PYTHON: Final = {
    "int8": ", quantization_config=BitsAndBytesConfig(load_in_8bit=True)",
    "int4": ", quantization_config=BitsAndBytesConfig(load_in_4bit=True)",
}


def _repository(repo_id: str, variant: str, *, files: bool) -> str:
    return f"{repo_id}:{variant}" if files else repo_id


def _llama_cpp(repo_id: str, variant: str, *, files: bool) -> str:
    return shlex.join(["llama-server", "-hf", _repository(repo_id, variant, files=files)])


def _ollama(repo_id: str, variant: str, *, files: bool) -> str:
    return shlex.join(["ollama", "run", f"hf.co/{_repository(repo_id, variant, files=files)}"])


def _vllm(repo_id: str, variant: str, *, files: bool) -> str:
    # bitsandbytes loads 4 bits there, never 8, which would not be what the estimate is for.
    method = None if files else {"int4": "bitsandbytes", "int8": "fp8"}.get(variant)
    return shlex.join(["vllm", "serve", repo_id, *(["--quantization", method] if method else [])])


def _mlx(repo_id: str, variant: str, *, files: bool) -> str:
    del variant, files
    return shlex.join(["python", "-m", "mlx_vlm.generate", "--model", repo_id, "--audio", "speech.wav"])


def _transformers(repo_id: str, variant: str, *, files: bool) -> str:
    quantized = "" if files else _PYTHON.get(variant, "")
    imports = "AutoModel, AutoProcessor" + (", BitsAndBytesConfig" if quantized else "")
    # A Python literal in a shell word: two languages, so quoted twice.
    name = json.dumps(repo_id, ensure_ascii=False)
    lines = (
        f"from transformers import {imports}",
        f"processor = AutoProcessor.from_pretrained({name})",
        f'model = AutoModel.from_pretrained({name}, dtype="auto"{quantized})',
    )
    return shlex.join(["python", "-i", "-c", "; ".join(lines)])


def _transformers_js(repo_id: str, variant: str, *, files: bool) -> str:
    del variant, files
    script = (
        f'import("@huggingface/transformers").then(t => t.AutoModel.from_pretrained({json.dumps(repo_id)}))'
    )
    return shlex.join(["node", "-e", script])


_FORMS: Final[Mapping[str, Callable[..., str]]] = {
    "transformers": _transformers,
    "vllm": _vllm,
    "llama.cpp": _llama_cpp,
    "mlx": _mlx,
    "ollama": _ollama,
    "transformers.js": _transformers_js,
}


def write_command(runtime: str, repo_id: str, variant: str, *, files: bool) -> str:
    """The line to type; `files` says that the variant is a published file and not an estimate."""
    return _FORMS[runtime](repo_id, variant, files=files)
