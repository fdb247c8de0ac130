"""Tables and SQL of transcripts and turns."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from callwright.kit.db import Tx, metadata
from callwright.kit.find import plain
from callwright.transcripts.model import TimedWord, Turn, pieces_of

transcript_table = sa.Table(
    "transcript",
    metadata,
    sa.Column("contact_id", sa.Uuid, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False, server_default=""),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("search", ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Index("transcript_search_idx", "search", postgresql_using="gin"),
)
turn_table = sa.Table(
    "turn",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("contact_id", sa.Uuid, nullable=False),
    sa.Column("speaker", sa.Text, nullable=False),
    sa.Column("start_s", sa.Float, nullable=False),
    sa.Column("end_s", sa.Float, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("masked", sa.Text, nullable=False),
    sa.Column("words", JSONB, nullable=False),
    sa.Column("spans", JSONB, nullable=False),
    sa.Index("turn_contact_id_start_s_idx", "contact_id", "start_s"),
)
t, u = transcript_table.c, turn_table.c


async def save_state(tx: Tx, contact_id: UUID, state: str, **values: Any) -> None:
    """Write or change a contact's transcript row."""
    query = insert(transcript_table).values(contact_id=contact_id, state=state, **values)
    await tx.execute(
        query.on_conflict_do_update(index_elements=[t.contact_id], set_={"state": state, **values})
    )


async def transcript_of(tx: Tx, contact_id: UUID) -> dict[str, Any] | None:
    """A contact's transcript row."""
    return await tx.row(sa.select(transcript_table).where(t.contact_id == contact_id))


async def turns_of(tx: Tx, contact_id: UUID) -> list[Turn]:
    """The turns of a contact in the order they were said."""
    query = sa.select(turn_table).where(u.contact_id == contact_id).order_by(u.start_s, u.id)
    return [_turn(row) for row in await tx.rows(query)]


async def turn_of(tx: Tx, turn_id: UUID) -> Turn | None:
    """One turn."""
    row = await tx.row(sa.select(turn_table).where(u.id == turn_id))
    return _turn(row) if row else None


async def save_turns(tx: Tx, contact_id: UUID, turns: Sequence[Turn]) -> None:
    """Write turns, or replace those that are there."""
    for turn in turns:
        values = _row(contact_id, turn)
        query = insert(turn_table).values(**values)
        await tx.execute(query.on_conflict_do_update(index_elements=[u.id], set_=values))


async def delete_turn(tx: Tx, turn_id: UUID) -> None:
    """Take a turn away; no matter if it is not there."""
    await tx.execute(sa.delete(turn_table).where(u.id == turn_id))


async def replace_turns(tx: Tx, contact_id: UUID, turns: Sequence[Turn]) -> None:
    """Put the final turns in place of whatever was there."""
    await tx.execute(sa.delete(turn_table).where(u.contact_id == contact_id))
    if turns:
        await tx.execute(sa.insert(turn_table), [_row(contact_id, turn) for turn in turns])


async def contacts_that_say(tx: Tx, text: str, limit: int) -> list[UUID]:
    """The newest contacts whose masked text holds the words."""
    wanted = pieces_of(text)
    if not wanted:
        return []
    forms = {text, plain(text)}  # typed as in Taiwan, written down as in Beijing
    holds = sa.or_(*(u.masked.icontains(form, autoescape=True) for form in forms))
    said = sa.exists().where(u.contact_id == t.contact_id, holds)
    query = sa.select(t.contact_id).where(t.search.contains(wanted), said)
    rows = await tx.rows(query.order_by(t.contact_id.desc()).limit(limit))
    return [row["contact_id"] for row in rows]


def _row(contact_id: UUID, turn: Turn) -> dict[str, Any]:
    return {
        "id": turn.id, "contact_id": contact_id, "speaker": turn.speaker, "start_s": turn.start,
        "end_s": turn.end, "text": turn.text, "masked": turn.masked, "spans": list(turn.spans),
        "words": [dataclasses.asdict(word) for word in turn.words],
    }  # fmt: skip


def _turn(row: dict[str, Any]) -> Turn:
    return Turn(
        id=row["id"],
        speaker=row["speaker"],
        start=row["start_s"],
        end=row["end_s"],
        text=row["text"],
        words=tuple(TimedWord(**word) for word in row["words"]),
        masked=row["masked"],
        spans=tuple(row["spans"]),
    )
