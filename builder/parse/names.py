"""The grammar of repository names: which parts name the model, and which its format, size or tuning.

A name is read from its end: format parts (`-GGUF`, `-i1`, `-w4a16-gptq`, `-4bit-bnb`, `-ONNX`,
`-hf`) are taken off one by one until what is left names the model. Two names that leave the same
*stem* may hold the same model; the first words of the stem are its *release line*. A part counts
only as a whole part between separators, so that no word is found by luck inside another.

The conventions were read off names on the Hub: format suffixes of the GGUF, AWQ, GPTQ and MLX
communities, `owner_Name-GGUF` for copies whose name keeps the first owner, and sizes as `7B`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SEPARATOR: Final = re.compile(r"[-_. ]+")


@dataclass(frozen=True)
class FormatPart:
    """A part that says how the weights are stored, not which weights they are."""

    pattern: str
    quantization: str | None = None
    bits: float | None = None
    float_bits: int | None = None
    ported: bool = False
    copy: bool = False


_GGUF_LABEL = r"(?:iq[1-4]|q[1-8])(?:[-_.](?:[01]|k|xxs|xs|s|m|l|xl|nl))*"

FORMAT_PARTS: Final[tuple[FormatPart, ...]] = (
    FormatPart(r"w?q4[-_]0", "gguf_k", 4.5),
    FormatPart(r"q8[-_]0", "gguf_k", 8.5),
    FormatPart(r"iq[1-4](?:[-_](?:xxs|xs|s|m|nl))?", "gguf_i"),
    FormatPart(_GGUF_LABEL, "gguf_k"),
    FormatPart(r"gguf|ggml|i1|imatrix|imat", "gguf"),
    FormatPart(r"gptq(?:model)?", "gptq"),
    FormatPart(r"awq", "awq"),
    FormatPart(r"bnb|bitsandbytes|nf4", "bnb"),
    FormatPart(r"fp8|f8|fp8[-_]dynamic|w8a8[-_]fp8|float8|e4m3", "fp8", 8),
    FormatPart(r"nvfp4(?:a16)?|fp4", "nvfp4", 4.5),
    FormatPart(r"mxfp4", "mxfp4", 4.25),
    FormatPart(r"int8|w8a8|w8a16|8[-_]?bits?", "int8", 8),
    FormatPart(r"int4|w4a16|w4a8|4[-_]?bits?", "int4", 4),
    FormatPart(r"exl[23]|exllama(?:v2)?", "exl"),
    FormatPart(r"[2-8](?:[-_.]\d+)?bpw", "exl"),
    FormatPart(r"mlx", "mlx"),
    FormatPart(r"dynamic|quantized|quantised|quants?|smashed|compressed|g(?:32|64|128)|gs(?:32|64|128)"),
    FormatPart(r"onnx(?:[-_]web(?:gpu)?)?|openvino|ov|litert|tflite|coreml|axera|rknn|ct2|ctranslate2", ported=True),
    FormatPart(r"transformers|hf|hf[-_]format|safetensors|pytorch|vllm|converted", ported=True),
    FormatPart(r"bf16|bfloat16", float_bits=16),
    FormatPart(r"fp16|f16|float16|half", float_bits=16),
    FormatPart(r"fp32|f32|float32", float_bits=32),
)
_ENDINGS: Final = tuple(
    (part, re.compile(rf"^(?P<rest>.*[^-_. ])[-_. ]+(?:{part.pattern})$", re.IGNORECASE)) for part in FORMAT_PARTS
)

COPY_WORDS: Final = frozenset(
    "copy backup bak clone mirror mirrored reupload reuploaded fix fixed tempfix hotfix incase archive archived zip zipped".split()
)
"""Words that say: the same weights again. From the first of them on, a name says nothing of the model."""

TRAINING_WORDS: Final = frozenset(
    "finetune finetuned finetuning ft sft lora qlora dpo grpo rlhf distill distilled distillation trained training "
    "merged".split()
)
_FINE_TUNE: Final = re.compile(r"\bfine[-_ ]tun(?:e|ed|ing)\b", re.IGNORECASE)
INSTRUCT_WORDS: Final = frozenset("instruct it chat assistant thinking reasoning".split())
BASE_WORDS: Final = frozenset("base pt pretrain pretrained".split())
ASR_WORDS: Final = frozenset("asr stt transcription transcribe ctc transducer rnnt tdt whisper wav2vec2 wav2vec".split())
_ASR_ENDING: Final = re.compile(r"[a-z]ASR(?![A-Za-z])")
"""`ASR` written against the word before it, as in `OLMoASR`."""
_SIZE_WORDS: Final = frozenset("nano micro tiny mini small medium large xl xxl lite base big turbo plus pro".split())
_TUNE_WORDS: Final = INSTRUCT_WORDS | BASE_WORDS | TRAINING_WORDS | frozenset("preview exp experimental test final".split())
_LLM: Final = re.compile(
    r"(?:meta)?(?:llama|qwen|qwq|gemma|mistral|mixtral|phi|glm|chatglm|exaone|hyperclovax|midm|kanana|deepseek|olmo|"
    r"internlm|baichuan|yi|smollm|tinyllama|vicuna|falcon|nemo|toolace|whisper|granite)\d*(?:\.\d+)*",
    re.IGNORECASE,
)
"""Language models and encoders: in second place they name the backbone, in first place the model."""

_SIZE: Final = re.compile(r"(?:\d+x)?\d+(?:\.\d+)?[bmk]|e\d+b|a\d+b", re.IGNORECASE)
_BILLIONS: Final = re.compile(r"(?<![a-z0-9.])(\d{1,4}(?:\.\d{1,3})?)b(?![a-z0-9])", re.IGNORECASE)
_VERSION: Final = re.compile(r"v?\d+(?:\.\d+)*[a-z]?|r\d+|\d+k", re.IGNORECASE)
_WORD: Final = re.compile(r"[a-z]+|\d+")
_MAX_ENDINGS: Final = 12


@dataclass(frozen=True)
class ParsedName:
    """What the parts of one repository name say; see relation `name` for each field."""

    repo_id: str
    lower_id: str
    owner: str | None
    title: str
    stem: str
    line: str
    prefix_owner: str | None
    prefix_stem: str | None
    prefix_line: str | None
    quantization: str | None
    bits: float | None
    float_bits: int | None
    ported: bool
    copy_word: bool
    training_word: bool
    asr_word: bool
    instruct_word: bool
    base_word: bool
    stated_billions: float | None


def parse_name(repo_id: str) -> ParsedName:
    """Take the name of a repository apart.

    The result depends on the text alone; whether a stem or an owner exists is a question across
    records, which `tables` answers.
    """
    owner, _, name = repo_id.rpartition("/")
    title, parts = _cut_format(name)
    title, copied = _cut_copy(title)
    if copied:
        title, more = _cut_format(title)
        parts += more
    words = frozenset(_split(_FINE_TUNE.sub("finetune", title).lower()))
    prefix_owner, _, rest = title.partition("_")
    prefixed = bool(rest) and "-" not in prefix_owner and bool(re.match(r"[A-Za-z]", rest))
    sizes = [float(size) for size in _BILLIONS.findall(name)]
    return ParsedName(
        repo_id=repo_id,
        lower_id=repo_id.lower(),
        owner=owner or None,
        title=title,
        stem=to_stem(title),
        line=to_line(title),
        prefix_owner=prefix_owner if prefixed else None,
        prefix_stem=to_stem(rest) if prefixed else None,
        prefix_line=to_line(rest) if prefixed else None,
        quantization=_method(parts),
        bits=next((part.bits for part in parts if part.bits is not None), None),
        float_bits=next((part.float_bits for part in parts if part.float_bits is not None), None),
        ported=any(part.ported for part in parts),
        copy_word=copied,
        training_word=bool(words & TRAINING_WORDS),
        asr_word=bool(words & ASR_WORDS or _ASR_ENDING.search(title)),
        instruct_word=bool(words & INSTRUCT_WORDS),
        base_word=bool(words & BASE_WORDS),
        stated_billions=sizes[0] if len(sizes) == 1 and sizes[0] > 0 else None,
    )


def adds_words(repo_id: str, base: str) -> bool:
    """Whether a name says something that the base's name does not: then it may be more than a copy of the base.

    Format parts, sizes and the names of both owners do not count.

    >>> adds_words("mlinmg/Qwen-2-Audio-Instruct-dynamic-fp8", "Qwen/Qwen2-Audio-7B-Instruct")
    False
    >>> adds_words("someone/Llama-3-8B-Medical-GGUF", "meta-llama/Meta-Llama-3-8B")
    True
    """
    own, other = parse_name(repo_id), parse_name(base)
    owners = to_stem(f"{own.owner or ''} {other.owner or ''}").split()
    known = {*other.stem.split(), *owners}
    return any(word.isalpha() and len(word) > 1 and word not in known for word in own.stem.split())


def to_stem(title: str) -> str:
    """Words and numbers of a title in lower case, one space between: spelling differences vanish.

    >>> to_stem("Qwen2-Audio-7B") == to_stem("qwen-2_audio-7b")
    True
    """
    return " ".join(_WORD.findall(title.lower())) or title.lower()


def to_line(title: str) -> str:
    """The release line: the first words up to a size, version, date, tuning or backbone.

    >>> to_line("Voxtral-Mini-3B-2507"), to_line("ultravox-v0_5-llama-3_2-1b"), to_line("Qwen2-Audio-7B-Instruct")
    ('voxtral', 'ultravox', 'qwen2-audio')
    """
    words = [word for word in re.split(r"[-_ ]+", title.lower()) if word]
    while len(words) > 1 and words[0] in _SIZE_WORDS:
        words = words[1:]
    line: list[str] = []
    for position, word in enumerate(words):
        if position == 0:
            line.append(word)
        elif position == 1 and _LLM.fullmatch(line[0]) and not line[0][-1].isdigit() and _VERSION.fullmatch(word):
            line.append(word)
        elif _ends_line(word):
            break
        else:
            line.append(word)
    return re.sub(r"[^a-z0-9.+-]", "", "-".join(line)).strip(".-+") or "unnamed"


def _ends_line(word: str) -> bool:
    return (
        word in _SIZE_WORDS
        or word in _TUNE_WORDS
        or bool(_VERSION.fullmatch(word) or _SIZE.fullmatch(word) or _LLM.fullmatch(word))
    )


def _split(name: str) -> list[str]:
    return [word for word in _SEPARATOR.split(name) if word]


def _cut_format(name: str) -> tuple[str, list[FormatPart]]:
    parts: list[FormatPart] = []
    for _ in range(_MAX_ENDINGS):
        for part, ending in _ENDINGS:
            match = ending.match(name)
            if match:
                name = match["rest"]
                parts.append(part)
                break
        else:
            break
    return name, parts


def _cut_copy(title: str) -> tuple[str, bool]:
    start = 0
    for match in re.finditer(r"[^-_. ]+", title):
        if match.start() > 0 and match.group().lower() in COPY_WORDS:
            return title[:start] or title, True
        start = match.end()
    return title, False


_METHOD_ORDER: Final = ("gptq", "awq", "bnb", "nvfp4", "mxfp4", "fp8", "exl", "mlx", "gguf_i", "gguf_k", "gguf", "int8", "int4")


def _method(parts: list[FormatPart]) -> str | None:
    named = {part.quantization for part in parts}
    return next((method for method in _METHOD_ORDER if method in named), None)
