"""Ready replies in one call: filled from the card, sent as text messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from callwright.accounts import service as accounts
from callwright.accounts.model import User
from callwright.agents import service as agents
from callwright.agents.model import Agent, AgentState
from callwright.calls import service as calls
from callwright.calls.model import Contact
from callwright.customers import service as customers
from callwright.customers.model import masked_number
from callwright.kit.db import Tx
from callwright.kit.errors import CallwrightError
from callwright.kit.settings import CompanySettings
from callwright.kit.versions import read_setting
from callwright.masking import mask
from callwright.messages import service as messages
from callwright.messages.model import Message, parts
from callwright.scripts import service as scripts
from callwright.scripts.events import ScriptSent
from callwright.scripts.model import Script
from callwright.scripts.suggest import Heard, Suggestion, suggest
from callwright.scripts.variables import Filled, Value, fill, typed_value
from callwright.tickets import service as tickets
from callwright.transcripts.model import Turn

COMPANY_KEY = "company"
TEXTABLE = frozenset({"mobile", "foreign"})
ORDERS = 20
LAST_TURNS = 6
SALUTATIONS = {
    "zh-Hans": ("尊敬的{}", "尊敬的客户"),
    "zh-Hant": ("親愛的{}", "親愛的顧客"),
    "en": ("Dear {}", "Dear customer"),
}
STATUSES = {
    "paid": {"zh-Hans": "已付款", "zh-Hant": "已付款", "en": "paid"},
    "shipped": {"zh-Hans": "运输中", "zh-Hant": "運送中", "en": "on its way"},
    "delivered": {"zh-Hans": "已签收", "zh-Hant": "已送達", "en": "delivered"},
    "refunding": {"zh-Hans": "退款中", "zh-Hant": "退款中", "en": "being refunded"},
    "refunded": {"zh-Hans": "已退款", "zh-Hant": "已退款", "en": "refunded"},
    "cancelled": {"zh-Hans": "已取消", "zh-Hant": "已取消", "en": "cancelled"},
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Who chose which script for which contact."""

    user: User
    contact_id: UUID
    script_id: UUID
    company: CompanySettings


@dataclass(frozen=True, slots=True)
class Ready:
    """A script filled for a contact by an agent."""

    script: Script
    contact: Contact
    agent: Agent
    filled: Filled

    def complete(self) -> Filled:
        """The filled script; `incomplete` names what is missing."""
        if self.filled.missing:
            raise CallwrightError("incomplete", missing=", ".join(self.filled.missing))
        return self.filled


async def ready(tx: Tx, choice: Choice, typed: Mapping[str, str]) -> Ready:
    """Fill a script from the card; `typed` = what the agent adds: `order_no` chooses the order."""
    agent = await busy_with(tx, choice.user, choice.contact_id)
    contact = await calls.contact(tx, choice.contact_id)
    if contact is None:
        raise CallwrightError("not_found", what="contact", id=str(choice.contact_id))
    script = await scripts.usable_script(tx, choice.script_id, agent.department)
    language = script.body.language
    today = tx.clock.now().astimezone(ZoneInfo(choice.company.zone)).date()
    known = await _from_card(tx, contact, agent, language, typed.get("order_no", ""))
    known["today"] = today
    values = {**_typed(typed), **{name: value for name, value in known.items() if value}}
    return Ready(script, contact, agent, fill(script.body.text, values, language, today))


async def busy_with(tx: Tx, user: User, contact_id: UUID) -> Agent:
    """The user as the agent who is in this call or in its wrap-up; `wrong_state` otherwise."""
    agent = await agents.find_agent(tx, user.login)
    if agent is None or agent.contact_id != contact_id:
        state = agent.state.value if agent else "no_agent"
        raise CallwrightError("wrong_state", what="agent", state=state, contact=str(contact_id))
    return agent


async def _from_card(
    tx: Tx, contact: Contact, agent: Agent, language: str, order_no: str
) -> dict[str, Value | None]:
    number = contact.e164 or ""
    known: dict[str, Value | None] = {
        "agent_name": agent.name,
        "company": await _company(tx, language),
        "salutation": SALUTATIONS[language][1],
        "phone": masked_number(number),
        "phone_tail": number[-4:],
    }
    if contact.customer_id is None:
        return known
    who = await customers.customer_of(tx, contact.customer_id)
    known |= {"customer_name": who.name, "salutation": SALUTATIONS[language][0].format(who.name)}
    known |= _order(await customers.orders_of(tx, who.id, ORDERS), order_no, language)
    ticket = await tickets.ticket_of(tx, contact.id)
    open_ = [ticket] if ticket else await tickets.open_tickets(tx, who.id)
    return {**known, "ticket_no": str(open_[0]["no"]) if open_ else None}


