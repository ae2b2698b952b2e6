"""Guards (数据库守卫): what the database itself refuses, on both engines.

Append-only audit tables, immutable published editions, and terms of one member in one plan that would
overlap. SQLite guards overlap by trigger (it has one writer); PostgreSQL by an exclusion constraint, the only
form that holds between transactions. On PostgreSQL, row-level security closes the scope in the database too:
a connection that has not said whose scope it works in sees nothing. Superusers are above it, so the program's
own role must not be one.

Kept apart from the migration that creates them, because every later one that rebuilds a table must create
them again.
"""

from alembic import op

_APPEND_ONLY = ("audit_event", "audit_link")

# INDEXED BY: without statistics SQLite may take the plan's index by expiry instead (the order of creation
# decides), and every insert then walks all terms of the plan
_SQLITE_OVERLAP = """
CREATE TRIGGER enrollment_overlap_{verb} BEFORE {event} ON enrollment WHEN NEW.state = 'active'
BEGIN
  SELECT RAISE(ABORT, 'enrollment terms overlap') WHERE EXISTS (
    SELECT 1 FROM enrollment AS other INDEXED BY uq_enrollment_member_plan_starts
    WHERE other.member_id = NEW.member_id AND other.plan_id = NEW.plan_id
      AND other.state = 'active' AND other.starts <= NEW.ends AND other.ends >= NEW.starts
      AND other.id IS NOT NEW.id);
END
"""

_PG_OVERLAP = """
ALTER TABLE enrollment ADD CONSTRAINT enrollment_overlap EXCLUDE USING gist (
  int8range(member_id, member_id, '[]') WITH &&, int8range(plan_id, plan_id, '[]') WITH &&,
  daterange(starts, ends, '[]') WITH &&) WHERE (state = 'active')
"""

_PG_REFUSE = """
CREATE FUNCTION benefits_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


_SCOPE = "(SELECT nullif(current_setting('benefits.scope', true), ''))"
_WITHIN = f"path >= {_SCOPE} AND path < left({_SCOPE}, -1) || '0'"
# Each test leans on the policies of the tables it asks, and asks a person only when the row has been reached:
# a set of all people of a street, read for one page of a search, would take a thousand times as long.
_BY_ORGANISATION = "organisation_id IN (SELECT id FROM organisation)"
_BEEN = "(SELECT true FROM membership WHERE membership.member_id = member.id LIMIT 1)"
_MEMBER = f"{_BY_ORGANISATION} OR (organisation_id IS NULL AND {_BEEN})"
_BY_MEMBER = "(SELECT true FROM member WHERE member.id = member_id)"
_BY_BATCH = "batch_id IN (SELECT id FROM roster_batch)"
# EXISTS, not IN: the planner takes it row by row for a page, and as one set for a whole table
_HERE = "EXISTS (SELECT FROM organisation WHERE organisation.id = {}.organisation_id)"
_OWN_BRANCH = f"branch_id = (SELECT substring({_SCOPE} FROM '([0-9]+)/$')::bigint)"
_PEOPLE = {
    "member": f"{_HERE.format('member')} OR (organisation_id IS NULL AND {_BEEN})",
    "membership": _HERE.format("membership"),
    "member_key": f"{_OWN_BRANCH} OR {_BY_MEMBER}",
}
_FIRST = {
    _BY_ORGANISATION: "organisation_position membership enrollment due "
    "renewal_run decision run_tally run_unit",
    _BY_MEMBER: "member_identity member_key",
}
_SECOND = {
    _BY_ORGANISATION: "organisation_name organisation_key organisation_clerk roster_batch roster_mapping "
    "duplicate_case payment kit_handout",
    _BY_MEMBER: "member_category member_identifier next_of_kin consent member_event",
    _BY_BATCH: "roster_trace roster_problem",
}
_KITS = {
    _BY_ORGANISATION: "kit_handout kit_message",
    _BY_MEMBER: "kit_entitled kit_allowance",
}


def create_guards(dialect: str) -> None:
    """Create all guards in the schema being migrated."""
    for statement in _sqlite() if dialect == "sqlite" else _postgresql():
        op.execute(statement)


def _sqlite() -> list[str]:
    guards = [guard for table in _APPEND_ONLY for guard in _append_only(table, "sqlite")]
    guards += [
        f"CREATE TRIGGER plan_edition_no_{verb} BEFORE {verb.upper()} ON plan_edition WHEN NOT OLD.draft "
        "BEGIN SELECT RAISE(ABORT, 'a published edition is immutable'); END"
        for verb in ("update", "delete")
    ]
    guards.append(_SQLITE_OVERLAP.format(verb="insert", event="INSERT"))
    guards.append(
        _SQLITE_OVERLAP.format(verb="update", event="UPDATE OF member_id, plan_id, starts, ends, state")
    )
    return guards


def _postgresql() -> list[str]:
    guards = [_PG_REFUSE, *(guard for table in _APPEND_ONLY for guard in _append_only(table, "postgresql"))]
    guards.append(
        "CREATE TRIGGER plan_edition_immutable BEFORE UPDATE OR DELETE ON plan_edition "
        "FOR EACH ROW WHEN (NOT OLD.draft) EXECUTE FUNCTION benefits_refuse()"
    )
    guards.append(_PG_OVERLAP)
    return guards + _row_security(_ALL_FIRST)


def guard_kits(dialect: str) -> None:
    """The ledger of stock is append-only; lists and hand-outs are seen by whoever sees the people."""
    for statement in _append_only("kit_move", dialect):
        op.execute(statement)
    if dialect == "postgresql":
        for statement in _row_security(_tests(_KITS)):
            op.execute(statement)


def _append_only(table: str, dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("update", "delete")
        ]
    return [
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION benefits_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION benefits_refuse()",
    ]


def secure(dialect: str) -> None:
    """Row-level security of the tables that the second revision made, and of the earlier ones anew."""
    if dialect == "postgresql":
        for table in _ALL_FIRST:
            op.execute(f"DROP POLICY {table}_scope ON {table}")
        for statement in _row_security(_ALL_FIRST | _tests(_SECOND)):
            op.execute(statement)


def secure_people(dialect: str) -> None:
    """Row-level security of people and their search keys as the third revision has it: keys of a street are
    known by their branch, without asking for the person. The table of keys is new and has no policy."""
    if dialect == "postgresql":
        for table in ("member", "membership"):
            op.execute(f"DROP POLICY {table}_scope ON {table}")
        for statement in _row_security(_PEOPLE):
            op.execute(statement)


def _tests(tables: dict[str, str]) -> dict[str, str]:
    return {table: test for test, names in tables.items() for table in names.split()}


_ALL_FIRST = {"organisation": _WITHIN, "member": _MEMBER} | _tests(_FIRST)


def _row_security(tests: dict[str, str]) -> list[str]:
    """One policy a table: all rows in the root scope, else those of the subtree that the connection works in.

    ``benefits.scope`` is set by every unit for its own transaction. The sub-selects are read once a
    statement.
    """
    guards = []
    for table, test in tests.items():
        guards.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        guards.append(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        guards.append(f"CREATE POLICY {table}_scope ON {table} USING ({_SCOPE} = '/' OR ({test}))")
    return guards
