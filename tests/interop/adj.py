"""What the API says that a neighbor has told and is told, against what FRR on the other side holds."""

import struct

import frr
from net import PE, Frr, Ravelind, wait
from raw import GOOD, Speaker, attr, update
from report import check

CORE = """
router: {name: pe1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}
sets:
  - {name: bad, prefixes: [198.51.100.0/24]}
policies:
  - name: in
    rules:
      - {name: not-that, match: {prefix: bad}, action: reject, reason: bogon}
      - {name: mark, action: accept, set: {local-pref: 150}}
    default: accept
  - name: out
    rules: [{name: mark, action: accept, set: {community: {add: ["65000:7"]}}}]
    default: accept
neighbors:
  - {address: 10.0.0.2, as: 65002, families: [ipv4-unicast], name: frr, connect-retry: 1, import: in, keep-rejected: true, export: out}
  - {address: 10.0.0.3, as: 65003, families: [ipv4-unicast], name: raw, passive: true, import: accept-all, export: accept-all}
"""
FRR = " network 203.0.114.0/24\n network 198.51.100.0/24\n neighbor 10.0.0.1 activate"
MED = attr(0x80, 4, struct.pack("!I", 42))
COMMUNITY = attr(0xC0, 8, struct.pack("!HH", 65003, 1))


def routes(r, way, name="frr", *prefix):
    """By prefix, of all tables."""
    tables = r.ask("bgp", "neighbors", name, way, *prefix)["tables"]
    return {x["prefix"]: dict(x, family=t["family"]) for t in tables for x in t["routes"]}


def held(f, prefix):
    """FRR's one path to it."""
    return f.json(f"show bgp ipv4 unicast {prefix}")["paths"][0]


def adj_ipv4():
    """External neighbors: attributes as sent, policies on both ways, a rejected route, one prefix, nobody's routes back."""
    r = Ravelind(CORE)
    f = Frr(frr.frr(own_as=65002, ipv4=FRR, vpn=""))
    raw = Speaker()
    check("sessions", raw.session() and wait(lambda: r.state("frr") == "Established", 10), r.text())
    raw.send(update(GOOD + MED + COMMUNITY, b"\x18\xcb\x00\x71" + b"\x18\xcb\x00\x73"))
    check("FRR has both", wait(lambda: held(f, "203.0.113.0/24") and held(f, "203.0.115.0/24"), 10), f.vty("show bgp ipv4 unicast"))
    told = wait(lambda: (got := routes(r, "advertised")) and not any(x["on_its_way"] for x in got.values()) and got, 5)
    check("two are told, and not its own", set(told or {}) == {"203.0.113.0/24", "203.0.115.0/24"}, told)
    for prefix, x in (told or {}).items():
        has = held(f, prefix)
        check(f"{prefix}: AS path", x["as_path"] == has["aspath"]["string"] == "65000 65003", (x, has))
        check("... next hop", x["next_hop"] == has["nexthops"][0]["ip"] == PE, (x, has))
        check("... communities", sorted(x["communities"].split()) == sorted(has["community"]["string"].split()) == ["65000:7", "65003:1"], (x, has))
        check("... no MED (RFC 4271 5.1.4)", x["med"] is None and not has.get("metric"), (x, has))
        check("... no LOCAL_PREF", x["local_pref"] is None, x)
    mine = f.json("show bgp ipv4 unicast")["routes"]
    own = {p for p, paths in mine.items() if any(x.get("weight") == 32768 for x in paths)}
    got = wait(lambda: (g := routes(r, "received")) and set(g) == own and g, 5)
    check("what FRR has to tell is received", got and own == {"203.0.114.0/24", "198.51.100.0/24"}, (routes(r, "received"), mine))
    check("... as policies left it", got and got["203.0.114.0/24"]["local_pref"] == 150, got)
    check("... the rejected one with its reason", got and got["198.51.100.0/24"].get("rejected") == "bogon", got)
    check("one prefix", set(routes(r, "received", "frr", "203.0.114.0/24")) == {"203.0.114.0/24"})
    check("one that is not told", routes(r, "advertised", "frr", "203.0.114.0/24") == {})
    check("the other one is told FRR's", set(routes(r, "advertised", "raw")) == {"203.0.114.0/24"}, routes(r, "advertised", "raw"))
    code, out, _ = r.ravelin("show", "bgp", "neighbors", "frr", "advertised")
    check("the table", code == 0 and "203.0.113.0/24" in out and "65000 65003" in out, out)
    code, out, err = r.ravelin("show", "bgp", "neighbors", "nobody", "received")
    check("nobody", code == 1 and 'no neighbor "nobody"' in err, out + err)
    raw.send(update(withdrawn=b"\x18\xcb\x00\x71"))
    check("a withdrawn route is not told any more", wait(lambda: set(routes(r, "advertised")) == {"203.0.115.0/24"}, 5))
    raw.close()
    check("none of a session that is over", wait(lambda: routes(r, "received", "raw") == {} == routes(r, "advertised", "raw"), 5))
    f.stop()
    r.stop()


def adj_vpnv4():
    """VPN routes of VRFs and FRR's: RD, label, targets."""
    r = Ravelind(frr.ravelin())
    f = Frr(frr.frr(vpn=" neighbor 10.0.0.1 activate\n neighbor 10.0.0.1 route-map out out\n network 172.16.2.0/24 rd 65000:22 label 80"))
    both = wait(lambda: len(got := frr.frr_vpn_routes(f)) == 3 and got, 15) or {}
    told = routes(r, "advertised")
    check("FRR has what is told", set(told) == set(both) - {"172.16.2.0/24"} and len(told) == 2, (told, both))
    for prefix, x in told.items():
        rd, label, targets = both[prefix]
        check(f"{prefix}: RD, label, target", x["rd"] == rd and x["label"] == label and "RT:" + x["route_targets"][0] in targets, (x, both))
        check("... LOCAL_PREF", x["local_pref"] == 100, x)
    got = wait(lambda: routes(r, "received"), 5)
    check("FRR's is received", set(got) == {"172.16.2.0/24"} and got["172.16.2.0/24"]["label"] == 80, got)
    f.stop()
    r.stop()


SCENARIOS = [adj_ipv4, adj_vpnv4]
