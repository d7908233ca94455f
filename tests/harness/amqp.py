"""As much of AMQP 0-9-1 as tests need: one connection to RabbitMQ, one channel, one call after the other."""

import socket
import struct
from urllib.parse import unquote, urlsplit

METHOD, HEADER, BODY, HEARTBEAT = 1, 2, 3, 8


class Refused(Exception):
    """The server closed the channel or the connection; says why."""


class Connection:
    """To amqp://USER:PASSWORD@HOST:PORT/VHOST. Raises OSError, EOFError or Refused."""

    def __init__(self, url, timeout=10.0):
        at = urlsplit(url)
        self.socket = socket.create_connection((at.hostname, at.port or 5672), timeout)
        self.answers = self.socket.makefile("rb")
        try:
            self.log_in(unquote(at.username), unquote(at.password), unquote(at.path[1:]) or "/")
        except BaseException:
            self.close()
            raise

    def log_in(self, user, password, vhost):
        self.socket.sendall(b"AMQP\0\0\x09\x01")
        self.expect(10, 10)  # start
        self.call((10, 11), table({}) + short("PLAIN") + long_text(f"\0{user}\0{password}") + short("en_US"), (10, 30))
        self.send(10, 31, struct.pack(">HIH", 1, 131072, 0), channel=0)  # tune-ok: no heartbeats
        self.call((10, 40), short(vhost) + b"\0\0", (10, 41))  # open
        self.channel = 1
        self.call((20, 10), short(""), (20, 11))

    channel = 0

    def close(self):
        self.answers.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- what tests do ---

    def declare_queue(self, name):
        """A durable queue."""
        self.call((50, 10), b"\0\0" + short(name) + b"\x02" + table({}), (50, 11))

    def bind(self, queue, exchange, pattern):
        self.call((50, 20), b"\0\0" + short(queue) + short(exchange) + short(pattern) + b"\0" + table({}), (50, 21))

    def publish(self, queue, body, message_id, headers, exchange=""):
        """A lasting message for that queue, or for those that the exchange finds by that key; returns when the
        server has it. Raises Refused if it does not take it: a queue is full."""
        self.call((85, 10), b"\0", (85, 11))  # confirms
        self.send(60, 40, b"\0\0" + short(exchange) + short(queue) + b"\0")
        # content-type, headers, delivery-mode, message-id
        properties = (struct.pack(">H", 0x8000 | 0x2000 | 0x1000 | 0x0080) + short("application/json") +
                      table(headers) + b"\x02" + short(message_id))
        self.frame(HEADER, struct.pack(">HHQ", 60, 0, len(body)) + properties)
        self.frame(BODY, body)
        if self.expect((60, 80), (60, 120))[0] == (60, 120):
            raise Refused(f"the server did not take a message for {queue}")

    def count(self, queue):
        """How many messages wait in the queue, without those that somebody has in hand."""
        _, told = self.call((50, 10), b"\0\0" + short(queue) + b"\x01" + table({}), (50, 11))
        return struct.unpack_from(">I", told, 1 + told[0])[0]

    def purge(self, queue):
        self.call((50, 30), b"\0\0" + short(queue) + b"\0", (50, 31))

    def delete_queue(self, queue):
        self.call((50, 40), b"\0\0" + short(queue) + b"\0", (50, 41))

    def get_all(self, queue, keep=True):
        """The bodies of all messages of the queue, which stay there when this is closed, unless told otherwise."""
        bodies = []
        while True:
            self.send(60, 70, b"\0\0" + short(queue) + (b"\0" if keep else b"\1"))
            if self.expect((60, 71), (60, 72))[0] == (60, 72):  # get-empty
                return bodies
            bodies.append(self.content())

    # --- how it is said ---

    def call(self, method, arguments, answer):
        self.send(*method, arguments)
        return self.expect(answer)

    def send(self, kind, number, arguments, channel=None):
        self.frame(METHOD, struct.pack(">HH", kind, number) + arguments, channel)

    def frame(self, kind, payload, channel=None):
        channel = self.channel if channel is None else channel
        self.socket.sendall(struct.pack(">BHI", kind, channel, len(payload)) + payload + b"\xce")

    def next(self):
        kind, _, size = struct.unpack(">BHI", self.read(7))
        payload = self.read(size + 1)[:-1]
        return self.next() if kind == HEARTBEAT else payload

    def read(self, size):
        got = self.answers.read(size)
        if len(got) < size:
            raise EOFError("the server closed the connection")
        return got

    def expect(self, *methods):
        methods = [methods] if isinstance(methods[0], int) else methods
        payload = self.next()
        method = struct.unpack(">HH", payload[:4])
        if method in ((10, 50), (20, 40)):
            size = payload[6]
            raise Refused(payload[7:7 + size].decode())
        if method not in methods:
            raise Refused(f"expected one of {methods}, got {method}")
        return method, payload[4:]

    def content(self):
        size = struct.unpack(">Q", self.next()[4:12])[0]
        body = b""
        while len(body) < size:
            body += self.next()
        return body


def short(text):
    return bytes([len(text.encode())]) + text.encode()


def long_text(text):
    return struct.pack(">I", len(text.encode())) + text.encode()


def table(values):
    """Of texts and whole numbers."""
    body = b"".join(short(name) + (b"l" + struct.pack(">q", v) if isinstance(v, int) else b"S" + long_text(v))
                    for name, v in values.items())
    return struct.pack(">I", len(body)) + body
