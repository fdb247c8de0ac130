"""The softphone on the stub platform: registering, the ring, answering, keys, two tabs, words."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.e2e.calls.floor import trying
from tests.e2e.console import stub_data as data
from tests.e2e.console.conftest import OpenPage, accessibility, overflow
from tests.e2e.console.stub_phone import CALL, desk_call, talking
from tests.e2e.console.stub_platform import Stub

SENDER = "callwrightPhone.connection().getSenders()[0].track.enabled"
WIDTHS = (720, 1280, 1440, 1920)


async def registered(page: Page, stub: Stub) -> None:
    """Until the browser is lin's phone."""
    await stub.sip.until("REGISTER")
    await expect(page.get_by_text("电话未连接")).to_be_hidden()


async def ring(page: Page, stub: Stub) -> None:
    """A call is offered: by the desk's topic and by SIP."""
    await stub.show("ringing", desk_call(), until="2026-11-22T06:30:13Z")
    await stub.sip.ring(CALL)
    await expect(page.get_by_role("button", name="接听")).to_be_visible()


async def until(page: Page, so: str) -> None:
    """Until it is so in the page, whose own policy forbids polling there."""
    async for _ in trying(so):
        if await page.evaluate(so):
            return


async def loud(page: Page) -> None:
    """Until the ring is measured on its bus."""
    await until(page, "callwrightPhone.ring() > 0.01")


async def quiet(page: Page) -> None:
    """Until nothing of the ring is left: no sound, no title, no badge."""
    await until(
        page,
        """callwrightPhone.ring() < 0.001 && !document.title.includes('来电')
           && !document.querySelector('link[rel=icon]').href.startsWith('data:')""",
    )


