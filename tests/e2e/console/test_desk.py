"""The agent's desk on the stub platform: its states, its keys, and that nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.console import stub_data as data
from tests.e2e.console import stub_desk as desk
from tests.e2e.console.conftest import OpenPage
from tests.e2e.console.stub_platform import Stub

TOPIC = "desk:lin"
HELD = {"on_hold": True, "held_since": "2026-11-22T06:29:26Z"}
CONSULT = {
    "id": "x", "to": {"kind": "agent", "value": "li", "name": "李倩"}, "state": "talking",
    "since": "2026-11-22T06:29:48Z", "with_customer": False,
}  # fmt: skip
SEVERAL = [
    {"id": "c1", "name": "王建国", "tier": "diamond", "reasons": ["open tickets: 1"]},
    {"id": "c2", "name": "王小美", "tier": "normal", "reasons": ["has the number"]},
]
# What the desk shows for each state of agent and call; the words that must be on the screen.
STATES: dict[str, tuple[dict[str, Any], dict[str, Any] | None, list[str]]] = {
    "idle": ({}, None, ["今天", "37", "净化器物流催件", "未接来电", "手动查找客户"]),
    "break": ({"state": "break", "reason": "meal"}, None, ["小休时不会分配来电", "用餐"]),
    "offline": ({"state": "offline"}, None, ["离线时不会分配来电"]),
    "ringing": ({"state": "ringing", "until": desk.RING_END}, desk.ring(),
                ["来电简报", "7 天内第 3 次来电", "建议开场", "1 张超时", "还剩 15 秒"]),
    "unknown": ({"state": "talking"}, {**desk.other_ring(), "answered_at": data.NOW},
                ["新来电者", "建立客户资料", "还没有人说话"]),
    "several": ({"state": "ringing"}, desk.ring(card={**desk.CARD, "matches": SEVERAL}),
                ["这个号码对应 2 位客户", "未结工单 1 张"]),
    "hidden": ({"state": "ringing"},
               desk.ring(card={**desk.other_ring()["card"], "number": "", "number_kind": "hidden"}),
               ["号码隐藏", "对方隐藏了号码"]),
    "talking": ({"state": "talking"}, desk.talk(), ["实时转写", "12315", "随通话自动填写"]),
    "hold": ({"state": "hold"}, desk.talk(**HELD), ["客户在保持中", "00:34"]),
    "consult": ({"state": "talking"}, desk.talk(consult=CONSULT, **HELD), ["正在与 李倩 商量"]),
    "wrap": ({"state": "wrap"}, desk.wrap(), ["自动生成，可修改", "建立高优先级工单，派给售后",
             "00:30 后自动就绪"]),
}  # fmt: skip


async def _at_desk(open_page: OpenPage, stub: Stub, call: Any, **agent: Any) -> Page:
    stub.call, stub.written.agent = call, agent
    return await open_page("/desk", user="lin")


@pytest.mark.parametrize("state", STATES)
async def test_every_state_shows_all_it_should(open_page: OpenPage, stub: Stub, state: str) -> None:
    agent, call, words = STATES[state]
    page = await _at_desk(open_page, stub, call, **agent)
    for text in words:
        await expect(page.get_by_text(text).first).to_be_visible()


async def test_a_ring_fills_the_desk_and_leaves_focus_and_text_alone(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await _at_desk(open_page, stub, desk.wrap(), state="wrap")
    await page.locator(".chip").first.wait_for()
    await page.keyboard.press("Alt+n")
    await page.keyboard.type("客户要周三回电")
    await stub.push(TOPIC, {"call": None})
    await expect(page.get_by_role("heading", name="今天")).to_be_visible()
    await stub.push(TOPIC, {"ring": desk.other_ring()})
    await expect(page.get_by_role("heading", name="新来电者")).to_be_visible()
    await page.keyboard.type("，上午")
    note = page.get_by_label("上一通电话 的随手记")
    await expect(note).to_be_focused()
    await expect(note).to_have_value("客户要周三回电，上午")
    await page.keyboard.press("Tab")
    await expect(note).to_be_hidden()
    assert [key for key, verb, _ in stub.written.did if verb == "note"].count(desk.OTHER_CALL) == 0
    assert stub.written.sent("note")[-1] == {"text": "客户要周三回电，上午"}
    marks = await page.evaluate("performance.getEntriesByType('mark').map(one => one.name)")
    assert marks[-2:] == ["desk:ring", "desk:painted"]


async def test_ready_from_the_desk_goes_through_the_device_check(
    open_page: OpenPage, stub: Stub
) -> None:
    stub.states = []
    page = await _at_desk(open_page, stub, None, state="offline", phone="browser")
    await page.get_by_role("button", name="转为就绪").click()
    await expect(page.get_by_role("dialog")).to_contain_text("接电话前的检查")
    assert stub.states == []


async def test_two_rings_never_mix(open_page: OpenPage, stub: Stub) -> None:
    page = await _at_desk(open_page, stub, desk.ring(), state="ringing")
    customer = page.get_by_role("region", name="客户", exact=True)
    await expect(customer).to_contain_text("王建国")
    await stub.push(TOPIC, {"ring": desk.other_ring()})
    await expect(customer).to_contain_text("136****9012")
    await stub.push(TOPIC, {"turn": desk.TURNS[0], "contact_id": desk.CALL})
    await stub.push(TOPIC, {"draft": desk.DRAFT, "contact_id": desk.CALL})
    await stub.push(TOPIC, {"call": {**desk.other_ring(), "answered_at": data.NOW}})
    await expect(page.get_by_text("还没有人说话")).to_be_visible()
    whole = "".join(await page.locator(".customer, .middle, .ticket").all_inner_texts())
    assert [word for word in ("王建国", "空气净化器", "20418") if word in whole] == []


async def _sign_in_again(page: Page, stub: Stub) -> None:
    await expect(page).to_have_url("/login?next=/desk")
    stub.written.signed_out = False
    await page.get_by_label("账号").fill("lin")
    await page.get_by_label("密码", exact=True).fill(data.PASSWORD)
    await page.keyboard.press("Enter")


async def test_a_note_outlives_an_expired_login(open_page: OpenPage, stub: Stub) -> None:
    page = await _at_desk(open_page, stub, desk.talk(), state="talking")
    stub.written.signed_out = True
    await page.get_by_label("随手记", exact=True).fill("地址改成公司的")
    await _sign_in_again(page, stub)
    await expect(page.get_by_label("随手记", exact=True)).to_have_value("地址改成公司的")
    await expect(page.get_by_text("已保存")).to_be_visible()
    assert stub.written.sent("note") == [{"text": "地址改成公司的"}]


async def test_a_new_customers_name_outlives_it_too(open_page: OpenPage, stub: Stub) -> None:
    unknown = {**desk.other_ring(), "answered_at": data.NOW}
    page = await _at_desk(open_page, stub, unknown, state="talking")
    await page.get_by_label("姓名", exact=True).fill("欧阳娜")
    stub.written.signed_out = True
    await page.get_by_label("姓名", exact=True).press("Enter")
    await _sign_in_again(page, stub)
    await expect(page.get_by_label("姓名", exact=True)).to_have_value("欧阳娜")


async def test_a_whole_wrap_up_by_keyboard_is_submitted_once(
    open_page: OpenPage, stub: Stub
) -> None:
    page = await _at_desk(open_page, stub, desk.wrap(), state="wrap")
    await page.locator(".chip").first.wait_for()
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("alert")).to_have_text("请先选择通话结果")
    await page.keyboard.press("Alt+2")
    await page.keyboard.press("Tab")
    await page.keyboard.press("End")
    await page.keyboard.type("已致歉。")
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Control+Enter")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("button", name="已提交")).to_be_disabled()
    [sent] = stub.written.sent("finish")
    assert sent["disposition"] == "follow_up"
    assert "已致歉。" in sent["summary"]
    fields = ("subject", "type", "priority", "department")
    assert sent["ticket"] == {field: desk.DRAFT[field] for field in fields}
    assert (sent["ready"], sent["key"]) == (True, desk.CALL)


async def test_what_the_agent_wrote_into_the_draft_stays(open_page: OpenPage, stub: Stub) -> None:
    page = await _at_desk(open_page, stub, desk.talk(), state="talking")
    await page.get_by_label("标题").fill("改址重发")
    await stub.push(TOPIC, {"draft": {**desk.DRAFT, "subject": "物流 · 催件", "type": "退款"},
                            "contact_id": desk.CALL})  # fmt: skip
    await expect(page.get_by_label("问题类型: 退款")).to_be_visible()
    await expect(page.get_by_label("标题")).to_have_value("改址重发")
    await expect(page.get_by_text("已手动修改")).to_be_visible()
    await page.get_by_role("button", name="12315").click()
    await expect(page.locator(".turn.lit")).to_contain_text("我都准备打")


async def test_a_new_customer_with_a_known_number_is_offered_the_known_one(
    open_page: OpenPage, stub: Stub
) -> None:
    stub.written.customer_exists = True
    call = {**desk.other_ring(), "answered_at": data.NOW}
    page = await _at_desk(open_page, stub, call, state="talking")
    await page.get_by_label("姓名", exact=True).fill("老王")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="就用这位").click()
    await expect(page.get_by_role("heading", name="王建国")).to_be_visible()
    assert stub.written.sent("customer") == [{"customer_id": "c1"}]


async def test_the_transcript_follows_until_one_scrolls_up(open_page: OpenPage, stub: Stub) -> None:
    many = [data.turn(f"m{at}", "customer", at * 3.0, f"第{at}句话。") for at in range(60)]
    page = await _at_desk(open_page, stub, {**desk.talk(), "turns": many}, state="talking")
    talk = page.get_by_role("log")
    await expect(page.get_by_text("第59句话。")).to_be_in_viewport()
    await talk.evaluate("(box) => { box.scrollTop = 0 }")
    newest = page.get_by_role("button", name="回到最新")
    await expect(newest).to_be_visible()
    late = data.turn("late", "agent", 200.0, "刚说的。")
    await stub.push(TOPIC, {"turn": late, "contact_id": desk.CALL})
    await page.get_by_role("button", name="1 句新的").click()
    await expect(page.get_by_text("刚说的。")).to_be_in_viewport()


async def test_a_failed_part_offers_to_try_again(open_page: OpenPage, stub: Stub) -> None:
    stub.failing.update({"/api/v1/desk/todo", "/api/v1/desk/dispositions"})
    page = await _at_desk(open_page, stub, None)
    await expect(page.get_by_role("alert")).to_contain_text("数据库没有响应")
    await page.wait_for_load_state("networkidle")  # the day's figures have it read again
    stub.failing.remove("/api/v1/desk/todo")
    await page.get_by_role("button", name="重试").click()
    await expect(page.get_by_text("净化器物流催件")).to_be_visible()
    await stub.push(TOPIC, {"call": desk.wrap()})
    await expect(page.get_by_role("alert")).to_contain_text("数据库没有响应")
    stub.failing.clear()
    await page.get_by_role("button", name="重试").click()
    await expect(page.get_by_role("radio", name="已解决")).to_be_visible()
