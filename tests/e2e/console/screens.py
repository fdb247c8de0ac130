"""Every screen of the console as a table: where it is, what is so there, what is done there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.e2e.console import stub_data as data
from tests.e2e.console import stub_desk as desk
from tests.e2e.console import stub_phone as phone
from tests.e2e.console import stub_scripts as scripts

LISTS = {"contacts": "calls", "tickets": "tickets", "missed": "missed",
         "customers": "customers?q=a", "scripts": "scripts"}  # fmt: skip
HELD = {"on_hold": True, "held_since": "2026-11-22T06:28:26Z"}


def _asked(state: str, **more: Any) -> dict[str, Any]:
    to = {"kind": "agent", "value": "li", "name": "李倩"}
    return {"id": "x", "to": to, "state": state, "since": "2026-11-22T06:29:48Z",
            "with_customer": False, **more}  # fmt: skip


SEVERAL = [
    {"id": "c1", "name": "王建国", "tier": "diamond", "reasons": ["open tickets: 1"]},
    {"id": "c2", "name": "王小美", "tier": "normal", "reasons": ["has the number"]},
]
HIDDEN = {**desk.other_ring()["card"], "number": "", "number_kind": "hidden"}
UNKNOWN = {**desk.other_ring(), "answered_at": data.NOW, "state": "talking"}
PLAYING = {"script_id": "s41", "no": "S-041", "title": "物流停滞致歉与催件承诺", "seconds": 14.0,
           "started_at": data.NOW}  # fmt: skip
HANDED = {"kind": "transfer", "from": {"login": "li", "name": "李倩"}, "note": "老客户，已核对身份"}
TALK = desk.talk(suggestions=scripts.SUGGESTIONS)


@dataclass(frozen=True)
class Screen:
    """One state of one page. `do` = steps: `press KEYS`, `type TEXT`, `click SELECTOR`, `ring`."""

    name: str
    path: str
    shows: str
    user: str | None = "lin"
    call: dict[str, Any] | None = None
    agent: dict[str, Any] = field(default_factory=dict)
    failing: tuple[str, ...] = ()
    slow: tuple[str, ...] = ()
    do: tuple[str, ...] = ()


def _desk(
    name: str, shows: str, call: Any = None, *, do: tuple[str, ...] = (), **agent: Any
) -> Screen:
    return Screen(f"desk {name}", "/desk", shows, call=call, agent={"phone": "browser"} | agent,
                  do=do)  # fmt: skip


DESK = [
    _desk("idle", ".todo"),
    _desk("break", ".notice", state="break", reason="meal"),
    _desk("offline", ".notice", state="offline"),
    _desk("ringing", ".call-btn.go", desk.ring(), state="ringing", until=desk.RING_END,
          do=("ring",)),
    _desk("unknown", ".customer form", UNKNOWN, state="talking"),
    _desk("several", ".customer .chooser", desk.ring(card={**desk.CARD, "matches": SEVERAL}),
          state="ringing"),
    _desk("hidden", ".customer .head", desk.ring(card=HIDDEN), state="ringing"),
    _desk("talking", ".ticket .foot .tag", TALK, state="talking"),
    _desk("talking here", ".call-btn.end", phone.talking(), state="talking",
          do=("ring", "press F2")),
    _desk("playing", ".strip.accent", {**TALK, "playing": PLAYING}, state="talking"),
    _desk("handed over", ".middle", desk.talk(by=HANDED), state="talking"),
    _desk("hold", ".call-btn.on", desk.talk(**HELD), state="hold"),
    _desk("asking", ".party", desk.talk(consult=_asked("ringing"), **HELD), state="talking"),
    _desk("consult", ".party", desk.talk(consult=_asked("talking"), **HELD), state="talking"),
    _desk("asked back", ".party", desk.talk(consult=_asked("talking", with_customer=True)),
          state="talking"),
    _desk("conference", ".party", desk.talk(consult=_asked("conference")), state="talking"),
    _desk("consulted", ".party", desk.talk(role="consulted", by={**HANDED, "kind": "consult"}),
          state="talking"),
    _desk("calling out", ".party", desk.ring(direction="out", state="dialling"), state="talking"),
    _desk("wrap", ".chip", desk.wrap(), state="wrap", until=desk.WRAP_END),
    Screen("desk loading", "/desk", ".skeleton", slow=("/api/v1/desk/todo",)),
    Screen("desk failing", "/desk", ".middle [role=alert]",
           failing=("/api/v1/desk/todo", "/api/v1/scripts")),
]  # fmt: skip

DIALOGS = [
    _desk("device check", "[role=dialog] li:nth-child(6)", state="offline",
          do=("click .my-state", "click .pop-item.c-ok")),
    _desk("keys", "[role=dialog] li", do=("press ?",)),
    _desk("keypad", ".pad .grid", do=("press Alt+k",)),
    _desk("keypad in a talk", ".pad .grid", TALK, state="talking", do=("press Alt+k",)),
    _desk("transfer", ".target", TALK, state="talking", do=("press Alt+t",)),
    _desk("consult picker", ".target", TALK, state="talking", do=("press Alt+c",)),
    _desk("reply picker", ".picker [role=option]", TALK, state="talking", do=("press /", "type k")),
    _desk("reveal", ".pop", TALK, state="talking", do=("click .customer .eye",)),
    _desk("state menu", ".pop", do=("click .my-state",)),
    _desk("user menu", ".pop", do=("click .avatar",)),
    _desk("queues", ".pop.queues", do=("click .counts",)),
    _desk("palette", ".palette [role=option]", do=("press Control+k",)),
    _desk("palette in a talk", ".palette [role=option]", TALK, state="talking",
          do=("press Control+k",)),
    Screen("palette found", "/calls", ".palette .detail", do=("press Control+k", "type 王")),
    Screen("palette none", "/calls", ".palette .foot", do=("press Control+k", "type zzzz")),
    Screen("call filter", "/calls", ".pop.pick-list", do=("click .pick",)),
]  # fmt: skip

PAGES = [
    Screen("login", "/login", "#login", user=None),
    Screen("login refused", "/login", "[role=alert]", user=None,
           do=("click #login", "type boss", "click #password", "type wrong",
               "click [type=submit]")),
    Screen("calls", "/calls", "tbody tr:nth-child(4)"),
    Screen("call", f"/calls/{data.TALKED}", "[role=slider]", user="boss"),
    Screen("call failed", f"/calls/{data.FAILED}", "h1", user="boss"),
    Screen("call missed", f"/calls/{data.MISSED}", "h1", user="boss"),
    Screen("call running", f"/calls/{data.RUNNING}", "h1", user="boss"),
    Screen("call missing", "/calls/01900000-0000-7000-8000-0000000000ff", "main"),
    Screen("tickets", "/tickets?view=open", "tbody tr"),
    Screen("tickets picked", "/tickets?view=open", ".bulk", do=("click .box input",)),
    Screen("tickets none", "/tickets?view=open&q=zzzz", ".panel .empty, .panel"),
    Screen("ticket", "/tickets/10001", "[role=dialog] form, [role=dialog] .field"),
    Screen("ticket untranscribed", "/tickets/10002", "[role=dialog] .field"),
    Screen("ticket missing", "/tickets/99999", "[role=dialog]"),
    Screen("missed", "/missed", "tbody tr"),
    Screen("missed done", "/missed?done=true", "main"),
    Screen("customers", "/customers", "main h1"),
    Screen("customers found", "/customers?q=王", "tbody tr"),
    Screen("customers none", "/customers?q=zzzz", "main h1"),
    Screen("customer", "/customers/c1", "main li", user="boss"),
    Screen("customer missing", "/customers/zz", "main"),
    Screen("scripts", "/scripts", "tbody tr", user="boss"),
    Screen("scripts read", "/scripts", "tbody tr"),
    Screen("scripts none", "/scripts?q=zzzz", "main h1", user="boss"),
    Screen("script", "/scripts/s41", "[role=dialog] textarea", user="boss"),
    Screen("script read", "/scripts/s41", "[role=dialog]"),
    Screen("script new", "/scripts/new", "[role=dialog] textarea", user="boss"),
    Screen("script import", "/scripts", "[role=dialog] input[type=file]", user="boss",
           do=("click .panel-head .btn:has(.lucide-file-up)",)),
    Screen("agents", "/agents", ".tile, main li"),
    Screen("routing", "/routing", "main .empty", user="chief"),
    Screen("routing result", "/routing?run=done", "main .lessons li", user="chief"),
    Screen("routing running", "/routing?run=running", "main progress", user="boss"),
    Screen("routing failed", "/routing?run=failed", "main .run [role=alert]", user="boss"),
    Screen("routing publish", "/routing", "[role=dialog] input", user="chief",
           do=("click .side .number input", "type 7", "click .buttons .lucide-send")),
    Screen("routing failing", "/routing", "main [role=alert]", user="boss",
           failing=("/api/v1/routing/policy",)),
    Screen("routing loading", "/routing", "main .skeleton", user="boss",
           slow=("/api/v1/routing/policy",)),
    Screen("system", "/system", "tbody tr", user="boss"),
    Screen("connection", "/connection", "main li"),
    Screen("no access", "/system", "main h1"),
    Screen("nowhere", "/nowhere", "main h1"),
    *(Screen(f"{name} failing", f"/{page}", "main [role=alert]", failing=(f"/api/v1/{name}",))
      for name, page in LISTS.items()),
    *(Screen(f"{name} loading", f"/{page}", "main .skeleton", slow=(f"/api/v1/{name}",))
      for name, page in LISTS.items()),
    Screen("connection lost", "/desk", "[role=status] .btn", do=("lose",)),
]  # fmt: skip

SCREENS = [*DESK, *DIALOGS, *PAGES]
