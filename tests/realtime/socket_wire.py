"""Socket.IO 5 as its specification has it, byte by byte: socket_wire.py REALTIME-ECHO"""
import json
import sys
import time
import unittest

from wire import Closed, Polling, Server, WebSocket

server = None


def setUpModule():
    global server
    server = Server(binary, "--recovery" if recovering else "--threads=2")


def tearDownModule():
    assert server.stop() == 0


def event(text, prefix="42"):
    """Name and arguments of an event without its offset."""
    assert text.startswith(prefix), text
    return json.loads(text[len(prefix):])


class Connect(unittest.TestCase):
    def test_namespaces_let_clients_in(self):
        for space, prefix in [("/", ""), ("/custom", "/custom,")]:
            for payload in [None, {"token": "123"}, {"deep": {"\u20ac": [1, None, "\"\\"]}}]:
                with self.subTest(space=space, payload=payload):
                    s = WebSocket.connected(server.port, space, payload)
                    self.assertEqual(set(s.hello), {"sid"})
                    self.assertEqual(event(s.auth, "42" + prefix), ["auth", payload or {}])
                    self.assertNotEqual(s.hello["sid"], s.open["sid"])

    def test_a_namespace_may_be_named_without_comma(self):
        s = WebSocket.opened(server.port, "socket.io")
        s.send("40/custom")
        self.assertTrue(s.receive().startswith('40/custom,{"sid":'))
        self.assertEqual(s.receive(), '42/custom,["auth",{}]')

    def test_others_do_not_exist(self):
        s = WebSocket.opened(server.port, "socket.io")
        s.send("40/random")
        self.assertEqual(s.receive(), '44/random,{"message":"Invalid namespace"}')
        s.send("40")
        self.assertTrue(s.receive().startswith("40{"))

    def test_the_refused_are_told_why(self):
        s = WebSocket.opened(server.port, "socket.io")
        for _ in range(2):  # and may try again
            s.send('40/refused,{"token":"no"}')
            answer = s.receive()
            self.assertTrue(answer.startswith("44/refused,"))
            self.assertEqual(json.loads(answer[11:]), {
                "message": "Not authorized", "data": {"code": "E_AUTH", "echo": {"token": "no"}}})
        s.send('42/refused,["message"]', '40')
        self.assertTrue(s.receive().startswith("40{"))

    def test_several_at_once_are_apart(self):
        s = WebSocket.connected(server.port)
        s.send("40/custom,", '42/custom,["message",1]', '42["message",2]')
        got = [s.receive() for _ in range(4)]
        self.assertEqual(got[2:], ['42/custom,["message-back",1]', '42["message-back",2]'])

    def test_whoever_joins_nothing_is_closed(self):
        began = time.monotonic()
        s = WebSocket.opened(server.port, "socket.io")
        try:
            while True:
                s.receive()
        except Closed as why:
            self.assertEqual(why.code, 1008)
        self.assertGreater(time.monotonic() - began, 0.9)

    def test_works_over_polling(self):
        s = Polling(server.port, "socket.io")
        s.post('40{"a":1}')
        hello, auth = s.get().text.split("\x1e")
        self.assertTrue(hello.startswith('40{"sid":'))
        self.assertEqual(auth, '42["auth",{"a":1}]')
        s.post('451-7["message-with-ack",{"_placeholder":true,"num":0}]\x1ebAQID')
        self.assertEqual(s.get().text, '461-7[{"_placeholder":true,"num":0}]\x1ebAQID')


class Malformed(unittest.TestCase):
    def test_before_a_namespace_everything_else_is_wrong(self):
        for bad in ["4abc", "4", '42["message"]', "41", '43[1]', b"\x01", '44{"message":"x"}']:
            with self.subTest(bad=bad):
                s = WebSocket.opened(server.port, "socket.io")
                s.send(bad)
                self.assertEqual(s.closes().code, 1002)

    def test_in_a_namespace_too(self):
        for bad in [["4abc"], ["47"], ["40"], ["42"], ["42{}"], ["42[]"], ['42["a"'], ["42[{}]"],
                    ['42["disconnect"]'], ["43[]"], ["431{}"], ['41{}'], ['40"text"'], ["45[]"],
                    ['450-["a"]'], ['451-["a",{"_placeholder":true,"num":1}]'],
                    ['4511-["a"]'], ['451-["a",{"_placeholder":true,"num":0}]', '42["message"]'],
                    [b"\x01"], ['42/other,["message"]'],
                    ['42["a",' + "[" * 200 + "]" * 200 + "]"]]:
            with self.subTest(bad=bad):
                s = WebSocket.connected(server.port)
                s.send(*bad)
                self.assertEqual(s.closes().code, 1002)


