"""Search keys know the branch of their person, so that a search of one street passes over all others.

``member_key`` is made anew: with the branch beside each key (on PostgreSQL in the index), and in the index's
order. The policies of people and their keys ask about the row at hand.
"""

import sqlalchemy as sa
from alembic import op

from benefits.migrations.guards import secure_people

revision = "0003"
down_revision = "0002"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY_TEXT = sa.String(120).with_variant(sa.String(120, collation="C"), "postgresql")
KEY = ("kind", "key", "member_id")
BRANCHES = """
CREATE TEMPORARY TABLE branch_of AS
SELECT place.id, CASE WHEN above.level = 'subdistrict' THEN above.id ELSE place.id END AS branch_id
FROM organisation AS place LEFT JOIN organisation AS above ON above.id = place.parent_id
"""
LEFT = """
CREATE TEMPORARY TABLE branch_left AS
SELECT member.id, CASE WHEN min(branch_id) = max(branch_id) THEN min(branch_id) ELSE 0 END AS branch_id
FROM member JOIN membership ON membership.member_id = member.id
JOIN branch_of ON branch_of.id = membership.organisation_id
WHERE member.organisation_id IS NULL GROUP BY member.id
"""
WITH_BRANCH = """
INSERT INTO member_key (kind, key, member_id, branch_id)
SELECT keyed.kind, keyed.key, keyed.member_id, coalesce(branch_of.branch_id, branch_left.branch_id, 0)
FROM member_key_before AS keyed
LEFT JOIN member ON member.id = keyed.member_id
LEFT JOIN branch_of ON branch_of.id = member.organisation_id
LEFT JOIN branch_left ON branch_left.id = member.id
ORDER BY keyed.kind, keyed.key, keyed.member_id
"""


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.rename_table("member_key", "member_key_before")
    columns = (
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("key", KEY_TEXT, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("branch_id", BIG_ID, nullable=False),
    )
    if dialect == "postgresql":
        op.execute("SELECT set_config('benefits.scope', '/', true)")  # row-level security hides all rows
        op.create_table("member_key", *columns)
    else:
        whole = sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_member_key"))
        op.create_table("member_key", *columns, whole, sqlite_with_rowid=False)
    for table, statement in (("branch_of", BRANCHES), ("branch_left", LEFT)):
        op.execute(statement)
        op.execute(f"CREATE UNIQUE INDEX {table}_id ON {table} (id)")
    op.execute(WITH_BRANCH)
    for table in ("branch_of", "branch_left", "member_key_before"):
        op.execute(f"DROP TABLE {table}")
    if dialect == "postgresql":  # the index after the rows: it is built in one go
        op.execute(
            f"ALTER TABLE member_key ADD CONSTRAINT pk_member_key PRIMARY KEY ({', '.join(KEY)}) "
            "INCLUDE (branch_id)"
        )
    secure_people(dialect)
