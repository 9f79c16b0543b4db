"""The row of the Hub's list for an invented model, and the record that a capture keeps of it."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from benchmarks.scale.plan import Model, Plan
from benchmarks.scale.shapes import Shapes
from builder.capture.evidence import HUB_PARTS, Record

OLDEST: Final = datetime(2022, 3, 2, 23, 29, 4, tzinfo=UTC)
"""What the Hub gives as `createdAt` of everything that is older."""
NEWEST: Final = datetime(2026, 5, 30, tzinfo=UTC)
"""Nothing is made or changed after; evidence is read later."""
ABSENT: Final = {part: "not_captured" for part in HUB_PARTS if part != "list"}

OPEN: Final = 0.97
"""Share of repositories that anyone may read; chosen."""
LISTED: Final = 0.7
"""Share of cards that name their base in a list: 468 of 658."""
CARD_TAGS: Final = 4
"""Most words that a card tags its model with."""
UNTRENDING: Final = 0.93
"""Share of rows whose trendingScore is 0: 981 of 1,051."""

PACKED: Final[Mapping[str, tuple[dict[str, Any], dict[str, float]]]] = {
    "-AWQ": ({"bits": 4, "group_size": 128, "quant_method": "awq"}, {"F16": 0.05, "I32": 0.125}),
    "-GPTQ-Int4": ({"bits": 4, "group_size": 128, "quant_method": "gptq"}, {"F16": 0.05, "I32": 0.125}),
    "-bnb-4bit": (
        {"load_in_4bit": True, "quant_method": "bitsandbytes"},
        {"BF16": 0.06, "F32": 0.01, "U8": 0.5},
    ),
    "-FP8": ({"quant_method": "fp8"}, {"BF16": 0.05, "F8_E4M3": 0.95}),
    "-mlx-4bit": ({"bits": 4, "group_size": 64}, {"BF16": 0.07, "U32": 0.125}),
}
"""How copies are packed: what their config.json says, and elements as stored per parameter, by data type."""
FILE_BYTES: Final = 0.6
"""Bytes in GGUF files per parameter, about those of Q4_K_M."""
CONTEXTS: Final = (4096, 8192, 32768, 131072)


@dataclass(frozen=True)
class Rows:
    """Makes the records of a plan's models, with words and numbers spread as they were counted."""

    plan: Plan
    shapes: Shapes

    def record(self, number: int) -> Record:
        """What a capture that reads lists alone keeps of one model."""
        return Record(self.plan.repo_id(number), "member", {"list": self._row(number)}, ABSENT)

    def _row(self, number: int) -> dict[str, Any]:
        model, draw, shapes = self.plan.model(number), self.plan.draw(number, "row"), self.shapes
        repo_id = self.plan.repo_id(number)
        bases = [self.plan.spell_base(number, base) for base in model.bases]
        library = "peft" if model.edge == "adapter" else model.line.library
        said = {
            "library_name": library if draw.random() < shapes.present["library_name"] else None,
            "pipeline_tag": model.line.task if draw.random() < shapes.present["pipeline_tag"] else None,
        }
        card = self._card(draw, bases, said)
        born = OLDEST + (NEWEST - OLDEST) * (number / self.plan.count) ** 0.5
        return {
            "_id": _to_hub_id(repo_id),
            "author": repo_id.partition("/")[0],
            "baseModels": _base_models(model, bases),
            "cardData": card if draw.random() < shapes.present["cardData"] else None,
            "config": _config(model),
            "createdAt": _to_time(born),
            "downloads": shapes.number("downloads", draw.random()),
            "downloadsAllTime": shapes.number("downloadsAllTime", draw.random()),
            "gated": False if draw.random() < OPEN else draw.choice(("auto", "manual")),
            "gguf": _gguf(draw, model),
            "id": repo_id,
            "lastModified": _to_time(min(born + timedelta(minutes=draw.randrange(40_000)), NEWEST)),
            "likes": shapes.number("likes", draw.random()),
            "private": False,
            "safetensors": self._count(draw, model),
            "sha": hashlib.sha1(repo_id.encode(), usedforsecurity=False).hexdigest(),
            "tags": self._tags(draw, model, bases, {**card, **said}),
            "trendingScore": 0.0 if draw.random() < UNTRENDING else float(draw.randrange(1, 7)),
            **said,
        }

    def _card(self, draw: random.Random, bases: list[str], said: Mapping[str, Any]) -> dict[str, Any]:
        """What the owner declares in the head of the README."""
        has = {name for name in self.shapes.card if draw.random() < self.shapes.card[name]}
        card: dict[str, Any] = {name: said[name] for name in said.keys() & has if said[name]}
        if bases:
            card["base_model"] = bases if len(bases) > 1 or draw.random() < LISTED else bases[0]
        if "license" in has:
            card["license"] = self.shapes.licenses.at(draw.random())
        if card.get("license") == "other":
            card |= {"license_name": "model-license", "license_link": "LICENSE"}
        if "language" in has:
            card["language"] = list(self.shapes.languages.at(draw.random()))
        if "tags" in has:
            card["tags"] = [tag for tag in draw.choice(self.shapes.tag_sets) if ":" not in tag][:CARD_TAGS]
        if draw.random() < self.shapes.repeats:
            card |= {name: value * 2 for name, value in card.items() if name in {"language", "tags"}}
        return card

    def _tags(
        self, draw: random.Random, model: Model, bases: list[str], said: Mapping[str, Any]
    ) -> list[str]:
        """What the Hub gathers from the card and the files, each once."""
        tags = [
            *filter(None, (said["library_name"], _format(model), model.line.design, said["pipeline_tag"])),
            *(model.line.tags or draw.choice(self.shapes.tag_sets)),
            *said.get("tags", ()),
            *said.get("language", ()),
        ]
        # Half of the rare ones are data sets, which have owners too.
        for place in range(int(self.shapes.rare_tags + draw.random())):
            rare = draw.randrange(self.plan.count)
            tags.append(f"dataset:owner-{rare}/set-{place}" if place % 2 else f"topic-{rare}")
        if "license" in said:
            tags.append(f"license:{said['license']}")
        for base in bases:
            tags += [f"base_model:{base}", f"base_model:{model.edge}:{base}"]
        return list(dict.fromkeys([*tags, "region:us"]))

    def _count(self, draw: random.Random, model: Model) -> dict[str, Any] | None:
        """Elements by data type, as the Hub counts them in safetensors files."""
        if _format(model) != "safetensors" or draw.random() >= self.shapes.present["safetensors"]:
            return None
        if model.copy in PACKED:
            shares = PACKED[model.copy][1]
        else:
            names = self.shapes.dtypes.at(draw.random()).split()
            shares = {name: 1.0 if place == 0 else 0.001 for place, name in enumerate(names)}
        counts = {name: int(model.elements * share) for name, share in shares.items()}
        return {"parameters": counts, "total": sum(counts.values())}


