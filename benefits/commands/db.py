"""``benefits db``: the schema of the database."""

from benefits.commands.options import Call, group, verb
from benefits.commands.show import emit, words

app = group("db")


@verb(app, "commands.db.version", as_of=False)
def version(call: Call) -> None:
    """Which schema the database has, and which this program needs (数据库结构版本)."""
    from benefits.commands.health import schema

    found = schema(call)
    key = "commands.db.current" if found["found"] == found["needed"] else "commands.db.other"
    emit(call, found, words(call, key, found=found["found"] or "-", needed=found["needed"]))


@verb(app, "commands.db.upgrade", as_of=False)
def upgrade(call: Call) -> None:
    """Bring an older database to the schema of this program and fill what it derives (升级数据库结构)."""
    from benefits.commands.health import bring_up, schema
    from benefits.database import open_database
    from benefits.upkeep import fill_derived

    before = schema(call)
    changed = before["found"] != before["needed"]
    if changed:
        bring_up(call)
    database = open_database(call.database)
    try:
        filled = fill_derived(database)
    finally:
        database.close()
    after = schema(call)
    lines = [words(call, "commands.db.upgraded" if changed else "commands.db.current", **after)]
    if any((filled.units, filled.people, filled.phones)):
        lines.append(
            words(call, "commands.db.filled", units=filled.units, people=filled.people, phones=filled.phones)
        )
    emit(call, after | {"before": before["found"], "changed": changed, "filled": filled}, *lines)