class Events(unittest.TestCase):
    def setUp(self):
        self.s = WebSocket.connected(server.port)

    def test_arguments_come_back_as_they_went(self):
        for args in [[], [1, "2", {"3": [True]}], [None], ["\u20ac\U0001f600"], [[[]], {}], ["x" * 50_000]]:
            sent = json.dumps(["message", *args], ensure_ascii=False, separators=(",", ":"))
            self.s.send("42" + sent)
            self.assertEqual(event(self.s.receive()), ["message-back", *args])

    def test_attachments_travel_along(self):
        places = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}'
        self.s.send(f'452-["message",{places}]', b"\x01\x02\x03", b"\x04\x05\x06")
        self.assertEqual(self.s.receive(), f'452-["message-back",{places}]')
        self.assertEqual([self.s.receive(), self.s.receive()], [b"\x01\x02\x03", b"\x04\x05\x06"])

    def test_acknowledgements_carry_both(self):
        self.s.send('42456["message-with-ack",1,"2",{"3":[false]}]')
        self.assertEqual(self.s.receive(), '43456[1,"2",{"3":[false]}]')
        self.s.send('420["message-with-ack"]')
        self.assertEqual(self.s.receive(), "430[]")
        self.s.send('451-789["message-with-ack",{"x":{"_placeholder":true,"num":0}}]', b"\x00\xff")
        self.assertEqual(self.s.receive(), '461-789[{"x":{"_placeholder":true,"num":0}}]')
        self.assertEqual(self.s.receive(), b"\x00\xff")

    def test_the_server_asks_and_hears(self):
        self.s.send('42["request-ack","a",1]')
        asked = self.s.receive()
        self.assertRegex(asked, r'^42\d+\["server-ask","a",1\]$')
        number = asked[2:asked.index("[")]
        self.s.send(f'461-{number}["answer",{{"_placeholder":true,"num":0}}]', b"\x07")
        self.assertEqual(self.s.receive(),
                         '451-["server-ask-done","answer",{"_placeholder":true,"num":0}]')
        self.assertEqual(self.s.receive(), b"\x07")
        self.s.send(f'43{number}["again"]', '4399999["to nothing"]', '42["message"]')
        self.assertEqual(self.s.receive(), '42["message-back"]')

    def test_nobody_answers_what_nobody_knows(self):
        self.s.send('421["unknown",1]', '42[5,1]', '42["message"]')
        self.assertEqual(self.s.receive(), '42["message-back"]')

    def test_a_thousand_keep_their_order(self):
        self.s.send(*[f'42{i}["message-with-ack",{i}]' for i in range(1_000)])
        self.assertEqual([self.s.receive() for _ in range(1_000)], [f"43{i}[{i}]" for i in range(1_000)])


class Rooms(unittest.TestCase):
    def test_reach_their_members_alone(self):
        room = f"room {time.monotonic()}"
        a, b, c = (WebSocket.connected(server.port) for _ in range(3))
        other = WebSocket.connected(server.port, "/custom")
        for s, prefix in [(a, ""), (b, ""), (other, "/custom,")]:
            s.send(f'42{prefix}1["join","{room}"]')
            self.assertEqual(s.receive(), f"43{prefix}1[]")
        send = f'451-["to-room","{room}",7,{{"_placeholder":true,"num":0}}]'
        c.send(send, b"\x09")
        for s in (a, b):
            self.assertEqual(s.receive(), '451-["room-event",7,{"_placeholder":true,"num":0}]')
            self.assertEqual(s.receive(), b"\x09")
        b.send(f'422["leave","{room}"]')
        self.assertEqual(b.receive(), "432[]")
        c.send(f'42["to-room","{room}","second"]')
        self.assertEqual(a.receive(), '42["room-event","second"]')
        for s, prefix in [(b, ""), (c, ""), (other, "/custom,")]:
            s.send(f'42{prefix}["message","nothing came before"]')
            self.assertEqual(s.receive(), f'42{prefix}["message-back","nothing came before"]')


class Ends(unittest.TestCase):
    def test_a_client_leaves_one_namespace(self):
        s = WebSocket.connected(server.port)
        s.send("40/custom,")
        s.receive(), s.receive()
        s.send("41/custom,", '42/custom,["message"]', '42["message","here"]')
        self.assertEqual(s.receive(), '42["message-back","here"]')
        s.send("40/custom,")
        self.assertTrue(s.receive().startswith("40/custom,"))

    def test_the_last_namespace_leaves_the_line_open(self):
        s = WebSocket.connected(server.port)
        s.send("41")
        self.assertEqual(s.receive(pings=True), "2")

    def test_the_server_sends_a_client_out(self):
        s = WebSocket.connected(server.port)
        s.send("40/custom,")
        s.receive(), s.receive()
        s.send('42["kick"]', '42["message","too late"]', '42/custom,["message","here"]')
        self.assertEqual(s.receive(), "41")
        self.assertEqual(s.receive(), '42/custom,["message-back","here"]')

    def test_the_server_closes_and_drops(self):
        s = WebSocket.connected(server.port)
        s.send('42["message","first"]', '42["close-me"]')
        self.assertEqual(s.receive(), '42["message-back","first"]')
        self.assertEqual(s.closes().code, 1000)
        s = WebSocket.connected(server.port)
        s.send('42["drop-me"]')
        self.assertIsNone(s.closes().code)

    def test_over_polling_the_end_waits_for_a_get(self):
        s = Polling(server.port, "socket.io")
        s.post("40")
        s.get()
        s.post('42["message"]\x1e42["close-me"]')
        self.assertEqual(s.get().text, '42["message-back"]\x1e1')
        self.assertEqual(s.get().status, 400)


