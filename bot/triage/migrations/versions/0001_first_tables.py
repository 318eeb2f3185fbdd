"""The first tables: conversations, turns, cases, their events, and tombstones of erasures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.String(36)
_TIME = sa.DateTime(timezone=True)
_LEVELS = "level IN ('immediate', 'urgent', 'soon', 'routine')"
_ROUTES = (
    "route IN ('answer', 'unclear', 'complex', 'human', 'distress', 'emergency', 'crisis', 'chat', 'other', "
    "'unavailable')"
)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "conversations",
        sa.Column("id", _ID, nullable=False),
        sa.Column("reference", sa.String(16), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("last_seen_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        sa.UniqueConstraint("reference", name="uq_conversations_reference"),
        sa.UniqueConstraint("token_sha256", name="uq_conversations_token_sha256"),
    )
    op.create_table(
        "turns",
        sa.Column("id", _ID, nullable=False),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("choice", sa.Text()),
        sa.Column("route", sa.String(16), nullable=False),
        sa.Column("intent", sa.Text(), nullable=False),
        sa.Column("decision", sa.JSON(), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_turns"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_turns_conversation_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("conversation_id", "message_id", name="uq_turns_conversation_id_message_id"),
        sa.UniqueConstraint("conversation_id", "number", name="uq_turns_conversation_id_number"),
        sa.CheckConstraint("number >= 1", name=op.f("ck_turns_number")),
        sa.CheckConstraint(_ROUTES, name=op.f("ck_turns_route")),
    )
    op.create_table(
        "cases",
        sa.Column("id", _ID, nullable=False),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("opened_at", _TIME, nullable=False),
        sa.Column("raised_at", _TIME, nullable=False),
        sa.Column("first_message_id", sa.Text(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_cases_conversation_id", ondelete="CASCADE"
        ),
        sa.CheckConstraint(_LEVELS, name=op.f("ck_cases_level")),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_cases_status")),
    )
    op.create_index("ix_cases_conversation_id", "cases", ["conversation_id"])
    is_open = sa.text("status = 'open'")
    op.create_index(
        "uq_cases_one_open",
        "cases",
        ["conversation_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "case_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_events"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_events_case_id", ondelete="CASCADE"),
        sa.UniqueConstraint("case_id", "message_id", "level", name="uq_case_events_case_id_message_id_level"),
        sa.CheckConstraint(_LEVELS, name=op.f("ck_case_events_level")),
        sa.CheckConstraint("kind IN ('opened', 'raised', 'repeated')", name=op.f("ck_case_events_kind")),
    )
    op.create_table(
        "tombstones",
        sa.Column("receipt_sha256", sa.String(64), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("open_level", sa.String(16)),
        sa.PrimaryKeyConstraint("receipt_sha256", name="pk_tombstones"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("tombstones", "case_events", "cases", "turns", "conversations"):
        op.drop_table(table)
