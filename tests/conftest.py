"""What holds for every test: a busy machine fails none, and equal pictures are drawn once a process."""

from __future__ import annotations

from functools import lru_cache

import pytest
from hypothesis import HealthCheck, settings

from builder import assembly
from builder.card.figures.gallery import draw_figures

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

DRAWN_BEFORE = lru_cache(64)(draw_figures)


@pytest.fixture(scope="session", autouse=True)
def _remember_pictures() -> None:
    """Builds draw the same few dates again and again; tests of pictures call the gallery itself."""
    assembly.draw_figures = DRAWN_BEFORE  # type: ignore[attr-defined]
