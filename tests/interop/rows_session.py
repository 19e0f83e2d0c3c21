"""Rows of the matrix: sessions and plain routes. A row is a short function over a Bench; it returns nothing, or raises."""

import net
from bench import HEAD, POLICY, expect, same
from net import PE, Ravelind, wait


def session(b):
    """session (4271)"""
    b.up(talk=False)
    n = b.r.peer("peer")["negotiated"]
    expect("families", n["families"] == ["ipv4-unicast"], n)


def internal_session(b):
    """internal session, VPN-IPv4 (4760, 4364)"""
    b.up(internal=True, families=("ipv4", "vpnv4"), talk=False)
    n = b.r.peer("peer")["negotiated"]
    expect("families", n["families"] == ["ipv4-unicast", "vpnv4"], n)


def as4(b):
    """4-octet AS (6793)"""
    b.up(asn=4200000002)
    b.peer.announce({"prefix": "203.0.113.0/24", "as_path": [65003, 4200000077]})
    got = b.seen("203.0.113.0/24")
    same("the peer's route", got, {"as_path": [65000, 4200000002, 65003, 4200000077]})
    b.feed.announce({"prefix": "198.51.100.0/24", "as_path": [65004, 4200000078]})
    same("our route", b.told("198.51.100.0/24"), {"as_path": [65000, 65004, 4200000078]})


def md5(b):
    """TCP-MD5 (2385)"""
    b.up(key="OneKey", extra=", password: OneKey", talk=False)
    b.stop()
    b.__init__(type(b.peer))
    b.peer.start(key="Another", inject=False)
    names = ("TCPMD5Failure", "TCPMD5NotFound", "TCPMD5Unexpected")

    def refused():
        return sum(net.counter(n) + b.peer.counter(n) for n in names)

    before = refused()
    b.r = Ravelind(HEAD + f"neighbors:\n  - {{address: 10.0.0.2, as: 65002, families: [ipv4-unicast], name: peer,"
                   f" connect-retry: 1, password: OneKey, {POLICY}}}\n")
    expect("another key is counted", wait(lambda: refused() > before, 10))
    expect("another key: no session", b.r.peer("peer")["counters"]["established"] == 0)


def gtsm(b):
    """GTSM (5082)"""
    b.up(gtsm=True, extra=", gtsm: 1", talk=False)


def ipv4(b):
    """IPv4 unicast both ways"""
    b.up()
    b.peer.announce({"prefix": "203.0.113.0/24", "as_path": [65003], "med": 7})
    same("the peer's route", b.seen("203.0.113.0/24"), {"as_path": [65000, 65002, 65003], "next_hop": PE})
    b.feed.announce({"prefix": "198.51.100.0/24"})
    same("our route", b.told("198.51.100.0/24"), {"as_path": [65000, 65004]})


def vpnv4(b):
    """VPN-IPv4 both ways: RD, route targets, label (4364)"""
    b.up(internal=True, families=("vpnv4",))
    b.peer.announce({"prefix": "172.16.2.0/24", "rd": "65003:22", "label": 80, "ext": ["rt:65000:101"], "as_path": [],
                     "local_pref": 100})
    got = wait(lambda: b.r.route("172.16.2.0/24", rd="65003:22", label=80, route_targets=["65000:101"]), 5)
    expect("the peer's route", got, b.r.ask("bgp", "vpnv4"))
    expect("... is imported", got["imported_into"] == ["vrf-a"], got)
    label = b.r.ask("vrf", "vrf-a")["vrfs"][0]["label"]
    same("our route", b.told("172.16.1.0/24", "65000:11"), {"label": label, "ext": ["rt:65000:101"]})


