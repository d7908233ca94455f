#!/usr/bin/env python3
"""A way to a server that can be cut: what is on it is lost in silence, and nobody is told that it is closed.

Where this machine allows it the way leads over a cable of its own (a pair of virtual network devices, the far end
in a network namespace), whose far end is pulled: the kernel's TCP does all the rest. Elsewhere the relay itself
stops forwarding, in both directions, without closing anything.

run as a program it is the relay: network.py HOST PORT cable|relay
"""

import asyncio
import ctypes
import os
import subprocess
import sys
import threading

NEW_NETWORK = 0x40000000  # CLONE_NEWNET


def ip(*words, **options):
    done = subprocess.run(["ip", *words], capture_output=True, text=True, **options)
    if done.returncode:
        raise OSError(f"ip {' '.join(words)}: {done.stderr.strip()}")


class Way:
    """To HOST:PORT; `address` is what to connect to instead. The relay ends with this process."""

    def __init__(self, host, port, number):
        self.why_no_cable = ""
        try:
            self.begin(host, port, "cable", number)
        except OSError as e:
            self.why_no_cable = str(e)
            self.begin(host, port, "relay", number)

    def begin(self, host, port, how, number):
        self.relay = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", sys.executable, "-B", os.path.abspath(__file__), host, str(port), how],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            self.hear("ready")
            if how == "cable":
                self.lay(number)
            self.address = self.hear("listening")
        except OSError:
            self.close()
            raise

    def lay(self, number):
        near, far = f"oficio{os.getpid()}n{number}"[-15:], f"oficio{os.getpid()}f{number}"[-15:]
        block = f"198.18.{os.getpid() % 256}"  # for trials of networks: it leads nowhere
        ip("link", "add", near, "type", "veth", "peer", "name", far)
        ip("link", "set", far, "netns", str(self.relay.pid))
        ip("address", "add", f"{block}.{4 * number + 1}/30", "dev", near)
        ip("link", "set", near, "up")
        self.tell(f"{far} {block}.{4 * number + 2}")

    def tell(self, line):
        self.relay.stdin.write(line + "\n")
        self.relay.stdin.flush()

    def hear(self, word):
        told = self.relay.stdout.readline().strip()
        if not told.startswith(word):
            raise OSError(told or "the relay ended")
        return told[len(word) + 1:]

    def cut(self):
        self.tell("cut")
        self.hear("done")

    def mend(self):
        self.tell("mend")
        self.hear("done")

    def close(self):
        self.relay.kill()
        self.relay.wait()
        self.relay.stdin.close()
        self.relay.stdout.close()


# --- the relay ---


class Cable:
    """The far end: in a network namespace of its own, where only the listening socket is."""

    def __init__(self):
        self.outside = os.open("/proc/self/ns/net", os.O_RDONLY)
        self.call("unshare", NEW_NETWORK)
        self.inside = os.open("/proc/self/ns/net", os.O_RDONLY)

    @staticmethod
    def call(name, *arguments):
        libc = ctypes.CDLL(None, use_errno=True)
        if getattr(libc, name)(*arguments):
            error = ctypes.get_errno()
            raise OSError(error, f"{name}: {os.strerror(error)}")

    def address(self):
        self.device, address = input().split()
        ip("address", "add", f"{address}/30", "dev", self.device)
        ip("link", "set", self.device, "up")
        return address

    def leave(self):
        """Connections to the server are made outside."""
        self.call("setns", self.outside, NEW_NETWORK)

    def set(self, joined):
        ip("link", "set", self.device, "up" if joined else "down",
           preexec_fn=lambda: self.call("setns", self.inside, NEW_NETWORK))


class Valve:
    """Where there is no cable."""

    def __init__(self):
        self.open = asyncio.Event()
        self.open.set()

    def address(self):
        return "127.0.0.1"

    def leave(self):
        pass

    def set(self, joined):
        self.open.set() if joined else self.open.clear()


async def pump(source, target, passing):
    try:
        while data := await source.read(65536):
            await passing()
            target.write(data)
            await target.drain()
    except OSError:
        pass  # one side ended
    finally:
        await passing()
        target.close()


async def relay(host, port, how):
    end = Cable() if how == "cable" else Valve()
    print("ready", flush=True)
    here = end.address()

    async def passing():
        if how != "cable":
            await end.open.wait()

    async def serve(reader, writer):
        await passing()
        try:
            from_server, to_server = await asyncio.open_connection(host, port)
        except OSError:
            writer.transport.abort()  # nobody listens there
            return
        await asyncio.gather(pump(reader, to_server, passing), pump(from_server, writer, passing))

    server = await asyncio.start_server(serve, here, 0)
    end.leave()
    print(f"listening {here}:{server.sockets[0].getsockname()[1]}", flush=True)
    loop = asyncio.get_running_loop()
    commands = asyncio.Queue()

    def listen():
        for line in sys.stdin:
            loop.call_soon_threadsafe(commands.put_nowait, line.strip())
        os._exit(0)
    threading.Thread(target=listen, daemon=True).start()
    while True:
        end.set(await commands.get() == "mend")
        print("done", flush=True)


if __name__ == "__main__":
    try:
        asyncio.run(relay(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
    except OSError as e:
        print(f"failed: {e}", flush=True)
        sys.exit(1)
