"""Rows of the matrix: what is changed or refused of a route on its way in and out."""

from bench import expect, same
from net import PE, wait


def refused(b, why, seconds=5):
    return wait(lambda: b.r.peer("peer")["refused"].get(why), seconds)


def graceful_shutdown(b):
    """GRACEFUL_SHUTDOWN sent to the peer (8326)"""
    b.up(extra=", graceful-shutdown: true")
    b.feed.announce({"prefix": "198.51.100.0/24", "communities": ["65004:1"]})
    got = b.told("198.51.100.0/24")
    expect("our route", got)
    expect("its community", set(got["communities"]) == {"65535:0", "65004:1"}, got)


def blackhole(b):
    """BLACKHOLE from the peer (7999)"""
    b.up(extra=", accept-blackhole: true")
    b.peer.announce({"prefix": "203.0.113.7/32", "communities": ["65535:666"]},
                    {"prefix": "203.0.113.0/24", "communities": ["65003:1"]})
    expect("an ordinary route is passed on", b.seen("203.0.113.0/24"))
    expect("the blackhole is here", wait(lambda: b.r.peer("peer")["prefixes_received"] == 2, 5), b.r.peer("peer"))
    got = b.watch.find("203.0.113.7/32")
    expect("... and stays here", not got or "65535:666" in got["communities"], got)


def as_set(b):
    """AS_SET is refused, and taken where allowed (9774)"""
    for extra, taken in (("", False), (", allow-as-set: true", True)):
        b.up(extra=extra)
        b.peer.announce({"prefix": "203.0.113.0/24", "as_path": [65003], "as_set": [65100, 65101]}, {"prefix": "203.0.114.0/24"})
        expect("the route without AS_SET", b.seen("203.0.114.0/24"))
        if taken:
            expect("taken where allowed", wait(lambda: b.r.peer("peer")["prefixes_received"] == 2, 5), b.r.peer("peer"))
        else:
            expect("refused", refused(b, "as-set"), b.r.peer("peer")["refused"])
            expect("... and not passed on", not b.watch.find("203.0.113.0/24"))
        b.stop()
        b.__init__(type(b.peer))


def as_override(b):
    """AS-override towards the peer"""
    b.up(extra=", as-override: true")
    b.feed.announce({"prefix": "198.51.100.0/24", "as_path": [65004, 65002]})
    same("a route of the peer's own AS", b.told("198.51.100.0/24"), {"as_path": [65000, 65004, 65000]})


def allow_own_as(b):
    """our own AS in a path: refused, and taken where allowed"""
    for extra, taken in (("", False), (", allow-own-as: 1", True)):
        b.up(extra=extra)
        b.peer.announce({"prefix": "203.0.113.0/24", "as_path": [65003, 65000, 65100]}, {"prefix": "203.0.114.0/24"})
        if not taken:
            expect("the route without it", b.seen("203.0.114.0/24"))
            expect("not passed on", not b.watch.find("203.0.113.0/24"))
        else:
            expect("taken where allowed", b.seen("203.0.113.0/24"))
        b.stop()
        b.__init__(type(b.peer))


def next_hop_self(b):
    """next-hop-self, and unchanged without (internal)"""
    for extra, want in ((", next-hop: self", PE), ("", "10.0.0.4")):
        b.up(internal=True, extra=extra)
        b.feed.announce({"prefix": "198.51.100.0/24"})
        same("our route", b.told("198.51.100.0/24"), {"next_hop": want})
        b.stop()
        b.__init__(type(b.peer))


def no_policy(b):
    """no policy, no routes, either way (8212)"""
    b.up(policy="")
    b.peer.announce({"prefix": "203.0.113.0/24"})
    b.feed.announce({"prefix": "198.51.100.0/24"})
    expect("refused and said so", refused(b, "no-import-policy"), b.r.peer("peer")["refused"])
    expect("the feed's route is with others", b.seen("198.51.100.0/24"))
    expect("... not with the peer", not b.peer.find("198.51.100.0/24") and b.r.peer("peer")["prefixes_sent"] == 0)


def route_server(b):
    """route server: AS_PATH, NEXT_HOP and MED pass unchanged (7947)"""
    b.up(extra=", route-server-client: true")
    b.feed.announce({"prefix": "198.51.100.0/24", "as_path": [65004, 65100], "med": 7})
    got = b.told("198.51.100.0/24")
    same("our route", got, {"as_path": [65004, 65100]})
    if not b.peer.changes_next_hop:
        same("our route", got, {"next_hop": "10.0.0.4"})


def selective(b):
    """route server: whom its sender does not mean is not told (7948)"""
    b.up(extra=", route-server-client: true, selective: true")
    b.feed.announce({"prefix": "198.51.100.0/24", "large": ["65000:0:65009", "65004:1:2"]})
    b.feed.announce({"prefix": "198.51.101.0/24", "large": ["65000:0:65002"]}, {"prefix": "198.51.102.0/24"})
    same("a route that somebody else is not to have", b.told("198.51.100.0/24"), {"large": ["65004:1:2"]})
    expect("the last route", b.told("198.51.102.0/24"))
    expect("others have what the peer is not to have", b.seen("198.51.101.0/24"))
    expect("the peer has not", not b.peer.find("198.51.101.0/24"))


ROWS = [no_policy, route_server, selective, graceful_shutdown, blackhole, as_set, as_override, allow_own_as, next_hop_self]
