"""Numbers that people read (编号), counted by the installation."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from benefits.access.models import Setting
from benefits.kernel.unit import WriteUnit


def count_on(unit: WriteUnit, counter: str) -> int:
    """The next number of a counter, from 1, gapless because a rolled-back unit gives its number back."""
    key = f"counter:{counter}"
    insert_of = postgresql.insert if unit.dialect == "postgresql" else sqlite.insert
    unit.session.execute(insert_of(Setting).values(key=key, value="0").on_conflict_do_nothing())
    query = select(Setting).where(col(Setting.key) == key).with_for_update()  # a brief action waits its turn
    found = unit.exec(query, execution_options={"populate_existing": True}).one()
    found.value = str(int(found.value) + 1)
    return int(found.value)