async def test_a_ring_is_heard_seen_and_read_and_leaves_the_typing_alone(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await open_page("/calls", user="lin")
    await registered(page, stub)
    box = page.get_by_label("搜索通话").get_by_role("textbox")
    await box.fill("半句")
    await ring(page, stub)
    await loud(page)
    await expect(page).to_have_title("🔔 来电 王建国")
    await expect(page.get_by_role("alert")).to_contain_text("来电：王建国，138****5678")
    assert (
        await page.evaluate("document.querySelector('link[rel=icon]').href.slice(0, 4)") == "data"
    )
    await expect(box).to_be_focused()
    await expect(box).to_have_value("半句")
    await page.keyboard.press("F2")
    await stub.sip.until("SIP/2.0 200 OK")
    await quiet(page)
    await expect(box).to_be_focused()


async def test_a_caller_who_gives_up_stops_the_ring_and_is_named(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await open_page("/calls", user="lin")
    await registered(page, stub)
    await ring(page, stub)
    await loud(page)
    await stub.sip.cancel(CALL)
    await stub.push("desk:lin", {"offer_closed": "caller_gone", "contact_id": CALL})
    await stub.show("ready", None)
    await quiet(page)
    await expect(page.get_by_text("客户先挂断")).to_be_visible()


async def test_declining_is_one_answer_however_often_it_is_pressed(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await open_page("/calls", user="lin")
    await registered(page, stub)
    await ring(page, stub)
    await page.get_by_role("button", name="拒接").dblclick()
    await stub.sip.until("SIP/2.0 603")
    assert sum(one.startswith("SIP/2.0 603") for one in stub.sip.said) == 1


async def test_the_keys_of_a_talk(open_page: OpenPage, stub: Stub) -> None:
    page = await open_page("/calls", user="lin")
    await registered(page, stub)
    await ring(page, stub)
    await page.keyboard.press("F2")
    await until(page, "callwrightPhone.leg() === 'talking'")
    await stub.show("talking", talking())
    await expect(page.get_by_role("button", name="保持")).to_be_enabled()
    await page.keyboard.press("Alt+m")
    await expect(page.get_by_role("button", name="取消静音")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert await page.evaluate(SENDER) is False
    await page.keyboard.press("Alt+m")
    assert await page.evaluate(SENDER) is True
    await page.keyboard.press("Alt+h")
    await page.keyboard.press("Alt+t")
    await expect(page.get_by_role("option")).to_have_count(3)  # lin is not offered to lin
    await page.get_by_role("combobox").press("ArrowDown")
    await page.keyboard.press("Tab")
    await page.keyboard.type("老客户")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("listbox")).to_be_hidden()
    await page.keyboard.press("Alt+c")
    await page.get_by_role("combobox").fill("021 6101 0193")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("listbox")).to_be_hidden()
    await page.keyboard.press("Alt+x")
    assert await stub.until_done(4) == [
        {"verb": "hold"},
        {"verb": "transfer", "to": {"kind": "agent", "value": "zhou"}, "note": "老客户"},
        {"verb": "consult", "to": {"kind": "number", "value": "02161010193"}, "note": ""},
        {"verb": "hang-up"},
    ]


async def test_of_two_tabs_one_rings_and_the_other_can_take_over(
    open_page: OpenPage, stub: Stub
) -> None:
    first = await open_page("/calls", user="lin")
    await registered(first, stub)
    second = await first.context.new_page()
    await second.goto("/tickets")
    await expect(second.get_by_text("电话在另一个标签页")).to_be_visible()
    await stub.show("ringing", desk_call(), until="2026-11-22T06:30:13Z")
    await stub.sip.ring(CALL)
    await loud(first)
    assert "来电" not in await second.title()
    assert await second.evaluate("window.callwrightPhone?.ring() ?? 0") == 0
    await stub.sip.cancel(CALL)
    await stub.show("ready", None)
    await quiet(first)
    stub.sip.said.clear()
    await second.get_by_role("button", name="在这里接听").click()
    await stub.sip.until("REGISTER")
    await expect(first.get_by_text("电话在另一个标签页")).to_be_visible()
    await expect(second.get_by_text("电话在另一个标签页")).to_be_hidden()


async def test_a_reload_in_mid_call_joins_the_talk_again_and_stays_muted(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await open_page("/calls", user="lin")
    await registered(page, stub)
    await ring(page, stub)
    await page.keyboard.press("F2")
    await until(page, "callwrightPhone.leg() === 'talking'")
    await stub.show("talking", talking())
    await page.keyboard.press("Alt+m")
    # Whoever has passed the check opens the microphone at once, while the phone is still loading.
    await page.evaluate("sessionStorage.setItem('callwright.phone.checked', '1')")
    await page.reload()
    assert await stub.until_done(1) == [{"verb": "attach"}]
    stub.sip.said.clear()
    await stub.sip.ring(CALL, "attach")
    await stub.sip.until("SIP/2.0 200 OK")
    await until(page, "callwrightPhone.leg() === 'talking'")
    await expect(page.get_by_role("button", name="取消静音")).to_be_visible()
    assert (
        await page.evaluate("callwrightPhone.connection().getSenders()[0].track.enabled") is False
    )


async def test_a_lost_phone_socket_keeps_the_talk_and_comes_back(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await open_page("/calls", user="lin")
    await registered(page, stub)
    await ring(page, stub)
    await page.keyboard.press("F2")
    await until(page, "callwrightPhone.leg() === 'talking'")
    await stub.show("talking", talking())
    stub.sip.refuse = True
    await stub.sip.drop()
    await expect(page.get_by_text("连接中断，通话仍在继续")).to_be_visible()
    assert await page.evaluate("callwrightPhone.leg()") == "talking"
    stub.sip.refuse = False
    stub.sip.said.clear()
    await stub.sip.until("REGISTER")
    await expect(page.get_by_text("连接中断，通话仍在继续")).to_be_hidden()
    await stub.show("wrap", talking(wrap={"until": None, "extended": 0, "max_extends": 2,
                                          "disposition": None, "summary": ""}))  # fmt: skip
    await until(page, "callwrightPhone.leg() === 'ended'")


async def test_ready_is_reached_through_the_device_check_once(
    open_page: OpenPage, stub: Stub
) -> None:
    stub.states = []
    page = await open_page("/calls", user="lin")
    await stub.show("offline", None)
    await page.get_by_role("button", name="我的状态：离线").click()
    await page.get_by_role("menuitem", name="就绪", exact=True).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("能听到你的声音")
    await expect(dialog).to_contain_text("已注册，可以接到来电")
    await dialog.get_by_role("button", name="没听到").click()
    await expect(dialog.get_by_role("button", name="就绪")).to_be_disabled()
    await dialog.get_by_role("button", name="试听").click()
    await loud(page)
    await dialog.get_by_role("button", name="听到了").click()
    assert await accessibility(page) == []
    await dialog.get_by_role("button", name="就绪").click()
    await expect(dialog).to_be_hidden()
    assert stub.states == [{"state": "ready"}]


async def test_a_denied_microphone_names_its_remedy_and_blocks(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await open_page("/calls", user="lin")
    await page.evaluate(
        """void (navigator.mediaDevices.getUserMedia =
           () => Promise.reject(new DOMException('', 'NotAllowedError')))"""
    )
    await stub.show("offline", None)
    await page.get_by_role("button", name="我的状态：离线").click()
    await page.get_by_role("menuitem", name="就绪", exact=True).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("浏览器禁止使用麦克风")
    await expect(dialog.get_by_role("button", name="就绪")).to_be_disabled()


async def test_any_number_is_dialled_and_a_refusal_is_worded(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await open_page("/calls", user="lin")
    await stub.show("break", None)
    await page.locator(".controls .call-btn").first.wait_for()
    await page.keyboard.press("Alt+k")
    await page.get_by_label("电话号码").fill("12")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("请输入完整的号码")).to_be_visible()
    await page.get_by_label("电话号码").fill("138 0000-5678")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("没有外线").first).to_be_visible()
    stub.trunk = True
    await page.get_by_role("button", name="呼叫", exact=True).click()
    assert await stub.until_done(2) == 2 * [{"verb": "dial", "number": "13800005678"}]


async def test_a_long_hold_asks_to_go_back(open_page: OpenPage, stub: Stub) -> None:
    page = await open_page("/calls", user="lin")
    held = talking(state="held", on_hold=True, held_since="2026-11-22T06:28:50Z")
    await stub.show("hold", held)
    notice = page.get_by_role("status").filter(has_text="客户已等")
    await notice.get_by_role("button", name="恢复通话").click()
    assert await stub.until_done(1) == [{"verb": "resume"}]


async def test_the_connection_test_says_what_is_wrong(open_page: OpenPage, stub: Stub) -> None:
    page = await open_page("/connection", user="lin")
    await expect(page.get_by_text("分机 lin-web 已注册")).to_be_visible()
    await expect(page.get_by_text("可以打电话").first).to_be_visible(timeout=15_000)
    stub.sip.refuse = True
    await stub.sip.drop()
    await page.get_by_role("button", name="重新检测").click()
    await expect(page.get_by_text("现在不能打电话：电话通道 /sip 打不开")).to_be_visible(
        timeout=15_000
    )


async def test_keys_are_shown_and_changed(open_page: OpenPage, stub: Stub) -> None:
    page = await open_page("/calls", user="lin")
    await page.locator("h1").first.click()
    await page.locator(".my-state").wait_for()
    await page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="静音").click()
    await page.keyboard.press("q")
    await expect(dialog).to_contain_text("单独的字母会影响打字")
    await page.keyboard.press("F8")
    await expect(dialog.get_by_role("button", name="静音")).to_contain_text("F8")
    assert await accessibility(page) == []


CONSULT = {"id": "1", "to": {"kind": "agent", "value": "li", "name": "李倩"}, "state": "talking",
           "since": data.NOW, "with_customer": False}  # fmt: skip
STATES = {
    "ready": (None, {}),
    "ringing": (desk_call(), {"until": "2026-11-22T06:30:13Z"}),
    "talking": (talking(), {}),
    "hold": (
        talking(state="held", on_hold=True, held_since="2026-11-22T06:28:00Z", consult=CONSULT),
        {},
    ),
}


async def test_the_bar_fits_in_every_state_in_the_longest_language(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await open_page("/calls", user="lin", language="en", theme="dark")
    await registered(page, stub)
    for state, (call, more) in STATES.items():
        await stub.show(state, call, **more)
        if state == "ringing":
            await stub.sip.ring(CALL)
            await page.locator(".call-btn.go").wait_for()
        if state == "talking":
            await page.keyboard.press("F2")
            await until(page, "callwrightPhone.leg() === 'talking'")
        assert await accessibility(page) == [], state
        wider = {width: await overflow(page, width) for width in WIDTHS}
        assert not any(wider.values()), (state, wider)
