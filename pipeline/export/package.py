# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes tables as a Frictionless data package: CSV files and `datapackage.json` with a schema for each."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from koteihyo.pipeline.export.files import write_exact_csv
from koteihyo.pipeline.export.tables import MODELS, Column, Table
from koteihyo.pipeline.replacing import replacing
from koteihyo.pipeline.store.fingerprint import sha256_file

DESCRIPTOR = "datapackage.json"
_TYPES = {"BIGINT": "integer", "INTEGER": "integer", "DOUBLE": "number", "BOOLEAN": "boolean", "DATE": "date"}


def write_package(tables: Iterable[Table], folder: Path) -> None:
    """Writes the CSV files, and last the descriptor that names them.

    Raises:
        StoreError: a file cannot be written.
    """
    resources = []
    for table in tables:
        path = folder / f"{table.name}.csv"
        write_exact_csv(table, path)
        resources.append(_resource(table, path))
    names = {resource["name"] for resource in resources}
    for resource in resources:
        resource["schema"] |= _keys(resource["name"], names)
    package = {
        "profile": "tabular-data-package",
        "name": "koteihyo",
        "title": "Roadmaps (工程表) of the Japanese government as tables",
        "resources": resources,
    }
    with replacing(folder / DESCRIPTOR) as draft:
        draft.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _resource(table: Table, path: Path) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": path.name,
        "description": table.comment,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_file(path)}",
        "schema": {"fields": [_field(column) for column in table.columns], "missingValues": [""]},
    }


def _field(column: Column) -> dict[str, Any]:
    kind = "array" if column.sql_type.endswith("[]") else _TYPES.get(column.sql_type, "string")
    field: dict[str, Any] = {"name": column.name, "type": kind}
    if column.comment:
        field["description"] = column.comment
    # An empty text reads as missing, so only the other types can be required.
    if not column.nullable and kind != "string":
        field["constraints"] = {"required": True}
    return field


def _keys(name: str, exported: Collection[str]) -> dict[str, Any]:
    """Primary and foreign keys of a table; views have none, and a key to a table that is not there is left out."""
    model = MODELS.get(name)
    if model is None:
        return {}
    foreign = [
        {
            "fields": [column],
            "reference": {"resource": "" if target == name else target, "fields": [MODELS[target].KEY[-1]]},
        }
        for column, target in model.REFERENCES
        if target in exported
    ]
    return {"primaryKey": list(model.KEY), **({"foreignKeys": foreign} if foreign else {})}
