"""Records one after the other in a file that is only appended to; a write that was cut short is recognised.

Each record stands behind its length and a checksum of both, so that neither zeros nor old bytes look like one.
"""

import struct
import zlib

MAGIC = b"Concord journal\n"
_HEAD = struct.Struct(">II")  # length of the record, CRC-32 of that length and the record


def framed(payload: bytes) -> bytes:
    """A record as it stands in the file."""
    return _HEAD.pack(len(payload), _checksum(payload)) + payload


def read_frames(data: bytes) -> list[tuple[bytes, int]]:
    """The records that are whole, each with the offset at which it ends; nothing where the file is no journal."""
    found: list[tuple[bytes, int]] = []
    end = len(MAGIC) if data.startswith(MAGIC) else len(data)
    while end + _HEAD.size <= len(data):
        length, checksum = _HEAD.unpack_from(data, end)
        start = end + _HEAD.size
        payload = data[start : start + length]
        if len(payload) < length or _checksum(payload) != checksum:
            break
        end = start + length
        found.append((payload, end))
    return found


def _checksum(payload: bytes) -> int:
    return zlib.crc32(payload, zlib.crc32(struct.pack(">I", len(payload))))
