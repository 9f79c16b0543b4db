"""Numbers and names as a reader of the card wants them; the filters of the template.

A rounded figure never claims more than it may: a share is `100 %` only when nothing is missing and
`0 %` only when nothing is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING

from builder.card.escape import Markdown, escape_markdown, link_file, link_repository, write_term

if TYPE_CHECKING:
    from builder.card.accuracy import Share
    from builder.card.loads import Load

GIGABYTE = 10**9
"""Bytes of a gigabyte on this card: the unit of the Hub's file sizes (a GiB is 7 % more)."""

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Spelt here, since `strftime` writes them in the language of the machine."""

NOT_KNOWN = Markdown("not known")


def count_things(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun in the right form."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def state_count(number: int, exact: bool) -> str:  # noqa: FBT001 - a filter is called as `n | stated(exact)`
    """A count, with "about" where somebody stated a round number."""
    return f"{number:,}" if exact else f"about {number:,}"


def write_percent(part: int, whole: int) -> Markdown:
    """A whole percentage that is 0 or 100 only where that is exact."""
    if whole == 0:
        return Markdown("–")
    if part in {0, whole}:
        return Markdown("0 %" if part == 0 else "100 %")
    return Markdown(f"{min(99, max(1, round(100 * part / whole)))} %")


def write_gigabytes(size: int | None) -> Markdown:
    """Bytes in GB, to a tenth."""
    return NOT_KNOWN if size is None else Markdown(f"{size / GIGABYTE:.1f} GB")


def write_billions(number: int) -> str:
    """A count of parameters in billions, with three significant digits."""
    return f"{number / 1e9:.3g}"


def write_range(smallest: int | None, largest: int | None) -> Markdown:
    """Parameters from the smallest to the largest model, in billions."""
    if smallest is None or largest is None:
        return NOT_KNOWN
    low, high = write_billions(smallest), write_billions(largest)
    return Markdown(f"{low} B" if low == high else f"{low} – {high} B")


def write_share(share: Share) -> Markdown:
    """A share or F1 with three decimals, which are 1.000 only where nothing is wrong."""
    return Markdown(_three_decimals(share.value) if share.rows else "–")


def write_interval(share: Share) -> Markdown:
    """The 95 % interval of a share."""
    return Markdown(f"{_three_decimals(share.low)} – {_three_decimals(share.high)}" if share.rows else "–")


def write_share_rows(share: Share) -> Markdown:
    """A share with the number of rows it rests on, in brackets."""
    return Markdown(f"{write_share(share)} ({share.rows})" if share.rows else "–")


def _three_decimals(value: float) -> str:
    return f"{value if value in {0, 1} else min(0.999, max(0.001, value)):.3f}"


def write_share_percent(share: Share) -> Markdown:
    """A share as a whole percentage, with its interval in brackets."""
    parts = (share.value, share.low, share.high)
    value, low, high = (write_percent(round(part * 10_000), 10_000) for part in parts)
    return Markdown(f"{value} ({low.removesuffix(' %')} – {high.removesuffix(' %')})")


def write_decimal(value: float | None) -> Markdown:
    """A number with at most two decimals."""
    return NOT_KNOWN if value is None else Markdown(f"{value:,.2f}".rstrip("0").rstrip("."))


def write_whole(value: int | None) -> Markdown:
    """A whole number with separators."""
    return NOT_KNOWN if value is None else Markdown(f"{value:,}")


def write_minutes(minutes: int | None) -> Markdown:
    """Minutes of audio that fit into a memory."""
    if minutes is None:
        return Markdown("cache not known")
    return Markdown(f"{minutes} min" if minutes else "less than 3 min")


def write_duration(seconds: float | None) -> Markdown:
    """A length of audio, rounded down: in seconds below three minutes, else in minutes."""
    if seconds is None:
        return NOT_KNOWN
    return Markdown(f"{int(seconds)} s" if seconds < 180 else f"{int(seconds // 60)} min")  # noqa: PLR2004 - as above


def write_load(load: Load | None, unique_model_id: str, longest_s: float | None) -> Markdown:
    """A way to load a model: its label, which leads to file or copy, and how much audio fits.

    Memory may have room for more audio than the model takes: then it is what the model takes.
    """
    if load is None:
        return Markdown("–")
    if load.path is not None:
        link = link_file(load.repo_id, load.path, load.label)
    elif load.repo_id != unique_model_id:
        link = link_repository(load.repo_id, load.label)
    else:
        link = escape_markdown(load.label)
    more = f" + {count_things(load.more_files, 'file')}" if load.more_files else ""
    is_all = load.minutes and longest_s is not None and longest_s < 60 * load.minutes
    audio = write_duration(longest_s) if is_all else write_minutes(load.minutes)
    return Markdown(f"{link}{more}, {audio}")


def write_levels(counts: Iterable[int]) -> Markdown:
    """Counts of high, medium and low confidence; a dash where there is no confidence."""
    return Markdown(" / ".join(f"{count:,}" for count in counts) or "–")


def write_answer(answer: str | None) -> Markdown:
    """A judged or given value: counts with separators, names escaped, None as unknown."""
    if answer is None:
        return NOT_KNOWN
    is_count = answer.isascii() and answer.isdecimal()
    return Markdown(f"{int(answer):,}") if is_count else escape_markdown(answer)


def list_terms(words: Iterable[str]) -> Markdown:
    """Names of columns or values as code spans, with commas."""
    return Markdown(", ".join(write_term(word) for word in words))


def write_day(name: str) -> Markdown:
    """A snapshot's date in words: `2025-12-07` or its correction `2025-12-07.1` is 7 December 2025."""
    day = date.fromisoformat(name[:10])
    return Markdown(f"{day.day} {MONTHS[day.month - 1]} {day.year}")


FILTERS: dict[str, Callable[..., str]] = {
    "answer": write_answer,
    "billions": write_billions,
    "counted": count_things,
    "day": write_day,
    "decimal": write_decimal,
    "duration": write_duration,
    "gigabytes": write_gigabytes,
    "interval": write_interval,
    "levels": write_levels,
    "load": write_load,
    "percent_of": write_percent,
    "prose": Markdown,
    "repository": link_repository,
    "share": write_share,
    "share_percent": write_share_percent,
    "share_rows": write_share_rows,
    "stated": state_count,
    "term": write_term,
    "terms": list_terms,
    "to_size": write_range,
    "whole": write_whole,
}
"""Names under which the template calls these functions."""