def _format(model: Model) -> str:
    return "gguf" if model.copy.endswith("GGUF") else "safetensors"


def _base_models(model: Model, bases: list[str]) -> dict[str, Any] | None:
    if not bases:
        return None
    return {"models": [{"_id": _to_hub_id(base), "id": base} for base in bases], "relation": model.edge}


def _config(model: Model) -> dict[str, Any] | None:
    if model.line.design is None or model.edge == "adapter" or _format(model) == "gguf":
        return None
    config: dict[str, Any] = {"model_type": model.line.design}
    if model.line.architecture:
        config["architectures"] = [model.line.architecture]
    if model.copy in PACKED:
        config["quantization_config"] = PACKED[model.copy][0]
    return config


def _gguf(draw: random.Random, model: Model) -> dict[str, Any] | None:
    if _format(model) != "gguf":
        return None
    return {
        "architecture": model.line.design or "llama",
        "context_length": draw.choice(CONTEXTS),
        "total": model.elements,
        "totalFileSize": int(model.elements * FILE_BYTES),
    }


def _to_hub_id(repo_id: str) -> str:
    return hashlib.blake2b(repo_id.encode(), digest_size=12).hexdigest()


def _to_time(moment: datetime) -> str:
    return f"{moment.isoformat(timespec='milliseconds')[:23]}Z"
