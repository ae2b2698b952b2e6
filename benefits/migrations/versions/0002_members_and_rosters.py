"""Members and rosters: what is kept about a person and a unit, batches of spreadsheets, payments, hand-outs.

Written out in full, as the first revision is. Search keys of units and digests of phones, which only the
program can make, are filled by ``benefits.upkeep`` after the upgrade.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

from benefits.migrations.guards import secure

revision = "0002"
down_revision = "0001"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY_TEXT = sa.String(120).with_variant(sa.String(120, collation="C"), "postgresql")
CATEGORIES = (  # 八大群体, 全总 2018 [S87]; the four of 2021 [S39][S109]
    ("truck_driver", "货车司机", "truck driver", 2018, "eight_2018 four_2021"),
    ("courier", "快递员", "courier", 2018, "eight_2018 four_2021"),
    ("care_worker", "护工护理员", "care worker", 2018, "eight_2018"),
    ("domestic_worker", "家政服务员", "domestic worker", 2018, "eight_2018"),
    ("mall_information", "商场信息员", "shopping-mall promoter", 2018, "eight_2018"),
    ("food_rider", "网约送餐员", "food-delivery rider (booked online)", 2018, "eight_2018"),
    ("estate_agent", "房产中介员", "estate agent", 2018, "eight_2018"),
    ("security_guard", "保安员", "security guard", 2018, "eight_2018"),
    ("ride_hailing_driver", "网约车司机", "ride-hailing driver", 2021, "four_2021"),
    ("delivery_rider", "外卖配送员", "take-away delivery rider", 2021, "four_2021"),
)


def upgrade() -> None:
    _member()
    _organisations()
    _rosters()
    _payments_and_handouts()
    _keys_without_owner()
    _found_by_member()
    _categories()
    secure(op.get_bind().dialect.name)


def _member() -> None:
    op.create_table(
        "worker_category",
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name_zh", sa.String(40), nullable=False),
        sa.Column("name_en", sa.String(60), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_worker_category")),
    )
    op.create_table(
        "worker_group",
        sa.Column("group_code", sa.String(16), nullable=False),
        sa.Column("category_code", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_code"], ["worker_category.code"], name=op.f("fk_worker_group_category_code")
        ),
        sa.PrimaryKeyConstraint("group_code", "category_code", name=op.f("pk_worker_group")),
    )
    op.create_table(
        "consent",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "register",
                "health",
                "finance",
                "publication",
                "messages",
                "child",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=19,
            ),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum(
                "written",
                "online",
                "guardian",
                name="consent_form",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("notice", sa.String(60), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_consent_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint(
            "member_id", "purpose", "given_on", name=op.f("uq_consent_member_id_purpose_given_on")
        ),
    )
    op.create_table(
        "member_category",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("category_code", sa.String(32), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["category_code"], ["worker_category.code"], name=op.f("fk_member_category_category_code")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_category_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_category")),
        sa.UniqueConstraint(
            "member_id",
            "category_code",
            "starts",
            name=op.f("uq_member_category_member_id_category_code_starts"),
        ),
    )
    op.create_table(
        "member_event",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_event_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_event")),
    )
    op.create_index(op.f("ix_member_event_member_id"), "member_event", ["member_id"], unique=False)
    op.create_table(
        "member_identifier",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "union_card",
                "member_number",
                "staff_number",
                "bank_card",
                name="identifier_kind",
                native_enum=False,
                create_constraint=True,
                length=21,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("last4", sa.String(4), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_identifier_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_identifier")),
    )
    op.create_index("ix_member_identifier_kind_digest", "member_identifier", ["kind", "digest"], unique=False)
    op.create_index(
        "uq_member_identifier_in_use",
        "member_identifier",
        ["kind", "digest"],
        unique=True,
        sqlite_where=sa.text("ends IS NULL AND kind IN ('union_card', 'member_number')"),
        postgresql_where=sa.text("ends IS NULL AND kind IN ('union_card', 'member_number')"),
    )
    op.create_index(op.f("ix_member_identifier_member_id"), "member_identifier", ["member_id"], unique=False)
    op.create_table(
        "next_of_kin",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column(
            "relation",
            sa.Enum(
                "spouse",
                "child",
                "parent",
                "other",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=14,
            ),
            nullable=False,
        ),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_last4", sa.String(4), nullable=True),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("id_last4", sa.String(4), nullable=True),
        sa.Column("percent", sa.SmallInteger(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_next_of_kin_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_next_of_kin")),
    )
    op.create_index(op.f("ix_next_of_kin_member_id"), "next_of_kin", ["member_id"], unique=False)
    op.add_column("member", sa.Column("department", sa.String(60), nullable=True))
    op.add_column("member", sa.Column("ethnicity", sa.String(20), nullable=True))
    op.add_column("member", sa.Column("platform", sa.String(60), nullable=True))
    op.add_column("member", sa.Column("station", sa.String(80), nullable=True))
    op.add_column("member", sa.Column("planned_retirement", sa.Date(), nullable=True))
    op.add_column("member", sa.Column("retired_on", sa.Date(), nullable=True))
    op.add_column("member", sa.Column("retain_until", sa.Date(), nullable=True))
    _merged_into()
    op.add_column("member", sa.Column("phone_digest", sa.LargeBinary(length=32), nullable=True))
    op.create_index("ix_member_birth_name", "member", ["birth", "name"], unique=False)
    op.create_index(op.f("ix_member_phone_digest"), "member", ["phone_digest"], unique=False)
    op.create_index(
        "ix_member_rare_status",
        "member",
        ["status"],
        unique=False,
        sqlite_where=sa.text("status != 'in_post'"),
        postgresql_where=sa.text("status != 'in_post'"),
    )


def _organisations() -> None:
    op.create_table(
        "organisation_key",
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("key", KEY_TEXT, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_key_organisation_id")
        ),
        sa.PrimaryKeyConstraint("kind", "key", "organisation_id", name=op.f("pk_organisation_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "organisation_name",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_name_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_name")),
        sa.UniqueConstraint(
            "organisation_id", "starts", name=op.f("uq_organisation_name_organisation_id_starts")
        ),
    )
    op.create_table(
        "organisation_clerk",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("user_id", BIG_ID, nullable=True),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_last4", sa.String(4), nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("document", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_clerk_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_organisation_clerk_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_clerk")),
    )
    op.create_index(
        op.f("ix_organisation_clerk_organisation_id"), "organisation_clerk", ["organisation_id"], unique=False
    )
    op.add_column("organisation", sa.Column("industry", sa.String(2), nullable=True))
    op.add_column("organisation", sa.Column("unit_type", sa.String(3), nullable=True))
    op.add_column("organisation", sa.Column("address", sa.String(200), nullable=True))
    op.add_column("organisation", sa.Column("version", sa.Integer(), server_default="1", nullable=False))


def _rosters() -> None:
    op.create_table(
        "roster_batch",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("file_digest", sa.String(64), nullable=False),
        sa.Column(
            "mode",
            sa.Enum("all", "good", name="roster_mode", native_enum=False, create_constraint=True, length=12),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "applied", "undone", name="roster_state", native_enum=False, create_constraint=True, length=15
            ),
            nullable=False,
        ),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.Column("bad", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.String(64), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undo_reason", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_roster_batch_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_batch")),
        sa.UniqueConstraint("number", name=op.f("uq_roster_batch_number")),
    )
    op.create_index(
        op.f("ix_roster_batch_organisation_id"), "roster_batch", ["organisation_id"], unique=False
    )
    op.create_table(
        "roster_mapping",
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("heading", sa.String(120), nullable=False),
        sa.Column("column", sa.String(32), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_roster_mapping_organisation_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "kind", "heading", name=op.f("pk_roster_mapping")),
    )
    op.create_table(
        "duplicate_case",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("batch_id", BIG_ID, nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("candidate", sa.LargeBinary(), nullable=True),
        sa.Column("candidate_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("other_id", BIG_ID, nullable=True),
        sa.Column("evidence", sa.String(200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "same",
                "distinct",
                "dropped",
                name="case_state",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("decided_by", sa.String(64), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("result_member_id", BIG_ID, nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["roster_batch.id"], name=op.f("fk_duplicate_case_batch_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_duplicate_case_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_duplicate_case_organisation_id")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["member.id"], name=op.f("fk_duplicate_case_other_id")),
        sa.ForeignKeyConstraint(
            ["result_member_id"], ["member.id"], name=op.f("fk_duplicate_case_result_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_case")),
    )
    op.create_index(op.f("ix_duplicate_case_batch_id"), "duplicate_case", ["batch_id"], unique=False)
    op.create_index(
        op.f("ix_duplicate_case_candidate_digest"), "duplicate_case", ["candidate_digest"], unique=False
    )
    op.create_index(op.f("ix_duplicate_case_member_id"), "duplicate_case", ["member_id"], unique=False)
    op.create_index("ix_duplicate_case_state", "duplicate_case", ["state", "organisation_id"], unique=False)
    op.create_table(
        "roster_problem",
        sa.Column("batch_id", BIG_ID, nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("column", sa.String(32), nullable=False),
        sa.Column("cell", sa.String(12), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["roster_batch.id"], name=op.f("fk_roster_problem_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", "row", "part", name=op.f("pk_roster_problem")),
    )
    op.create_table(
        "roster_trace",
        sa.Column("batch_id", BIG_ID, nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("part", sa.SmallInteger(), nullable=False),
        sa.Column("entity", sa.String(24), nullable=False),
        sa.Column("entity_id", BIG_ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["roster_batch.id"], name=op.f("fk_roster_trace_batch_id")),
        sa.PrimaryKeyConstraint("batch_id", "row", "part", name=op.f("pk_roster_trace")),
    )
    op.create_index("ix_roster_trace_entity", "roster_trace", ["entity", "entity_id"], unique=False)


def _payments_and_handouts() -> None:
    op.create_table(
        "payment",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("plan_id", BIG_ID, nullable=True),
        sa.Column(
            "payer",
            sa.Enum(
                "city_union",
                "district_union",
                "subdistrict_union",
                "unit_union",
                "employer",
                "person",
                "platform",
                "treasury",
                "card_discount",
                name="payment_payer",
                native_enum=False,
                create_constraint=True,
                length=25,
            ),
            nullable=False,
        ),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("payer_name", sa.String(120), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active", "void", name="payment_state", native_enum=False, create_constraint=True, length=14
            ),
            nullable=False,
        ),
        sa.CheckConstraint("fen > 0", name=op.f("ck_payment_amount")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_payment_organisation_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_payment_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    op.create_index(
        "uq_payment_organisation_reference",
        "payment",
        ["organisation_id", "reference"],
        unique=True,
        sqlite_where=sa.text("state = 'active' AND reference <> ''"),
        postgresql_where=sa.text("state = 'active' AND reference <> ''"),
    )
    op.create_table(
        "kit_handout",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("item", sa.String(60), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("station", sa.String(80), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active", "void", name="handout_state", native_enum=False, create_constraint=True, length=14
            ),
            nullable=False,
        ),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_kit_handout_quantity")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_kit_handout_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kit_handout_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_handout")),
    )
    op.create_index(op.f("ix_kit_handout_organisation_id"), "kit_handout", ["organisation_id"], unique=False)
    op.create_index(
        "uq_kit_handout_member_campaign_item",
        "kit_handout",
        ["member_id", "campaign", "item"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )


def _merged_into() -> None:
    """SQLite adds a column with its foreign key in one statement, and no key afterwards."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE member ADD COLUMN merged_into_id INTEGER "
            "CONSTRAINT fk_member_merged_into_id REFERENCES member (id)"
        )
        return
    op.add_column("member", sa.Column("merged_into_id", BIG_ID, nullable=True))
    op.create_foreign_key(op.f("fk_member_merged_into_id"), "member", "member", ["merged_into_id"], ["id"])


