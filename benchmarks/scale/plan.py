"""Which models there are and what each builds on: every answer follows from a number and a seed.

Models are numbered in the order of their making, so a base has a smaller number than what builds on it, but
in circles. No answer needs a list of all models: whoever writes one shard asks for its models and their
bases, and two processes are told the same.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal, TypeAlias

from benchmarks.scale.lines import AUDIO, ENCODER, LINES, LLM, Line
from benchmarks.scale.shapes import Spread

Edge: TypeAlias = Literal["finetune", "adapter", "quantized", "merge"]
"""Relation between a model and its base, in the Hub's words."""

SIZES: Final = (0.1, 0.5, 1, 1.5, 3, 4, 7, 8, 14, 27, 32, 70)
"""Billions of parameters."""
TUNINGS: Final = Spread(
    [("", 8), ("-Instruct", 4), ("-it", 1), ("-chat", 2), ("-sft", 2), ("-dpo", 1), ("-v2", 2)]
)
COPIES: Final = Spread(
    [
        *[("-GGUF", 9), ("-i1-GGUF", 2), ("-Q4_K_M-GGUF", 2)],
        *[("-AWQ", 2), ("-GPTQ-Int4", 2), ("-bnb-4bit", 2), ("-FP8", 1), ("-mlx-4bit", 2)],
    ]
)
"""Endings of quantised copies."""

# The shares are chosen: of the counted rows, most are merges made for a ranking, which the Hub's are not.
WITH_BASE: Final = 0.6
"""Share of models that build on another; 630 of the 1,051 counted rows do."""
EDGES: Final[Spread[Edge]] = Spread(
    [("finetune", 0.52), ("adapter", 0.16), ("quantized", 0.28), ("merge", 0.04)]
)
FROM_WHOLE: Final = 0.95
"""Share of what would build on a quantised copy that builds on what the copy was made of."""
MERGED: Final = 5
"""Most bases of a merge."""
DEPTH: Final = 20
"""Steps of the longest chain: a model that would make one longer builds on nothing."""
BLOCK: Final = 1_000
"""So many models begin with a chain of `DEPTH` steps, a circle, a language model and an encoder."""
CIRCLES: Final = (1, 2, 3)
"""Models in the circles, block after block; one alone builds on itself."""
CIRCLE_AT, LLM_AT, ENCODER_AT = DEPTH + 1, DEPTH + 4, DEPTH + 5
DANGLING, OTHER_CASE = 0.05, 0.01
"""Shares of bases that no record has, and that are spelt in other letters."""
NAME_MAX: Final = 90
"""Letters of the longest name that is made of a base's; the Hub takes 96."""
EARLY: Final = 2.5
"""How much older models are preferred as bases: of 2.5 million, the oldest has some 7,000 children."""


@dataclass(frozen=True)
class Model:
    """One invented repository.

    Attributes:
        elements: its parameters; a copy has those of its base.
        copy: ending of a quantised copy, or empty.
        bases: numbers of the models that it builds on.
        steps: how far up its first bases lead.
        circle: whether its bases lead back to it.
    """

    number: int
    owner: int
    line: Line
    billions: float
    tuning: str
    elements: int
    edge: Edge | None = None
    copy: str = ""
    bases: tuple[int, ...] = ()
    steps: int = 0
    circle: bool = False


