"""A whole call without a mouse: from the login to the submitted wrap-up."""

from __future__ import annotations

from playwright.async_api import Keyboard, Locator, expect

from callwright.cli._demo.load import password_file
from tests.e2e.calls.floor import floor_of
from tests.e2e.calls.watching import rows
from tests.e2e.desk.conftest import OpenSeat
from tests.e2e.desk.seat import Seat
from tests.platform_process import PlatformProcess

NUMBER = "13918372605"
MOST_TABS = 60
NOTE, SUMMARY = "下午再打", "已告知进度。"
# Enter on a button is a click too, but no pointer is pressed for it.
WATCH_POINTER = "addEventListener('pointerdown', () => (window.pointerUsed = true), true)"
LONG_WRAPS = "update queue set wrap_up_s = %s where key = 'after_sales' returning key"


class Hands:
    """Only a keyboard: `to` presses Tab until something has the focus."""

    def __init__(self, keyboard: Keyboard) -> None:
        self._keyboard = keyboard
        self.press, self.type = keyboard.press, keyboard.type

    async def to(self, what: Locator, key: str = "Tab") -> None:
        """Walk there as the page lets one walk."""
        for _ in range(MOST_TABS):
            if await what.evaluate("(one) => one === document.activeElement"):
                return
            await self._keyboard.press(key)
        raise AssertionError(f"no way by {key} to {what}")


async def test_a_whole_call_by_keyboard_alone(
    platform: PlatformProcess, take_seat: OpenSeat
) -> None:
    rows(platform, LONG_WRAPS, 30)
    try:
        async with floor_of(platform) as floor:
            seat = await take_seat(None)
            await seat.context.add_init_script(WATCH_POINTER)
            hands = Hands(seat.page.keyboard)
            await signed_in(seat, hands)
            await ready(seat, hands)
            caller = await floor.caller(NUMBER, 700, keys="0")
            await seat.until_ringing()
            await hands.press("F2")
            await seat.until_state("talking")
            await worked(seat, hands)
            await hands.press("Alt+x")
            await caller.call.ended.wait()
            await wrapped_up(seat, hands)
            await floor.api.wait_finished(caller.contact_id)
            written(platform, caller.contact_id)
            assert await seat.page.evaluate("window.pointerUsed") is None
    finally:
        rows(platform, LONG_WRAPS, 5)


async def signed_in(seat: Seat, hands: Hands) -> None:
    seat.login = "lin.xiao"
    await seat.page.goto("/login")
    await expect(seat.page.locator("#login")).to_be_focused()
    await hands.type("lin.xiao")
    await hands.to(seat.page.locator("#password"))
    await hands.type(password_file(seat.platform.home).read_text().strip())
    await hands.press("Enter")
    await seat.page.locator(".my-state").wait_for()


async def ready(seat: Seat, hands: Hands) -> None:
    """The menu of one's own state, and through the device check."""
    await hands.to(seat.page.get_by_role("button", name="我的状态：离线"))
    await hands.press("Enter")
    await hands.to(seat.page.get_by_role("menuitem", name="就绪", exact=True), "ArrowDown")
    await hands.press("Enter")
    check = seat.page.get_by_role("dialog")
    for name in ("试听", "听到了"):
        await hands.to(check.get_by_role("button", name=name, exact=True))
        await hands.press("Enter")
    go = check.get_by_role("button", name="就绪", exact=True)
    await expect(go).to_be_enabled()
    await hands.to(go)
    await hands.press("Enter")
    await seat.until_state("ready")


async def worked(seat: Seat, hands: Hands) -> None:
    """A note, a reply sent, a hold."""
    await seat.note(NOTE)
    await hands.press("Alt+3")
    await hands.press("/")
    await expect(seat.page.get_by_role("combobox", name="查找话术")).to_be_focused()
    await hands.type("S-005")
    await hands.press("Enter")
    await expect(seat.page.get_by_text("已发送").first).to_be_visible()
    await hands.press("Escape")
    await hands.press("Escape")
    await hands.press("Alt+h")
    await seat.until_state("hold")
    await hands.press("Alt+h")
    await seat.until_state("talking")


async def wrapped_up(seat: Seat, hands: Hands) -> None:
    """Summary and result; Ctrl+Enter, twice, submits once."""
    await seat.until_state("wrap")
    await hands.press("Alt+2")
    await hands.to(seat.page.get_by_label("通话小结"))
    await hands.press("Control+End")
    await hands.type(SUMMARY)
    await hands.press("Tab")
    await hands.press("Space")
    await hands.press("Control+Enter")
    await hands.press("Control+Enter")
    await seat.until_state("ready")


def written(platform: PlatformProcess, contact: str) -> None:
    """All of it is in the books."""
    [note] = rows(platform, "select text from contact_note where contact_id = %s", contact)
    [sent] = rows(platform, "select state from message where contact_id = %s", contact)
    [wrap] = rows(platform, "select summary, by_timer from wrap_up where contact_id = %s", contact)
    assert (note["text"], sent["state"]) == (NOTE, "sent")
    assert wrap["summary"].endswith(SUMMARY)
    assert wrap["by_timer"] is False
