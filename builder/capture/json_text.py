"""Reads JSON from strangers: strict where it can be, lenient where legal JSON is odd, bounded in depth."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NoReturn, cast

import orjson

if TYPE_CHECKING:
    from builder.capture.evidence import JsonValue


def read_json(content: bytes) -> JsonValue:
    """The value of a JSON text.

    Raises:
        ValueError: it is none, and why.
    """
    try:
        return cast("JsonValue", orjson.loads(content))
    except orjson.JSONDecodeError:
        # orjson refuses lone surrogates, which are legal JSON and are cleaned later on.
        return _read_leniently(content)


def _read_leniently(content: bytes) -> JsonValue:
    try:
        return cast("JsonValue", json.loads(content.decode("utf-8"), parse_constant=_refuse_constant))
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start} is not UTF-8") from error
    except RecursionError as error:
        raise ValueError("the JSON is nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"not JSON ({error})") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")
