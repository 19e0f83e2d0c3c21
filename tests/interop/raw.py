"""ravelind and octets that no router sends: RFC 7606, RFC 4271 6, silence, dribbles and strangers."""

import os
import shutil
import socket
import struct
import subprocess
import time

import net
from net import PE, Ravelind, wait
from report import check, skip

CONF = """
router: {name: pe1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}
neighbors:
  - {address: 10.0.0.3, as: 65003, families: [ipv4-unicast, vpnv4], import: accept-all, export: accept-all, name: raw, passive: true}
  - {address: 10.0.0.4, as: 65004, families: [ipv4-unicast], import: accept-all, export: accept-all, name: mute, passive: true}
  - {address: 10.0.0.5, as: 65005, families: [ipv4-unicast], import: accept-all, export: accept-all, name: short, passive: true}
  - {address: 10.0.0.6, as: 65006, families: [ipv4-unicast], import: accept-all, export: accept-all, name: limited, passive: true, max-prefix: 5}
  - {address: 10.0.0.9, as: 65007, families: [ipv4-unicast], import: accept-all, export: accept-all, name: near, passive: true, gtsm: 1}
"""
MARKER = b"\xff" * 16
OPEN, UPDATE, NOTIFICATION, KEEPALIVE, REFRESH = 1, 2, 3, 4, 5


def message(kind, body=b"", length=None, marker=MARKER):
    return marker + struct.pack("!HB", 19 + len(body) if length is None else length, kind) + body


def capabilities(asn):
    caps = b"\x01\x04\x00\x01\x00\x01" + b"\x01\x04\x00\x01\x00\x80" + b"\x02\x00" + b"\x41\x04" + struct.pack("!I", asn)
    return b"\x02" + bytes([len(caps)]) + caps


def open_body(asn, version=4, hold=90, ident="10.0.0.9", options=None):
    options = capabilities(asn) if options is None else options
    return struct.pack("!BHH4sB", version, asn, hold, socket.inet_aton(ident), len(options)) + options


def attr(flags, code, value):
    if flags & 0x10:
        return struct.pack("!BBH", flags, code, len(value)) + value
    return struct.pack("!BBB", flags, code, len(value)) + value


def as_path(*asns):
    return attr(0x40, 2, struct.pack("!BB", 2, len(asns)) + b"".join(struct.pack("!I", a) for a in asns))


ORIGIN = attr(0x40, 1, b"\x00")
NEXT_HOP = attr(0x40, 3, socket.inet_aton("10.0.0.3"))
PATH = as_path(65003)
GOOD = ORIGIN + PATH + NEXT_HOP
NLRI = b"\x18\xcb\x00\x71"  # 203.0.113.0/24


def update(attrs=b"", nlri=b"", withdrawn=b""):
    return message(UPDATE, struct.pack("!H", len(withdrawn)) + withdrawn + struct.pack("!H", len(attrs)) + attrs + nlri)


