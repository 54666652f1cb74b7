"""Run by ``benchmarks.movies`` as a process of its own: the most memory that the lists of all films take."""

from __future__ import annotations

import sys
from pathlib import Path

from scipy import sparse

from recsys_core.movies.text_index import InvertedIndex, warm_up


def most_megabytes() -> float:
    """The greatest resident size of this process so far; Linux only."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def main() -> None:
    """Print the greatest size before and after."""
    path, k, threads = sys.argv[1:]
    matrix = sparse.load_npz(path)
    warm_up()
    before = most_megabytes()
    InvertedIndex(matrix).nearest_to_all(int(k), threads=int(threads))
    print(f"{before:.0f} {most_megabytes():.0f}")


if __name__ == "__main__":
    main()
