"""The keys of logs and witnesses, as they are published («vkey», C2SP signed-note) and as they are kept.

A key has a name, a kind and 4 bytes by which signature lines point at it: SHA-256(name ‖ newline ‖ kind ‖ public key).
Keys under which anybody could sign are refused: OpenSSL accepts public keys of small order, for which a signature
holds without the private one.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from hamgara.algorithms.tlog import Forged, Malformed
from hamgara.algorithms.tlog.text import from_base64, from_hex, readable

ED25519, COSIGNATURE, ML_DSA_44 = 0x01, 0x04, 0x06  # of C2SP signed-note: a log's; a witness's; either's
SEED = 32
_PUBLIC = {ED25519: 32, COSIGNATURE: 32, ML_DSA_44: 1312}
_SIGNATURE = {ED25519: 64, COSIGNATURE: 64, ML_DSA_44: 2420}
_PRIVATE = "PRIVATE+KEY+"


@dataclass(frozen=True)
class VerifierKey:
    """The public half: who is believed under this name."""

    name: str
    kind: int
    public: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raises Malformed for a name that no signature line can bear, an unknown kind, or a key that is none."""
        require_name(self.name)
        if self.kind not in _PUBLIC:
            raise Malformed(f"a key of kind {self.kind:#04x} is not one that we verify")
        if len(self.public) != _PUBLIC[self.kind]:
            raise Malformed(f"a public key of kind {self.kind:#04x} has {_PUBLIC[self.kind]} bytes")
        if self.kind != ML_DSA_44 and (weak := weakness(self.public)):
            raise Malformed(f"the key of {self.name} is refused: {weak}")

    @cached_property
    def key_id(self) -> bytes:
        """The 4 bytes by which a signature line says that it is by this key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        """The vkey: «name+hex of the key id+base64 of kind and public key»."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"

    @classmethod
    def parse(cls, vkey: str | bytes) -> VerifierKey:
        """Of a vkey. Raises Malformed, also when its key id is not its own."""
        text = readable(vkey)
        name, key_id, coded = _three(text)
        data = from_base64(coded)
        key = cls(name, data[0] if data else 0, data[1:])
        if from_hex(key_id, 4) != key.key_id or str(key) != text:
            raise Malformed(f"the key id of {name} is not that of its key")
        return key

    def verify(self, message: bytes, signature: bytes) -> None:
        """That `signature` was made with the private half, over `message`. Raises Forged."""
        try:
            if len(signature) != _SIGNATURE[self.kind]:
                raise InvalidSignature
            self._public.verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise Forged(f"a signature of {self.name} is not by its key") from error
        except UnsupportedAlgorithm as error:
            raise Forged(f"a signature of {self.name} is of kind ML-DSA-44, which is not verified here") from error

    @cached_property
    def _public(self) -> Any:
        if self.kind == ML_DSA_44:
            return MLDSA44PublicKey.from_public_bytes(self.public)
        return Ed25519PublicKey.from_public_bytes(self.public)


@dataclass(frozen=True)
class SignerKey:
    """The private half; its owner keeps it, and nothing prints it but `secret`."""

    name: str
    kind: int
    seed: bytes = field(repr=False)  # 32 bytes that nobody can guess

    def __post_init__(self) -> None:
        """Raises Malformed as VerifierKey does."""
        if self.kind not in _PUBLIC or len(self.seed) != SEED:
            raise Malformed(f"a private key is of a known kind and has a seed of {SEED} bytes")
        require_name(self.name)

    @cached_property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, self.kind, self._private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """The bare signature over `message`."""
        signature: bytes = self._private.sign(message)
        return signature

    def secret(self) -> str:
        """«PRIVATE+KEY+name+key id+base64 of kind and seed», as Go's package note writes it."""
        coded = b64encode(bytes([self.kind]) + self.seed).decode()
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{coded}"

    @classmethod
    def parse(cls, secret: str | bytes) -> SignerKey:
        """Of what `secret` wrote. Raises Malformed, without repeating any of it."""
        text = readable(secret)
        if not text.startswith(_PRIVATE):
            raise Malformed("this is not a private key: it does not begin with PRIVATE+KEY+")
        name, _key_id, coded = _three(text.removeprefix(_PRIVATE))
        data = from_base64(coded)
        key = cls(name, data[0] if data else 0, data[1:])
        if key.secret() != text:
            raise Malformed("the key id of this private key is not its own")
        return key

    @cached_property
    def _private(self) -> Any:
        if self.kind == ML_DSA_44:
            return MLDSA44PrivateKey.from_seed_bytes(self.seed)
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def require_name(name: str) -> None:
    """A key name: not empty, without spaces of any kind, control characters or «+». Raises Malformed."""
    if not name or "+" in name or any(each.isspace() or each < " " for each in name):
        raise Malformed("the name of a key is not empty, and has no spaces and no «+»")


def _three(text: str) -> tuple[str, str, str]:
    parts = text.split("+", 2)  # base64 may hold a «+» itself
    if len(parts) != 3:
        raise Malformed("a key is written as name+key id+base64")
    return parts[0], parts[1], parts[2]


# The curve of Ed25519, RFC 8032, section 5.1: -x² + y² = 1 + d·x²·y² over the integers modulo p.
_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)


def weakness(public: bytes) -> str | None:
    """Why nobody should be believed under this Ed25519 key of 32 bytes; None when it is sound.

    It has to be the one encoding of a point of the curve (RFC 8032, section 5.1.3), and not one of the eight points of
    small order: three doublings lead each of those to the neutral point.
    """
    y = int.from_bytes(public, "little")
    odd, y = y >> 255, y & (2**255 - 1)
    if y >= _P:
        return "it is not written in the one form that counts"
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if (x * x - square) % _P:
        return "it is not a point of the curve"
    if odd and not x:
        return "it is not written in the one form that counts"
    for _doubling in range(3):
        minus = (y * y - x * x) % _P
        x, y = 2 * x * y * pow(minus, -1, _P) % _P, (y * y + x * x) * pow(2 - minus, -1, _P) % _P
    return "anybody could sign under it: it is of small order" if (x, y) == (0, 1) else None
