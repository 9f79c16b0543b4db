"""The grammar of repository names: which parts name the model, and which its format, size or tuning.

A name is read from its end: format parts (`-GGUF`, `-i1`, `-w4a16-gptq`, `-4bit-bnb`, `-ONNX`,
`-hf`) are taken off one by one until what is left, the *title*, names the model. Two names that
leave the same *stem* may hold the same model; the first words of the title are its *release line*.
A part counts only as a whole part between separators, so that no word is found by luck inside
another.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from builder.parse.parts import cut_parts, find_bits, find_float_bits, find_method

_SEPARATOR: Final = re.compile(r"[-_. ]+")

TRAINING_WORDS: Final = frozenset(
    {
        *(
            "finetune",
            "finetuned",
            "finetuning",
            "tuned",
            "ft",
            "sft",
            "lora",
            "qlora",
            "dpo",
            "orpo",
            "kto",
            "grpo",
        ),
        *("rlhf", "distill", "distilled", "distillation", "trained", "training", "merged"),
        *("abliterated", "uncensored"),
    }
)
_FINE_TUNE: Final = re.compile(r"\bfine[-_ ]tun(?:e|ed|ing)\b")
INSTRUCT_WORDS: Final = frozenset({"instruct", "chat", "assistant", "thinking", "reasoning"})
BASE_WORDS: Final = frozenset({"base", "pretrain", "pretrained"})
_AFTER_SIZE: Final = {"it": "instruct", "pt": "base"}
"""Two-letter words that mean tuning after a size (`-4b-it`), and a language anywhere else."""

ASR_WORDS: Final = frozenset(
    {
        "asr",
        "stt",
        "transcription",
        "transcribe",
        "ctc",
        "transducer",
        "rnnt",
        "tdt",
        "whisper",
        "wav2vec2",
        "wav2vec",
    }
)
_ASR_ENDING: Final = re.compile(r"[a-z](?:ASR|STT)(?![A-Za-z])")
"""`ASR` written against the word before it, as in `OLMoASR`."""

_SIZE_WORDS: Final = frozenset(
    {
        *("nano", "micro", "tiny", "mini", "small", "medium", "large", "xl", "xxl"),
        *("lite", "base", "big", "turbo", "plus", "pro"),
    }
)
_KIND_WORDS: Final = frozenset(
    {
        "omni",
        "audio",
        "speech",
        "voice",
        "sound",
        "music",
        "vision",
        "llm",
        "lm",
        "gpt",
        "asr",
        "tts",
        "model",
    }
)
"""Words that name no model by themselves: `mini-omni` is a name, `mini-ichigo` a small Ichigo."""
_TUNE_WORDS: Final = (
    INSTRUCT_WORDS
    | BASE_WORDS
    | TRAINING_WORDS
    | frozenset({"it", "pt", "preview", "exp", "experimental", "test", "final"})
)
_LLM: Final = re.compile(
    r"(?:meta)?(?:llama|qwen|qwq|gemma|mistral|mixtral|phi|glm|chatglm|exaone|hyperclovax|midm|kanana|deepseek|olmo|"
    r"internlm|baichuan|yi|smollm|tinyllama|vicuna|falcon|nemo|toolace|whisper|granite)\d*(?:\.\d+)*",
    re.IGNORECASE,
)
"""Language models and encoders: in second place they name the backbone, in first place the model."""

_SIZE: Final = re.compile(r"(?:\d+x)?\d+(?:\.\d+)?[bmk]\d?|e\d+b|a\d+b", re.IGNORECASE)
# After `-digit_` the number may be a fraction (`qwen-0_5b`) or not (`llama-3_8b`): no statement.
_BILLIONS: Final = re.compile(r"(?<![a-z0-9.])(?<!-\d_)(\d{1,4}(?:\.\d{1,3})?)b(?![a-z0-9])", re.IGNORECASE)
_VERSION: Final = re.compile(r"v?\d+(?:\.\d+)*[a-z]?|r\d+|\d+k", re.IGNORECASE)
_GENERATION: Final = re.compile(r"\d{1,2}")
_WORD: Final = re.compile(r"[a-z]+|\d+")
_WORD_END: Final = re.compile(r"[-_ ]+")
_NOT_IN_LINE: Final = re.compile(r"[^a-z0-9.+-]")


_REMEMBERED: Final = 32_768
"""Names and words kept with what they say: bases are named by many records, words by nearly all."""


class StoredAs(NamedTuple):
    """What a name says of how the weights are stored; see relation `name` for each field."""

    quantization: str | None
    bits: float | None
    float_bits: int | None
    ported: bool


class ParsedName(NamedTuple):
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


@lru_cache(_REMEMBERED)
def parse_name(repo_id: str) -> ParsedName:
    """Take the name of a repository apart.

    The result depends on the text alone; whether a stem or an owner exists is a question across
    records, which `tables` answers.
    """
    owner, _, name = repo_id.rpartition("/")
    title, parts, copied = cut_parts(name)
    words = _find_words(title)
    prefix_owner, rest = _split_prefix(title)
    sizes = [float(size) for size in _BILLIONS.findall(name)]
    method = find_method(parts)
    return ParsedName(
        repo_id=repo_id,
        lower_id=repo_id.lower(),
        owner=owner or None,
        title=title,
        stem=to_stem(title),
        line=to_line(title),
        prefix_owner=prefix_owner,
        prefix_stem=to_stem(rest) if rest else None,
        prefix_line=to_line(rest) if rest else None,
        quantization=method,
        bits=find_bits(parts),
        float_bits=find_float_bits(parts),
        ported=method == "none" or any(part.ported for part in parts),
        copy_word=copied,
        training_word=bool(words & TRAINING_WORDS),
        asr_word=bool(words & ASR_WORDS) or _ends_in_asr(title),
        instruct_word=bool(words & INSTRUCT_WORDS),
        base_word=bool(words & BASE_WORDS),
        stated_billions=sizes[0] if len(sizes) == 1 and sizes[0] > 0 else None,
    )


def _ends_in_asr(title: str) -> bool:
    return ("ASR" in title or "STT" in title) and _ASR_ENDING.search(title) is not None


def _find_words(title: str) -> frozenset[str]:
    words: set[str] = set()
    after_size = False
    lower = title.lower()
    for word in _split(_FINE_TUNE.sub("finetune", lower) if "tun" in lower else lower):
        words.add(_AFTER_SIZE.get(word, word) if after_size else word)
        after_size = after_size or _is_size(word)
    return frozenset(words)


def _split_prefix(title: str) -> tuple[str | None, str | None]:
    """An owner written into the title, as in `mistralai_Voxtral-Mini` or `meta-llama_-_Llama-3.2`.

    Only a possible one: `tables` sees whether such an owner exists. A title that goes on with a
    version, a size or a tuning (`TinyLlama_v1.1`) starts with the model's own name.
    """
    prefix, underscore, rest = title.partition("_")
    if not underscore:
        return None, None
    prefix, rest = prefix.rstrip("-. "), rest.lstrip("-_. ")
    first = _split(rest.lower())[:1]
    if not prefix or not first or not re.match(r"[A-Za-z]", rest):
        return None, None
    if _ends_line(first[0]) and not _LLM.fullmatch(first[0]):
        return None, None
    return prefix, rest


def adds_words(repo_id: str, base: str) -> bool:
    """Whether a name says something that the base's name does not: then it may be more than a copy.

    Format parts, sizes and the names of both owners do not count.

    >>> adds_words("mlinmg/Qwen-2-Audio-Instruct-dynamic-fp8", "Qwen/Qwen2-Audio-7B-Instruct")
    False
    >>> adds_words("someone/Llama-3-8B-Medical-GGUF", "meta-llama/Meta-Llama-3-8B")
    True
    """
    own, other = parse_name(repo_id), parse_name(base)
    more = set(own.stem.split()).difference(other.stem.split())
    added = {word for word in more if word.isalpha() and len(word) > 1}
    return bool(added) and bool(added.difference(to_stem(f"{own.owner or ''} {other.owner or ''}").split()))


def to_stem(title: str) -> str:
    """Words and numbers of a title in lower case, one space between: spelling differences vanish.

    >>> to_stem("Qwen2-Audio-7B") == to_stem("qwen-2_audio-7b")
    True
    """
    return " ".join(_WORD.findall(title.lower())) or title.lower()


def to_line(title: str) -> str:
    """The release line: the first words up to a size, version, date, tuning or backbone.

    A bare number right after the words belongs to the name, as people say "Audio Flamingo 3";
    a version (`v0_5`) numbers releases within a line.

    >>> to_line("Voxtral-Mini-3B-2507"), to_line("ultravox-v0_5-llama-3_2-1b"), to_line("audio-flamingo-3-hf")
    ('voxtral', 'ultravox', 'audio-flamingo-3')
    """
    words = _drop_size_words([word for word in _WORD_END.split(title.lower()) if word])
    line = words[:1]
    for position, word in enumerate(words[1:], start=1):
        numbers_the_model = (
            position == 1
            and _LLM.fullmatch(line[0])
            and not line[0][-1].isdigit()
            and _VERSION.fullmatch(word)
            and not _SIZE.fullmatch(word)
        )
        if not numbers_the_model and _ends_line(word):
            if _GENERATION.fullmatch(word) and not _VERSION.fullmatch(line[-1]):
                line.append(word)
            break
        line.append(word)
    if len(line) == 1 and (_SIZE.fullmatch(line[0]) or _VERSION.fullmatch(line[0])):
        # A size or version names nothing by itself: `base-7b` is all the name there is.
        line = [word for word in _WORD_END.split(title.lower()) if word]
    return _NOT_IN_LINE.sub("", "-".join(line)).strip(".-+") or "unnamed"


def _drop_size_words(words: list[str]) -> list[str]:
    while len(words) > 1 and words[0] in _SIZE_WORDS and words[1] not in _KIND_WORDS:
        words = words[1:]
    if len(words) > 1 and words[0] == "meta" and words[1].startswith("llama"):
        words = words[1:]
    return words


@lru_cache(_REMEMBERED)
def _is_size(word: str) -> bool:
    return _SIZE.fullmatch(word) is not None


@lru_cache(_REMEMBERED)
def _ends_line(word: str) -> bool:
    return (
        word in _SIZE_WORDS
        or word in _TUNE_WORDS
        or bool(_VERSION.fullmatch(word) or _SIZE.fullmatch(word) or _LLM.fullmatch(word))
    )


def _split(name: str) -> list[str]:
    return [word for word in _SEPARATOR.split(name) if word]
