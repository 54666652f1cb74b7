"""From a user id to a bucket: the older service's rule and ours."""

from __future__ import annotations

import unicodedata
from hashlib import blake2b

import mmh3

BUCKETS = 10_000
_UNSIGNED = 0xFFFFFFFF


def murmur_bucket(name: str, user: object, n_buckets: int) -> int:
    """Return the older service's bucket of ``user`` in the experiment ``name``, 0 to ``n_buckets - 1``.

    murmur3 x86 32 of the name (seed 0) seeds murmur3 of the decimal user id; the unsigned result is
    taken modulo the number of buckets. 2**32 is so much larger that no bucket is favoured by more
    than one part in a hundred million.
    """
    seed = mmh3.hash(name) & _UNSIGNED  # the library takes seeds without a sign: same bits, same hash
    return mmh3.hash(str(user), seed, signed=False) % n_buckets


def blake_bucket(salt: str, version: int, user: object) -> int:
    """Return one of 10,000 buckets for ``user``: the top of 64 bits of BLAKE2b of ``salt:version:user``.

    The id is written in Unicode's composed form, so that one name typed in two ways is one user.
    """
    key = f"{salt}:{version}:{unicodedata.normalize('NFC', str(user))}"
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") * BUCKETS >> 64
