"""Rows of the matrix: capabilities beyond the plain session."""

import signal
import time

from bench import expect, same
from net import Ravelind, wait
from peers import NotAvailable
from speak import LONG, RESTARTS


def enhanced_refresh(b):
    """enhanced ROUTE-REFRESH both ways (7313)"""
    b.up(enhanced=True)
    b.peer.announce({"prefix": "203.0.113.0/24"})
    expect("the peer's route", b.seen("203.0.113.0/24"))
    before = b.r.peer("peer")["counters"]["refreshes_in"]
    asked = b.r.ravelin("neighbor", "peer", "refresh")
    marked = wait(lambda: b.r.peer("peer")["counters"]["refreshes_in"] == before + 2, 5)
    expect("begin and end are marked", marked, f"{asked} {b.r.peer('peer')}")
    expect("the route stays", b.seen("203.0.113.0/24"))
    expect("the session stays", b.r.peer("peer")["counters"]["established"] == 1)


def long_messages(b):
    """extended messages (8654)"""
    b.up(long=True, injector_more=(LONG,), talk=False)
    b.feed, b.watch = b.talker(4, more=(LONG,)), b.talker(5, more=(LONG,))
    many = [f"65004:{i}" for i in range(1500)]
    b.feed.announce({"prefix": "198.51.100.0/24", "communities": many})
    got = b.told("198.51.100.0/24")
    expect("our route of 6000 octets", got and len(got["communities"]) == 1500, got and len(got["communities"]))
    b.peer.announce({"prefix": "203.0.113.0/24", "communities": many})
    got = b.seen("203.0.113.0/24")
    expect("the peer's route of 6000 octets", got and len(got["communities"]) == 1500, got and len(got["communities"]))


def add_path_send(b):
    """ADD-PATH: ravelind sends all (7911)"""
    b.up(paths=True, extra=", add-path: {send: all}")
    for t in (b.feed, b.watch):
        t.announce({"prefix": "198.51.100.0/24"})
    expect("the peer has both", wait(lambda: b.peer.paths("198.51.100.0/24") == 2, 5), b.peer.paths("198.51.100.0/24"))
    b.feed.withdraw({"prefix": "198.51.100.0/24"})
    expect("then one", wait(lambda: b.peer.paths("198.51.100.0/24") == 1, 5), b.peer.paths("198.51.100.0/24"))


def add_path_receive(b):
    """ADD-PATH: the peer sends all (7911)"""
    b.up(paths=True, extra=", add-path: {receive: true}")
    b.peer.announce({"prefix": "203.0.113.0/24", "path_id": 1})
    expect("the peer's route", b.seen("203.0.113.0/24"))
    b.peer.announce_second({"prefix": "203.0.113.0/24"})
    both = wait(lambda: b.r.peer("peer")["prefixes_received"] == 2, 5)
    expect("both of its paths", both, b.r.peer("peer")["prefixes_received"])
    b.peer.withdraw({"prefix": "203.0.113.0/24", "path_id": 1})
    expect("then one", wait(lambda: b.r.peer("peer")["prefixes_received"] == 1, 5), b.r.peer("peer")["prefixes_received"])
    got = wait(lambda: (b.watch.find("203.0.113.0/24") or {}).get("as_path", [])[-1:] == [65006], 5)
    expect("... the other one", got, b.watch.find("203.0.113.0/24"))


def rt_constraint(b):
    """RT-Constraint: the peer hears only of its targets (4684)"""
    if b.peer.name != "GoBGP":
        raise NotAvailable("has no RT-Constraint")
    b.up(internal=True, families=("vpnv4", "rtc"), talk=False, inject=False, restart=20)
    b.families = ("vpnv4",)
    b.feed = b.talker(4)
    b.feed.announce({"prefix": "172.16.8.0/24", "rd": "65004:8", "ext": ["rt:65000:101", "rt:65000:8"]},
                    {"prefix": "172.16.9.0/24", "rd": "65004:9", "ext": ["rt:65000:101", "rt:65000:9"]})
    expect("ours are here", wait(lambda: b.r.route("172.16.9.0/24"), 5))
    b.peer.cli("vrf", "add", "red", "rd", "65002:1", "rt", "both", "65000:9")
    told = wait(lambda: "172.16.9.0/24" in b.peer.cli("global", "rib", "-a", "vpnv4"), 5)
    expect("what it asked for", told, b.peer.text())
    expect("and nothing else", "172.16.8.0/24" not in b.peer.cli("global", "rib", "-a", "vpnv4"))


def reflection(b):
    """reflection: ORIGINATOR_ID and CLUSTER_LIST (4456)"""
    b.up(internal=True, extra=", reflector-client: true", talk=False, others=(
        "  - {address: 10.0.0.6, as: 65000, families: [ipv4-unicast], name: client, passive: true, reflector-client: true}\n"))
    client = b.talker(6, asn=65000)
    client.announce({"prefix": "198.51.100.0/24", "as_path": [], "local_pref": 100})
    got = b.told("198.51.100.0/24")
    same("the client's route", got, {"originator": "10.0.0.6"})
    expect("our cluster", "10.0.0.1" in got.get("clusters", []), got)
    b.peer.announce({"prefix": "203.0.113.0/24", "as_path": [], "local_pref": 100})
    got = wait(lambda: client.find("203.0.113.0/24"), 5)
    expect("the peer's route is reflected", got)
    expect("... with our cluster first", got.get("clusters", [""])[0] == "10.0.0.1", got)


