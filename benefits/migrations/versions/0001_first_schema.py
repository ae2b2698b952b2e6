"""First schema: access, audit, organisations, members, plans, enrollment, contributions, renewal.

Written out in full, so that a later change of a model never changes what this revision makes; a test compares
the two.
"""

import sqlalchemy as sa
from alembic import op

from benefits.migrations.guards import create_guards

revision = "0001"
down_revision = None

VERDICT = (
    "CASE WHEN override = 'decline' THEN 'decline'"
    " WHEN reasons = 0 OR (override = 'include' AND (reasons & 4096) = 0)"
    " THEN CASE WHEN prior_id IS NULL THEN 'add' ELSE 'renew' END"
    " ELSE 'exclude' END"
)
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("target", sa.String(200), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("mac", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("parent_id", BIG_ID, nullable=True),
        sa.Column(
            "path",
            sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum(
                "city",
                "district",
                "subdistrict",
                "grassroots",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=19,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("uscc", sa.String(18), nullable=True),
        sa.Column("staff", sa.Integer(), nullable=True),
        sa.Column(
            "risk_class",
            sa.Enum(
                "ordinary", "high", name="risk_class", native_enum=False, create_constraint=True, length=16
            ),
            nullable=True,
        ),
        sa.Column("founded", sa.Date(), nullable=False),
        sa.Column("closed", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["organisation.id"], name=op.f("fk_organisation_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
        sa.UniqueConstraint("uscc", name=op.f("uq_organisation_uscc")),
    )
    op.create_index(op.f("ix_organisation_parent_id"), "organisation", ["parent_id"], unique=False)
    op.create_index(op.f("ix_organisation_path"), "organisation", ["path"], unique=False)
    op.create_table(
        "plan",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("name_zh", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("plan", "bundle", name="plan_kind", native_enum=False, create_constraint=True, length=14),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_plan_code")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "app_user",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("login", sa.String(64), nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "clerk",
                "reviewer",
                "admin",
                "auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("organisation_id", BIG_ID, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_app_user_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("login", name=op.f("uq_app_user_login")),
    )
    op.create_table(
        "audit_link",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", BIG_ID, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_audit_link_event_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_link")),
        sa.UniqueConstraint("event_id", name=op.f("uq_audit_link_event_id")),
    )
    op.create_table(
        "audit_pending",
        sa.Column("event_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"], name=op.f("fk_audit_pending_event_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_audit_pending")),
    )
    op.create_table(
        "member",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=True),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column(
            "sex",
            sa.Enum("male", "female", name="sex", native_enum=False, create_constraint=True, length=14),
            nullable=True,
        ),
        sa.Column("birth", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "in_post",
                "early_leave",
                "unemployed",
                "retired",
                "resigned",
                "deceased",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=19,
            ),
            nullable=True,
        ),
        sa.Column("status_since", sa.Date(), nullable=True),
        sa.Column(
            "employment",
            sa.Enum(
                "regular",
                "contract",
                "temporary",
                "dispatched",
                "platform",
                name="employment",
                native_enum=False,
                create_constraint=True,
                length=18,
            ),
            nullable=True,
        ),
        sa.Column(
            "risk_class",
            sa.Enum(
                "ordinary",
                "high",
                name="member_risk_class",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=True,
        ),
        sa.Column(
            "retirement_category",
            sa.Enum(
                "M60",
                "F55",
                "F50",
                name="retirement_category",
                native_enum=False,
                create_constraint=True,
                length=11,
            ),
            nullable=True,
        ),
        sa.Column("retirement_month", sa.Date(), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("has_card", sa.Boolean(), nullable=True),
        sa.Column(
            "id_kind",
            sa.Enum(
                "resident",
                "hmt_resident",
                "permanent_2017",
                "permanent_2023",
                "passport",
                "hmt_travel",
                "other",
                name="id_kind",
                native_enum=False,
                create_constraint=True,
                length=22,
            ),
            nullable=True,
        ),
        sa.Column("id_valid", sa.Boolean(), nullable=True),
        sa.Column("id_number", sa.LargeBinary(), nullable=True),
        sa.Column("id_last4", sa.String(4), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_last4", sa.String(4), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_member_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
    )
    op.create_index(op.f("ix_member_organisation_id"), "member", ["organisation_id"], unique=False)
    op.create_table(
        "organisation_position",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("parent_id", BIG_ID, nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_position_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organisation.id"], name=op.f("fk_organisation_position_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_position")),
        sa.UniqueConstraint(
            "organisation_id", "starts", name=op.f("uq_organisation_position_organisation_id_starts")
        ),
    )
    op.create_table(
        "plan_edition",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", BIG_ID, nullable=False),
        sa.Column("edition", sa.String(32), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("ended", sa.Date(), nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("draft", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_edition_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_edition")),
        sa.UniqueConstraint("plan_id", "edition", name=op.f("uq_plan_edition_plan_id_edition")),
        sa.UniqueConstraint("plan_id", "effective", name=op.f("uq_plan_edition_plan_id_effective")),
    )
    op.create_table(
        "renewal_run",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("plan_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("window_from", sa.Date(), nullable=False),
        sa.Column("window_to", sa.Date(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("with_class", sa.Boolean(), nullable=False),
        sa.Column("funding", sa.String(32), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=True),
        sa.Column("grace_reason", sa.String(200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "previewed",
                "reviewed",
                "applying",
                "applied",
                "abandoned",
                name="run_state",
                native_enum=False,
                create_constraint=True,
                length=17,
            ),
            nullable=False,
        ),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by", sa.String(64), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_renewal_run_organisation_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_renewal_run_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_renewal_run")),
        sa.UniqueConstraint("number", name=op.f("uq_renewal_run_number")),
    )
    op.create_table(
        "due",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("run_id", BIG_ID, nullable=False),
        sa.Column("plan_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
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
                name="payer",
                native_enum=False,
                create_constraint=True,
                length=25,
            ),
            nullable=False,
        ),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("shares", sa.Integer(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_due_organisation_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_due_plan_id")),
        sa.ForeignKeyConstraint(["run_id"], ["renewal_run.id"], name=op.f("fk_due_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due")),
        sa.UniqueConstraint(
            "run_id",
            "plan_id",
            "organisation_id",
            "payer",
            name=op.f("uq_due_run_id_plan_id_organisation_id_payer"),
        ),
    )
    op.create_index(op.f("ix_due_organisation_id"), "due", ["organisation_id"], unique=False)
    op.create_table(
        "enrollment",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("plan_id", BIG_ID, nullable=False),
        sa.Column("edition_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("prior_id", BIG_ID, nullable=True),
        sa.Column("run_id", BIG_ID, nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("waiting_until", sa.Date(), nullable=True),
        sa.Column("continuous_since", sa.Date(), nullable=False),
        sa.Column("shares", sa.SmallInteger(), nullable=False),
        sa.Column("tier", sa.String(16), nullable=True),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("funding", sa.String(32), nullable=False),
        sa.Column(
            "entry",
            sa.Enum(
                "first",
                "renewed",
                "added",
                name="entry",
                native_enum=False,
                create_constraint=True,
                length=15,
            ),
            nullable=False,
        ),
        sa.Column("exhausted_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum("active", "void", name="state", native_enum=False, create_constraint=True, length=14),
            nullable=False,
        ),
        sa.CheckConstraint("shares >= 1 AND fen >= 0", name=op.f("ck_enrollment_amounts")),
        sa.CheckConstraint("starts <= ends", name=op.f("ck_enrollment_dates")),
        sa.ForeignKeyConstraint(["edition_id"], ["plan_edition.id"], name=op.f("fk_enrollment_edition_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_enrollment_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_enrollment_organisation_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_enrollment_plan_id")),
        sa.ForeignKeyConstraint(["prior_id"], ["enrollment.id"], name=op.f("fk_enrollment_prior_id")),
        sa.ForeignKeyConstraint(["run_id"], ["renewal_run.id"], name=op.f("fk_enrollment_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollment")),
    )
    op.create_index(
        "ix_enrollment_organisation_plan", "enrollment", ["organisation_id", "plan_id", "ends"], unique=False
    )
    op.create_index("ix_enrollment_plan_ends", "enrollment", ["plan_id", "ends", "member_id"], unique=False)
    op.create_index(
        "uq_enrollment_member_plan_starts",
        "enrollment",
        ["member_id", "plan_id", "starts"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_table(
        "member_identity",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_identity_member_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_member_identity")),
    )
    op.create_index(op.f("ix_member_identity_member_id"), "member_identity", ["member_id"], unique=False)
    op.create_table(
        "member_key",
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column(
            "key",
            sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_key_member_id")),
        sa.PrimaryKeyConstraint("kind", "key", "member_id", name=op.f("pk_member_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "membership",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column(
            "standing",
            sa.Enum(
                "primary", "second", name="standing", native_enum=False, create_constraint=True, length=15
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_membership_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "member_id",
            "organisation_id",
            "starts",
            name=op.f("uq_membership_member_id_organisation_id_starts"),
        ),
    )
    op.create_index(op.f("ix_membership_organisation_id"), "membership", ["organisation_id"], unique=False)
    op.create_index(
        "ix_membership_second",
        "membership",
        ["member_id"],
        unique=False,
        sqlite_where=sa.text("standing = 'second'"),
        postgresql_where=sa.text("standing = 'second'"),
    )
    op.create_table(
        "run_chunk",
        sa.Column("run_id", BIG_ID, nullable=False),
        sa.Column("first_member", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last_member", sa.BigInteger(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["renewal_run.id"], name=op.f("fk_run_chunk_run_id")),
        sa.PrimaryKeyConstraint("run_id", "first_member", name=op.f("pk_run_chunk")),
    )
    op.create_table(
        "run_price",
        sa.Column("run_id", BIG_ID, nullable=False),
        sa.Column("price", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("edition_id", BIG_ID, nullable=False),
        sa.Column("funding", sa.String(32), nullable=False),
        sa.Column("tier", sa.String(16), nullable=True),
        sa.Column("risk_class", sa.String(16), nullable=True),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["plan_edition.id"], name=op.f("fk_run_price_edition_id")),
        sa.ForeignKeyConstraint(["run_id"], ["renewal_run.id"], name=op.f("fk_run_price_run_id")),
        sa.PrimaryKeyConstraint("run_id", "price", name=op.f("pk_run_price")),
    )
    op.create_table(
        "run_reason",
        sa.Column("run_id", BIG_ID, nullable=False),
        sa.Column("bit", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("rule_id", sa.String(64), nullable=False),
        sa.Column("say_zh", sa.String(200), nullable=False),
        sa.Column("say_en", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["renewal_run.id"], name=op.f("fk_run_reason_run_id")),
        sa.PrimaryKeyConstraint("run_id", "bit", name=op.f("pk_run_reason")),
    )
    op.create_table(
        "run_tally",
        sa.Column("run_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("price", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.Column("renewed", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("excluded", sa.Integer(), nullable=False),
        sa.Column("declined", sa.Integer(), nullable=False),
        sa.Column("covered", sa.Integer(), nullable=False),
        sa.Column("shares", sa.Integer(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_run_tally_organisation_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["renewal_run.id"], name=op.f("fk_run_tally_run_id")),
        sa.PrimaryKeyConstraint("run_id", "organisation_id", "price", name=op.f("pk_run_tally")),
    )
    op.create_table(
        "run_term",
        sa.Column("run_id", BIG_ID, nullable=False),
        sa.Column("term", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("edition_id", BIG_ID, nullable=False),
        sa.Column("prior_ends", sa.Date(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("waiting_until", sa.Date(), nullable=True),
        sa.Column("first_time", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["plan_edition.id"], name=op.f("fk_run_term_edition_id")),
        sa.ForeignKeyConstraint(["run_id"], ["renewal_run.id"], name=op.f("fk_run_term_run_id")),
        sa.PrimaryKeyConstraint("run_id", "term", name=op.f("pk_run_term")),
    )
    op.create_table(
        "run_unit",
        sa.Column("run_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("basis", sa.Integer(), nullable=True),
        sa.Column("joined", sa.Integer(), nullable=False),
        sa.Column(
            "participation",
            sa.Enum(
                "met",
                "below",
                "unknown",
                "none",
                name="participation",
                native_enum=False,
                create_constraint=True,
                length=15,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "confirmed",
                "not_submitted",
                name="unit_state",
                native_enum=False,
                create_constraint=True,
                length=21,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_run_unit_organisation_id")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["renewal_run.id"], name=op.f("fk_run_unit_run_id")),
        sa.PrimaryKeyConstraint("run_id", "organisation_id", name=op.f("pk_run_unit")),
    )
    op.create_table(
        "decision",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("prior_id", BIG_ID, nullable=True),
        sa.Column("term", sa.SmallInteger(), nullable=False),
        sa.Column("price", sa.SmallInteger(), nullable=True),
        sa.Column("shares", sa.SmallInteger(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("reasons", sa.BigInteger(), nullable=False),
        sa.Column(
            "override",
            sa.Enum(
                "include", "decline", name="override", native_enum=False, create_constraint=True, length=15
            ),
            nullable=True,
        ),
        sa.Column("override_by", sa.String(64), nullable=True),
        sa.Column("override_reason", sa.String(200), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "renew",
                "add",
                "exclude",
                "decline",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=15,
            ),
            sa.Computed(
                VERDICT,
                persisted=True,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_decision_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_decision_organisation_id")
        ),
        sa.ForeignKeyConstraint(["prior_id"], ["enrollment.id"], name=op.f("fk_decision_prior_id")),
        sa.ForeignKeyConstraint(
            ["run_id", "price"],
            ["run_price.run_id", "run_price.price"],
            name=op.f("fk_decision_run_id_price"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id", "term"], ["run_term.run_id", "run_term.term"], name=op.f("fk_decision_run_id_term")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["renewal_run.id"], name=op.f("fk_decision_run_id")),
        sa.PrimaryKeyConstraint("run_id", "member_id", name=op.f("pk_decision")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_decision_run_organisation", "decision", ["run_id", "organisation_id"], unique=False)
    op.create_table(
        "run_price_line",
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.SmallInteger(), nullable=False),
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
                name="line_payer",
                native_enum=False,
                create_constraint=True,
                length=25,
            ),
            nullable=False,
        ),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id", "price"],
            ["run_price.run_id", "run_price.price"],
            name=op.f("fk_run_price_line_run_id_price"),
        ),
        sa.PrimaryKeyConstraint("run_id", "price", "payer", name=op.f("pk_run_price_line")),
    )

    create_guards(op.get_bind().dialect.name)
