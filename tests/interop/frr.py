"""ravelind and FRR's bgpd over a wire."""

import net
from net import PE, Frr, Ravelind, wait
from report import check

RAVELIN = """
router: {{name: pe1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}}
ports:
  - {{name: acc0, role: access, vrf: vrf-a, address: [192.168.1.1/30]}}
vrfs:
  - name: vrf-a
    table: 1001
    rd: "65000:11"
    import: ["65000:101"]
    export: ["65000:101"]
    redistribute: [connected, static]
    routes: [{{prefix: 172.16.1.0/24, next-hop: 192.168.1.2}}]
neighbors:
  - {{address: 10.0.0.2, local-address: 10.0.0.1, as: {peer_as}, families: [{family}], name: frr, connect-retry: 1,
      import: accept-all, export: accept-all{extra}}}
"""

FRR = """
hostname frr
router bgp {own_as}
 bgp router-id 10.0.0.2
 no bgp ebgp-requires-policy
 no bgp network import-check
 no bgp default ipv4-unicast
 timers connect 1
 neighbor 10.0.0.1 remote-as 65000
 neighbor 10.0.0.1 timers connect 1
{neighbor}
 address-family ipv4 unicast
{ipv4}
 exit-address-family
 address-family ipv4 vpn
{vpn}
 exit-address-family
exit
route-map out permit 10
 set extcommunity rt 65000:101
exit
"""


def ravelin(peer_as=65000, family="vpnv4", extra=""):
    return RAVELIN.format(peer_as=peer_as, family=family, extra=extra)


def frr(own_as=65000, neighbor="", ipv4="", vpn=" neighbor 10.0.0.1 activate"):
    return FRR.format(own_as=own_as, neighbor=neighbor, ipv4=ipv4, vpn=vpn)


def frr_vpn_routes(f):
    """{prefix: (rd, label, route targets)} of what FRR has from us."""
    out = {}
    for rd, routes in f.json("show bgp ipv4 vpn")["routes"]["routeDistinguishers"].items():
        for prefix in routes:
            paths = f.json(f"show bgp ipv4 vpn rd {rd} {prefix}")
            path = next(iter(paths.values()))["paths"][0] if "paths" not in paths else paths["paths"][0]
            text = str(path.get("extendedCommunity", {}).get("string", ""))
            out[prefix] = (rd, path.get("remoteLabel"), text)
    return out


def vpnv4():
    """Routes both ways with RD, RT and label; withdrawal; refresh; both kinds of shutdown text."""
    r = Ravelind(ravelin(extra=", password: CoreSecret"))
    f = Frr(frr(neighbor=" neighbor 10.0.0.1 password CoreSecret",
                vpn=" neighbor 10.0.0.1 activate\n neighbor 10.0.0.1 route-map out out\n"
                    " network 172.16.2.0/24 rd 65000:22 label 80"))
    check("session with TCP-MD5", wait(lambda: r.state("frr") == "Established", 10), r.text())
    check("FRR says so too", wait(lambda: f.state() == "Established", 5))
    got = wait(lambda: r.route("172.16.2.0/24", rd="65000:22", label=80, next_hop="10.0.0.2",
                               route_targets=["65000:101"], reachable=True, **{"from": "frr"}), 10)
    check("FRR's route is here with RD, RT, label", got, r.ask("bgp", "vpnv4"))
    check("... and imported", got and got["imported_into"] == ["vrf-a"], got)
    vrf = r.ask("vrf", "vrf-a")["vrfs"][0]
    check("... as a VRF route with its label",
          any(x["prefix"] == "172.16.2.0/24" and x["label"] == 80 and x["source"] == "vpn" for x in vrf["routes"]), vrf)
    (one,) = r.ask("bgp", "vpnv4", "172.16.2.0/24")["routes"]
    check("one prefix, with all that is known of it",
          one["rd"] == "65000:22" and one["ext_communities"] == "rt:65000:101" and one["stale"] is False, one)
    both = wait(lambda: len(frr_vpn_routes(f)) == 3 and frr_vpn_routes(f), 10) or {}
    for prefix in ("172.16.1.0/24", "192.168.1.0/30"):
        rd, label, targets = both.get(prefix, (None, None, ""))
        check(f"our {prefix} is at FRR", rd == "65000:11" and label == vrf["label"] and "RT:65000:101" in targets,
              f"{both} {vrf['label']}")
    refresh(r, f)
    f.vty("configure terminal", "router bgp 65000", "address-family ipv4 vpn",
          "no network 172.16.2.0/24 rd 65000:22 label 80")
    check("a withdrawn route goes", wait(lambda: not r.route("172.16.2.0/24"), 10), r.ask("bgp", "vpnv4"))
    shutdowns(r, f)
    f.stop()


def refresh(r, f):
    before = f.neighbor()["messageStats"]["updatesRecv"]
    f.vty(f"clear bgp ipv4 vpn {PE} soft in")
    check("ROUTE-REFRESH is counted", wait(lambda: r.peer("frr")["counters"]["refreshes_in"] == 1, 5))
    check("ROUTE-REFRESH is answered", wait(lambda: f.neighbor()["messageStats"]["updatesRecv"] > before, 5))
    check("... and the session stays", r.peer("frr")["counters"]["established"] == 1)


