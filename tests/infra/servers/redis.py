"""Redis with a password; what was acknowledged is in its append-only file."""

import socket

from server import Missing, Server, which


class Redis(Server):
    kind = "redis"

    def find(self):
        self.program = which("redis-server")
        if not self.program:
            raise Missing("redis-server is not installed (Debian: redis-server)")

    def command(self):
        # Over the configuration file rather than the command line, which every account can read.
        settings = self.folder / "redis.conf"
        settings.touch(mode=0o600)
        settings.write_text(f"bind 127.0.0.1\nport {self.port()}\ndir \"{self.data}\"\nrequirepass {self.password}\n"
                            "appendonly yes\nsave \"\"\ndaemonize no\n"
                            f"appendfsync {'always' if self.durable else 'everysec'}\n", encoding="utf-8")
        return [self.program, settings]

    def ready(self):
        with socket.create_connection(("127.0.0.1", self.port()), 2) as connection:
            connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
            got = b""
            while got.count(b"\r\n") < 2:
                more = connection.recv(200)
                if not more:
                    return False
                got += more
            return got == b"+OK\r\n+PONG\r\n"

    def address(self):
        return f"redis://:{self.password}@127.0.0.1:{self.port()}"
