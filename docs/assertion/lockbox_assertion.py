"""Checks the assertion that an OpenLockbox gateway sends with each request (docs/assertion.md).

Needs Python 3.9 and the package cryptography. Copy this file into your service, and refuse with 401
what it refuses:

    lockbox = LockboxAssertion("https://gateway:8443/.well-known/jwks.json", "helpdesk-api", "ca.pem")
    caller = lockbox.verify(headers.get("X-Lockbox-Assertion"), method, path)
    if caller is None: ...
"""
import base64
import json
import ssl
import threading
import time
import urllib.request

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils


def _decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _number(part):
    return int.from_bytes(_decoded(part), "big")


class LockboxAssertion:
    def __init__(self, jwks, audience, ca=None, now=time.time):
        self._jwks, self._audience, self._ca, self._now = jwks, audience, ca, now
        self._keys, self._fetched, self._lock = {}, float("-inf"), threading.Lock()

    def verify(self, assertion, method, path):
        """The claims, or None if this is no assertion for this very request. The path is the one of
        the request line, still encoded, without the query."""
        try:
            head, body, signature = assertion.split(".")
            header, signed = json.loads(_decoded(head)), _decoded(signature)
            if header["alg"] != "ES256" or header["typ"] != "lockbox+jwt" or len(signed) != 64:
                return None
            r, s = (int.from_bytes(half, "big") for half in (signed[:32], signed[32:]))
            self._key(header["kid"]).verify(
                utils.encode_dss_signature(r, s), f"{head}.{body}".encode(), ec.ECDSA(hashes.SHA256()))
            claims, now = json.loads(_decoded(body)), self._now()
            good = (claims["aud"] == self._audience and claims["htm"] == method and claims["htu"] == path
                    and claims["nbf"] <= now + 5 and claims["exp"] > now - 5)
            return claims if good else None
        except Exception:  # whatever it is, it is no assertion
            return None

    def _key(self, kid):
        with self._lock:
            age = self._now() - self._fetched
            if age >= 300 or (kid not in self._keys and age >= 10):
                trust = ssl.create_default_context(cafile=self._ca) if self._jwks.startswith("https:") else None
                with urllib.request.urlopen(self._jwks, timeout=5, context=trust) as answer:
                    keys = json.load(answer)["keys"]
                self._keys = {k["kid"]: ec.EllipticCurvePublicNumbers(
                    _number(k["x"]), _number(k["y"]), ec.SECP256R1()).public_key() for k in keys}
                self._fetched = self._now()
            return self._keys[kid]