def _found_by_member() -> None:
    """Indexes by which everything of a person is found, and by which the database asks whether anything is
    left of somebody who is deleted."""
    op.create_index(op.f("ix_enrollment_member_id"), "enrollment", ["member_id"], unique=False)
    op.create_index(op.f("ix_decision_member_id"), "decision", ["member_id"], unique=False)
    op.create_index(op.f("ix_kit_handout_member_id"), "kit_handout", ["member_id"], unique=False)
    op.create_index(op.f("ix_duplicate_case_other_id"), "duplicate_case", ["other_id"], unique=False)
    op.create_index(
        op.f("ix_duplicate_case_result_member_id"), "duplicate_case", ["result_member_id"], unique=False
    )
    for table, column in (("enrollment", "prior_id"), ("member", "merged_into_id")):
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            op.f(f"ix_{table}_{column}"), table, [column], sqlite_where=there, postgresql_where=there
        )


def _keys_without_owner() -> None:
    """Search keys lose their foreign key; SQLite makes the table anew for it."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_member_key_member_id", "member_key", type_="foreignkey")
        return
    op.rename_table("member_key", "member_key_before")
    op.create_table(
        "member_key",
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("key", KEY_TEXT, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "member_id", name=op.f("pk_member_key")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO member_key (kind, key, member_id) SELECT kind, key, member_id FROM member_key_before"
    )
    op.drop_table("member_key_before")


def _categories() -> None:
    category = sa.table(
        "worker_category",
        *[sa.column(name, sa.String) for name in ("code", "name_zh", "name_en")],
        sa.column("starts", sa.Date),
    )
    group = sa.table(
        "worker_group", sa.column("group_code", sa.String), sa.column("category_code", sa.String)
    )
    op.bulk_insert(
        category,
        [
            {"code": code, "name_zh": zh, "name_en": en, "starts": date(year, 1, 1)}
            for code, zh, en, year, _ in CATEGORIES
        ],
    )
    op.bulk_insert(
        group,
        [
            {"group_code": name, "category_code": code}
            for code, *_, groups in CATEGORIES
            for name in groups.split()
        ],
    )
