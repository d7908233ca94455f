"""MySQL, or MariaDB where that is installed instead. The user `oficio` may make databases named oficio_*."""

import socket
import subprocess

from server import Missing, Server, which


class MySQL(Server):
    kind = "mysql"
    account = "mysql"

    def find(self):
        self.program = which("mysqld", "mariadbd")
        if not self.program:
            raise Missing("neither mysqld nor mariadbd is installed (Debian: mariadb-server)")
        self.version = subprocess.run([self.program, "--version"], capture_output=True, text=True).stdout
        self.is_mariadb = "MariaDB" in self.version
        self.client = which("mariadb", "mysql")
        if not self.client:
            raise Missing("its client mysql is not installed (Debian: mariadb-client)")
        if self.is_mariadb and not which("mariadb-install-db"):
            raise Missing("mariadb-install-db is not installed (Debian: mariadb-server)")

    def create(self):
        self.from_template(self.version, self.initialise)

    def initialise(self):
        self.data.mkdir()
        self.own(self.data)
        if self.is_mariadb:
            self.run([which("mariadb-install-db"), "--no-defaults", f"--datadir={self.data}", "--skip-test-db",
                      "--auth-root-authentication-method=normal", *self.sizes()])
        else:
            self.run([self.program, "--no-defaults", "--initialize-insecure", f"--datadir={self.data}", *self.sizes()])

    def sizes(self):
        small = ["--innodb-log-file-size=16M"] if self.is_mariadb else ["--innodb-redo-log-capacity=16M"]
        return small + ["--innodb-buffer-pool-size=64M"]

    def command(self):
        # Executed before the first connection is taken, at each start.
        first = self.folder / "first.sql"
        user = f"oficio@'127.0.0.1' IDENTIFIED BY '{self.password}'"
        first.write_text("CREATE DATABASE IF NOT EXISTS oficio CHARACTER SET utf8mb4;\n"
                         f"CREATE USER IF NOT EXISTS {user};\n"
                         "GRANT ALL ON `oficio`.* TO oficio@'127.0.0.1';\n"
                         "GRANT ALL ON `oficio\\_%`.* TO oficio@'127.0.0.1';\n"
                         f"ALTER USER IF EXISTS root@localhost IDENTIFIED BY '{self.password}';\n", encoding="utf-8")
        self.own(first)
        # 2: written at each commit, on the disk each second: a killed server loses nothing.
        flush = [] if self.durable else ["--innodb-flush-log-at-trx-commit=2"]
        return [self.program, "--no-defaults", f"--datadir={self.data}", "--bind-address=127.0.0.1",
                f"--port={self.port()}", f"--socket={self.folder}/s", f"--pid-file={self.folder}/pid",
                f"--init-file={first}", "--skip-name-resolve", "--skip-log-bin",
                *([] if self.is_mariadb else ["--mysqlx=OFF"]), *self.sizes(), *flush]

    def ready(self):
        socket.create_connection(("127.0.0.1", self.port()), 1).close()
        done = subprocess.run([self.client, "--no-defaults", "--protocol=tcp", "--host=127.0.0.1",
                               f"--port={self.port()}", "--user=oficio", "--connect-timeout=5",
                               "--execute=SELECT 1", "oficio"], env={"MYSQL_PWD": self.password},
                              capture_output=True, timeout=10, check=False)
        return done.returncode == 0

    def address(self):
        return f"mysql://oficio:{self.password}@127.0.0.1:{self.port()}/oficio"
