"""The two hashes as their authors published them, step by step: what the libraries' must agree with."""

from __future__ import annotations

MASK_32, MASK_64 = 2**32 - 1, 2**64 - 1


def murmur3(data: bytes, seed: int) -> int:
    """MurmurHash3 x86 32 as Austin Appleby published it, byte by byte."""
    h = seed

    def scrambled(k: int) -> int:
        k = k * 0xCC9E2D51 & MASK_32
        return ((k << 15 | k >> 17) & MASK_32) * 0x1B873593 & MASK_32

    whole = len(data) // 4 * 4
    for start in range(0, whole, 4):
        h ^= scrambled(int.from_bytes(data[start : start + 4], "little"))
        h = ((h << 13 | h >> 19) & MASK_32) * 5 + 0xE6546B64 & MASK_32
    if data[whole:]:
        h ^= scrambled(int.from_bytes(data[whole:], "little"))
    h ^= len(data)
    h = (h ^ h >> 16) * 0x85EBCA6B & MASK_32
    h = (h ^ h >> 13) * 0xC2B2AE35 & MASK_32
    return h ^ h >> 16


# RFC 7693: fractional parts of the square roots of the first eight primes, and the order of the words
IV = (
    0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
    0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179,
)  # fmt: skip
SIGMA = (
    "0123456789abcdef", "ea489fd61c02b753", "b8c052fdae367194", "7931dcbe265a40f8",
    "905724afe1bc683d", "2c6a0b834d75fe19", "c51fed4a0763928b", "db7ec13950f4862a",
    "6fe9b308c2d714a5", "a2847615fb9e3cd0",
)  # fmt: skip
LANES = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
         (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))  # fmt: skip


def blake2b_64(data: bytes) -> int:
    """BLAKE2b with a digest of 8 bytes and no key, as RFC 7693 describes it; the digest read big-endian."""
    h = [IV[0] ^ 0x01010000 ^ 8, *IV[1:]]
    blocks = [data[start : start + 128] for start in range(0, len(data), 128)] or [b""]
    for number, block in enumerate(blocks, 1):
        last = number == len(blocks)
        _compress(h, block.ljust(128, b"\0"), len(data) if last else 128 * number, last)
    return int.from_bytes(h[0].to_bytes(8, "little"), "big")


def _compress(h: list[int], block: bytes, so_far: int, last: bool) -> None:
    words = [int.from_bytes(block[start : start + 8], "little") for start in range(0, 128, 8)]
    v = [*h, *IV]
    v[12] ^= so_far & MASK_64
    v[14] ^= MASK_64 if last else 0
    for turn in range(12):
        order = [words[int(place, 16)] for place in SIGMA[turn % 10]]
        for (a, b, c, d), x, y in zip(LANES, order[::2], order[1::2], strict=True):
            for word, far, near in ((x, 32, 24), (y, 16, 63)):
                v[a] = v[a] + v[b] + word & MASK_64
                v[d] = _turned(v[d] ^ v[a], far)
                v[c] = v[c] + v[d] & MASK_64
                v[b] = _turned(v[b] ^ v[c], near)
    for place in range(8):
        h[place] ^= v[place] ^ v[place + 8]


def _turned(word: int, by: int) -> int:
    return (word >> by | word << 64 - by) & MASK_64
