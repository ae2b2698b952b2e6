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
    """Bring an older database to the schema of this program (升级数据库结构)."""
    from benefits.commands.health import bring_up, schema

    before = schema(call)
    changed = before["found"] != before["needed"]
    if changed:
        bring_up(call)
    after = schema(call)
    key = "commands.db.upgraded" if changed else "commands.db.current"
    emit(call, after | {"before": before["found"], "changed": changed}, words(call, key, **after))
