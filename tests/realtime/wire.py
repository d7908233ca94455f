"""A client of Engine.IO and Socket.IO that sends exactly what it is told to: HTTP requests, WebSocket
frames. Python's standard library alone."""
import base64
import hashlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import time
import urllib.parse

PATIENCE = 10  # seconds


class Server:
    """realtime-echo, on a free port, with the intervals that make tests short."""

    def __init__(self, binary, *options):
        words = [binary, "--port", "0", "--ping-interval", "300", "--ping-timeout", "200",
                 "--connect-timeout", "1000", *options]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().split()[-1])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def figure(self, name):
        for line in Http(self.port).ask("GET", "/metrics").text.splitlines():
            if line.startswith(name + " "):
                return float(line.split()[-1])
        return None


class Answer:
    def __init__(self, status, fields, body):
        self.status, self.fields, self.body = status, fields, body

    @property
    def text(self):
        return self.body.decode()

    @property
    def code(self):
        return json.loads(self.text)["code"]


class Http:
    """One connection that is kept."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.read = b""

    def send(self, method, target, body=b"", fields=()):
        body = body.encode() if isinstance(body, str) else body
        lines = [f"{method} {target} HTTP/1.1", "Host: localhost", *fields]
        if body or method in ("POST", "PUT"):
            lines.append(f"Content-Length: {len(body)}")
        self.socket.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def more(self):
        part = self.socket.recv(65536)
        if not part:
            raise EOFError("the server closed the connection")
        self.read += part

    def receive(self):
        while b"\r\n\r\n" not in self.read:
            self.more()
        head, self.read = self.read.split(b"\r\n\r\n", 1)
        first, *lines = head.decode().split("\r\n")
        fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        size = int(fields.get("content-length", 0))
        while len(self.read) < size:
            self.more()
        body, self.read = self.read[:size], self.read[size:]
        return Answer(int(first.split()[1]), fields, body)

    def ask(self, *what, **more):
        self.send(*what, **more)
        return self.receive()

    def has_answer(self, within=0.0):
        return bool(self.read) or bool(select.select([self.socket], [], [], within)[0])

    def close(self):
        self.socket.close()


def target(path, **query):
    return f"/{path}/?" + urllib.parse.urlencode({"EIO": 4, **query})


class Polling:
    """A session over long-polling."""

    def __init__(self, port, path="engine.io"):
        self.port, self.path = port, path
        self.gets, self.posts = Http(port), Http(port)
        self.opened = self.gets.ask("GET", target(path, transport="polling"))
        self.open = json.loads(self.opened.text[1:])
        self.at = target(path, transport="polling", sid=self.open["sid"])

    def get(self):
        return self.gets.ask("GET", self.at)

    def post(self, body):
        return self.posts.ask("POST", self.at, body)

    def is_open(self):
        return Http(self.port).ask("POST", self.at, "6").status == 200


TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Closed(Exception):
    """The line is closed, after a close frame with `code` or none."""

    def __init__(self, code=None, reason=""):
        super().__init__(f"closed {code} {reason}")
        self.code, self.reason = code, reason


class WebSocket:
    def __init__(self, port, path="engine.io", fields=(), **query):
        self.http = Http(port)
        key = base64.b64encode(os.urandom(16)).decode()
        self.answer = self.http.ask("GET", target(path, **{"transport": "websocket", **query}), fields=[
            "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}", *fields])
        if self.answer.status != 101:
            return
        proof = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        assert self.answer.fields["sec-websocket-accept"] == base64.b64encode(proof).decode()

    @classmethod
    def opened(cls, port, path="engine.io"):
        made = cls(port, path)
        made.open = json.loads(made.receive()[1:])
        return made

    @classmethod
    def connected(cls, port, space="/", payload=None):
        """In a namespace of Socket.IO, with the answer to CONNECT and the `auth` event read."""
        made = cls.opened(port, "socket.io")
        prefix = "" if space == "/" else space + ","
        made.send(f"40{prefix}" + ("" if payload is None else json.dumps(payload)))
        made.hello = json.loads(made.receive()[2 + len(prefix):])
        made.auth = made.receive()
        return made

    def frame(self, first, payload, mask=b"\x01\x02\x03\x04"):
        size = len(payload)
        head = bytes([first])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 65536:
            head += b"\xfe" + struct.pack(">H", size)
        else:
            head += b"\xff" + struct.pack(">Q", size)
        return head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))

    def send(self, *messages):
        """All in one write; text or bytes."""
        out = b""
        for m in messages:
            out += self.frame(0x81, m.encode()) if isinstance(m, str) else self.frame(0x82, m)
        self.http.socket.sendall(out)

    def raw(self, data):
        self.http.socket.sendall(data)

    def take(self, size):
        while len(self.http.read) < size:
            self.http.more()
        out, self.http.read = self.http.read[:size], self.http.read[size:]
        return out

    def receive_frame(self):
        try:
            first, size = self.take(2)
            assert first & 0x70 == 0 and size & 0x80 == 0, "reserved bits, or a server that masks"
            if size == 126:
                size = struct.unpack(">H", self.take(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self.take(8))[0]
            return first & 15, self.take(size)
        except (EOFError, ConnectionError):
            raise Closed() from None

    def receive(self, pings=False):
        """The next message: text without Engine.IO's pings (which are answered), or bytes."""
        while True:
            kind, payload = self.receive_frame()
            if kind == CLOSE:
                code = struct.unpack(">H", payload[:2])[0] if payload else 1005
                raise Closed(code, payload[2:].decode())
            if kind == TEXT and payload == b"2" and not pings:
                self.send("3")
            elif kind == TEXT:
                return payload.decode()
            elif kind == BINARY:
                return payload

    def closes(self):
        """How the server closes, whatever else comes before."""
        try:
            while True:
                self.receive(pings=True)
        except Closed as why:
            return why

    def close(self):
        self.http.close()


def eventually(holds, what="it"):
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, f"{what} did not happen"
        time.sleep(0.005)
