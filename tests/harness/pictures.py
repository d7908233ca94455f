"""Pictures and forms that tests send."""

import os
import struct
import zlib


def png(width, height, seed=1):
    """A PNG of that size, with something to see in it."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            rows += bytes(((x * seed) & 255, (y * 3) & 255, (x ^ y) & 255))
    return png_of(width, height, zlib.compress(bytes(rows), 1))


def png_bomb(width, height):
    """A few bytes that say they are that large."""
    return png_of(width, height, zlib.compress(b"\0" * 100))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def telling(png_bytes, words):
    """The PNG with these words beside its pixels, as a camera or an editor leaves them, and behind its end."""
    header = png_bytes[:33]
    return header + chunk(b"eXIf", b"MM\0*" + words) + chunk(b"tEXt", b"Comment\0" + words) + png_bytes[33:] + words


def png_of(width, height, packed):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def form(data, name="a.png", field="file"):
    """The body of a form with one file, and its Content-Type."""
    boundary = os.urandom(16).hex()
    head = (f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n")
    body = head.encode() + data + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def upload(person, purpose, data, name="a.png", status=201, code=None):
    body, kind = form(data, name)
    return person.expect(status, "POST", f"/files?for={purpose}", body, {"Content-Type": kind}, code)
