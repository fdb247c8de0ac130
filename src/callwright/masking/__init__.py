"""The pure masking engine: personal data in text and speech, found, starred and explained."""

from callwright.masking.engine import mask, mask_turns
from callwright.masking.model import Kind, Masked, Span, SpokenWord
from callwright.masking.sound import GUARD_S, windows

__all__ = ["GUARD_S", "Kind", "Masked", "Span", "SpokenWord", "mask", "mask_turns", "windows"]
