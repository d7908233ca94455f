"""Redis with a password, with and without TLS; what was acknowledged is in its append-only file."""

import socket
from urllib.parse import quote

from server import Missing, Server, which


class Redis(Server):
    kind = "redis"

    def find(self):
        self.program = which("redis-server")
        if not self.program:
            raise Missing("redis-server is not installed (Debian: redis-server)")
        if not which("openssl"):
            raise Missing("openssl, which makes its certificate, is not installed (Debian: openssl)")

    def create(self):
        super().create()
        self.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                  "-days", "3650", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                  "-keyout", self.data / "key.pem", "-out", self.data / "certificate.pem"])

    def command(self):
        # Over the configuration file rather than the command line, which every account can read.
        settings = self.folder / "redis.conf"
        settings.touch(mode=0o600)
        tls = (f"tls-port {self.port('tls')}\ntls-cert-file \"{self.data}/certificate.pem\"\n"
               f"tls-key-file \"{self.data}/key.pem\"\ntls-auth-clients no\n")
        settings.write_text(f"bind 127.0.0.1 127.0.0.2\nport {self.port()}\ndir \"{self.data}\"\nrequirepass {self.password}\n"
                            f"{tls}"
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

    def more(self):
        certificate = quote(str(self.data / "certificate.pem"))
        return {"TLS": f"rediss://:{self.password}@127.0.0.1:{self.port('tls')}?ca={certificate}"}
