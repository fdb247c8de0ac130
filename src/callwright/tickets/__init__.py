"""Tickets: drafted from the call, with the sentence that caused each part."""
