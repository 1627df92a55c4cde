"""Reads Parquet tables, one message per row, in batches. The only file that imports pyarrow."""

import importlib.util
import math
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from copilot.domain.errors import BadConfiguration
from copilot.replay.mapping import RowMapping
from copilot.replay.pieces import Content, Damage, Rows

ROWS = 5000
"""Rows of a piece."""


def need_parquet() -> None:
    """Raise ``BadConfiguration`` when Parquet cannot be read here."""
    if importlib.util.find_spec("pyarrow") is None:
        raise BadConfiguration("reading .parquet needs pyarrow", remedy="pip install 'reply-copilot[parquet]'")


def parquet_rows(file: BinaryIO, mapping: RowMapping) -> Iterator[Content]:
    """The rows of the open ``file``; the line of a row is its number from 1."""
    import pyarrow.parquet

    arrow: Any = pyarrow
    done = 0
    try:
        table: Any = pyarrow.parquet.ParquetFile(file)
        names: list[str] = table.schema_arrow.names
        places = mapping.places(names)
        missing = mapping.missing(places)
        if missing:
            yield Damage(0, "columns", f"has no column for {', '.join(missing)}; name it in a mapping file (--map)")
            return
        wanted = sorted(set(places.values()))
        at = {field: wanted.index(place) for field, place in places.items()}
        for batch in table.iter_batches(batch_size=ROWS, columns=[names[place] for place in wanted]):
            columns = [_column(batch.column(names[place])) for place in wanted]
            yield Rows(list(zip(*columns, strict=True)), list(range(done + 1, done + 1 + batch.num_rows)), at)
            done += batch.num_rows
    except (arrow.ArrowException, OSError, ValueError):
        yield Damage(done, "damaged", "is damaged or not a Parquet file; copy it again")


def _column(column: Any) -> list[object]:
    import pyarrow

    arrow: Any = pyarrow
    if arrow.types.is_timestamp(column.type):
        # Nanoseconds have no form in Python; microseconds are more than a chat needs.
        column = column.cast(arrow.timestamp("us", column.type.tz), safe=False)
    try:
        values: list[object] = column.to_pylist()
    except (OverflowError, ValueError):
        # One value without a form in Python must not cost the others: each on its own.
        values = [_value(scalar) for scalar in column]
    return [value.isoformat() if isinstance(value, date) else value for value in values]


def _value(scalar: Any) -> object:
    """The value of ``scalar``; what has no form comes out as one that a row is refused for."""
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return bytes(scalar.as_buffer())
    except (OverflowError, ValueError):
        return math.inf
