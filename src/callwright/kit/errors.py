"""The one error type of the house: a stable code and its parameters; the console owns words."""

from __future__ import annotations

HTTP_STATUS: dict[str, int] = {
    "not_found": 404,
    "not_signed_in": 401,
    "not_allowed": 403,
    "wrong_state": 409,
    "being_called": 409,
    "already_exists": 409,
    "customer_exists": 409,
    "opted_out": 409,
    "incomplete": 409,
    "no_number": 409,
    "no_tts": 409,
    "no_holidays": 409,
    "invalid": 422,
    "too_many_tries": 429,
    "leg_gone": 409,
    "phone_unreachable": 409,
    "no_trunk": 409,
    "pbx_unreachable": 503,
    "database_unreachable": 503,
}


class CallwrightError(Exception):
    """A fault that a person can act on. `code` is stable; `params` are plain JSON values."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        detail = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}: {detail}" if detail else self.code

    @property
    def status(self) -> int:
        """The HTTP status this error is answered with."""
        return HTTP_STATUS.get(self.code, 400)


def invalid(field: str, why: str) -> CallwrightError:
    """Bad input: names the field and says what is wrong with it."""
    return CallwrightError("invalid", field=field, why=why)
