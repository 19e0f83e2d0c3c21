"""ravelind and GoBGP with RT-Constraint (RFC 4684): who is sent which VPN routes, both ways."""

import json
import os
import shutil
import subprocess

from net import PE, PEER, WORK, Ravelind, sh, wait
from report import check, skip

CONF = """
router: {{name: pe1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}}
ports:
  - {{name: acc0, role: access, vrf: vrf-a, address: [192.168.1.1/30]}}
vrfs:
  - name: vrf-a
    table: 1001
    rd: "65000:11"
    import: ["65000:101"]
    export: ["65000:101"]
    redistribute: [static]
    routes: [{{prefix: 172.16.1.0/24, next-hop: 192.168.1.2}}]
neighbors:
  - {{address: 10.0.0.2, local-address: 10.0.0.1, as: 65000, families: [{families}], name: gobgp, connect-retry: 1{extra}}}
"""

GOBGP = """
[global.config]
  as = 65000
  router-id = "10.0.0.2"
  local-address-list = ["10.0.0.2"]
[[neighbors]]
  [neighbors.config]
    neighbor-address = "10.0.0.1"
    peer-as = 65000
  [neighbors.timers.config]
    connect-retry = 1
    idle-hold-time-after-reset = 1
  [neighbors.transport.config]
    local-address = "10.0.0.2"
  [neighbors.graceful-restart.config]
    enabled = true
    restart-time = 20
"""
FAMILY = """
  [[neighbors.afi-safis]]
    [neighbors.afi-safis.config]
      afi-safi-name = "{}"
    [neighbors.afi-safis.mp-graceful-restart.config]
      enabled = true
"""


class Gobgp:
    """gobgpd in the peer's namespace."""

    def __init__(self, *families):
        self.conf = f"{WORK}/gobgp.toml"
        with open(self.conf, "w") as f:
            f.write(GOBGP + "".join(FAMILY.format(name) for name in families))
        self.log = open(f"{WORK}/gobgp.log", "w")
        self.process = subprocess.Popen(
            ["nsenter", "--net=/run/netns/peer", "gobgpd", "-f", self.conf, "--api-hosts", "127.0.0.1:50051",
             "--pprof-disable", "-l", "debug"], stdout=self.log, stderr=self.log)
        if not wait(lambda: PE in self.cli("neighbor"), 10):
            raise RuntimeError("GoBGP does not answer")

    def cli(self, *words):
        return sh("nsenter", "--net=/run/netns/peer", "gobgp", *words, check=False)

    def announce(self, prefix, target):
        """Not by a VRF: GoBGP gives those the label 0, which no VPN route can have (RFC 3032 2.1)."""
        self.cli("global", "rib", "add", "-a", "vpnv4", prefix, "label", "80", "rd", "65000:22", "rt", target)

    def rib(self, family):
        """Prefixes or memberships in its table of the family."""
        got = json.loads(self.cli("-j", "global", "rib", "-a", family))
        return set(got) if isinstance(got, dict) else set()

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.log.close()


def has(g, prefix):
    return any(r.endswith(prefix) for r in g.rib("vpnv4"))


def members(g, target):
    return any(target in m for m in g.rib("rtc"))


def ours_to_gobgp(r, g):
    check("our membership is at GoBGP", wait(lambda: members(g, "65000:101"), 10), g.cli("global", "rib", "-a", "rtc"))
    check("GoBGP's End-of-RIB of the memberships came", wait(lambda: "rt-constraint" in str(r.peer("gobgp")), 5))
    check("what GoBGP does not want it is not sent", not wait(lambda: has(g, "172.16.1.0/24"), 2), g.rib("vpnv4"))
    g.cli("vrf", "add", "other", "rd", "65000:23", "rt", "both", "65000:102")
    check("... nor for another target", not wait(lambda: has(g, "172.16.1.0/24"), 2), g.rib("vpnv4"))
    g.cli("vrf", "add", "same", "rd", "65000:22", "rt", "both", "65000:101")
    check("a membership brings the route", wait(lambda: has(g, "172.16.1.0/24"), 5), g.rib("vpnv4"))
    g.cli("vrf", "del", "same")
    check("its end takes it away", wait(lambda: not has(g, "172.16.1.0/24"), 5), g.rib("vpnv4"))
    g.cli("vrf", "add", "same", "rd", "65000:22", "rt", "both", "65000:101")
    check("and it comes back", wait(lambda: has(g, "172.16.1.0/24"), 5), g.rib("vpnv4"))


def gobgps_to_us(r, g):
    g.announce("172.16.3.0/24", "65000:102")
    g.announce("172.16.2.0/24", "65000:101")
    check("GoBGP's route with a target of ours is here", wait(lambda: r.route("172.16.2.0/24"), 10), r.ask("bgp", "vpnv4"))
    left = r.peer("gobgp")["counters"]["not_retained"]
    check("the other one was not even sent", not r.route("172.16.3.0/24") and left == 0, left)


def rt_constraint():
    """Memberships come and go at GoBGP, and with them our routes; ours decide what GoBGP sends."""
    if not shutil.which("gobgpd"):
        skip("rt_constraint", "gobgpd is not installed")
        return
    r = Ravelind(CONF.format(families="vpnv4, rt-constraint", extra=""))
    g = Gobgp("l3vpn-ipv4-unicast", "rtc")
    check("session", wait(lambda: r.state("gobgp") == "Established", 20), r.text())
    ours_to_gobgp(r, g)
    gobgps_to_us(r, g)
    check("one session all the time", r.peer("gobgp")["counters"]["established"] == 1, r.text())
    g.stop()
    r.stop()


def rt_constraint_off():
    """The same without the family: everything is sent, and what no VRF imports is not kept."""
    if not shutil.which("gobgpd"):
        skip("rt_constraint_off", "gobgpd is not installed")
        return
    r = Ravelind(CONF.format(families="vpnv4", extra=""))
    g = Gobgp("l3vpn-ipv4-unicast")
    check("session", wait(lambda: r.state("gobgp") == "Established", 20), r.text())
    check("our route is there unasked", wait(lambda: has(g, "172.16.1.0/24"), 10), g.rib("vpnv4"))
    g.announce("172.16.3.0/24", "65000:102")
    check("what no VRF imports is sent to us and not kept",
          wait(lambda: r.peer("gobgp")["counters"]["not_retained"] == 1, 10), r.peer("gobgp"))
    check("... and not shown", not r.route("172.16.3.0/24"))
    g.stop()
    r.stop()


def rt_constraint_reflector():
    """A client is asked for everything, and gets what it wants."""
    if not shutil.which("gobgpd"):
        skip("rt_constraint_reflector", "gobgpd is not installed")
        return
    r = Ravelind(CONF.format(families="vpnv4, rt-constraint", extra=", reflector-client: true"))
    g = Gobgp("l3vpn-ipv4-unicast", "rtc")
    check("session", wait(lambda: r.state("gobgp") == "Established", 20), r.text())
    g.announce("172.16.3.0/24", "65000:102")
    check("a client's route comes though no VRF imports it", wait(lambda: r.route("172.16.3.0/24"), 10),
          r.ask("bgp", "vpnv4"))
    check("the client is not sent what it does not want", not wait(lambda: has(g, "172.16.1.0/24"), 2), g.rib("vpnv4"))
    g.cli("vrf", "add", "same", "rd", "65000:22", "rt", "both", "65000:101")
    check("... until it does", wait(lambda: has(g, "172.16.1.0/24"), 5), g.rib("vpnv4"))
    g.stop()
    r.stop()


SCENARIOS = [rt_constraint, rt_constraint_off, rt_constraint_reflector]