@dataclass(frozen=True)
class Plan:
    """So many models, equal for equal arguments; `audio` are the lines of a built date."""

    count: int
    seed: int
    audio: tuple[Line, ...] = ()
    _known: dict[int, Model] = field(default_factory=dict, repr=False, compare=False)

    def draw(self, number: int, purpose: str) -> random.Random:
        """Chance for one purpose of one model, the same in every process."""
        return random.Random(f"{self.seed}/{purpose}/{number}")  # noqa: S311 - for spread, not for secrets

    def model(self, number: int) -> Model:
        """What the model of that number is."""
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = self._make(number)
        return known

    def repo_id(self, number: int) -> str:
        """Its id; no two are equal, since each name holds its number."""
        model = self.model(number)
        size = f"-{model.billions:g}B" if model.line.sized else ""
        name = f"{model.line.name}-r{number}{size}{model.tuning}{model.copy}"
        if model.copy and not model.circle:
            of = self.repo_id(model.bases[0]).partition("/")[2]
            copied = f"{of}-r{number}{model.copy}"
            name = copied if len(copied) <= NAME_MAX else name
        return f"owner-{model.owner}/{name}"

    def spell_base(self, number: int, base: int) -> str:
        """A base as its child names it: mostly right."""
        repo_id = self.repo_id(base)
        if self.model(number).circle or number % BLOCK <= DEPTH:
            return repo_id
        share = self.draw(number, f"base {base}").random()
        if share < DANGLING:
            return f"{repo_id}-gone"
        return repo_id.lower() if share < DANGLING + OTHER_CASE else repo_id

    @cached_property
    def _lines(self) -> Spread[Line]:
        return Spread([*LINES, *((line, AUDIO / len(self.audio)) for line in self.audio)])

    def _make(self, number: int) -> Model:
        draw = self.draw(number, "model")
        block, place = divmod(number, BLOCK)
        billions = draw.choice(SIZES)
        made = Model(
            number,
            # A few owners have thousands of repositories, most have a few.
            owner=int(self.count / 5 * draw.random() ** 3),
            line=self._lines.at(draw.random()),
            billions=billions,
            tuning=TUNINGS.at(draw.random()),
            elements=int(billions * 1e9 * draw.uniform(0.95, 1.05)),
        )
        if place in {LLM_AT, ENCODER_AT} or not number:
            return replace(made, line=ENCODER if place == ENCODER_AT else LLM)
        edge = EDGES.at(draw.random())
        if CIRCLE_AT <= place < CIRCLE_AT + CIRCLES[block % len(CIRCLES)]:
            return self._close_circle(made, edge)
        if place <= DEPTH:
            edge = "quantized" if place == DEPTH else "finetune"
            return self._build_on(number - 1, made, edge, draw) if place else made
        if made.line.composed:
            parts = [self._find_reserved(draw, block, at) for at in (LLM_AT, ENCODER_AT)]
            return replace(made, edge="finetune", bases=tuple(parts), steps=1)
        if draw.random() >= WITH_BASE:
            return made
        return self._build_on(int(number * draw.random() ** EARLY), made, edge, draw)

    def _build_on(self, base: int, made: Model, edge: Edge, draw: random.Random) -> Model:
        of = self.model(base)
        if of.copy and made.number % BLOCK > DEPTH and draw.random() < FROM_WHOLE:
            base = of.bases[0]
            of = self.model(base)
        if of.steps == DEPTH:
            return made
        bases = [base]
        if edge == "merge":
            block, others = made.number // BLOCK, range(draw.randrange(1, MERGED))
            found = [self._find_reserved(draw, block, LLM_AT) for _ in others]
            bases += [other for other in found if other < made.number]
        copy = COPIES.at(draw.random()) if edge == "quantized" else ""
        return replace(
            made,
            # What builds on another is built like it.
            line=of.line,
            billions=of.billions,
            elements=of.elements if copy else made.elements,
            edge=edge,
            copy=copy,
            bases=tuple(dict.fromkeys(bases)),
            steps=of.steps + 1,
        )

    def _close_circle(self, made: Model, edge: Edge) -> Model:
        block, place = divmod(made.number, BLOCK)
        length = CIRCLES[block % len(CIRCLES)]
        following = block * BLOCK + CIRCLE_AT + (place - CIRCLE_AT + 1) % length
        if following >= self.count:
            return made
        copy = COPIES.at(0) if edge == "quantized" else ""
        return replace(made, edge=edge, copy=copy, bases=(following,), circle=True)

    def _find_reserved(self, draw: random.Random, block: int, place: int) -> int:
        """A language model or encoder of an earlier block, rather of an early one; block 0 has its own."""
        return int(block * draw.random() ** EARLY) * BLOCK + place