def withdrawal(b):
    """withdrawal both ways"""
    b.up()
    b.peer.announce({"prefix": "203.0.113.0/24"})
    b.feed.announce({"prefix": "198.51.100.0/24"})
    expect("the peer's route", b.seen("203.0.113.0/24"))
    expect("our route", b.told("198.51.100.0/24"))
    b.peer.withdraw({"prefix": "203.0.113.0/24"})
    b.feed.withdraw({"prefix": "198.51.100.0/24"})
    expect("the peer's goes", wait(lambda: not b.watch.find("203.0.113.0/24"), 5))
    expect("ours goes", wait(lambda: not b.peer.find("198.51.100.0/24"), 5))


def communities(b):
    """communities, extended, large (1997, 4360, 8092)"""
    carried = {"communities": ["65003:7", "65003:8"], "large": ["65003:1:2"], "ext": ["rt:65003:9"]}
    b.up()
    b.peer.announce({"prefix": "203.0.113.0/24", **carried})
    same("the peer's route", b.seen("203.0.113.0/24"), carried)
    b.feed.announce({"prefix": "198.51.100.0/24", **carried})
    same("our route", b.told("198.51.100.0/24"), carried)


def refresh(b):
    """ROUTE-REFRESH (2918)"""
    b.up()
    b.feed.announce({"prefix": "198.51.100.0/24"})
    expect("our route", b.told("198.51.100.0/24"))
    before = b.r.peer("peer")["counters"]["refreshes_in"]
    b.peer.refresh()
    expect("is asked", wait(lambda: b.r.peer("peer")["counters"]["refreshes_in"] > before, 5))
    expect("the session stays", b.r.peer("peer")["counters"]["established"] == 1)
    expect("the route stays", b.told("198.51.100.0/24"))


def shutdown_text(b):
    """shutdown communication both ways (9003)"""
    b.up(talk=False)
    b.r.stop()
    expect("ours arrives", wait(lambda: "ravelin stops" in b.peer.said(), 5), b.peer.said()[-300:])
    b.r = None
    b.peer.stop()
    b.up(talk=False)
    b.peer.shutdown("Umbau um drei")
    reason = wait(lambda: "Umbau um drei" in b.r.peer("peer")["reason"], 5)
    expect("theirs is shown", reason, b.r.peer("peer")["reason"])


def our_limit(b):
    """max-prefix of ours: Cease with the limit (4486)"""
    b.up(extra=", max-prefix: 3", talk=False)
    for i in range(5):
        b.peer.announce({"prefix": f"203.0.{i}.0/24"})
    expect("the session ends", wait(lambda: "Maximum Number" in b.r.peer("peer")["reason"], 5), b.r.peer("peer")["reason"])
    heard = wait(lambda: any(w in b.peer.said().lower() for w in ("maximum number", "max-prefix", "6/1", "cease")), 5)
    expect("the peer has the Cease", heard, b.peer.said()[-300:])


def their_limit(b):
    """max-prefix of the peer: its Cease is shown (4486)"""
    b.up(max_prefix=3)
    for i in range(5):
        b.feed.announce({"prefix": f"198.51.{i}.0/24"})
    expect("its reason is shown", wait(lambda: "Maximum Number" in b.r.text(), 8), b.r.peer("peer")["reason"])


def dynamic(b):
    """dynamic neighbours: the peer comes by itself, its AS is learnt"""
    b.families = ("ipv4",)
    b.r = Ravelind(HEAD + f"neighbors:\n  - {{range: 10.0.0.0/29, limit: 4, as: external, families: [ipv4-unicast], {POLICY}}}\n")
    b.peer.start(active=True)
    up = wait(lambda: b.r.peer("10.0.0.2")["state"] == "Established", 15)
    expect("session", up, b.peer.text())
    expect("its AS", b.r.peer("10.0.0.2")["as"] == 65002)
    b.watch = b.talker(5)
    b.peer.announce({"prefix": "203.0.113.0/24"})
    expect("its route", b.seen("203.0.113.0/24"))


ROWS = [session, internal_session, as4, md5, gtsm, ipv4, vpnv4, withdrawal, communities, refresh, shutdown_text, our_limit,
        their_limit, dynamic]