def _order(orders: list[dict[str, Any]], order_no: str, language: str) -> dict[str, Value | None]:
    """The order that was asked for, else the newest."""
    order = next((o for o in orders if not order_no or o["no"] == order_no), None)
    if order is None:
        return {}
    status = STATUSES.get(order["status"], {}).get(language, order["status"])
    return {
        "order_no": order["no"], "item": order["item"], "order_status": status,
        "amount": order["amount"], "order_date": order["placed_at"].date(),
    }  # fmt: skip


async def _company(tx: Tx, language: str) -> str:
    try:
        _, body = await read_setting(tx, COMPANY_KEY)
    except CallwrightError:
        return ""
    names: dict[str, str] = body["name"]
    return names.get(language) or names.get("zh-Hans", "")


def _typed(typed: Mapping[str, str]) -> dict[str, Value]:
    return {name: typed_value(name, text) for name, text in typed.items() if text.strip()}


async def send(tx: Tx, choice: Choice, key: str, typed: Mapping[str, str]) -> Message:
    """Put it into the outbox for the caller's number; a key sends once."""
    found = await ready(tx, choice, typed)
    contact, head = found.contact, found.script.head
    if found.agent.state == AgentState.RINGING:
        raise CallwrightError("wrong_state", what="agent", state=found.agent.state.value)
    if not contact.e164 or contact.number_kind not in TEXTABLE:
        raise CallwrightError("no_number", contact=str(contact.id), kind=contact.number_kind)
    message, is_new = await messages.queue(
        tx, contact_id=contact.id, customer_id=contact.customer_id, script_id=head.id,
        to=contact.e164, text=found.complete().text, key=key, author=choice.user.login,
    )  # fmt: skip
    if is_new:
        await scripts.count_use(tx, head.id, sent=1)
        tx.publish(
            ScriptSent(
                at=message.created_at, site=contact.site, contact_id=contact.id,
                script_id=head.id, agent_id=found.agent.id, version=found.script.version.version,
            )
        )  # fmt: skip
        await accounts.audit(tx, choice.user, "script.send", f"contact:{contact.id} {head.no}")
    return message


async def sent_to(tx: Tx, contact_id: UUID) -> dict[str, Any]:
    """A contact's messages, masked, and whether the number wants any."""
    contact = await calls.contact(tx, contact_id)
    if contact is None:
        raise CallwrightError("not_found", what="contact", id=str(contact_id))
    known = {script.head.id: script for script in await scripts.newest(tx)}
    rows = await messages.messages_of(tx, contact_id)
    opted_out = bool(contact.e164) and await messages.has_opted_out(tx, contact.e164 or "")
    return {
        "items": [message_view(row, known.get(row.script_id) if row.script_id else None)
                  for row in rows],
        "opted_out": opted_out,
    }  # fmt: skip


def message_view(message: Message, script: Script | None) -> dict[str, Any]:
    """A message as everybody may see it."""
    return {
        "id": message.id, "at": message.created_at, "state": message.state.value,
        "to": masked_number(message.to), "text": mask(message.text).text,
        "parts": parts(message.text), "script": _short(script) if script else None,
        "author": message.author, "sent_at": message.sent_at, "tries": message.tries,
        "reason": message.reason,
    }  # fmt: skip


def _short(script: Script) -> dict[str, Any]:
    return {"id": script.head.id, "no": script.head.no, "title": script.body.title}


async def suggestions(tx: Tx, turns: Sequence[Turn], department: str) -> list[dict[str, Any]]:
    """The three replies that fit what was said last."""
    said = [turn for turn in turns if turn.speaker != "system"][-LAST_TURNS:]
    if not said:
        return []
    heard = [Heard(turn.speaker, turn.masked) for turn in said]
    return [suggestion_view(one) for one in suggest(await scripts.usable(tx, department), heard)]


def suggestion_view(found: Suggestion) -> dict[str, Any]:
    """A suggestion as the desk shows it."""
    head, body = found.script.head, found.script.body
    return {
        "script_id": head.id, "no": head.no, "title": body.title, "text": body.text,
        "why": list(found.why),
    }  # fmt: skip
