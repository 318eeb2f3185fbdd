"""An index by which the few cases that wait are found among all that were ever closed."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the index."""
    op.create_index("ix_work_state", "work", ["state"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_work_state", "work")
