"""Limits and protections of a session: the send hold timer, max-prefix with each action, ranges of neighbours, GTSM outwards."""

import socket
import struct
import time

import net
from net import Ravelind, wait
from raw import NOTIFICATION, ORIGIN, Speaker, as_path, attr, message, update
from report import check

HEAD = "router: {name: pe1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}\nneighbors:\n"
POLICY = "families: [ipv4-unicast], import: accept-all, export: accept-all"


def neighbor(last, name, extra=""):
    return f"  - {{address: 10.0.0.{last}, as: 6500{last}, passive: true, name: {name}, {POLICY}{extra}}}\n"


def routes(last, numbers):
    """An UPDATE of 10.0.0.LAST with 203.N.N.0/24 of each number."""
    attrs = ORIGIN + as_path(65000 + last) + attr(0x40, 3, socket.inet_aton(f"10.0.0.{last}"))
    return update(attrs, b"".join(bytes([24, 203, i >> 8, i & 255]) for i in numbers))


def withdrawal(numbers):
    return update(withdrawn=b"".join(bytes([24, 203, i >> 8, i & 255]) for i in numbers))


def received(r, name):
    return r.peer(name)["prefixes_received"]


def send_hold():
    """A neighbour that keeps its session alive and reads nothing: cut when the time is over, and only if there is one."""
    r = Ravelind(HEAD + neighbor(4, "clogged", ", send-hold-time: 3, hold-time: 0") +
                 neighbor(5, "control", ", send-hold-time: 0, hold-time: 0") + neighbor(3, "feed"))
    mute = []
    for last, name in ((4, "clogged"), (5, "control")):
        s = Speaker(f"10.0.0.{last}", rcvbuf=2048)
        check(f"session {name}", s.session(asn=65000 + last, hold=0))
        mute.append(s)
    feed = Speaker()
    check("feeding session", feed.session())
    for i in range(300):  # far more than the buffers of both kernels hold
        feed.send(update(ORIGIN + as_path(65003, i) + attr(0x40, 3, socket.inet_aton("10.0.0.3")),
                         b"".join(struct.pack("!BBBB", 24, 100 + i // 256, i & 255, j) for j in range(200))))
        for k in range(20):
            feed.send(update(ORIGIN + as_path(65003, i, k) + attr(0x40, 3, socket.inet_aton("10.0.0.3")),
                             b"".join(struct.pack("!BBBB", 24, 50 + k, i & 255, j) for j in range(100))))
    begin = time.monotonic()
    check("it is cut", wait(lambda: r.state("clogged") != "Established", 15), r.peer("clogged"))
    took = time.monotonic() - begin
    p = r.peer("clogged")
    check("... for this reason", "Send Hold Timer" in p["reason"], p["reason"])
    check("... and counted", p["counters"]["send_hold_expired"] == 1, p["counters"])
    check("control: without the timer it stays", r.state("control") == "Established", took)
    check("the others live", r.state("feed") == "Established")
    for s in [*mute, feed]:
        s.close()
    r.stop()


def limits():
    """max-prefix: drop and a refresh later, restart, warn; the data of the Cease (RFC 4486 4)."""
    r = Ravelind(HEAD + neighbor(4, "drop", ", max-prefix: {limit: 5, action: drop}") +
                 neighbor(5, "again", ", max-prefix: {limit: 5, action: restart, restart-after: 2}") +
                 neighbor(6, "warn", ", max-prefix: {limit: 5, action: warn, warn: 60}"))
    drop, again, warn = Speaker("10.0.0.4"), Speaker("10.0.0.5"), Speaker("10.0.0.6")
    check("sessions", drop.session(asn=65004) and again.session(asn=65005) and warn.session(asn=65006))
    drop.send(routes(4, range(9)))
    check("drop: counted", wait(lambda: r.peer("drop")["counters"]["routes_left_out"] == 4, 3), r.peer("drop"))
    check("drop: the limit is kept and the session too", received(r, "drop") == 5 and r.state("drop") == "Established")
    again.send(routes(5, range(6)))
    got = again.until(NOTIFICATION)
    check("restart: Cease/1 with AFI, SAFI and limit", got == bytes([6, 1, 0, 1, 1, 0, 0, 0, 5]), got)
    again.close()
    begin = time.monotonic()
    check("restart: comes back", wait(lambda: Speaker("10.0.0.5").session(asn=65005), 8), r.peer("again"))
    check("restart: not before", time.monotonic() - begin > 1, time.monotonic() - begin)
    warn.send(routes(6, range(3)))
    check("warn: said before it is full", wait(lambda: "max_prefix_near peer=warn" in r.text(), 3))
    warn.send(routes(6, range(8)))
    check("warn: taken all the same", wait(lambda: received(r, "warn") == 8, 3))
    check("warn: said", "max_prefix peer=warn" in r.text())
    for s in (drop, warn):
        s.close()
    r.stop()


RANGE = """  - {range: 10.0.0.0/28, limit: 2, as: external, name: customers, %s%s}
  - {address: 10.0.0.3, as: 65003, passive: true, name: own, %s}
"""


def a_range():
    """Neighbours that nobody listed: as many as there are places; the one with an entry of its own is not one of them."""
    r = Ravelind(HEAD + RANGE % (POLICY, "", POLICY))
    a, b, own = Speaker("10.0.0.4"), Speaker("10.0.0.5"), Speaker("10.0.0.3")
    check("two of any AS", a.session(asn=4711) and b.session(asn=4712))
    check("and the one with an entry of its own", own.session())
    p = r.peer("10.0.0.4")
    check("shown by address, with the AS learnt", p["as"] == 4711 and p["state"] == "Established", p)
    check("places without anybody are not shown", len(r.ask("bgp", "summary")["peers"]) == 3)
    a.send(update(ORIGIN + as_path(4711) + attr(0x40, 3, socket.inet_aton("10.0.0.4")), b"\x18\xcb\x00\x71"))
    check("its route is here", wait(lambda: received(r, "10.0.0.4") == 1, 3))
    check("... and at the others", b.until(2) is not None and own.until(2) is not None)
    third = Speaker("10.0.0.6")
    check("a third one is refused", third.session_or_none(asn=4713) is None)
    third.close()
    b.close()
    check("a place is given back", wait(lambda: Speaker("10.0.0.6").session_or_none(asn=4713), 5), r.text())
    ours = Speaker("10.0.0.7")
    ours.close()
    for s in (a, own):
        s.close()
    r.stop()


def range_key():
    """TCP-MD5 for a whole range: the right key gets in, no key and another one do not."""
    r = Ravelind(HEAD + RANGE % (POLICY, ", password: RangeKey", POLICY + ", password: OwnKey"))
    s = Speaker("10.0.0.4", key="RangeKey")
    check("the key of the range", s.session(asn=4711))
    before = net.counter("TCPMD5NotFound")
    check("no key: no connection", Speaker.refused("10.0.0.5"))
    check("... and counted", net.counter("TCPMD5NotFound") > before)
    check("another key: no connection", Speaker.refused("10.0.0.5", key="Mistyped"))
    check("a neighbour's own key goes before the range's", Speaker.refused("10.0.0.3", key="RangeKey"))
    own = Speaker("10.0.0.3", key="OwnKey")
    check("... and lets it in", own.session())
    s.close()
    own.close()
    r.stop()


def range_gtsm():
    """GTSM for a range whose listener also serves neighbours without (RFC 5082 3)."""
    r = Ravelind(HEAD + RANGE % (POLICY, ", gtsm: 1", POLICY))
    near = Speaker("10.0.0.4", ttl=255)
    check("TTL 255: session", near.session(asn=4711))
    far = Speaker("10.0.0.5", ttl=254)
    check("TTL 254: none", far.session_or_none(asn=4712) is None)
    check("... logged", 'reason="TTL too low"' in r.text())
    own = Speaker("10.0.0.3", ttl=64)
    check("control: the neighbour without GTSM", own.session())
    for s in (near, far, own):
        s.close()
    r.stop()


def gtsm_out():
    """GTSM on a connection that we dial: an answer from too far away is not even a connection."""
    for ttl, works in ((64, False), (255, True)):
        sink = net.peer_socket("10.0.0.7", 179)
        sink.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
        sink.listen(4)
        before = net.counter("TCPMinTTLDrop")
        r = Ravelind(HEAD + f"  - {{address: 10.0.0.7, as: 65007, name: out, connect-retry: 1, gtsm: 1, {POLICY}}}\n")
        if works:
            sink.settimeout(5)
            s, _ = sink.accept()
            s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
            check("TTL 255: session", Speaker.of(s).session(asn=65007))
            check("... is established", wait(lambda: r.state("out") == "Established", 3))
            s.close()
        else:
            check("TTL 64: dropped", wait(lambda: net.counter("TCPMinTTLDrop") > before, 5))
            check("... no session", r.peer("out")["counters"]["opens_out"] == 0, r.peer("out"))
        sink.close()
        r.stop()


def admin_resets():
    """An operator over there resets again and again: we are back within seconds each time."""
    r = Ravelind(HEAD + neighbor(4, "busy"))
    for i in range(5):
        s = wait(lambda: (lambda x: x if x.session_or_none(asn=65004) else None)(Speaker("10.0.0.4")), 6)
        if not check(f"session {i}", s, r.peer("busy")):
            break
        s.send(message(NOTIFICATION, b"\6\4"))
        s.close()
    check("the back-off has not grown", r.peer("busy")["counters"]["failures_in_a_row"] <= 3, r.peer("busy")["counters"])
    r.stop()


SCENARIOS = [send_hold, limits, a_range, range_key, range_gtsm, gtsm_out, admin_resets]
