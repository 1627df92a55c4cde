"""What all tables share: the schema, names of constraints, column types, and the pair every reference is made of.

Times are written by the application's clock and never by the database; ids of ours are uuids, ids of platforms text.
"""

import uuid
from datetime import datetime
from typing import Annotated, Any, cast

from sqlalchemy import BigInteger, DateTime, ForeignKeyConstraint, Identity, MetaData, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

SCHEMA = "app"

Stamp = Annotated[datetime, mapped_column(DateTime(timezone=True))]
"""A point in time; give it an offset."""

Json = Annotated[dict[str, Any], mapped_column(JSONB(none_as_null=True))]
"""A JSON object, as a shape's ``model_dump(mode="json")`` gives it."""

Serial = Annotated[int, mapped_column(BigInteger, Identity(always=True))]
"""A number that grows in the order of insertion."""


class Xid8(UserDefinedType[str]):
    """A transaction id that never wraps; text in Python."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The type's name in SQL."""
        return "xid8"


class Base(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(
        schema=SCHEMA,
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "ck": "%(table_name)s_%(constraint_name)s_check",
        },
    )
    type_annotation_map = {str: Text, uuid.UUID: Uuid, datetime: DateTime(timezone=True)}


def table_of(row: type[Base]) -> Table:
    """The table of a kind of row, for statements that are made once and need nothing of the rows' life as objects."""
    return cast(Table, row.__table__)


class OfMerchant:
    """The columns of a table whose rows belong to a merchant; row-level security covers every one of them."""

    merchant: Mapped[uuid.UUID] = mapped_column(primary_key=True, sort_order=-2)
    id: Mapped[uuid.UUID] = mapped_column(
        primary_key=True, default=uuid.uuid4, server_default=text("gen_random_uuid()"), sort_order=-1
    )


def same_merchant(column: str, table: str) -> ForeignKeyConstraint:
    """A reference that cannot leave the merchant: foreign keys do not ask row-level security."""
    return ForeignKeyConstraint(["merchant", column], [f"{SCHEMA}.{table}.merchant", f"{SCHEMA}.{table}.id"])


def of_merchant() -> ForeignKeyConstraint:
    """The reference to the merchant itself."""
    return ForeignKeyConstraint(["merchant"], [f"{SCHEMA}.merchants.id"])
