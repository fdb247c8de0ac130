"""What follows a key or an outcome."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.ivr.trees import FULL, menu, tree

from callwright.ivr.model import DONE, FOUND, Here, PressedKey, begin, leave, path, press
from callwright.ivr.parse import parse_ivr

IVR = parse_ivr(FULL)
HELLO = Here("main")


def test_silence_and_wrong_keys_count_together_and_end_in_the_queue() -> None:
    body = tree({"main": menu({"1": {"queue": "a"}}, no_input_prompt="quiet", invalid_prompt="no")})
    ivr = parse_ivr(body)
    first = press(ivr, begin(ivr), "")
    assert first.here is not None
    assert (first.here.before, first.valid) == (("quiet",), False)
    second = press(ivr, first.here, "7")
    assert second.here is not None
    assert (second.here.before, second.here.tries) == (("no",), 2)
    third = press(ivr, second.here, "7")
    assert (third.here, third.end and third.end.queue) == (None, "orders")
    assert "3 tries" in third.reason


def test_back_leads_to_the_menu_before_and_at_the_start_says_it_again() -> None:
    more = press(IVR, HELLO, "2").here
    assert more is not None
    assert (more.place, more.way) == ("more", ("main",))
    back = press(IVR, more, "*").here
    assert back is not None
    assert (back.place, back.way) == ("main", ())
    alone = parse_ivr(tree({"main": menu({"*": {"back": True}})}))
    assert press(alone, begin(alone), "*").here == replace(begin(alone), steps=1)


def test_a_node_leads_back_to_the_menu_that_led_to_it() -> None:
    quiet = press(IVR, HELLO, "8").here
    assert quiet is not None
    done = leave(IVR, quiet, DONE).here
    assert done is not None
    assert done.place == "main"


def test_an_answer_is_said_again_before_the_menu() -> None:
    parcel = press(IVR, HELLO, "1").here
    assert parcel is not None
    told = leave(IVR, parcel, FOUND, answer=("order_shipped",)).here
    assert told is not None
    assert (told.place, told.before) == ("more", ())
    again = press(IVR, told, "#").here
    assert again is not None
    assert again.before == ("order_shipped",)
    wrong = press(IVR, again, "7").here
    assert wrong is not None
    assert wrong.before == ()


def test_an_outcome_without_a_way_of_its_own_is_otherwise() -> None:
    vip = press(IVR, HELLO, "3").here
    assert vip is not None
    known = leave(IVR, vip, "diamond", reason="tier diamond")
    assert (known.end and known.end.queue, known.reason) == ("orders", "tier diamond")
    other = leave(IVR, vip, "gold").here
    assert other is not None
    assert other.place == "news"


def test_whoever_goes_round_is_led_out() -> None:
    here, steps = HELLO, 0
    while True:
        move = press(IVR, here, "9")
        if move.here is None:
            break
        here, steps = move.here, steps + 1
    assert move.end == IVR.last_resort
    assert steps == IVR.max_steps - 1
    assert "without an end" in move.reason


def test_what_was_published_before_targets_were_checked_still_ends() -> None:
    ivr = parse_ivr(tree({"main": menu({"1": {"menu": "gone"}, "2": {"queue": "a"}})}))
    assert press(ivr, begin(ivr), "1").end == ivr.last_resort


def test_the_path_has_labels_and_forgets_what_was_taken_back() -> None:
    names = {"orders": "订单"}
    assert path(IVR, [("main", "1"), ("more", "#")], names) == [PressedKey("1", "包裹")]
    assert path(IVR, [("main", "2"), ("more", "*")], names) == []
    assert path(IVR, [("main", "2"), ("more", "1")], names) == [
        PressedKey("2", "more"),
        PressedKey("1", "订单"),
    ]
