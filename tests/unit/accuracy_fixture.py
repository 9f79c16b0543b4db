"""Judged rows for the snapshot of `card_fixture`, and what is measured with them.

`acme/beta-70b` is judged to be a finetune of the first model, `mirror/gamma-3b` to hold more than it does;
the row of `someone/alpha-7b-GGUF` is judged with low confidence, so it is not scored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from builder.evaluation.gold import COLUMNS, parse_gold
from builder.evaluation.report import evaluate
from tests.unit.card_fixture import tiny_rows, to_frames

if TYPE_CHECKING:
    from collections.abc import Iterable

ROWS = (
    "acme/alpha-7b,acme/alpha-7b,alpha,original,yes,7010000000,,,high,handed,",
    'acme/beta-70b,acme/beta-70b,beta,finetune,yes,70600000000,,,medium,blind,"says so, twice"',
    "hobby/soon,,,placeholder,unknown,,,,high,blind,",
    "hobby/whisper-nl,hobby/whisper-nl,,finetune,no,244000000,,,high,handed,",
    "mirror/gamma-3b,lab/gamma-3b,gamma,mirror,yes,4000000000,,,high,blind,",
    "someone/alpha-7b-GGUF,other/alpha,alpha,mirror,no,,,,low,blind,",
)


def to_text(rows: Iterable[str] = ROWS) -> str:
    """A gold file."""
    return "\n".join([",".join(COLUMNS), *rows, ""])


def tiny_models() -> list[dict[str, Any]]:
    """Rows of the table `models` of the small snapshot."""
    return to_frames(tiny_rows())["models"].to_dicts()


def to_accuracy(models: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """What a build would measure."""
    return evaluate(parse_gold(to_text(), "gold.csv"), models or tiny_models(), [], None)