class Recovery(unittest.TestCase):
    """With --recovery: events have offsets, and a client that was cut off hears what it missed."""

    def connect(self, payload=None):
        s = WebSocket.connected(server.port, payload=payload)
        self.assertEqual(set(s.hello), {"sid", "pid"})
        return s

    def offset(self, text):
        return json.loads(text[text.index("["):])[-1]

    def come_back(self, hello, offset):
        s = WebSocket.opened(server.port, "socket.io")
        payload = {"pid": hello["pid"], "mine": 1}
        if offset is not None:
            payload["offset"] = offset
        s.send("40" + json.dumps(payload))
        s.hello = json.loads(s.receive()[2:])
        return s

    def join(self, s, room):
        s.send(f'429["join","{room}"]')
        self.assertEqual(s.receive(), "439[]")

    def test_what_was_missed_comes_in_order(self):
        room = f"recovery {time.monotonic()}"
        s, other = self.connect(), self.connect()
        self.join(s, room)
        other.send(f'42["to-room","{room}","seen"]')
        seen = s.receive()
        s.send('42["drop-me"]')
        self.assertIsInstance(s.closes(), Closed)
        for i in range(5):
            other.send(f'451-["to-room","{room}",{i},{{"_placeholder":true,"num":0}}]', bytes([i]))
            other.send('42["to-room","another room","no"]')
        other.send('421["message-with-ack"]')
        self.assertEqual(other.receive(), "431[]")
        back = self.come_back(s.hello, self.offset(seen))
        self.assertEqual(back.hello, s.hello)
        for i in range(5):
            self.assertEqual(event(back.receive(), "451-")[:2], ["room-event", i])
            self.assertEqual(back.receive(), bytes([i]))
        self.assertEqual(event(back.receive())[:2], ["auth", {"pid": s.hello["pid"], "mine": 1, "offset": self.offset(seen)}])
        other.send(f'42["to-room","{room}","live"]')
        self.assertEqual(event(back.receive())[:2], ["room-event", "live"])

    def test_one_that_heard_nothing_yet_hears_all(self):
        s = self.connect()
        s.send('42["drop-me"]')
        s.closes()
        back = self.come_back(s.hello, None)
        self.assertEqual(back.hello, s.hello)
        self.assertEqual(event(back.receive())[:2], ["auth", {}])

    def test_a_line_that_only_seems_alive_is_replaced(self):
        s = self.connect()
        back = self.come_back(s.hello, self.offset(s.auth))
        self.assertEqual(back.hello, s.hello)
        self.assertIsInstance(s.closes(), Closed)

    def test_others_begin_anew(self):
        kicked = self.connect()
        kicked.send('42["kick"]')
        self.assertEqual(kicked.receive(), "41")
        left = self.connect()
        left.send("41")
        dropped = self.connect()
        dropped.send('42["drop-me"]')
        dropped.closes()
        strange = self.offset(dropped.auth).split(".")[0] + ".99999999"
        for hello, offset in [(kicked.hello, self.offset(kicked.auth)), (left.hello, self.offset(left.auth)),
                              (dropped.hello, strange), ({"pid": "unknown"}, None),
                              (dropped.hello, self.offset(dropped.auth))]:  # the first try took it
            back = self.come_back(hello, offset)
            self.assertNotEqual(back.hello.get("pid"), hello["pid"])
            self.assertNotEqual(back.hello["sid"], hello.get("sid"))

    def test_acknowledgements_have_no_offset(self):
        s = self.connect()
        s.send('421["message-with-ack","a"]')
        self.assertEqual(s.receive(), '431["a"]')


if __name__ == "__main__":
    binary = sys.argv.pop(1)
    recovering = len(sys.argv) > 1 and sys.argv[1] == "Recovery"
    cases = [Recovery] if recovering else [Connect, Malformed, Events, Rooms, Ends]
    sys.argv[1:] = [c.__name__ for c in cases] + [a for a in sys.argv[1:] if a.startswith("-")]
    unittest.main(warnings="ignore")
