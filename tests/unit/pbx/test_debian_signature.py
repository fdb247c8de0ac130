"""Signatures: only what a known key signed is read."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from callwright.kit.debian.signature import verified_text
from callwright.kit.errors import CallwrightError

TEXT = "Suite: forky\nSHA256:\n 00 1 main/binary-amd64/Packages.xz\n"
# two throw-away keys made for this test, and TEXT signed by the first and by both
KEY = """
mDMEZZIAgBYJKwYBBAHaRw8BAQdAK4z4pdmbsABd4H4NYmh5CFy2JCONyfFsZUY8d/dM+Ca0G1Rl
c3QgYXJjaGl2ZSA8YXJjaGl2ZUB0ZXN0PoiQBBMWCAA4FiEEJfgpHV3edq6P+o5p+xSPDDJYCxkF
AmWSAIACGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQ+xSPDDJYCxm+rgD/cg9n7tjK4BaQ
zImrUoNx0v+MwT7OE3n9HLxXtP6TdG8A/AtQztOT7wEC7+MqysTmoJyHdsK7rWZ4LOVUcRtBNrMN
"""
OTHER_KEY = """
mDMEZZIAgBYJKwYBBAHaRw8BAQdAH6aHB9GLPYPk30AY5PSHJZll6pRS4qxsZ9i+bOfsGc60Gk90
aGVyIGFyY2hpdmUgPG90aGVyQHRlc3Q+iJAEExYIADgWIQSST3NWapp+xTWhp02ofQ2Oz42hhQUC
ZZIAgAIbAwULCQgHAgYVCgkICwIEFgIDAQIeAQIXgAAKCRCofQ2Oz42hhUYeAP4iFUB4n1NnViHf
1PIZmumj9yOzo+BJACyb/pEOjXuBHAEAorxniwNXznJw28nOduLv8HOITS2kZS5bBvt2CyqKWgE=
"""
SIGNED = b"""-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

Suite: forky
SHA256:
 00 1 main/binary-amd64/Packages.xz
-----BEGIN PGP SIGNATURE-----

iIMEARYIACsWIQQl+CkdXd52ro/6jmn7FI8MMlgLGQUCZZNSAA0cYXJjaGl2ZUB0
ZXN0AAoJEPsUjwwyWAsZMaMA/jnNpqPyb55xwwnAdkwRwHCRYeVNY8czzR4kEQkM
VnnTAQCZBylE/a2UAOrHLrCJqTMXPketjb0ivuIq2Qw3Lp25Cw==
=BdFJ
-----END PGP SIGNATURE-----
"""
SIGNED_BY_BOTH = b"""-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

Suite: forky
SHA256:
 00 1 main/binary-amd64/Packages.xz
-----BEGIN PGP SIGNATURE-----

iIMEARYIACsWIQQl+CkdXd52ro/6jmn7FI8MMlgLGQUCZZNSAA0cYXJjaGl2ZUB0
ZXN0AAoJEPsUjwwyWAsZMaMA/jnNpqPyb55xwwnAdkwRwHCRYeVNY8czzR4kEQkM
VnnTAQCZBylE/a2UAOrHLrCJqTMXPketjb0ivuIq2Qw3Lp25C4iBBAEWCAApFiEE
kk9zVmqafsU1oadNqH0Njs+NoYUFAmWTUgALHG90aGVyQHRlc3QACgkQqH0Njs+N
oYX/aAEA9RyUH0kw7Edc1GW6a4yMub85wobQDk+Na1BSmPVfOT0A/AmHW4ltSnKB
qnM9MEGdcO28L5h1Fzs9Q0Nv/HriLMYJ
=7zNC
-----END PGP SIGNATURE-----
"""


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    file = tmp_path / "keys.gpg"
    file.write_bytes(base64.b64decode(KEY))
    return file


def test_signed_text_is_given_back_without_its_frame(keys: Path) -> None:
    assert verified_text(SIGNED, keys).strip() == TEXT.strip()


def test_a_further_signer_that_we_do_not_know_does_not_matter(keys: Path) -> None:
    assert verified_text(SIGNED_BY_BOTH, keys).strip() == TEXT.strip()


@pytest.mark.parametrize("signed", [SIGNED, SIGNED_BY_BOTH], ids=["one", "both"])
def test_changed_text_is_refused(keys: Path, signed: bytes) -> None:
    with pytest.raises(CallwrightError, match="bad_signature"):
        verified_text(signed.replace(b" 00 1", b" 01 1"), keys)


def test_text_before_the_signed_part_is_not_taken_for_signed(keys: Path) -> None:
    forged = b" 11 1 main/binary-amd64/Packages.xz\n"
    assert " 11 1" not in verified_text(forged + SIGNED, keys)


def test_signature_of_another_key_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.gpg"
    other.write_bytes(base64.b64decode(OTHER_KEY))
    with pytest.raises(CallwrightError, match="bad_signature"):
        verified_text(SIGNED, other)


@pytest.mark.parametrize("text", [b"", TEXT.encode(), b"<html>404</html>"])
def test_text_without_signature_is_refused(keys: Path, text: bytes) -> None:
    with pytest.raises(CallwrightError, match="bad_signature"):
        verified_text(text, keys)


def test_signature_of_the_shipped_keys_is_asked_for_by_default() -> None:
    with pytest.raises(CallwrightError, match="bad_signature"):
        verified_text(SIGNED)


def test_without_a_checking_program_the_remedy_is_told(keys: Path, tmp_path: Path) -> None:
    with pytest.raises(CallwrightError, match="no_verifier") as caught:
        verified_text(SIGNED, keys, path=str(tmp_path))
    assert "gpgv" in str(caught.value.params["remedy"])
