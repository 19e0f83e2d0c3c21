"""A receiver of 10 kB/s beside a fast one: it costs the others nothing, its memory is bounded, it ends up right."""

import socket
import struct
import threading
import time

from net import Ravelind, wait
from raw import CONF, GOOD, UPDATE, Speaker, attr, update
from report import check

PREFIXES = 5000
BLOCK = 25  # prefixes to a message
ROUNDS = 25  # of 3 kB of communities a message: 15 MB for each receiver


def flood(turn):
    """All prefixes, with attributes that say which round it is."""
    marks = attr(0xD0, 8, struct.pack("!HH", 65003, turn) * 750)
    for first in range(0, PREFIXES, BLOCK):
        yield update(GOOD + marks, b"".join(struct.pack("!BBBB", 24, 100, i >> 8, i & 255)
                                            for i in range(first, first + BLOCK)))


class Receiver(threading.Thread):
    """Reads for ever; holds[prefix] is the round it was last told."""

    def __init__(self, local, asn, pace):
        super().__init__(daemon=True)
        self.peer = Speaker(local)
        if pace:
            self.peer.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.pace = pace  # octets a second, None: as fast as can be
        self.holds = {}
        self.octets = 0
        self.up = self.peer.session(asn=asn)

    def run(self):
        have = b""
        self.peer.s.settimeout(60)
        while True:
            pace = self.pace
            got = self.peer.s.recv(pace // 10 if pace else 1 << 18)
            if not got:
                return
            self.octets += len(got)
            have += got
            at = 0
            while len(have) - at >= 19 and len(have) - at >= (n := struct.unpack_from("!H", have, at + 16)[0]):
                if have[at + 18] == UPDATE:
                    self.note(have[at + 19:at + n])
                at += n
            have = have[at:]
            if pace:
                time.sleep(0.1)

    def note(self, body):
        """Of an UPDATE: its round, its prefixes, all of them /24."""
        attrs = struct.unpack_from("!H", body, 2)[0]
        mark = body.find(struct.pack("!H", 65003), 4)
        while mark >= 0 and body[mark:mark + 2] != body[mark + 4:mark + 6]:
            mark = body.find(struct.pack("!H", 65003), mark + 1)  # the AS_PATH has this number as well
        turn = struct.unpack_from("!H", body, mark + 2)[0]
        for at in range(4 + attrs, len(body), 4):
            self.holds[body[at + 1:at + 4]] = turn

    def is_right(self, turn):
        return len(self.holds) == PREFIXES and all(t == turn for t in list(self.holds.values()))


def peak_kib(r):
    """Of the process that talks BGP."""
    with open(f"/proc/{r.children()[0]}/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmHWM"))


def trickle():
    """10 kB/s, while everything changes 25 times and a fast receiver follows."""
    r = Ravelind(CONF)
    slow, fast, feed = Receiver("10.0.0.4", 65004, 10000), Receiver("10.0.0.5", 65005, None), Speaker()
    check("sessions", slow.up and fast.up and feed.session())
    slow.start()
    fast.start()
    for m in flood(0):
        feed.send(m)
    check("the fast one has the first round", wait(lambda: fast.is_right(0), 20), len(fast.holds))
    before = peak_kib(r)
    for turn in range(1, ROUNDS):
        for m in flood(turn):
            feed.send(m)
    check("the fast one has the last", wait(lambda: fast.is_right(ROUNDS - 1), 20), len(fast.holds))
    check("the slow one was slow", slow.octets < 300000, slow.octets)
    check("its session lives", r.state("mute") == "Established" and r.peer("mute")["counters"]["established"] == 1)
    grown = peak_kib(r) - before
    check("it costs little memory", grown < 4096, f"{grown} KiB")
    slow.pace = None
    check("it is told what is, not all that was", wait(lambda: slow.is_right(ROUNDS - 1), 30), len(slow.holds))
    check("in its first session", r.peer("mute")["counters"]["established"] == 1)
    check("and with less to read", slow.octets < fast.octets, f"{slow.octets} of {fast.octets}")
    r.stop()


SCENARIOS = [trickle]
