"""What each picture says, in words: a title that is its finding, and a text for those who cannot see it."""

from __future__ import annotations

from dataclasses import dataclass

from builder.card.figures.facts import Collapse, Field, Memories, Missed
from builder.card.phrasing import GIGABYTE, count_things, state_count, write_billions, write_percent
from schemas import vocabulary


@dataclass(frozen=True)
class Words:
    """What stands above a picture, and in its place."""

    title: str
    subtitle: str
    alt: str


def _repositories(number: int) -> str:
    return count_things(number, "repository", "repositories")


def _list(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]


def say_collapse(facts: Collapse) -> Words:
    """From repositories to families."""
    totals = facts.totals
    held = count_things(totals.distinct, "distinct audio-language model")
    parts = [
        (totals.own, "a model of its own", "a model of their own"),
        (totals.copies, "a copy of one of these", "copies of these"),
        (totals.mistagged, "a model filed under the wrong task", "models filed under the wrong task"),
        (totals.placeholders, "no weights", "no weights"),
        (totals.undecided, "something undecided", "something undecided"),
    ]
    split = _list(
        [
            f"{number:,} hold{'s' * (number == 1)} {one if number == 1 else many}"
            for number, one, many in parts
            if number
        ]
    )
    named = [f"{title} with {number:,}" for title, number in facts.families]
    if facts.other_families:
        others = count_things(facts.other_families, "other family", "other families")
        named.append(f"{others} with {facts.other_models:,}")
    title = f"{_repositories(totals.repositories)} {'holds' if totals.repositories == 1 else 'hold'} {held}"
    return Words(
        title=title,
        subtitle=f"what stands behind the Hub’s list of {', '.join(facts.scopes)}",
        alt=f"Flow diagram: {title} in {count_things(totals.families, 'family', 'families')}. "
        f"Of the repositories, {split}. Models by family: {_list(named)}.",
    )


def say_memory(facts: Memories) -> Words:
    """Least memory against downloads."""
    share = write_percent(round(1000 * facts.share), 1000)
    top, sizes = facts.dots[0], [dot.memory_bytes / GIGABYTE for dot in facts.dots]
    title = f"Models that run in {facts.tier_gb} GB have {share} of the downloads"
    models = count_things(facts.models, "distinct audio-language model")
    return Words(
        title=title,
        subtitle=f"{models}, each at the fewest bits in which it can be loaded",
        alt=f"Scatter plot of the least memory that {models} need, from {min(sizes):.1f} to "
        f"{max(sizes):.1f} GB, against their downloads in 30 days. "
        f"{title}: {facts.fitting:,} of {facts.models:,} models do. "
        f"The most downloaded is {top.title} with {top.downloads:,} downloads and "
        f"{top.memory_bytes / GIGABYTE:.1f} GB.",
    )


def say_missed(facts: Missed) -> Words:
    """The Hub's counts beside what must be loaded."""
    none = f"for {facts.uncounted:,} more it has none" if facts.uncounted else ""
    title = f"For {facts.differing:,} of {_repositories(facts.repositories)}, the Hub’s count misleads"
    causes = [
        f"{number:,} because {vocabulary.HUB_TOTAL_DISAGREEMENT.get(cause, cause)}"
        for cause, number in facts.causes
    ]
    worst = facts.pairs[0]
    return Words(
        title=title,
        subtitle=f"it is not what must be loaded{none and f'; {none}'}; on the dashed line both agree",
        alt=f"Scatter plot of the parameters that the Hub counts against those that must be loaded. {title}: "
        f"{'; '.join(causes)}. For {facts.agreeing:,} the two agree{none and f', and {none}'}. "
        f"They differ most for {worst.title}: "
        f"{write_billions(worst.hub or 0)} billion counted, {write_billions(worst.runtime)} billion to load.",
    )


def say_field(facts: Field) -> Words:
    """The Hub's tasks by size."""
    own, speech = facts.own, facts.speech
    if speech and own.model_count and speech.model_count > own.model_count:
        times = f"{speech.model_count // own.model_count:,}"
        about = "" if speech.exact and own.exact else "about "
        title = f"Speech recognition has {about}{times} times as many repositories"
    else:
        title = f"{_repositories(own.model_count)} under {own.pipeline_tag}"
    counts = [f"{task.pipeline_tag} {state_count(task.model_count, task.exact)}" for task in facts.tasks]
    return Words(
        title=title,
        subtitle=f"repositories that the Hub lists under a task; this dataset is about {own.pipeline_tag}",
        alt=f"Bar chart: {title} as {own.pipeline_tag}. Repositories by task: {_list(counts)}; "
        f"distinct audio-language models: {facts.distinct:,}.",
    )
