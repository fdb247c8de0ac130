"""Frames go through a pipe unchanged, and a pipe cut off is an end, not an error."""

from __future__ import annotations

import io

import pytest

from callwright.integrations.speech.wire import (
    Answer,
    Drop,
    Ended,
    Failed,
    Finish,
    Heard,
    Loaded,
    Open,
    Order,
    ReadFile,
    Sound,
    answer_decoder,
    frame,
    order_decoder,
    read_frame,
)
from callwright.ports.speech import Utterance, Word

ORDERS: list[Order] = [
    Open(1, 8000, "zh", ("退款",), 2.5),
    Sound(1, bytes(range(256))),
    Finish(1),
    Drop(2),
    ReadFile(3, "call.wav", 1, ""),
]
SAID = Utterance("你好", 0.1, 0.9, (Word("你", 0.1, 0.4, 0.9), Word("好", 0.4, 0.9)), "zh", 0.8)
ANSWERS: list[Answer] = [
    Loaded(1.2),
    Heard(1, SAID, 1.0, 3.5),
    Heard(1, None, 2.0, 0.0),
    Ended(1),
    Failed(3, "why"),
]


def test_messages_arrive_as_they_were_sent() -> None:
    orders = io.BytesIO(b"".join(frame(order) for order in ORDERS))
    assert [read_frame(orders, order_decoder) for _ in ORDERS] == ORDERS
    answers = io.BytesIO(b"".join(frame(answer) for answer in ANSWERS))
    assert [read_frame(answers, answer_decoder) for _ in ANSWERS] == ANSWERS
    assert read_frame(answers, answer_decoder) is None


@pytest.mark.parametrize("kept", [0, 3, 4, 9])
def test_a_pipe_cut_off_is_an_end(kept: int) -> None:
    assert read_frame(io.BytesIO(frame(ORDERS[0])[:kept]), order_decoder) is None
