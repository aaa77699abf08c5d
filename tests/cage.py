"""A network of its own for a program that listens to everybody: `python cage.py FOLDER OUT IN COMMAND…`.

Run by `unshare --net`, where there is nothing but an empty loopback. What comes to the socket
FOLDER/out goes to port OUT here inside; what is sent here to port IN leaves by FOLDER/in. The
program ends with whoever holds our standard input.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import socket
import struct
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

Opened = tuple[asyncio.StreamReader, asyncio.StreamWriter]
HOST = "127.0.0.1"
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1  # SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP


def loopback_up() -> None:
    with socket.socket() as any_socket:
        asked = struct.pack("16sh22x", b"lo", 0)
        _, flags = struct.unpack("16sh22x", fcntl.ioctl(any_socket, _GET_FLAGS, asked))
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh22x", b"lo", flags | _UP))


def forward(
    connect: Callable[[], Awaitable[Opened]],
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """A server's answer to a connection: make another one, and join the two."""

    held: set[object] = set()  # the loop itself forgets who waits for words that never come

    async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.add(task := asyncio.current_task())
        try:
            await _join(connect, reader, writer)
        finally:
            held.discard(task)

    return joined


async def _join(
    connect: Callable[[], Awaitable[Opened]],
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    with contextlib.closing(writer), contextlib.suppress(OSError):
        there, to = await connect()
        with contextlib.closing(to):
            await asyncio.gather(_pour(reader, to), _pour(there, writer))


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except OSError:  # one side has hung up, so the other need not wait
        writer.close()


async def main(folder: Path, out: int, in_: int, command: list[str]) -> None:
    loopback_up()
    leaving, coming = folder / "in", folder / "out"
    await asyncio.start_server(forward(lambda: asyncio.open_unix_connection(leaving)), HOST, in_)
    program = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=sys.stderr
    )
    await asyncio.start_unix_server(forward(lambda: asyncio.open_connection(HOST, out)), coming)
    ended = asyncio.create_task(program.wait())
    left = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    try:
        await asyncio.wait((ended, left), return_when=asyncio.FIRST_COMPLETED)
    finally:
        with contextlib.suppress(ProcessLookupError):
            program.kill()
        await ended


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))
