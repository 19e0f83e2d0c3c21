"""Clients of an exchange point's route server: real daemons, each in a namespace of its own on a shared network.

Each announces what it is given: [(prefix, [communities])] with communities as people write them, "65000:1" or "65000:0:1".
route(prefix) is what it holds of the route server's: {"as_path": [...], "next_hop": ..., "med": ..., "marks": {communities of
all kinds as text}}; None if nothing.
"""

import json
import os
import pwd
import re
import shutil
import signal
import subprocess

import net
from net import sh, wait

RS, RS_AS = "10.9.0.1", 65000
TALKERS = range(6, 10)  # last octets of the addresses that our own speakers have
NAMES = []


def on_lan(name, *lasts):
    """A namespace with addresses on the exchange's network."""
    port = f"ix-{name}"[:15]
    sh("ip", "netns", "add", name)
    NAMES.append(name)
    sh("ip", "link", "add", port, "type", "veth", "peer", "name", "eth1", "netns", name)
    sh("ip", "link", "set", port, "master", "ixp", "up")
    for last in lasts:
        sh("ip", "-n", name, "addr", "add", f"10.9.0.{last}/24", "dev", "eth1")
    sh("ip", "-n", name, "link", "set", "eth1", "up")
    sh("ip", "-n", name, "link", "set", "lo", "up")


def lan():
    sh("ip", "link", "add", "ixp", "type", "bridge", "forward_delay", "0")
    sh("ip", "addr", "add", RS + "/24", "dev", "ixp")
    sh("ip", "link", "set", "ixp", "up")
    on_lan("talkers", *TALKERS)
    net.SPEAKERS = "talkers"


def no_lan():
    net.SPEAKERS = "peer"
    for name in NAMES:
        sh("ip", "netns", "del", name, check=False)
    NAMES.clear()
    sh("ip", "link", "del", "ixp", check=False)


def is_large(community):
    return community.count(":") == 2


class Client(net.Folder):
    name, binary = "", ""

    def __init__(self, last, asn, routes=()):
        self.last, self.asn, self.routes, self.address = last, asn, routes, f"10.9.0.{last}"
        self.space = f"client{last}"
        self.dir = f"{net.WORK}/{self.space}"
        os.makedirs(self.dir, mode=0o777, exist_ok=True)
        os.chmod(self.dir, 0o777)
        on_lan(self.space, last)
        self.log = open(self.dir + "/log", "w")
        self.process = subprocess.Popen(["nsenter", f"--net=/run/netns/{self.space}", *self.command()], stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log, cwd=self.dir, start_new_session=True)
        if not wait(self.answers, 10):
            raise RuntimeError(f"{self.name} does not answer: {self.text()}")

    @classmethod
    def installed(cls):
        return shutil.which(cls.binary) or os.access(cls.binary, os.X_OK)

    def text(self):
        with open(self.dir + "/log", errors="replace") as f:
            return f.read()[-2000:]

    def stop(self):
        for sig in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, sig)
                self.process.wait(3)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
            break
        self.log.close()


class Frr(Client):
    name, binary = "FRR", "/usr/lib/frr/bgpd"

    def command(self):
        text = f"hostname {self.space}\nlog stdout\nrouter bgp {self.asn}\n bgp router-id {self.address}\n no bgp ebgp-requires-policy\n"
        text += f" no bgp network import-check\n neighbor {RS} remote-as {RS_AS}\n neighbor {RS} timers connect 1\n"
        text += f" no neighbor {RS} enforce-first-as\n address-family ipv4 unicast\n"
        text += "".join(f"  network {p} route-map R{i}\n" for i, (p, _) in enumerate(self.routes))
        text += f"  neighbor {RS} filter-list OWN out\n exit-address-family\nexit\nbgp as-path access-list OWN seq 5 permit ^$\n"
        for i, (_, communities) in enumerate(self.routes):
            text += f"route-map R{i} permit 10\n"
            for large, word in ((True, "large-community"), (False, "community")):
                chosen = [c for c in communities if is_large(c) == large]
                text += f" set {word} {' '.join(chosen)}\n" if chosen else ""
            text += "exit\n"
        return [self.binary, "-Z", "-S", "-n", "-P", "0", "-p", "179", "-l", self.address, "-f", self.put("conf", text),
                "-i", self.dir + "/pid", "--vty_socket", self.dir, "--log", "stdout"]

    def vty(self, command):
        return sh("vtysh", "--vty_socket", self.dir, "-c", command, check=False)

    def answers(self):
        return "FRRouting" in self.vty("show version")

    def route(self, prefix):
        paths = json.loads(self.vty(f"show bgp ipv4 unicast {prefix} json")).get("paths", [])
        paths = [p for p in paths if p.get("peer", {}).get("peerId") == RS]
        if not paths:
            return None
        p = paths[0]
        marks = p.get("community", {}).get("string", "").split() + p.get("largeCommunity", {}).get("string", "").split()
        marks += p.get("extendedCommunity", {}).get("string", "").lower().split()
        path = p["aspath"]["string"]
        return {"as_path": [int(a) for a in path.split() if a.isdigit()], "next_hop": p["nexthops"][0]["ip"],
                "med": p.get("metric"), "marks": set(marks)}


