"""A process whose children log events as fast as they can and say each number only when it is safe.

It reads lines ``mode folder``, forks a child for each, says ``pid N``, and ``dead`` when the child is gone.
Modes are written, durable and buffered; the last one loses events, on purpose.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from recsys_online.events import Event, EventWriter
from recsys_online.events.group_commit import GroupCommit
from recsys_online.events.record import encode

SEGMENT = 200_000
CLIENTS = 100


def event(number: int) -> Event:
    return Event("next", number, number, 7, 0.5, 0.001, 9, {"PERSONALIZED": "C"}, request=str(number))


def acknowledge(number: int) -> None:
    os.write(1, b"%d\n" % number)


def written(folder: Path) -> None:
    log, number = EventWriter(folder, segment_bytes=SEGMENT), 0
    while log.append(event(number)):
        acknowledge(number)
        number += 1


async def durable(folder: Path) -> None:
    log = EventWriter(folder, segment_bytes=SEGMENT)
    commit = GroupCommit(log.sync)

    async def client(name: int) -> None:
        number = name
        while log.append(event(number)):
            await commit.synced()
            acknowledge(number)
            number += CLIENTS

    await asyncio.gather(*(client(name) for name in range(CLIENTS)))


def buffered(folder: Path) -> None:
    """What logging to a buffered file amounts to: the negative control."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "buffered-000000.open").open("wb") as file:
        number = 0
        while True:
            record = event(number)
            record.w, record.seq = "buffered", number
            file.write(encode(record))
            acknowledge(number)
            number += 1


def child(mode: str, folder: Path) -> None:
    os.write(1, b"pid %d\n" % os.getpid())
    if mode == "durable":
        asyncio.run(durable(folder))
    elif mode == "written":
        written(folder)
    else:
        buffered(folder)


if __name__ == "__main__":
    for line in sys.stdin:
        mode, _, name = line.strip().partition(" ")
        pid = os.fork()
        if pid == 0:
            child(mode, Path(name))
            os._exit(1)
        os.waitpid(pid, 0)
        os.write(1, b"dead\n")
