"""The desk's work on cases: by when each is due, who has it, and how far it has got."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.String(36)
_NAME = sa.String(32)
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "work",
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("raised_at", _TIME, nullable=False),
        sa.Column("due_at", _TIME, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("again_at", _TIME),
        sa.Column("seen_event", sa.Integer(), nullable=False),
        sa.Column("staff_id", _NAME),
        sa.Column("claimed_at", _TIME),
        sa.Column("lease_until", _TIME),
        sa.Column("outcome", sa.String(32)),
        sa.Column("closing_by", _NAME),
        sa.Column("closed_at", _TIME),
        sa.PrimaryKeyConstraint("case_id", name="pk_work"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_work_case_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_work_staff_id"),
        sa.ForeignKeyConstraint(["closing_by"], ["staff.id"], name="fk_work_closing_by"),
        sa.CheckConstraint("level IN ('immediate', 'urgent', 'soon', 'routine')", name=op.f("ck_work_level")),
        sa.CheckConstraint("state IN ('new', 'working', 'waiting', 'closing', 'closed')", name=op.f("ck_work_state")),
    )
    op.create_index("ix_work_staff_id", "work", ["staff_id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("work")
