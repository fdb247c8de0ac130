"""Digest answers, checked against the example that RFC 7616 §3.9.1 prints."""

from __future__ import annotations

import re

import pytest

from callwright.integrations.sipphone.digest import Challenge, challenge_of, credentials
from callwright.integrations.sipphone.message import Headers, Response

RFC7616 = {
    "MD5": "8ca523f5e9506fed4657c9700eebdbec",
    "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
}


@pytest.mark.parametrize("algorithm", RFC7616)
def test_the_rfc_example(algorithm: str) -> None:
    challenge = Challenge(
        realm="http-auth@example.org",
        nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        algorithm=algorithm,
        qop="auth",
        opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
    )
    value = credentials(
        challenge,
        method="GET",
        uri="/dir/index.html",
        user="Mufasa",
        password="Circle of Life",
        cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )
    found = re.search(r'response="([0-9a-f]+)"', value)
    assert found is not None
    assert found[1] == RFC7616[algorithm]


def test_the_first_known_algorithm_is_taken() -> None:
    challenges = (
        ("WWW-Authenticate", 'Digest realm="a", nonce="1", algorithm=SHA-512-256'),
        ("WWW-Authenticate", 'Digest realm="b", nonce="2, 3", qop="auth-int,auth"'),
    )
    found = challenge_of(Response(401, "Unauthorized", Headers(challenges)))
    assert found == Challenge("b", "2, 3", "MD5", "auth", "")
    assert challenge_of(Response(401, "Unauthorized", Headers(challenges[:1]))) is None
