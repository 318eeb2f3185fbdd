"""Staff: people, recovery codes, sessions, and failed sign-ins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NAME = sa.String(32)
_HASH = sa.String(64)
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "staff",
        sa.Column("id", _NAME, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.String(256), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("totp_secret", sa.String(64), nullable=False),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("disabled_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.CheckConstraint(
            "role IN ('volunteer', 'nurse', 'supervisor', 'auditor', 'admin')", name=op.f("ck_staff_role")
        ),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("sha256", _HASH, nullable=False),
        sa.Column("staff_id", _NAME, nullable=False),
        sa.Column("used_at", _TIME),
        sa.PrimaryKeyConstraint("sha256", name="pk_recovery_codes"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_recovery_codes_staff_id"),
    )
    op.create_index("ix_recovery_codes_staff_id", "recovery_codes", ["staff_id"])
    op.create_table(
        "staff_sessions",
        sa.Column("token_sha256", _HASH, nullable=False),
        sa.Column("staff_id", _NAME, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_seen_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_staff_sessions"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_sessions_staff_id"),
    )
    op.create_index("ix_staff_sessions_staff_id", "staff_sessions", ["staff_id"])
    op.create_table(
        "throttle",
        sa.Column("key", _HASH, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_throttle"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("throttle", "staff_sessions", "recovery_codes", "staff"):
        op.drop_table(table)