def shutdowns(r, f):
    f.vty("configure terminal", "router bgp 65000", "neighbor 10.0.0.1 shutdown message Umbau um drei")
    down = wait(lambda: r.state("frr") != "Established" and r.peer("frr")["reason"], 5)
    check("FRR's shutdown text is shown", down and "Umbau um drei" in down, down)
    f.vty("configure terminal", "router bgp 65000", "no neighbor 10.0.0.1 shutdown message Umbau um drei",
          "no neighbor 10.0.0.1 shutdown")
    check("the session comes back", wait(lambda: r.state("frr") == "Established", 20), r.text())
    check("FRR too", wait(lambda: f.state() == "Established", 5))
    took, code = r.stop()
    check("SIGTERM ends it in time", took < 2 and code == 0, f"{took:.1f} s, exit {code}")
    last = wait(lambda: f.neighbor().get("lastNotificationReason") and f.neighbor(), 5) or {}
    check("FRR has our Cease", "Administrative Shutdown" in last.get("lastNotificationReason", ""), last)
    check("... with text", "ravelin stops" in str(last.get("lastShutdownDescription", "")), last)


def wrong_key():
    """A key that differs, or none: no session, and the counter that says why."""
    for key, name in ((" neighbor 10.0.0.1 password Mistyped", "TCPMD5Failure"), ("", "TCPMD5NotFound")):
        before = net.counter(name)
        r = Ravelind(ravelin(extra=", password: CoreSecret"))
        f = Frr(frr(neighbor=key))
        check(f"{name} counts", wait(lambda: net.counter(name) > before, 10))
        shown = wait(lambda: r.peer("frr")["md5_mismatch"] > 0, 10)
        check(f"{name} is shown at the peer", shown, r.peer("frr"))
        check(f"{name}: no session", r.peer("frr")["counters"]["established"] == 0 and f.state() != "Established")
        f.stop()
        r.stop()


def wrong_as():
    """Bad Peer AS (2/2), on both sides and in the neighbour's reason."""
    r = Ravelind(ravelin(peer_as=65009))
    f = Frr(frr(own_as=65001))
    reason = wait(lambda: "Bad Peer AS" in r.peer("frr")["reason"] and r.peer("frr")["reason"], 10)
    check("Bad Peer AS is shown", reason, r.peer("frr"))
    got = wait(lambda: "Bad Peer AS" in str(f.neighbor().get("lastNotificationReason", "")), 10)
    check("Bad Peer AS is sent", got, f.neighbor().get("lastNotificationReason"))
    check("no session", r.peer("frr")["counters"]["established"] == 0)
    f.stop()
    r.stop()


def gtsm():
    """eBGP with TTL security on both sides; then FRR with its usual TTL of 1: dropped by the kernel, counted."""
    conf = ravelin(peer_as=65001, family="ipv4-unicast", extra=", gtsm: 1")
    activate = " neighbor 10.0.0.1 activate"
    r = Ravelind(conf)
    f = Frr(frr(own_as=65001, neighbor=" neighbor 10.0.0.1 ttl-security hops 1", ipv4=activate, vpn=""))
    check("session with GTSM", wait(lambda: r.state("frr") == "Established", 10), r.text())
    check("shown", r.peer("frr")["gtsm"] == 1)
    f.stop()
    r.stop()
    before = net.counter("TCPMinTTLDrop")
    r = Ravelind(conf)
    f = Frr(frr(own_as=65001, ipv4=activate, vpn=""))
    check("wrong TTL: dropped", wait(lambda: net.counter("TCPMinTTLDrop") > before, 10))
    check("wrong TTL: counted", wait(lambda: r.ask("mpls")["tcp"]["min_ttl_drop"] > 0, 5))
    check("wrong TTL: no session", r.peer("frr")["counters"]["established"] == 0)
    f.stop()
    r.stop()


def unicast():
    """IPv4 unicast over eBGP both ways, through the core's own table."""
    r = Ravelind(ravelin(peer_as=65001, family="ipv4-unicast"))
    f = Frr(frr(own_as=65001, ipv4=" neighbor 10.0.0.1 activate\n network 198.51.100.0/24", vpn=""))
    check("eBGP session", wait(lambda: r.state("frr") == "Established", 10), r.text())
    check("a prefix came", wait(lambda: r.peer("frr")["prefixes_received"] == 1, 10), r.peer("frr"))
    f.vty("configure terminal", "router bgp 65001", "address-family ipv4 unicast", "no network 198.51.100.0/24")
    check("... and went", wait(lambda: r.peer("frr")["prefixes_received"] == 0, 10), r.peer("frr"))
    f.stop()
    r.stop()


def crossing():
    """Both dial at once, again and again: one session every time (collision, RFC 4271 6.8)."""
    r = Ravelind(ravelin())
    f = Frr(frr())
    for turn in range(1, 6):
        up = wait(lambda: r.state("frr") == "Established" and f.state() == "Established", 15)
        if not check(f"session {turn}", up, r.text()):
            break
        f.vty(f"clear bgp {PE}")
        wait(lambda: r.peer("frr")["counters"]["established"] > turn or r.state("frr") != "Established", 5)
    f.stop()
    r.stop()


SCENARIOS = [vpnv4, wrong_key, wrong_as, gtsm, unicast, crossing]