class Bird(Client):
    name, binary = "BIRD", "bird"

    def command(self):
        text = f'log "{self.dir}/log" all;\nrouter id {self.address};\nprotocol device {{ }}\nprotocol static {{\n ipv4;\n'
        text += "".join(f" route {p} unreachable;\n" for p, _ in self.routes) + "}\nfilter out_ {\n"
        for p, communities in self.routes:
            adds = "".join(f" bgp_{'large_' * is_large(c)}community.add(({c.replace(':', ',')}));" for c in communities)
            text += f" if net = {p} then {{{adds} }}\n"
        text += " if source != RTS_STATIC then reject;\n accept;\n}\n"
        text += f"protocol bgp server {{\n local {self.address} as {self.asn}; neighbor {RS} as {RS_AS}; enforce first as off;\n"
        text += " connect delay time 1; connect retry time 1; error wait time 1, 2;\n ipv4 { import all; export filter out_; };\n}\n"
        return [self.binary, "-f", "-c", self.put("conf", text), "-s", self.dir + "/ctl", "-P", self.dir + "/pid"]

    def birdc(self, words):
        return sh("birdc", "-s", self.dir + "/ctl", words, check=False)

    def answers(self):
        return "BIRD 2" in self.birdc("show status")

    def route(self, prefix):
        said = self.birdc(f"show route for {prefix} protocol server all")
        at = {k: v.strip() for k, v in re.findall(r"BGP\.(\w+): (.*)", said)}
        if not said.count(prefix) or "next_hop" not in at:
            return None
        marks = set()
        for kind in ("community", "large_community", "ext_community"):
            marks |= {m.replace(" ", "").replace(",", ":") for m in re.findall(r"\(([^)]*)\)", at.get(kind, ""))}
        return {"as_path": [int(a) for a in at["as_path"].split()], "next_hop": at["next_hop"].split()[0],
                "med": int(at["med"]) if "med" in at else None, "marks": marks}


class Openbgpd(Client):
    name, binary = "OpenBGPD", "/usr/sbin/bgpd"

    def command(self):
        text = f'AS {self.asn}\nrouter-id {self.address}\nlisten on {self.address}\nfib-update no\nsocket "{self.dir}/ctl"\nlog updates\n'
        for p, communities in self.routes:
            sets = " ".join(f"{'large-' * is_large(c)}community {c}" for c in communities)
            text += f"network {p}" + (f" set {{ {sets} }}" if sets else "") + "\n"
        text += f"neighbor {RS} {{\n remote-as {RS_AS}\n local-address {self.address}\n announce IPv4 unicast\n announce IPv6 none\n"
        text += f" enforce neighbor-as no\n}}\nallow from any\nallow to ebgp prefix {{ {' '.join(p for p, _ in self.routes)} }}\n"
        os.makedirs(pwd.getpwnam("_openbgpd").pw_dir, exist_ok=True)  # its chroot; Debian's is on /run
        return [self.binary, "-d", "-v", "-f", self.put("conf", text, 0o600)]

    def ctl(self, *words):
        return sh("bgpctl", "-s", self.dir + "/ctl", *words, check=False)

    def answers(self):
        return "Neighbor" in self.ctl("show")

    def route(self, prefix):
        rib = [r for r in json.loads(self.ctl("-j", "show", "rib", "detail", prefix)).get("rib", [])
               if r["prefix"] == prefix and r.get("neighbor", {}).get("remote_addr") == RS]
        if not rib:
            return None
        marks = set()
        for a in rib[0].get("attributes", []):
            marks |= set(a.get("communities", []) + a.get("large_communities", []) + a.get("extended_communities", []))
        for key in ("communities", "large_communities", "extended_communities"):
            marks |= set(rib[0].get(key, []))
        return {"as_path": [int(a) for a in rib[0]["aspath"].split()], "next_hop": rib[0]["exit_nexthop"],
                "med": rib[0].get("metric"), "marks": marks}


class Gobgp(Client):
    name, binary = "GoBGP", "gobgpd"

    def command(self):
        text = f'[global.config]\n as = {self.asn}\n router-id = "{self.address}"\n port = 179\n local-address-list = ["{self.address}"]\n'
        text += f'[[neighbors]]\n [neighbors.config]\n  neighbor-address = "{RS}"\n  peer-as = {RS_AS}\n'
        text += f' [neighbors.transport.config]\n  local-address = "{self.address}"\n [neighbors.timers.config]\n  connect-retry = 1\n'
        text += '  idle-hold-time-after-reset = 1\n [[neighbors.afi-safis]]\n  [neighbors.afi-safis.config]\n   afi-safi-name = "ipv4-unicast"\n'
        return [self.binary, "-f", self.put("conf.toml", text), "--api-hosts", "127.0.0.1:50051", "--pprof-disable", "-l", "info"]

    def cli(self, *words):
        return sh("nsenter", f"--net=/run/netns/{self.space}", "gobgp", *words, check=False)

    def answers(self):
        if RS not in self.cli("neighbor"):
            return False
        for p, communities in self.routes:
            lists = [(word, ",".join(c for c in communities if is_large(c) == large))
                     for word, large in (("community", False), ("large-community", True))]
            self.cli("global", "rib", "add", p, "nexthop", self.address, *[w for word, text in lists if text for w in (word, text)])
        return True

    def route(self, prefix):
        for p in json.loads(self.cli("global", "rib", prefix, "-j")).get(prefix, []):
            at = {a["type"]: a for a in p["attrs"]}
            path = [n for s in at[2].get("as_paths") or [] for n in s["asns"]]
            if not path:
                continue
            marks = {f"{c >> 16}:{c & 65535}" for c in at.get(8, {}).get("communities", [])}
            for large in at.get(32, {}).get("value", []):
                marks.add(":".join(str(large[k]) for k in ("ASN", "LocalData1", "LocalData2")))
            return {"as_path": path, "next_hop": at[3]["nexthop"], "med": at.get(4, {}).get("metric"), "marks": marks}
        return None


ALL = (Bird, Frr, Openbgpd, Gobgp)
