"""Cleans what a recogniser says: Simplified characters, no stray spaces, nothing made up."""

from __future__ import annotations

import re
import zlib
from difflib import SequenceMatcher

from callwright.kit.simplified import to_simplified

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef"
SPACE_BY_CJK = re.compile(rf"(?<=[{CJK}])\s+|\s+(?=[{CJK}])")
FULL_WIDTH = {",": "，", "?": "？", "!": "！", ";": "；", ":": "：", ".": "。"}
ASCII_MARK_AFTER_CJK = re.compile(rf"(?<=[{CJK}])[,?!;:.]")
NOT_SAID = re.compile(r"[\W_]+")

# What Whisper learnt from subtitles and says into silence. Whole utterances only: a caller may
# well say one of these words inside a sentence.
SUBTITLE_PHRASES = re.compile(
    r"(中文)?字幕.*|.*字幕(组|志愿者|製作|制作).*|.*(amara|明镜与?点点|优优独播|[点按]个?赞.*订阅|订阅.*转发|(订阅){3}).*"
    r"|(谢谢|感谢)?(大家|各位|您的?)?(观看|收看|收听)(本期节目)?|(谢谢|感谢)(大家|各位)?的?(观看|收看|收听)"
    r"|请不吝.*|(thanks?|thankyou)(you)?(so|very)?(much)?forwatching.*|subtitles?by.*"
    r"|pleasesubscribe.*|本期视频.*|.*以下是普通话.*",
    re.IGNORECASE,
)
LOOPING = 2.4  # times smaller when packed: a phrase said over and over
LOOP_LETTERS = re.compile(r"(.{1,12}?)\1{4,}")
ONE_LETTER = re.compile(r"([^\d])\1{5,}")
LEAKED = 8  # letters of the prompt, given back as the whole utterance
TWICE = re.compile(r"(.{6,})\1")
HALVES_AT_LEAST, ALIKE = 16, 0.75


def simplified(words: list[str]) -> list[str]:
    """The same words in Simplified Chinese, converted as one text so that phrases count."""
    whole = "".join(words)
    converted = to_simplified(whole)
    if len(converted) != len(whole):
        return [to_simplified(word) for word in words]
    result, at = [], 0
    for word in words:
        result.append(converted[at : at + len(word)])
        at += len(word)
    return result


def tidy(text: str) -> str:
    """One space between Latin words, none beside Chinese ones; full-width marks after them."""
    text = SPACE_BY_CJK.sub("", " ".join(text.split()))
    return ASCII_MARK_AFTER_CJK.sub(lambda mark: FULL_WIDTH[mark.group()], text)


def is_invented(text: str, prompt: str = "") -> bool:
    """Nothing but marks, a subtitle's phrase, a loop, or our own prompt given back."""
    said = NOT_SAID.sub("", text)
    asked = NOT_SAID.sub("", prompt)
    learnt = SUBTITLE_PHRASES.fullmatch(said) or ONE_LETTER.fullmatch(said)
    leaked = (len(said) >= LEAKED and said in asked) or (asked and asked in said)
    return not said or bool(learnt) or bool(leaked) or is_looping(text)


def is_looping(text: str) -> bool:
    """A phrase said over and over, as a decoder does that has lost its way."""
    body = text.encode()
    packed = len(zlib.compress(body))
    letters = NOT_SAID.sub("", text)
    loop = LOOP_LETTERS.search(letters)
    return len(body) > LOOPING * packed or (loop is not None and len(loop.group()) > 10)


def is_said_twice(text: str) -> bool:
    """A sentence and at once the same again: people do that, lost decoders more often."""
    said = NOT_SAID.sub("", text)
    return TWICE.search(said) is not None or _halves_alike(said)


def _halves_alike(said: str) -> bool:
    """The second time a few letters are other ones: 明天上午十点可以吗 … 您先上午十点可以吗 …"""
    if len(said) < HALVES_AT_LEAST:
        return False
    middle, slack = len(said) // 2, len(said) // 8
    return any(
        SequenceMatcher(None, said[:cut], said[cut:], autojunk=False).ratio() > ALIKE
        for cut in range(middle - slack, middle + slack + 1)
    )