def roles(b):
    """roles: OTC set for a customer, two of a kind refused (9234)"""
    b.up(role="customer", extra=", role: provider")
    b.feed.announce({"prefix": "198.51.100.0/24"})
    got = b.told("198.51.100.0/24")
    expect("our route", got)
    expect("OTC", got.get("otc") == 65000, got)
    b.stop()
    b.__init__(type(b.peer))
    try:
        b.up(role="customer", extra=", role: customer", talk=False, patience=3)
    except AssertionError:
        reason = b.r.text()
        expect("both customers: refused as such", "Role Mismatch" in reason, b.r.peer("peer")["reason"])
        return
    raise AssertionError("both customers: no session was expected")


def helper(b):
    """graceful restart: the peer's routes outlive it, End-of-RIB sweeps (4724)"""
    b.up(restart=30, extra=", graceful-restart: {helper: true}")
    b.peer.announce({"prefix": "203.0.113.0/24"})
    expect("the peer's route", b.seen("203.0.113.0/24"))
    before = b.watch.updates
    b.peer.crash()
    expect("the session is over", wait(lambda: b.r.state("peer") != "Established", 5))
    time_left = time.monotonic() + 0.5
    kept = wait(lambda: time.monotonic() > time_left, 2) and b.watch.find("203.0.113.0/24")
    expect("the route stays", kept)
    b.peer.again()
    expect("the session is back", b.established(), b.why_down())
    b.peer.after_restart()
    expect("End-of-RIB sweeps", wait(lambda: not b.watch.find("203.0.113.0/24"), 15), b.r.peer("peer"))
    expect("the watcher heard of it once", b.watch.updates == before + 1, b.watch.updates - before)


def our_restart(b):
    """a restart of ours: the peer keeps our routes without a gap (4724)"""
    restart = ", graceful-restart: {restarter: true, restart-time: 30}"  # of all whose routes it waits for
    b.up(restart=30, extra=restart, speakers=restart)
    b.feed.announce({"prefix": "198.51.100.0/24"})
    b.feed.eor("ipv4")
    expect("our route", b.told("198.51.100.0/24"))
    b.r.process.send_signal(signal.SIGUSR1)
    expect("it ends", b.r.process.wait(5) == 0)
    expect("the peer sees that", wait(lambda: b.peer.state() != "Established", 5), b.peer.state())
    b.r = Ravelind(b.text, again=b.r)
    b.feed, b.watch = b.talker(4, more=(RESTARTS,)), b.talker(5, more=(RESTARTS,))
    b.feed.announce({"prefix": "198.51.100.0/24"})
    for t in (b.feed, b.watch):
        t.eor("ipv4")
    expect("the session is back", b.established(), b.why_down())
    expect("we have told it again", wait(lambda: b.r.peer("peer")["prefixes_sent"] == 1, 10), b.r.peer("peer"))
    expect("the route is there", b.told("198.51.100.0/24"))
    expect("it was there all the time", not b.peer.injector.withdrawn, b.peer.injector.withdrawn)


def long_lived(b):
    """long-lived graceful restart: the peer's routes are stale, not gone (9494)"""
    restart = ", graceful-restart: {helper: true, long-lived-stale-time: 3600}"
    b.up(restart=1, long_lived=3600, extra=restart, speakers=restart, talk=False)
    b.watch = b.talker(5, more=(RESTARTS,))
    b.peer.announce({"prefix": "203.0.113.0/24"}, {"prefix": "203.0.114.0/24", "communities": ["65535:7"]})
    expect("the peer's routes", b.seen("203.0.113.0/24") and b.seen("203.0.114.0/24"))
    b.peer.crash()
    stale = wait(lambda: "65535:6" in (b.watch.find("203.0.113.0/24") or {}).get("communities", []), 8)
    expect("it is marked LLGR_STALE", stale, f"{b.watch.find('203.0.113.0/24')} {b.r.peer('peer')['restart']}")
    expect("one with NO_LLGR is gone", wait(lambda: not b.watch.find("203.0.114.0/24"), 5))


def send_hold(b):
    """send hold timer: a peer that stops reading (9687)"""
    b.up(extra=", send-hold-time: 3, hold-time: 0", talk=False)
    b.feed = b.talker(4)
    b.peer.freeze()
    for i in range(60):
        for k in range(100):
            routes = [{"prefix": f"{20 + i}.{k}.{j}.0/24", "as_path": [65004, i, k]} for j in range(100)]
            b.feed.announce_together(routes)
        if "Send Hold Timer" in b.r.peer("peer")["reason"]:
            break
    cut = wait(lambda: "Send Hold Timer" in b.r.peer("peer")["reason"], 10)
    expect("it is cut", cut, b.r.peer("peer"))
    expect("the feeder lives", b.r.state("feed") == "Established")


ROWS = [enhanced_refresh, long_messages, add_path_send, add_path_receive, rt_constraint, reflection, roles, helper, our_restart, long_lived, send_hold]
