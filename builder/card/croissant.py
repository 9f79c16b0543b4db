"""`croissant.json`: what each table and column means, for machines that look for data sets.

Croissant 1.1 as JSON-LD, made from the schemas; files stand in it with their hashes, by their place
beside it, so that it says the same wherever the folder lies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from builder.card.citation import (
    ABSTRACT,
    KEYWORDS,
    LICENSE_URL,
    MAINTAINERS,
    TITLE,
    render_bibtex,
)
from builder.card.escape import HUB
from builder.layout import DATA, find_files, part_name
from schemas.table import Table
from schemas.tables import TABLES
from schemas.to_croissant import to_croissant_record_set, to_file_id

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The standard's own context, whole: readers compare it with theirs."""


def render_croissant(
    repository: str, date: str, schema_version: str, files: Mapping[str, Mapping[str, Any]]
) -> bytes:
    """The document of one date.

    Args:
        repository: of the dataset on the Hub.
        date: name of the date or of a correction of it, such as `2025-12-07.1`.
        schema_version: of its tables.
        files: path in the folder → sha256 and bytes, for every table at least.
    """
    document = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": TITLE,
        "description": ABSTRACT,
        "url": f"{HUB}datasets/{repository}",
        "license": LICENSE_URL,
        "creator": {"@type": "sc:Organization", "name": MAINTAINERS},
        "datePublished": date[:10],
        "version": to_semantic_version(date),
        "sdVersion": schema_version,
        "inLanguage": "en",
        "keywords": list(KEYWORDS),
        "citeAs": render_bibtex(date, schema_version, repository),
        "isLiveDataset": False,
        "distribution": [part for table in TABLES for part in _distribute(table, files)],
        "recordSet": [
            to_croissant_record_set(table, split=len(find_files(table.name, files)) > 1) for table in TABLES
        ],
    }
    return f"{json.dumps(document, indent=1, ensure_ascii=False)}\n".encode()


def to_semantic_version(date: str) -> str:
    """A date as a version of three numbers: 2025-12-07 is 2025.12.7, and its correction .1 is 2025.12.7+1."""
    day, _, correction = date.partition(".")
    version = ".".join(str(int(part)) for part in day.split("-"))
    return f"{version}+{correction}" if correction else version


def _distribute(table: Table, files: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The file of a table; of a very large one, its files and the set of them."""
    paths = find_files(table.name, files)
    for path in paths:
        name = path.removeprefix(f"{DATA}/")
        yield {
            "@type": "cr:FileObject",
            "@id": name,
            "name": name,
            "description": table.title,
            "contentUrl": path,
            "contentSize": f"{files[path]['bytes']} B",
            "encodingFormat": "application/x-parquet",
            "sha256": files[path]["sha256"],
        }
    if len(paths) > 1:
        yield {
            "@type": "cr:FileSet",
            "@id": to_file_id(table),
            "name": to_file_id(table),
            "description": table.title,
            "encodingFormat": "application/x-parquet",
            "includes": f"{DATA}/{part_name(table.name, '*')}",
        }
