"""The lines of models that evidence is grown of: their names, designs, tasks, and how frequent they are.

The shares are chosen and no counts: of a few thousand models, there are some of each line. What is known of
the Hub is 27,000 models of speech recognition among some 2.5 million.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class Line:
    """A line of models as names, tags and tasks show it."""

    name: str
    design: str | None
    """Its `model_type`, which the Hub gives as a tag too."""
    architecture: str | None
    task: str
    library: str | None = "transformers"
    tags: tuple[str, ...] = ()
    """What else its models are tagged with."""
    sized: bool = False
    """Whether names state how large a model is."""
    composed: bool = False
    """Whether its first models are built of a language model and an encoder."""


TEXT: Final = "text-generation"
RECOGNITION: Final = "automatic-speech-recognition"

LLM: Final = Line("Llama-3.1", "llama", "LlamaForCausalLM", TEXT, sized=True)
ENCODER: Final = Line("whisper-small", "whisper", "WhisperForConditionalGeneration", RECOGNITION)

LINES: Final = (
    (LLM, 0.14),
    (Line("Qwen2.5", "qwen2", "Qwen2ForCausalLM", TEXT, sized=True), 0.14),
    (Line("Qwen3", "qwen3", "Qwen3ForCausalLM", TEXT, sized=True), 0.08),
    (Line("Mistral", "mistral", "MistralForCausalLM", TEXT, sized=True), 0.07),
    (Line("gemma-2", "gemma2", "Gemma2ForCausalLM", TEXT, sized=True), 0.05),
    (Line("Phi-3.5-mini", "phi3", "Phi3ForCausalLM", TEXT), 0.03),
    (Line("gpt2-medium", "gpt2", "GPT2LMHeadModel", TEXT), 0.04),
    (Line("bert-base-uncased", "bert", "BertForSequenceClassification", "text-classification"), 0.1),
    (Line("roberta-large", "roberta", "RobertaForMaskedLM", "fill-mask"), 0.05),
    (Line("all-mpnet", "mpnet", "MPNetModel", "sentence-similarity", "sentence-transformers"), 0.04),
    (Line("t5-base", "t5", "T5ForConditionalGeneration", "translation"), 0.04),
    (Line("vit-patch16-224", "vit", "ViTForImageClassification", "image-classification"), 0.06),
    (Line("stable-diffusion-xl", None, None, "text-to-image", "diffusers"), 0.08),
    (Line("ppo-LunarLander", None, None, "reinforcement-learning", "stable-baselines3"), 0.05),
    (Line("speecht5-tts", "speecht5", "SpeechT5ForTextToSpeech", "text-to-speech"), 0.02),
    (ENCODER, 0.008),
    (Line("wav2vec2-xls-r", "wav2vec2", "Wav2Vec2ForCTC", RECOGNITION), 0.003),
)
"""Lines of other tasks with their shares; together with `AUDIO` they make one."""

AUDIO: Final = 0.009
"""Share of models that are of a line of the built date."""

ODD_DESIGNS: Final = frozenset({"qwen", "gemma", "gemma3", "gemma4", "mixtral", "phi", "gpt_neox", "falcon3"})
"""Designs that counted rows are tagged with besides those above."""

DESIGNS: Final = ODD_DESIGNS | {line.design for line, _ in LINES if line.design}


def read_lines(rows: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    """Lines of a built date, one for each of its repositories: rows of the table `models`, in any order."""
    return tuple(
        Line(
            name=row["repo_id"].partition("/")[2].partition("-")[0],
            design=row["model_type"],
            architecture=next(iter(row["architectures"] or ()), None),
            task=row["pipeline_tag"],
            library=row["library_name"],
            tags=tuple(row["tags"] or ()),
            sized=True,
            composed=True,
        )
        for row in sorted(rows, key=lambda row: str(row["repo_id"]))
    )
