"""First schema: access, audit, organisations, members, plans, enrollment, contributions, renewal."""

from alembic import op
from sqlmodel import SQLModel

from benefits.migrations.guards import create_guards

revision = "0001"
down_revision = None


def upgrade() -> None:
    bind = op.get_bind()
    SQLModel.metadata.create_all(bind)
    create_guards(bind.dialect.name)