class Speaker:
    """A peer that says exactly what it is told."""

    def __init__(self, local="10.0.0.3", ttl=64, key=None, rcvbuf=0, patience=5, remote=None):
        self.s = net.peer_socket(local)
        self.s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
        self.s.settimeout(patience)
        if key:
            net.set_md5(self.s, remote or PE, key)
        if rcvbuf:
            self.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
        self.s.connect((remote or PE, 179))
        self.have = b""

    @classmethod
    def of(cls, s):
        """Over a socket that is connected already."""
        it = cls.__new__(cls)
        it.s, it.have = s, b""
        return it

    @classmethod
    def refused(cls, local, **how):
        """Whether there is no connection to be had within a second."""
        try:
            cls(local, patience=1, **how).close()
        except OSError:
            return True
        return False

    def send(self, octets):
        self.s.sendall(octets)

    def read(self, seconds=5):
        """The next message as (type, body); None at the end of the stream; TimeoutError."""
        self.s.settimeout(seconds)
        while len(self.have) < 19 or len(self.have) < struct.unpack("!H", self.have[16:18])[0]:
            got = self.s.recv(4096)
            if not got:
                return None
            self.have += got
        length = struct.unpack("!H", self.have[16:18])[0]
        octets, self.have = self.have[:length], self.have[length:]
        return octets[18], octets[19:]

    def until(self, kind, seconds=5):
        """The body of the next message of a type; None if the stream ends before."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                got = self.read(max(0.05, end - time.monotonic()))
            except (TimeoutError, ConnectionResetError):
                return None
            if got is None or got[0] == kind:
                return got and got[1]
        return None

    def session(self, asn=65003, **how):
        self.send(message(OPEN, open_body(asn, **how)))
        self.until(OPEN)
        self.send(message(KEEPALIVE))
        return self.until(KEEPALIVE) is not None

    def session_or_none(self, asn=65003, **how):
        """Itself, established; None (and closed) if the other side ends it."""
        try:
            if self.session(asn, **how):
                return self
        except OSError:
            pass
        self.s.close()
        return None

    def close(self):
        self.s.close()


def received(r, name="raw"):
    return r.peer(name)["prefixes_received"]


# what, attributes after which the prefix is sent again, prefixes left, counter that moves
UPDATES = [
    ("ORIGIN 7", attr(0x40, 1, b"\x07") + PATH + NEXT_HOP, 0, "treated_as_withdraw"),
    ("ORIGIN of two octets", attr(0x40, 1, b"\x00\x00") + PATH + NEXT_HOP, 0, "treated_as_withdraw"),
    ("ORIGIN optional", attr(0xC0, 1, b"\x00") + PATH + NEXT_HOP, 0, "treated_as_withdraw"),
    ("no ORIGIN", PATH + NEXT_HOP, 0, "treated_as_withdraw"),
    ("no NEXT_HOP", ORIGIN + PATH, 0, "treated_as_withdraw"),
    ("NEXT_HOP of five octets", ORIGIN + PATH + attr(0x40, 3, b"\x0a\0\0\3\0"), 0, "treated_as_withdraw"),
    ("AS_PATH segment overrun", ORIGIN + attr(0x40, 2, b"\x02\x05\0\0\xfd\xeb") + NEXT_HOP, 0, "treated_as_withdraw"),
    ("AS_PATH segment of type 9", ORIGIN + attr(0x40, 2, b"\x09\x01\0\0\xfd\xeb") + NEXT_HOP, 0, "treated_as_withdraw"),
    ("MED of three octets", GOOD + attr(0x80, 4, b"\0\0\1"), 0, "treated_as_withdraw"),
    ("COMMUNITIES of five octets", GOOD + attr(0xC0, 8, b"\0\0\0\1\2"), 0, "treated_as_withdraw"),
    ("EXTENDED COMMUNITIES of seven", GOOD + attr(0xC0, 16, b"\0\2\0\0\0\0\1"), 0, "treated_as_withdraw"),
    ("attribute longer than what is there", GOOD + b"\xc0\x08\x40\0\0", 0, "treated_as_withdraw"),
    ("AGGREGATOR of five octets", GOOD + attr(0xC0, 7, b"\0\0\xfd\xeb\1"), 1, "attributes_discarded"),
    ("ATOMIC_AGGREGATE of one octet", GOOD + attr(0x40, 6, b"\1"), 1, "attributes_discarded"),
]


def rfc7606():
    """Each malformed attribute has its own outcome; the session lives through all of them."""
    r = Ravelind(CONF)
    s = Speaker()
    check("raw session", s.session())
    for what, attrs, left, counter in UPDATES:
        s.send(update(GOOD, NLRI))
        if not check(f"before {what}", wait(lambda: received(r) == 1, 3)):
            break
        before = r.peer("raw")["counters"][counter]
        s.send(update(attrs, NLRI))
        moved = wait(lambda: r.peer("raw")["counters"][counter] == before + 1, 3)
        check(f"{what}: {counter}", moved, r.peer("raw")["counters"])
        check(f"{what}: {left} prefixes left", received(r) == left, received(r))
    check("still the first session", r.peer("raw")["counters"]["established"] == 1 and r.state("raw") == "Established")
    s.send(update(GOOD, NLRI))
    check("and still usable", wait(lambda: received(r) == 1, 3))
    s.close()
    r.stop()


MP_VPN = attr(0x80, 14, b"\0\1\x80\x0c" + b"\0" * 8 + socket.inet_aton("10.0.0.3") + b"\0" +
              b"\x70\0\x05\x01\0\0\xfd\xeb\0\0\0\x21" + b"\xcb\0\x72")

# what, octets said once the session is established, NOTIFICATION that must follow
RESETS = [
    ("marker", message(KEEPALIVE, marker=b"\xff" * 15 + b"\xfe"), (1, 1)),
    ("length 18", message(KEEPALIVE, length=18), (1, 2)),
    ("length 4097", message(UPDATE, length=4097), (1, 2)),
    ("KEEPALIVE with a body", message(KEEPALIVE, b"x"), (1, 2)),
    ("UPDATE too short", message(UPDATE, b"\0\0"), (1, 2)),
    ("type 9", message(9), (1, 3)),
    ("type 0", message(0), (1, 3)),
    ("withdrawn length past the end", message(UPDATE, b"\0\x40\0\0"), (3, 1)),
    ("attribute length past the end", message(UPDATE, b"\0\0\0\x40"), (3, 1)),
    ("prefix of 33 bits", update(GOOD, b"\x21\1\2\3\4\5"), (3, 10)),
    ("prefix cut off", update(GOOD, b"\x18\1\2"), (3, 10)),
    ("MP_REACH_NLRI twice", update(ORIGIN + PATH + MP_VPN + MP_VPN), (3, 1)),
    ("second OPEN", message(OPEN, open_body(65003)), (5, 3)),
]


def resets():
    """What ends a session ends it with the NOTIFICATION that the RFC names, and nothing else does."""
    for what, octets, want in RESETS:
        r = Ravelind(CONF)  # a new one each: after two failures the neighbour is left alone for a while
        s = Speaker()
        check(f"session before {what}", s.session(), r.text())
        s.send(octets)
        got = s.until(NOTIFICATION)
        got = got and (got[0], got[1])
        check(f"{what}: NOTIFICATION {want}", got == want, got)
        check(f"{what}: closed", s.until(NOTIFICATION, 2) is None)
        s.close()
        r.stop()


# what, octets said in place of OPEN, NOTIFICATION that must follow; data that it must carry or None
OPENS = [
    ("version 3", message(OPEN, open_body(65003, version=3)), (2, 1), b"\0\4"),
    ("AS of somebody else", message(OPEN, open_body(65077)), (2, 2), None),
    ("identifier 0", message(OPEN, open_body(65003, ident="0.0.0.0")), (2, 3), None),
    ("hold time 1", message(OPEN, open_body(65003, hold=1)), (2, 6), None),
    ("hold time 2", message(OPEN, open_body(65003, hold=2)), (2, 6), None),
    ("unknown optional parameter", message(OPEN, open_body(65003, options=b"\x09\x01\0")), (2, 4), None),
    ("optional parameter past the end", message(OPEN, open_body(65003, options=b"\x02\x09\x01")), (2, 0), None),
    ("too short", message(OPEN, b"\4\xfd\xeb"), (1, 2), None),
    ("UPDATE first", update(GOOD, NLRI), (5, 1), None),
    ("KEEPALIVE first", message(KEEPALIVE), (5, 1), None),
    ("a line of text", b"GET / HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n", (1, 1), None),
]


def opens():
    """A bad OPEN, or something else in its place."""
    for what, octets, want, data in OPENS:
        r = Ravelind(CONF)
        s = Speaker()
        check(f"{what}: our OPEN comes first", s.until(OPEN) is not None)
        s.send(octets)
        got = s.until(NOTIFICATION)
        check(f"{what}: NOTIFICATION {want}", got and (got[0], got[1]) == want, got)
        check(f"{what}: data", data is None or (got and got[2:] == data), got)
        s.close()
        check(f"{what}: no session", r.peer("raw")["counters"]["established"] == 0)
        r.stop()


def dribble():
    """A whole session one octet at a time."""
    r = Ravelind(CONF)
    s = Speaker()
    s.s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for octet in message(OPEN, open_body(65003)) + message(KEEPALIVE) + update(GOOD, NLRI):
        s.send(bytes([octet]))
    check("one octet at a time", wait(lambda: received(r) == 1, 5), r.text())
    s.close()
    check("the end of the stream ends the session", wait(lambda: r.state("raw") != "Established", 3))
    check("... and takes its routes along", received(r) == 0)
    r.stop()


def silence():
    """A peer that connects and says nothing is cut; one that falls silent runs into its hold timer (4/0)."""
    r = Ravelind(CONF)
    begin = time.monotonic()
    mute = Speaker("10.0.0.4")
    s = Speaker("10.0.0.5")
    check("short session", s.session(asn=65005, hold=3))
    got = s.until(NOTIFICATION, 6)
    check("hold timer: 4/0", got and got[0] == 4, got)
    check("hold timer: after three seconds", 2.5 < time.monotonic() - begin < 5, time.monotonic() - begin)
    s.close()
    check("a second connection of the mute peer is served or refused, not queued", second(r))
    while True:
        try:
            if mute.read(15) is None:
                break
        except (TimeoutError, ConnectionResetError):
            break
    took = time.monotonic() - begin
    check("a mute peer is cut", 5 < took < 14, f"{took:.1f} s")
    check("and its place is free", Speaker("10.0.0.4").session(asn=65004))
    r.stop()


def second(r):
    """Connections past the limit of a neighbour end at once."""
    many = [Speaker("10.0.0.4") for _ in range(3)]
    ended = 0
    for s in many:
        try:
            while s.read(2) is not None:
                pass
            ended += 1
        except ConnectionResetError:
            ended += 1
        except TimeoutError:
            pass
        s.close()
    return ended == 3 and "level=warn" in r.text()


def stranger():
    """An address that is no neighbour gets not one octet."""
    r = Ravelind(CONF)
    s = Speaker("10.0.0.8")
    try:
        got = s.read(3)
    except ConnectionResetError:
        got = None
    except TimeoutError:
        got = "still open"
    check("a stranger is refused", got is None, got)
    check("... and logged", "accept_refused" in r.text() and "10.0.0.8" in r.text())
    s.close()
    r.stop()


def limit():
    """More prefixes than allowed: Cease/1 (RFC 4486 4)."""
    r = Ravelind(CONF)
    s = Speaker("10.0.0.6")
    check("limited session", s.session(asn=65006))
    attrs = ORIGIN + as_path(65006) + attr(0x40, 3, socket.inet_aton("10.0.0.6"))
    s.send(update(attrs, b"".join(bytes([24, 203, 0, i]) for i in range(5))))
    check("up to the limit", wait(lambda: received(r, "limited") == 5, 3))
    s.send(update(attrs, bytes([24, 203, 0, 9])))
    got = s.until(NOTIFICATION)
    check("one more: Cease/1", got and (got[0], got[1]) == (6, 1), got)
    s.close()
    r.stop()


def near():
    """GTSM on a listener that also serves neighbours without: the connection itself is guarded (RFC 5082 3)."""
    r = Ravelind(CONF)
    s = Speaker("10.0.0.9", ttl=255)
    check("TTL 255: session", s.session(asn=65007))
    s.close()
    check("its end is seen", wait(lambda: r.state("near") != "Established", 3))
    s = Speaker("10.0.0.9", ttl=254)  # it says OPEN before anybody can have set a minimum on its connection
    try:
        s.send(message(OPEN, open_body(65007)))
        got = s.read(3)
    except ConnectionError:
        got = None
    check("TTL 254: not one octet", got is None, got)
    check("TTL 254: logged", 'reason="TTL too low"' in r.text())
    check("TTL 254: no session", r.peer("near")["counters"]["established"] == 1)
    s.close()
    s = Speaker("10.0.0.9", ttl=255)
    check("TTL 255 again: our OPEN", s.until(OPEN) is not None)
    before = net.counter("TCPMinTTLDrop")
    s.s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 254)
    s.send(message(OPEN, open_body(65007)))
    check("TTL falls in mid-connection: dropped", wait(lambda: net.counter("TCPMinTTLDrop") > before, 3))
    check("... and not answered", s.until(KEEPALIVE, 0.5) is None)
    s.close()
    r.stop()


def slow_reader():
    """A peer that never reads does not stop the others, nor the API."""
    r = Ravelind(CONF)
    slow, feed = Speaker("10.0.0.4"), Speaker()
    slow.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    check("slow session", slow.session(asn=65004))
    check("feeding session", feed.session())
    for i in range(200):
        feed.send(update(GOOD, b"".join(struct.pack("!BBBB", 24, 100, i, j) for j in range(200))))
    check("all prefixes arrive", wait(lambda: received(r) == 40000, 20), received(r))
    begin = time.monotonic()
    r.ask("version")
    check("the API answers meanwhile", time.monotonic() - begin < 1)
    check("the feeding session lives", r.state("raw") == "Established")
    feed.close()
    slow.close()
    took, code = r.stop()
    check("stops in time with 40000 routes", took < 2 and code == 0, f"{took:.1f} s, exit {code}")


CROWD = CONF + """  - {address: 10.0.0.7, as: 65007, families: [ipv4-unicast], import: accept-all, export: accept-all, name: dialled, connect-retry: 1}
"""


def hurry():
    """One that connects and closes as fast as it can: the router and the log hear of a few."""
    r = Ravelind(CONF)
    end, came = time.monotonic() + 3, 0
    while time.monotonic() < end:
        try:
            Speaker("10.0.0.3").close()
            came += 1
        except OSError:
            pass
    check("many came", came > 100, came)
    opens = r.peer("raw")["counters"]["opens_out"]
    check("few were answered", 0 < opens <= 40, opens)
    check("the log is short", len(r.text().splitlines()) < 250, len(r.text().splitlines()))
    check("then it is let in again", wait(lambda: Speaker("10.0.0.3").session(), 70))
    r.stop()


def crowd():
    """A neighbour that connects again and again and never closes takes nothing away from the others."""
    r = Ravelind(CROWD)
    children = r.children()
    good = Speaker("10.0.0.4")
    check("another neighbour's session", good.session(asn=65004))
    sink = net.peer_socket("10.0.0.7", 179)
    sink.listen(64)
    many = []
    end = time.monotonic() + 3
    while time.monotonic() < end:
        s = net.peer_socket("10.0.0.3")
        s.setblocking(False)
        s.connect_ex((PE, 179))
        many.append(s)
        if len(many) > 800:
            many.pop(0).close()
        time.sleep(0.001)
    check("a crowd came", len(many) > 300, len(many))
    check("it is the same bgpd", r.children() == children, r.text())
    late = Speaker("10.0.0.5")
    check("a third neighbour gets in meanwhile", late.session(asn=65005))
    check("the first one's session lives", r.peer("mute")["counters"]["established"] == 1 and r.state("mute") == "Established")
    check("the dialled one is dialled still", wait(lambda: sink.accept(), 4))
    for s in [*many, good, late, sink]:
        s.close()
    r.stop()


def recording():
    """A recorded run has the same effects when it is replayed, octet for octet; the file is nobody else's."""
    place = net.WORK + "/recorded"
    os.makedirs(place)
    r = Ravelind(CONF, "--record", place + "/run")
    s = Speaker()
    check("session while recording", s.session())
    for attrs in (GOOD, UPDATES[0][1], GOOD):
        s.send(update(attrs, NLRI))
    check("updates while recording", wait(lambda: received(r) == 1 and r.peer("raw")["counters"]["updates_in"] == 3, 5))
    s.send(message(KEEPALIVE, b"x"))
    s.close()
    r.stop()
    check("mode 0600", os.stat(place + "/run").st_mode & 0o777 == 0o600)
    shutil.copy(r.conf, place + "/config.yaml")
    with open(place + "/run") as f:
        lines = f.read().split("\n")
    check("inputs and effects are there", any(" recv " in x for x in lines) and any(x.startswith("< send") for x in lines))
    tool = net.BUILD + "/tests/replay/replay_test"
    if not os.path.exists(tool):
        skip("replay", "tests/replay/replay_test is not built (make check builds it)")
        return
    again = subprocess.run([tool, place], capture_output=True, text=True)
    check("replay: the same effects", again.returncode == 0, again.stdout + again.stderr)
    with open(place + "/run", "w") as f:
        f.write("\n".join(x.replace("session_up", "session_dn") for x in lines))
    again = subprocess.run([tool, place], capture_output=True, text=True)
    check("replay: the comparison can fail", again.returncode != 0)


SCENARIOS = [rfc7606, resets, opens, dribble, silence, stranger, limit, near, slow_reader, crowd, hurry, recording]
