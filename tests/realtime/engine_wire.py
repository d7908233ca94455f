"""Engine.IO 4 as its specification has it, byte by byte: engine_wire.py REALTIME-ECHO"""
import json
import sys
import threading
import time
import unittest

from wire import Closed, Http, Polling, Server, WebSocket, PING, PONG, eventually, target

server = None


def setUpModule():
    global server
    server = Server(binary)


def tearDownModule():
    assert server.stop() == 0


class Handshake(unittest.TestCase):
    def check(self, opened, upgrades):
        self.assertEqual(set(opened), {"sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"})
        self.assertEqual(opened["upgrades"], upgrades)
        self.assertEqual((opened["pingInterval"], opened["pingTimeout"], opened["maxPayload"]),
                         (300, 200, 1_000_000))

    def test_polling_opens_a_session(self):
        s = Polling(server.port)
        self.assertEqual(s.opened.status, 200)
        self.assertTrue(s.opened.fields["content-type"].startswith("text/plain"))
        self.check(s.open, ["websocket"])
        self.assertNotEqual(s.open["sid"], Polling(server.port).open["sid"])

    def test_websocket_opens_a_session(self):
        self.check(WebSocket.opened(server.port).open, [])

    def test_faults_have_their_codes(self):
        at = "/engine.io/?"
        for method, query, code in [
                ("GET", "EIO=4", 0), ("GET", "EIO=4&transport=abc", 0), ("GET", "", 0),
                ("GET", "EIO=4&transport=polling&sid=none", 1),
                ("POST", "EIO=4&transport=polling&sid=none", 1),
                ("POST", "EIO=4&transport=polling", 2), ("PUT", "EIO=4&transport=polling", 2),
                ("DELETE", "EIO=4&transport=polling", 2), ("PATCH", "EIO=4&transport=polling", 2),
                ("GET", "EIO=4&transport=websocket", 3),
                ("GET", "transport=polling", 5), ("GET", "EIO=abc&transport=polling", 5),
                ("GET", "EIO=3&transport=polling", 5)]:
            with self.subTest(method=method, query=query):
                answer = Http(server.port).ask(method, at + query)
                self.assertEqual((answer.status, answer.code), (400, code))
                self.assertIsInstance(json.loads(answer.text)["message"], str)

    def test_websockets_are_refused_likewise(self):
        for query, code in [({"transport": "abc"}, 0), ({"EIO": "3"}, 5), ({"EIO": "abc"}, 5),
                            ({"sid": "none"}, 1), ({"transport": "polling"}, 3)]:
            with self.subTest(query=query):
                answer = WebSocket(server.port, **query).answer
                self.assertEqual((answer.status, answer.code), (400, code))

    def test_a_websocket_needs_its_key_and_version(self):
        for fields in [["Sec-WebSocket-Version: 12", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="],
                       ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: short"],
                       ["Sec-WebSocket-Version: 13"]]:
            answer = Http(server.port).ask("GET", target("engine.io", transport="websocket"), fields=[
                "Connection: keep-alive, Upgrade", "Upgrade: websocket", *fields])
            self.assertEqual((answer.status, answer.fields["sec-websocket-version"]), (400, "13"))

    def test_pages_of_any_origin_may_ask(self):
        answer = Http(server.port).ask("GET", target("engine.io", transport="polling"),
                                       fields=["Origin: https://example.org"])
        self.assertEqual(answer.fields["access-control-allow-origin"], "*")
        answer = Http(server.port).ask("OPTIONS", target("engine.io", transport="polling"), fields=[
            "Origin: https://example.org", "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: content-type, x-other"])
        self.assertEqual(answer.status, 204)
        self.assertIn("POST", answer.fields["access-control-allow-methods"])
        self.assertEqual(answer.fields["access-control-allow-headers"], "content-type, x-other")
        refused = Http(server.port).ask("GET", "/engine.io/?EIO=4", fields=["Origin: https://a.b"])
        self.assertEqual(refused.fields["access-control-allow-origin"], "*")


class LongPolling(unittest.TestCase):
    def setUp(self):
        self.s = Polling(server.port)

    def test_packets_go_and_come_as_they_are(self):
        for body in ["4hello", "4a\x1e4b\x1e4c", "4hello\x1ebAQIDBA==", "4\u20ac \U0001f600", "4"]:
            answer = self.s.post(body)
            self.assertEqual((answer.status, answer.text), (200, "ok"))
            answer = self.s.get()
            self.assertEqual((answer.status, answer.text), (200, body))
            self.assertTrue(answer.fields["content-type"].startswith("text/plain"))

    def test_a_get_waits_for_what_comes(self):
        self.s.gets.send("GET", self.s.at)
        self.assertFalse(self.s.gets.has_answer(0.05))
        self.s.post("4late")
        self.assertEqual(self.s.gets.receive().text, "4late")

    def test_what_is_no_packet_ends_the_session(self):
        for bad in ["abc", "", "4a\x1e", "7", "b***", "2", "0"]:
            with self.subTest(bad=bad):
                s = Polling(server.port)
                answer = s.post(bad)
                self.assertEqual(answer.status, 400)
                self.assertEqual(s.get().status, 400)

    def test_a_second_get_ends_the_session(self):
        self.s.gets.send("GET", self.s.at)
        self.assertFalse(self.s.gets.has_answer(0.05))
        self.assertEqual(Http(server.port).ask("GET", self.s.at).status, 400)
        answer = self.s.gets.receive()
        self.assertEqual((answer.status, answer.text), (200, "1"))
        self.assertEqual(self.s.get().status, 400)

    def test_a_get_that_is_given_up_ends_the_session(self):
        self.s.gets.send("GET", self.s.at)
        time.sleep(0.02)
        self.s.gets.close()
        eventually(lambda: self.s.post("6").status == 400, "the session's end")

    def test_the_client_ends_it(self):
        self.s.gets.send("GET", self.s.at)
        self.assertFalse(self.s.gets.has_answer(0.05))
        self.assertEqual(self.s.post("1").text, "ok")
        self.assertEqual(self.s.gets.receive().text, "6")
        self.assertEqual(self.s.get().status, 400)

    def test_too_large_a_body_is_refused(self):
        self.assertEqual(self.s.post("4" + "x" * 1_000_000).status, 413)
        self.assertEqual(self.s.post("4" + "x" * 999_999).status, 200)
        self.assertEqual(len(self.s.get().text), 1_000_000)

    def test_other_methods_are_refused(self):
        self.assertEqual(self.s.posts.ask("PUT", self.s.at, "4a").status, 400)
        self.assertTrue(self.s.is_open())

    def test_the_server_asks_whether_it_lives(self):
        for _ in range(3):
            self.assertEqual(self.s.get().text, "2")
            self.assertEqual(self.s.post("3").status, 200)

    def test_it_ends_without_an_answer(self):
        # Until then each GET brings another ping, or waits for it.
        eventually(lambda: self.s.get().status == 400, "the session's end")


class WebSockets(unittest.TestCase):
    def setUp(self):
        self.s = WebSocket.opened(server.port)

    def test_messages_go_and_come_as_they_are(self):
        for message in ["4hello", "4", "4\u20ac \U0001f600", b"\x01\x02\x03\x04", b"", b"\x00" * 70_000,
                        "4" + "x" * 999_999]:
            self.s.send(message)
            self.assertEqual(self.s.receive(), message)

    def test_many_at_once_keep_their_order(self):
        sent = [f"4{i}" if i % 3 else bytes([i % 256]) * 5 for i in range(2_000)]
        self.s.send(*sent)
        self.assertEqual([self.s.receive() for _ in sent], sent)

    def test_parts_are_one_message(self):
        self.s.raw(self.s.frame(0x01, b"4on") + self.s.frame(0x89, b"?") + self.s.frame(0x80, b"e"))
        self.assertEqual(self.s.receive_frame(), (PONG, b"?"))
        self.assertEqual(self.s.receive(), "4one")

    def test_pings_of_its_own_protocol_are_answered(self):
        self.s.raw(self.s.frame(0x80 | PING, b"are you there"))
        self.assertEqual(self.s.receive_frame(), (PONG, b"are you there"))

    def test_bytes_one_by_one_are_understood(self):
        for byte in self.s.frame(0x81, b"4slowly"):
            self.s.raw(bytes([byte]))
        self.assertEqual(self.s.receive(), "4slowly")

    def test_what_is_wrong_closes_it(self):
        frame = self.s.frame
        for bad, code in [(frame(0x81, b"abc"), 1002), (frame(0x81, b""), 1002), (frame(0x81, b"2"), 1002),
                          (frame(0xc1, b"4a"), 1002), (frame(0x83, b"4a"), 1002), (b"\x81\x02" b"4a", 1002),
                          (frame(0x81, b"4\xff"), 1007), (frame(0x80, b"4a"), 1002),
                          (frame(0x82, b"x" * 1_000_001), 1009)]:
            with self.subTest(bad=bad[:8]):
                s = WebSocket.opened(server.port)
                s.raw(bad)
                self.assertEqual(s.closes().code, code)

    def test_the_client_ends_it(self):
        self.s.send("1")
        self.assertEqual(self.s.closes().code, 1000)
        s = WebSocket.opened(server.port)
        s.raw(s.frame(0x88, b"\x03\xe8bye"))
        self.assertEqual(s.closes().code, 1000)

    def test_the_server_asks_whether_it_lives(self):
        for _ in range(3):
            self.assertEqual(self.s.receive(pings=True), "2")
            self.s.send("3")

    def test_it_ends_without_an_answer(self):
        began = time.monotonic()
        self.s.closes()
        self.assertGreater(time.monotonic() - began, 0.3)

    def test_requests_with_its_id_are_refused(self):
        at = target("engine.io", transport="polling", sid=self.s.open["sid"])
        self.assertEqual(Http(server.port).ask("GET", at).code, 3)
        self.assertEqual(Http(server.port).ask("POST", at, "4a").code, 3)
        self.s.send("4still here")
        self.assertEqual(self.s.receive(), "4still here")


class Upgrade(unittest.TestCase):
    def setUp(self):
        self.s = Polling(server.port)

    def probe(self):
        made = WebSocket(server.port, sid=self.s.open["sid"])
        self.assertEqual(made.answer.status, 101)
        made.send("2probe")
        self.assertEqual(made.receive(), "3probe")
        return made

    def test_the_session_goes_on(self):
        w = self.probe()
        self.assertEqual(self.s.get().text, "6")
        w.send("5", "4hello")
        self.assertEqual(w.receive(), "4hello")
        self.assertEqual(self.s.get().code, 3)
        self.assertEqual(self.s.post("4a").code, 3)
        w.send("4still")
        self.assertEqual(w.receive(), "4still")

    def test_a_get_that_waits_is_ended(self):
        self.s.gets.send("GET", self.s.at)
        self.assertFalse(self.s.gets.has_answer(0.03))
        w = self.probe()
        self.assertEqual(self.s.gets.receive().text, "6")
        w.send("5")

    def test_nothing_is_lost_or_repeated(self):
        """Packets before, while and after: each comes back once, in order."""
        for count in range(30):
            s = self.s = Polling(server.port)
            s.post("\x1e".join(f"4{i}" for i in range(5)))
            got = []
            w = self.probe()
            s.post("\x1e".join(f"4{i}" for i in range(5, 10)))
            if count % 2:
                got += s.get().text.split("\x1e")
            w.send("5", *(f"4{i}" for i in range(10, 15)))
            while len([g for g in got if g[0] == "4"]) < 15:
                got.append(w.receive())
            self.assertEqual([g for g in got if g[0] == "4"], [f"4{i}" for i in range(15)])

    def test_one_websocket_at_a_time(self):
        w = self.probe()
        second = WebSocket(server.port, sid=self.s.open["sid"])
        self.assertIsInstance(second.closes(), Closed)
        w.send("5")
        third = WebSocket(server.port, sid=self.s.open["sid"])
        self.assertIsInstance(third.closes(), Closed)
        w.send("4hello")
        self.assertEqual(w.receive(), "4hello")

    def test_a_failed_one_leaves_the_session_as_it_was(self):
        for bad in ["5", "4a", "2", "abc"]:
            w = WebSocket(server.port, sid=self.s.open["sid"])
            w.send(bad)
            self.assertIsInstance(w.closes(), Closed)
        self.probe().close()
        self.s.post("4hello")
        eventually(lambda: self.s.get().text == "4hello", "an answer that is no noop")


class Limits(unittest.TestCase):
    def test_a_slow_reader_is_closed(self):
        small = Server(binary, "--max-queued", "100000", "--ping-interval", "20000")
        try:
            s = WebSocket.opened(small.port)

            def send():
                try:
                    for _ in range(400):
                        s.send("4" + "x" * 100_000)
                except OSError:
                    pass

            sender = threading.Thread(target=send)
            sender.start()
            reason = 'oficio_realtime_sessions_ended_total{reason="slow reader"}'
            eventually(lambda: small.figure(reason), "the end of a slow reader")
            sender.join()
        finally:
            small.stop()

    def test_too_many_events_and_sessions_are_refused(self):
        small = Server(binary, "--events", "20", "--per-address", "3")
        try:
            sessions = [WebSocket.opened(small.port) for _ in range(3)]
            refused = WebSocket(small.port).answer
            self.assertEqual((refused.status, refused.code), (429, 4))
            sessions[0].send(*["4a"] * 40)
            self.assertEqual(sessions[0].closes().code, 1008)
            sessions[0].close()
            eventually(lambda: WebSocket(small.port).answer.status == 101, "a free place")
        finally:
            small.stop()

    def test_an_orderly_stop_tells_everybody(self):
        own = Server(binary)
        w, p = WebSocket.opened(own.port), Polling(own.port)
        p.gets.send("GET", p.at)
        self.assertFalse(p.gets.has_answer(0.05))
        ended = threading.Thread(target=lambda: self.assertEqual(own.stop(), 0))
        ended.start()
        self.assertEqual(w.closes().code, 1001)
        self.assertEqual(p.gets.receive().text, "1")
        ended.join()


if __name__ == "__main__":
    binary = sys.argv.pop(1)
    unittest.main(warnings="ignore")
