"""RabbitMQ, with an epmd (Erlang's port directory) of its own, and a virtual host and user `oficio`."""

import subprocess

from server import Missing, Server, which  # first, since it knows where the next is
import amqp


class RabbitMQ(Server):
    kind = "rabbitmq"

    def find(self):
        # Debian's rabbitmq-server in /usr/sbin changes the user and forgets the environment.
        self.program = which("/usr/lib/rabbitmq/bin/rabbitmq-server", "rabbitmq-server")
        self.epmd = which("epmd")
        if not self.program or not self.epmd:
            raise Missing("it is not installed (Debian: rabbitmq-server)")
        self.directory = None

    def environment(self):
        (self.folder / "plugins").write_text("[].\n", encoding="utf-8")
        settings = self.folder / "rabbitmq.conf"
        settings.touch(mode=0o600)
        settings.write_text(f"listeners.tcp.default = 127.0.0.1:{self.port()}\n"
                            f"default_user = oficio\ndefault_pass = {self.password}\ndefault_vhost = oficio\n"
                            "log.console = true\nlog.console.level = warning\nlog.file = false\n", encoding="utf-8")
        # Busy waiting helps a broker that has a machine for itself, and starves its neighbours here.
        quiet = "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}"
        return {"HOME": self.folder, "RABBITMQ_NODENAME": "oficio@localhost", "RABBITMQ_MNESIA_BASE": self.data,
                "RABBITMQ_LOG_BASE": self.folder, "RABBITMQ_DIST_PORT": self.port("distribution"),
                "RABBITMQ_CONFIG_FILE": settings, "RABBITMQ_ENABLED_PLUGINS_FILE": self.folder / "plugins",
                "RABBITMQ_PID_FILE": self.folder / "pid", "ERL_EPMD_PORT": self.port("directory"),
                "ERL_EPMD_ADDRESS": "127.0.0.1", "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": quiet,
                "RABBITMQ_ALLOW_INPUT": "1"}  # the script becomes the broker, and is not its parent

    def command(self):
        return [self.program, "-noinput"]

    def launch(self):
        if self.directory is None or self.directory.poll() is not None:
            self.directory = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--", self.epmd, "-port", str(self.port("directory")),
                 "-address", "127.0.0.1"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True)
        super().launch()

    def kill(self):
        super().kill()
        if self.directory:
            self.directory.kill()
            self.directory.wait()
            self.directory = None

    def ready(self):
        try:
            amqp.Connection(self.address()).close()
            return True
        except amqp.Refused:
            return False

    def address(self):
        return f"amqp://oficio:{self.password}@127.0.0.1:{self.port()}/oficio"
