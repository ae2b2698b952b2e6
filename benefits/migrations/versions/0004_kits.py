"""Kits: items, campaigns, stations, the ledger of stock, hand-outs by key instead of by name.

Hand-outs that named their campaign, item and station in words get a campaign, an item and a station of these
names, whose stock is not counted. Written out in full, as the earlier revisions are.
"""

import sqlalchemy as sa
from alembic import op

from benefits.migrations.guards import guard_kits

revision = "0004"
down_revision = "0003"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.execute("CREATE TABLE kit_handout_before AS SELECT * FROM kit_handout")
    op.drop_table("kit_handout")
    _campaigns()
    _stations()
    _handouts()
    _stock()
    _deliveries()
    _hand_outs_in_words()
    op.drop_table("kit_handout_before")
    guard_kits(op.get_bind().dialect.name)


def _campaigns() -> None:
    op.create_table(
        "kit_item",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(24), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "goods",
                "kit",
                "material",
                "money",
                name="kit_item_kind",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("measure", sa.String(8), nullable=False),
        sa.Column("barcode", sa.String(32), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kit_item_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_item")),
        sa.UniqueConstraint("code", name=op.f("uq_kit_item_code")),
    )
    op.create_index(op.f("ix_kit_item_organisation_id"), "kit_item", ["organisation_id"], unique=False)
    op.create_table(
        "kit_part",
        sa.Column("kit_id", BIG_ID, nullable=False),
        sa.Column("item_id", BIG_ID, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("kit_id <> item_id", name=op.f("ck_kit_part_itself")),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_kit_part_quantity")),
        sa.ForeignKeyConstraint(["item_id"], ["kit_item.id"], name=op.f("fk_kit_part_item_id")),
        sa.ForeignKeyConstraint(["kit_id"], ["kit_item.id"], name=op.f("fk_kit_part_kit_id")),
        sa.PrimaryKeyConstraint("kit_id", "item_id", name=op.f("pk_kit_part")),
    )
    op.create_table(
        "kit_campaign",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "kits",
                "birthday",
                "visit",
                "prize",
                name="kit_campaign_kind",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("budget_fen", sa.BigInteger(), nullable=True),
        sa.Column(
            "fund",
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
                name="kit_campaign_fund",
                native_enum=False,
                create_constraint=True,
                length=25,
            ),
            nullable=True,
        ),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("listed_only", sa.Boolean(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("counts_stock", sa.Boolean(), nullable=False),
        sa.Column(
            "once",
            sa.Enum(
                "item", "campaign", name="kit_once", native_enum=False, create_constraint=True, length=16
            ),
            nullable=False,
        ),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "closed",
                "cancelled",
                name="kit_campaign_state",
                native_enum=False,
                create_constraint=True,
                length=17,
            ),
            nullable=False,
        ),
        sa.Column(
            "allocation",
            sa.Enum(
                "none",
                "proposed",
                "approved",
                name="kit_allocation_state",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("budget_fen IS NULL OR budget_fen >= 0", name=op.f("ck_kit_campaign_budget")),
        sa.CheckConstraint("starts <= ends", name=op.f("ck_kit_campaign_dates")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kit_campaign_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_campaign")),
        sa.UniqueConstraint("number", name=op.f("uq_kit_campaign_number")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_kit_campaign_organisation_id_name")),
    )
    op.create_index(op.f("ix_kit_campaign_name"), "kit_campaign", ["name"], unique=False)
    op.create_table(
        "kit_campaign_unit",
        sa.Column("campaign_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["kit_campaign.id"], name=op.f("fk_kit_campaign_unit_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kit_campaign_unit_organisation_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "organisation_id", name=op.f("pk_kit_campaign_unit")),
    )
    op.create_table(
        "kit_campaign_item",
        sa.Column("campaign_id", BIG_ID, nullable=False),
        sa.Column("item_id", BIG_ID, nullable=False),
        sa.Column("per_person", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=True),
        sa.CheckConstraint("per_person >= 1", name=op.f("ck_kit_campaign_item_per_person")),
        sa.CheckConstraint("planned IS NULL OR planned >= 0", name=op.f("ck_kit_campaign_item_planned")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["kit_campaign.id"], name=op.f("fk_kit_campaign_item_campaign_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["kit_item.id"], name=op.f("fk_kit_campaign_item_item_id")),
        sa.PrimaryKeyConstraint("campaign_id", "item_id", name=op.f("pk_kit_campaign_item")),
    )


def _stations() -> None:
    op.create_table(
        "kit_station",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("campaign_id", BIG_ID, nullable=True),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("hours", sa.String(120), nullable=False),
        sa.Column("keeper", sa.String(50), nullable=False),
        sa.Column("keeper_user_id", BIG_ID, nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "counting",
                "away",
                "closed",
                name="kit_station_state",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["kit_campaign.id"], name=op.f("fk_kit_station_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["keeper_user_id"], ["app_user.id"], name=op.f("fk_kit_station_keeper_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kit_station_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_station")),
        sa.UniqueConstraint("campaign_id", "name", name=op.f("uq_kit_station_campaign_id_name")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_kit_station_campaign_id_number")),
    )
    op.create_index(op.f("ix_kit_station_organisation_id"), "kit_station", ["organisation_id"], unique=False)
    op.create_index(
        "uq_kit_station_store",
        "kit_station",
        ["organisation_id", "name"],
        unique=True,
        sqlite_where=sa.text("campaign_id IS NULL"),
        postgresql_where=sa.text("campaign_id IS NULL"),
    )
    op.create_table(
        "kit_station_unit",
        sa.Column("campaign_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("station_id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["kit_campaign.id"], name=op.f("fk_kit_station_unit_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kit_station_unit_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["kit_station.id"], name=op.f("fk_kit_station_unit_station_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "organisation_id", name=op.f("pk_kit_station_unit")),
    )
    op.create_index(op.f("ix_kit_station_unit_station_id"), "kit_station_unit", ["station_id"], unique=False)
    op.create_table(
        "kit_entitled",
        sa.Column("campaign_id", BIG_ID, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("station_id", BIG_ID, nullable=True),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("site", sa.String(120), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("source", sa.String(60), nullable=False),
        sa.CheckConstraint("amount_fen IS NULL OR amount_fen > 0", name=op.f("ck_kit_entitled_amount")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["kit_campaign.id"], name=op.f("fk_kit_entitled_campaign_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_kit_entitled_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kit_entitled_organisation_id")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["kit_station.id"], name=op.f("fk_kit_entitled_station_id")),
        sa.PrimaryKeyConstraint("campaign_id", "member_id", name=op.f("pk_kit_entitled")),
    )
    op.create_index(op.f("ix_kit_entitled_member_id"), "kit_entitled", ["member_id"], unique=False)
    op.create_index(
        op.f("ix_kit_entitled_organisation_id"), "kit_entitled", ["organisation_id"], unique=False
    )
    op.create_table(
        "kit_allocation",
        sa.Column("campaign_id", BIG_ID, nullable=False),
        sa.Column("station_id", BIG_ID, nullable=False),
        sa.Column("item_id", BIG_ID, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("proposed", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity >= 0 AND proposed >= 0", name=op.f("ck_kit_allocation_quantity")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["kit_campaign.id"], name=op.f("fk_kit_allocation_campaign_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["kit_item.id"], name=op.f("fk_kit_allocation_item_id")),
        sa.ForeignKeyConstraint(
            ["station_id"], ["kit_station.id"], name=op.f("fk_kit_allocation_station_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "station_id", "item_id", name=op.f("pk_kit_allocation")),
    )
    op.create_table(
        "kit_allocation_unit",
        sa.Column("campaign_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("item_id", BIG_ID, nullable=False),
        sa.Column("station_id", BIG_ID, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_kit_allocation_unit_quantity")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["kit_campaign.id"], name=op.f("fk_kit_allocation_unit_campaign_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["kit_item.id"], name=op.f("fk_kit_allocation_unit_item_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kit_allocation_unit_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["kit_station.id"], name=op.f("fk_kit_allocation_unit_station_id")
        ),
        sa.PrimaryKeyConstraint(
            "campaign_id", "organisation_id", "item_id", name=op.f("pk_kit_allocation_unit")
        ),
    )
    op.create_index(
        op.f("ix_kit_allocation_unit_station_id"), "kit_allocation_unit", ["station_id"], unique=False
    )
    op.create_table(
        "kit_message",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("campaign_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("member_id", BIG_ID, nullable=True),
        sa.Column("author", sa.String(50), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["kit_campaign.id"], name=op.f("fk_kit_message_campaign_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_kit_message_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kit_message_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_message")),
    )
    op.create_index(op.f("ix_kit_message_campaign_id"), "kit_message", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_kit_message_member_id"), "kit_message", ["member_id"], unique=False)
    op.create_index(op.f("ix_kit_message_organisation_id"), "kit_message", ["organisation_id"], unique=False)


def _handouts() -> None:
    op.create_table(
        "kit_handout",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("campaign_id", BIG_ID, nullable=False),
        sa.Column("item_id", BIG_ID, nullable=False),
        sa.Column("slot", BIG_ID, nullable=False),
        sa.Column("station_id", BIG_ID, nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("collected_by", sa.String(50), nullable=False),
        sa.Column(
            "signed",
            sa.Enum(
                "no", "self", "for", name="kit_signed", native_enum=False, create_constraint=True, length=12
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "void",
                "twice",
                name="handout_state",
                native_enum=False,
                create_constraint=True,
                length=14,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("origin", sa.String(36), nullable=False),
        sa.Column("origin_seq", BIG_ID, nullable=True),
        sa.CheckConstraint("fen >= 0", name=op.f("ck_kit_handout_fen")),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_kit_handout_quantity")),
        sa.CheckConstraint("slot = 0 OR slot = item_id", name=op.f("ck_kit_handout_slot")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["kit_campaign.id"], name=op.f("fk_kit_handout_campaign_id")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["kit_item.id"], name=op.f("fk_kit_handout_item_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_kit_handout_member_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kit_handout_organisation_id")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["kit_station.id"], name=op.f("fk_kit_handout_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_handout")),
    )
    op.create_index(
        "ix_kit_handout_campaign_station", "kit_handout", ["campaign_id", "station_id"], unique=False
    )
    op.create_index(op.f("ix_kit_handout_item_id"), "kit_handout", ["item_id"], unique=False)
    op.create_index(op.f("ix_kit_handout_member_id"), "kit_handout", ["member_id"], unique=False)
    op.create_index(op.f("ix_kit_handout_organisation_id"), "kit_handout", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_kit_handout_station_id"), "kit_handout", ["station_id"], unique=False)
    op.create_index(
        "uq_kit_handout_member_campaign_slot",
        "kit_handout",
        ["member_id", "campaign_id", "slot"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index(
        "uq_kit_handout_origin",
        "kit_handout",
        ["origin", "origin_seq"],
        unique=True,
        sqlite_where=sa.text("origin <> ''"),
        postgresql_where=sa.text("origin <> ''"),
    )
    op.create_table(
        "kit_allowance",
        sa.Column("member_id", BIG_ID, nullable=False),
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column("most_fen", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("fen >= 0 AND fen <= most_fen", name=op.f("ck_kit_allowance_limit")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_kit_allowance_member_id")),
        sa.PrimaryKeyConstraint("member_id", "year", "purpose", name=op.f("pk_kit_allowance")),
    )


def _stock() -> None:
    op.create_table(
        "kit_lot",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("item_id", BIG_ID, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("cost_fen", sa.BigInteger(), nullable=False),
        sa.Column(
            "fund",
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
                name="kit_lot_fund",
                native_enum=False,
                create_constraint=True,
                length=25,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("cost_fen >= 0", name=op.f("ck_kit_lot_cost")),
        sa.ForeignKeyConstraint(["item_id"], ["kit_item.id"], name=op.f("fk_kit_lot_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_lot")),
        sa.UniqueConstraint("item_id", "code", name=op.f("uq_kit_lot_item_id_code")),
    )
    op.create_table(
        "kit_stock",
        sa.Column("station_id", BIG_ID, nullable=False),
        sa.Column("lot_id", BIG_ID, nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.CheckConstraint("on_hand >= 0", name=op.f("ck_kit_stock_on_hand")),
        sa.ForeignKeyConstraint(["lot_id"], ["kit_lot.id"], name=op.f("fk_kit_stock_lot_id")),
        sa.ForeignKeyConstraint(["station_id"], ["kit_station.id"], name=op.f("fk_kit_stock_station_id")),
        sa.PrimaryKeyConstraint("station_id", "lot_id", name=op.f("pk_kit_stock")),
    )
    op.create_index(op.f("ix_kit_stock_lot_id"), "kit_stock", ["lot_id"], unique=False)
    op.create_table(
        "kit_move",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("station_id", BIG_ID, nullable=False),
        sa.Column("lot_id", BIG_ID, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "receive",
                "built",
                "arrive",
                "hand_back",
                "found",
                "used",
                "send",
                "hand_out",
                "tally",
                "damage",
                "loss",
                "missing",
                name="kit_move_kind",
                native_enum=False,
                create_constraint=True,
                length=17,
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("document", sa.String(40), nullable=False),
        sa.Column("handout_id", BIG_ID, nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("origin", sa.String(36), nullable=False),
        sa.Column("origin_seq", BIG_ID, nullable=True),
        sa.CheckConstraint(
            "(quantity > 0) = (kind IN ('receive', 'built', 'arrive', 'hand_back', 'found'))",
            name=op.f("ck_kit_move_sign"),
        ),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_kit_move_quantity")),
        sa.ForeignKeyConstraint(["handout_id"], ["kit_handout.id"], name=op.f("fk_kit_move_handout_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["kit_lot.id"], name=op.f("fk_kit_move_lot_id")),
        sa.ForeignKeyConstraint(["station_id"], ["kit_station.id"], name=op.f("fk_kit_move_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_move")),
    )
    op.create_index(op.f("ix_kit_move_handout_id"), "kit_move", ["handout_id"], unique=False)
    op.create_index(op.f("ix_kit_move_lot_id"), "kit_move", ["lot_id"], unique=False)
    op.create_index("ix_kit_move_station_lot", "kit_move", ["station_id", "lot_id"], unique=False)
    op.create_index(
        "uq_kit_move_origin",
        "kit_move",
        ["origin", "origin_seq"],
        unique=True,
        sqlite_where=sa.text("origin <> ''"),
        postgresql_where=sa.text("origin <> ''"),
    )


def _deliveries() -> None:
    op.create_table(
        "kit_transfer",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("campaign_id", BIG_ID, nullable=True),
        sa.Column("from_id", BIG_ID, nullable=False),
        sa.Column("to_id", BIG_ID, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "sent",
                "arrived",
                "cancelled",
                name="kit_transfer_state",
                native_enum=False,
                create_constraint=True,
                length=17,
            ),
            nullable=False,
        ),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_by", sa.String(64), nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("arrived_by", sa.String(64), nullable=True),
        sa.Column("carrier", sa.String(50), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_kit_transfer_places")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["kit_campaign.id"], name=op.f("fk_kit_transfer_campaign_id")
        ),
        sa.ForeignKeyConstraint(["from_id"], ["kit_station.id"], name=op.f("fk_kit_transfer_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["kit_station.id"], name=op.f("fk_kit_transfer_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_transfer")),
        sa.UniqueConstraint("number", name=op.f("uq_kit_transfer_number")),
    )
    op.create_index(op.f("ix_kit_transfer_campaign_id"), "kit_transfer", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_kit_transfer_from_id"), "kit_transfer", ["from_id"], unique=False)
    op.create_index(op.f("ix_kit_transfer_to_id"), "kit_transfer", ["to_id"], unique=False)
    op.create_table(
        "kit_transfer_line",
        sa.Column("transfer_id", BIG_ID, nullable=False),
        sa.Column("lot_id", BIG_ID, nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=True),
        sa.Column("damaged", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.CheckConstraint(
            "arrived IS NULL OR arrived + damaged + missing = sent",
            name=op.f("ck_kit_transfer_line_difference"),
        ),
        sa.CheckConstraint(
            "sent > 0 AND damaged >= 0 AND missing >= 0", name=op.f("ck_kit_transfer_line_quantity")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["kit_lot.id"], name=op.f("fk_kit_transfer_line_lot_id")),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["kit_transfer.id"], name=op.f("fk_kit_transfer_line_transfer_id")
        ),
        sa.PrimaryKeyConstraint("transfer_id", "lot_id", name=op.f("pk_kit_transfer_line")),
    )
    op.create_table(
        "kit_stocktake",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("station_id", BIG_ID, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "closed",
                "cancelled",
                name="kit_stocktake_state",
                native_enum=False,
                create_constraint=True,
                length=17,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(64), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(64), nullable=True),
        sa.Column("note", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["kit_station.id"], name=op.f("fk_kit_stocktake_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_stocktake")),
        sa.UniqueConstraint("number", name=op.f("uq_kit_stocktake_number")),
    )
    op.create_index(op.f("ix_kit_stocktake_station_id"), "kit_stocktake", ["station_id"], unique=False)
    op.create_index(
        "uq_kit_stocktake_open",
        "kit_stocktake",
        ["station_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "kit_stocktake_line",
        sa.Column("stocktake_id", BIG_ID, nullable=False),
        sa.Column("lot_id", BIG_ID, nullable=False),
        sa.Column("book", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.CheckConstraint("counted IS NULL OR counted >= 0", name=op.f("ck_kit_stocktake_line_counted")),
        sa.ForeignKeyConstraint(["lot_id"], ["kit_lot.id"], name=op.f("fk_kit_stocktake_line_lot_id")),
        sa.ForeignKeyConstraint(
            ["stocktake_id"], ["kit_stocktake.id"], name=op.f("fk_kit_stocktake_line_stocktake_id")
        ),
        sa.PrimaryKeyConstraint("stocktake_id", "lot_id", name=op.f("pk_kit_stocktake_line")),
    )
    op.create_table(
        "kit_package",
        sa.Column("id", BIG_ID, sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(24), nullable=False),
        sa.Column("uuid", sa.String(36), nullable=False),
        sa.Column("campaign_id", BIG_ID, nullable=False),
        sa.Column("station_id", BIG_ID, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "out",
                "back",
                "lost",
                name="kit_package_state",
                native_enum=False,
                create_constraint=True,
                length=12,
            ),
            nullable=False,
        ),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("back_by", sa.String(64), nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["kit_campaign.id"], name=op.f("fk_kit_package_campaign_id")
        ),
        sa.ForeignKeyConstraint(["station_id"], ["kit_station.id"], name=op.f("fk_kit_package_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_package")),
        sa.UniqueConstraint("number", name=op.f("uq_kit_package_number")),
        sa.UniqueConstraint("uuid", name=op.f("uq_kit_package_uuid")),
    )
    op.create_index(op.f("ix_kit_package_campaign_id"), "kit_package", ["campaign_id"], unique=False)
    op.create_index(
        "uq_kit_package_out",
        "kit_package",
        ["station_id"],
        unique=True,
        sqlite_where=sa.text("state = 'out'"),
        postgresql_where=sa.text("state = 'out'"),
    )


def _hand_outs_in_words() -> None:
    """Campaigns, items and stations of the names that hand-outs were written down with, in their order."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    at = "CAST(given_on AS timestamp) AT TIME ZONE 'UTC'" if postgresql else "given_on || ' 00:00:00.000000'"
    no = "false" if postgresql else "0"
    padded = "lpad(CAST({n} AS text), 4, '0')" if postgresql else "printf('%04d', {n})"
    root = "(SELECT id FROM organisation ORDER BY length(path), id LIMIT 1)"
    nth = padded.format(n="row_number() OVER (ORDER BY min(id))")
    for statement in (
        f"INSERT INTO kit_item (organisation_id, code, name, kind, measure, barcode, retired, version) "
        f"SELECT {root}, 'WP' || {nth}, item, 'goods', '件', '', {no}, 1 "
        "FROM kit_handout_before GROUP BY item ORDER BY min(id)",
        "INSERT INTO kit_campaign (organisation_id, number, name, kind, starts, ends, rule, listed_only, "
        "public, counts_stock, once, purpose, state, allocation, version, made_by, changed_at) "
        f"SELECT {root}, 'FF' || {nth}, campaign, 'kits', min(given_on), max(given_on), '[]', {no}, {no}, "
        f"{no}, 'item', '', 'open', 'none', 1, 'upgrade', CURRENT_TIMESTAMP "
        "FROM kit_handout_before GROUP BY campaign ORDER BY min(id)",
        "INSERT INTO kit_campaign_item (campaign_id, item_id, per_person) "
        "SELECT kit_campaign.id, kit_item.id, max(kit_handout_before.quantity) FROM kit_handout_before "
        "JOIN kit_campaign ON kit_campaign.name = kit_handout_before.campaign "
        "JOIN kit_item ON kit_item.name = kit_handout_before.item GROUP BY kit_campaign.id, kit_item.id",
        "INSERT INTO kit_station (campaign_id, organisation_id, number, name, address, hours, keeper, state, "
        "version) SELECT kit_campaign.id, kit_campaign.organisation_id, row_number() OVER "
        "(PARTITION BY kit_campaign.id ORDER BY min(kit_handout_before.id)), station, '', '', '', 'open', 1 "
        "FROM kit_handout_before JOIN kit_campaign ON kit_campaign.name = kit_handout_before.campaign "
        "WHERE station <> '' GROUP BY kit_campaign.id, kit_campaign.organisation_id, station",
        "INSERT INTO kit_handout (id, member_id, organisation_id, campaign_id, item_id, slot, station_id, "
        "quantity, fen, given_on, given_at, made_by, collected_by, signed, note, state, reason, origin) "
        "SELECT old.id, member_id, old.organisation_id, kit_campaign.id, kit_item.id, kit_item.id, "
        f"kit_station.id, quantity, 0, given_on, {at}, 'upgrade', '', 'no', note, old.state, '', '' "
        "FROM kit_handout_before AS old JOIN kit_campaign ON kit_campaign.name = old.campaign "
        "JOIN kit_item ON kit_item.name = old.item LEFT JOIN kit_station "
        "ON kit_station.campaign_id = kit_campaign.id AND kit_station.name = old.station ORDER BY old.id",
    ):
        op.execute(statement)
    if postgresql:
        op.execute(
            "SELECT setval(pg_get_serial_sequence('kit_handout', 'id'), max(id)) "
            "FROM kit_handout HAVING max(id) > 0"
        )
