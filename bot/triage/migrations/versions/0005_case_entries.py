"""Notes and steps of the work on cases, which the database refuses to change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SQLITE = """
CREATE TRIGGER case_entries_no_update BEFORE UPDATE ON case_entries
BEGIN SELECT RAISE(ABORT, 'Entries are append-only.'); END
"""
_POSTGRESQL = """
CREATE FUNCTION case_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'Entries are append-only.'; END $$;
CREATE TRIGGER case_entries_no_update BEFORE UPDATE ON case_entries
FOR EACH ROW EXECUTE FUNCTION case_entries_refuse()
"""


def upgrade() -> None:
    """Create the table and what guards it."""
    op.create_table(
        "case_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("staff_id", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_entries"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_entries_case_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_case_entries_staff_id"),
        sa.CheckConstraint(
            "kind IN ('note', 'checked', 'put_aside', 'proposed', 'agreed', 'declined', 'closed')",
            name=op.f("ck_case_entries_kind"),
        ),
    )
    op.create_index("ix_case_entries_case_id", "case_entries", ["case_id"])
    op.execute(_POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE)


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("case_entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION case_entries_refuse()")
