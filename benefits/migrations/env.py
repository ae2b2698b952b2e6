"""Alembic environment: runs on the connection that ``benefits.migrations.upgrade`` opened."""

from alembic import context
from sqlmodel import SQLModel

import benefits.tables  # noqa: F401  (all models)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
