"""BMP stations: pmacct's pmbmpd reads all that is said to it, tshark dissects it, and a station that reads nothing costs nobody."""

import json
import os
import shutil
import signal
import subprocess

from net import WORK, Ravelind, peer_socket, sh, wait
from reload import reload
from report import check, skip
from speak import Talker

STATION, PORT = "10.0.0.6", 11019
DEAF, DEAF_PORT = "10.0.0.7", 11020
QUEUE = 16 << 20
WARNING = 0x600000  # PI_WARN; PI_ERROR is above
PRE, POST, LOC = "pre", "post", "loc"
MED = 77

CONF = """
router: {name: pe1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}
sets:
  - {name: unwanted, communities: ["65003:666"]}
policies:
  - name: wanted
    rules:
      - {name: "no", match: {community: unwanted}, action: reject}
      - {name: med, set: {med: 77}, action: accept}
    default: accept
ports:
  - {name: acc0, role: access, vrf: vrf-a, address: [192.168.1.1/30]}
vrfs:
  - {name: vrf-a, table: 1001, rd: "65000:11", import: ["65000:101"], export: ["65000:101"], redistribute: [connected]}
neighbors:
  - {address: 10.0.0.3, as: 65003, families: [ipv4-unicast], import: wanted, keep-rejected: true, export: accept-all, name: a, passive: true}
  - {address: 10.0.0.4, as: 4200000004, families: [ipv4-unicast], import: accept-all, export: accept-all, name: b, passive: true}
  - {address: 10.0.0.5, as: 65000, families: [vpnv4], name: pe2, passive: true}
bmp:
  stations:
"""
NOC = "    - {name: noc, address: 10.0.0.6, retry: 1, statistics: 1, routes: [pre-policy, post-policy, loc-rib]}\n"
DEAF_ONE = "    - {name: deaf, address: 10.0.0.7, port: 11020, retry: 1, statistics: 0, routes: [pre-policy, post-policy, loc-rib]}\n"
VPN = {"prefix": "172.16.2.0/24", "rd": "65000:21", "label": 80, "as_path": [65101], "local_pref": 100, "ext": ["rt:65000:101"]}


class Pmbmpd:
    """pmacct's BMP daemon in the peer's namespace. What it logs of each message makes up the tables that it was told."""

    count = 0

    def __init__(self):
        Pmbmpd.count += 1
        at = f"{WORK}/pmbmpd{Pmbmpd.count}"
        self.log = at + ".json"
        with open(at + ".conf", "w") as f:
            f.write(f"daemonize: false\nbmp_daemon_ip: {STATION}\nbmp_daemon_port: {PORT}\nbmp_daemon_max_peers: 4\n"
                    f"bmp_daemon_msglog_file: {self.log}\nbmp_daemon_msglog_output: json\n")
        self.out = open(at + ".err", "w")
        self.process = subprocess.Popen(["nsenter", "--net=/run/netns/peer", "pmbmpd", "-f", at + ".conf"], stdout=self.out, stderr=self.out)

    def lines(self, kind=None):
        if not os.path.exists(self.log):
            return []
        with open(self.log) as f:
            found = [json.loads(line) for line in f if line.endswith("\n")]
        return [x for x in found if kind is None or x.get("bmp_msg_type") == kind]

    def table(self, view, peer="0.0.0.0", rd=None):
        """{(route distinguisher, prefix): what it is}, of one neighbour before or after policy, or of one Loc-RIB (rd: of its VRF)."""
        held = {}
        for x in self.lines():
            if x.get("peer_ip") != peer:
                continue
            instance = x.get("rd", "").split(":", 1)[-1] if x.get("rd_origin") == "bmp" else None
            if x.get("bmp_msg_type") in ("peer_up", "peer_down") and instance == rd:
                held = {}
            if x["bmp_msg_type"] != "route_monitor" or instance != rd or "ip_prefix" not in x:
                continue
            if view != (LOC if x.get("is_loc") else POST if x.get("is_post") else PRE):
                continue
            key = (x["rd"].split(":", 1)[-1] if x.get("rd_origin") == "bgp" else None, x["ip_prefix"])
            if x["log_type"] == "update":
                held[key] = x
            else:
                held.pop(key, None)
        return held

    def prefixes(self, view, peer="0.0.0.0", rd=None):
        return sorted(prefix for _, prefix in self.table(view, peer, rd))

    def up(self):
        """Addresses (and of a Loc-RIB, the VRF's distinguisher) of those that are."""
        held = set()
        for x in self.lines():
            who = (x.get("peer_ip"), x["rd"] if x.get("rd_origin") == "bmp" else None)
            if x.get("bmp_msg_type") == "peer_up":
                held.add(who)
            if x.get("bmp_msg_type") == "peer_down":
                held.discard(who)
        return held

    def stat(self, peer, number):
        values = [x["counter_value"] for x in self.lines("stats") if x["peer_ip"] == peer and x["counter_type"] == number and "rd" not in x]
        return values[-1] if values else None

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.out.close()


class Wire:
    """tcpdump of what is said to stations."""

    def __init__(self):
        self.file = f"{WORK}/bmp.pcap"
        self.process = subprocess.Popen(["tcpdump", "-i", "wire0", "-U", "-s", "0", "-Z", "root", "-w", self.file, f"tcp port {PORT}"],
                                        stderr=subprocess.PIPE, text=True)
        self.process.stderr.readline()

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=10)

    def tshark(self, *words, file=None):
        out = sh("tshark", "-r", file or self.file, "-o", "tcp.desegment_tcp_streams:TRUE", "-d", f"tcp.port=={PORT},bmp", *words)
        return "".join(line for line in out.splitlines(True) if not line.startswith("Running as user"))


def best(r, table, **query):
    """The prefixes of what is chosen, as `ravelin show` says."""
    return sorted(x["prefix"] for x in table if x["best"])


def vrf_routes(r):
    return r.ask("vrf", "vrf-a")["vrfs"][0]["routes"]


def same_as_shown(r, noc, what):
    def same():
        core = best(r, r.ask("bgp", "ipv4")["routes"]) + best(r, r.ask("bgp", "vpnv4")["routes"])
        return noc.prefixes(LOC) == sorted(core) and noc.prefixes(LOC, rd="65000:11") == best(r, vrf_routes(r))

    check(f"{what}: the Loc-RIBs are those that `show` shows", wait(same, 10), (noc.prefixes(LOC), noc.prefixes(LOC, rd="65000:11")))


def started(noc):
    check("the router says who it is", wait(lambda: noc.lines("init"), 10) and
          noc.lines("init")[0]["bmp_init_info_sysname"] == "pe1", noc.lines("init"))
    want = {("10.0.0.3", None), ("10.0.0.4", None), ("10.0.0.5", None), ("0.0.0.0", None), ("0.0.0.0", "0:65000:11")}
    check("each neighbour is up, the core's Loc-RIB and the VRF's", wait(lambda: noc.up() == want, 10), noc.up())


def policies(noc, what):
    """The positive control: a rejected route is there before policy and not after it."""
    both = ["198.51.100.0/24", "203.0.113.0/24"]
    check(f"{what}: before policy there is all that the neighbour said", wait(lambda: noc.prefixes(PRE, "10.0.0.3") == both, 10),
          noc.prefixes(PRE, "10.0.0.3"))
    check(f"{what}: after policy, what was rejected is not", wait(lambda: noc.prefixes(POST, "10.0.0.3") == both[1:], 10),
          noc.prefixes(POST, "10.0.0.3"))
    before, after = noc.table(PRE, "10.0.0.3"), noc.table(POST, "10.0.0.3")
    check(f"{what}: before policy attributes are as they came", before[None, both[1]].get("med") == 5, before)
    check(f"{what}: ... after policy as the policy made them", after[None, both[1]].get("med") == MED, after)


def vpn(noc, what):
    for view in (PRE, POST):
        held = wait(lambda: noc.table(view, "10.0.0.5"), 10) or {}
        route = held.get(("65000:21", "172.16.2.0/24"), {})
        check(f"{what}: a VPN route {view} policy has RD, label and route target",
              route.get("label") == "80" and route.get("ecomms") == "RT:65000:101" and route.get("as_path") == "65101", held)
    route = noc.table(LOC).get(("65000:21", "172.16.2.0/24"), {})
    check(f"{what}: ... and in the Loc-RIB", route.get("label") == "80" and route.get("bgp_nexthop") == "10.0.0.5", route)


def changes(r, noc, a, b):
    a.withdraw({"prefix": "203.0.113.0/24"})
    check("a withdrawal is told before policy", wait(lambda: noc.prefixes(PRE, "10.0.0.3") == ["198.51.100.0/24"], 10))
    check("... and after it", wait(lambda: noc.prefixes(POST, "10.0.0.3") == [], 10))
    same_as_shown(r, noc, "after a withdrawal")
    b.announce({"prefix": "192.0.2.0/24"})
    check("an announcement is told", wait(lambda: noc.prefixes(POST, "10.0.0.4") == ["192.0.2.0/24"], 10))
    b.close()
    down = wait(lambda: noc.lines("peer_down"), 10)
    check("a neighbour that goes is told, and why", down and down[0]["peer_ip"] == "10.0.0.4" and down[0]["reason_type"] == 4, down)
    same_as_shown(r, noc, "after a neighbour went")
    check("statistics: routes in the Adj-RIB-In", wait(lambda: noc.stat("10.0.0.3", 7) == 1, 10), noc.stat("10.0.0.3", 7))
    check("statistics: what policy rejected", noc.stat("10.0.0.3", 0) == 1, noc.stat("10.0.0.3", 0))
    core = len(best(r, r.ask("bgp", "ipv4")["routes"]) + best(r, r.ask("bgp", "vpnv4")["routes"]))
    check("statistics: routes in the Loc-RIB", wait(lambda: noc.stat("0.0.0.0", 8) == core, 10), (noc.stat("0.0.0.0", 8), core))


def shown(r):
    code, out, err = r.ravelin("show", "bmp")
    check("`show bmp` shows the station", code == 0 and "noc" in out and " up " in out, out + err)
    said = r.ask("bmp")["stations"][0]
    check("... and what it was told", said["messages"] > 10 and said["octets"] > 1000 and said["waiting"] == 0, said)


def malformed(wire, file=None):
    """What tshark complains about, one word each."""
    said = wire.tshark("-Y", f"bmp && (_ws.malformed || _ws.expert.severity >= {WARNING})", "-T", "fields", "-e", "_ws.expert.message",
                       file=file)
    return [w for w in said.replace("\n", ",").split(",") if w and not w.startswith("Graceful Restart Capability")]


def dissected(wire, loc_ribs):
    """loc_ribs: how many Peer Ups of one there were."""
    kinds = wire.tshark("-Y", "bmp", "-T", "fields", "-e", "bmp.type").replace(",", "\n").split()
    check("tshark sees messages of each kind that there is", set(kinds) >= {"0", "1", "2", "3", "4", "5"}, set(kinds))
    check("tshark sees UPDATEs in them", wire.tshark("-Y", "bmp && bgp.update.path_attributes") != "")
    # tshark 4.0 does not know that names may follow the OPENs of a Peer Up, and takes them for a message: once for each Loc-RIB
    bad = malformed(wire)
    check("tshark finds nothing malformed", len(bad) == loc_ribs, (loc_ribs, bad))
    broken = f"{WORK}/bmp-broken.pcap"
    with open(wire.file, "rb") as f:
        octets = f.read()
    at = octets.index(b"\xff" * 16)  # the marker of the first BGP message: its length is made wrong
    with open(broken, "wb") as f:
        f.write(octets[:at + 16] + b"\x00\x05" + octets[at + 18:])
    check("... and can: it finds what was broken on purpose", malformed(wire, broken) != bad)


def bmp():
    """All that a station is told, as another's collector reads it; it dies, and comes back."""
    if not shutil.which("pmbmpd"):
        skip("bmp", "pmbmpd is not installed")
        return
    wire, noc, r = Wire(), Pmbmpd(), Ravelind(CONF + NOC)
    a, b, pe2 = Talker("10.0.0.3", 65003), Talker("10.0.0.4", 4200000004), Talker("10.0.0.5", 65000, ("vpnv4",))
    started(noc)
    a.announce({"prefix": "203.0.113.0/24", "med": 5}, {"prefix": "198.51.100.0/24", "communities": ["65003:666"]})
    pe2.announce(VPN)
    policies(noc, "live")
    vpn(noc, "live")
    same_as_shown(r, noc, "live")
    shown(r)
    noc.stop()
    check("the router sees that the station is gone", wait(lambda: r.ask("bmp")["stations"][0]["state"] != "up", 10))
    noc = Pmbmpd()
    started(noc)
    policies(noc, "from the table")
    vpn(noc, "from the table")
    same_as_shown(r, noc, "from the table")
    names = {bytes.fromhex(x["bmp_peer_up_info_3"].replace("-", "")).decode() for x in noc.lines("peer_up") if x["peer_type"] == 3}
    check("the Loc-RIBs have their names", names == {"global", "vrf-a"}, names)
    changes(r, noc, a, b)
    r.stop()
    check("the end is told", wait(lambda: noc.lines("term"), 10), noc.lines()[-3:])
    wire.stop()
    dissected(wire, 2 * 2)
    noc.stop()
    a.close()
    pe2.close()


def station(r, name):
    return next(s for s in r.ask("bmp")["stations"] if s["name"] == name)


def resident(r):
    """kB of bgpd: of ravelind's two processes, the one that was forked."""
    with open(f"/proc/{r.children()[0]}/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))


def bmp_deaf():
    """A station that takes the connection and reads nothing of it."""
    if not shutil.which("pmbmpd"):
        skip("bmp_deaf", "pmbmpd is not installed")
        return
    listener = peer_socket(DEAF, DEAF_PORT)
    listener.listen(8)
    noc, r = Pmbmpd(), Ravelind(CONF + NOC + DEAF_ONE)
    held = [listener.accept()[0]]
    a, b = Talker("10.0.0.3", 65003), Talker("10.0.0.4", 4200000004)
    wait(lambda: station(r, "deaf")["state"] in ("up", "full") and station(r, "noc")["state"] == "up", 10)
    before, peak, turns = resident(r), 0, 0
    while turns < 400 and station(r, "deaf")["overruns"] == 0:
        turns += 1
        for i in range(50):
            a.announce({"prefix": f"203.0.{i}.0/24", "communities": [f"65003:{turns}"] * 800})
        peak = max(peak, station(r, "deaf")["waiting"])
    said = station(r, "deaf")
    check("a station that reads nothing is given up", said["overruns"] == 1 and said["waiting_peak"] <= QUEUE, said)
    check("... not before it was waited for", said["waiting_peak"] > QUEUE // 2, said)
    grown = resident(r) - before
    check("its memory was bounded", grown < 64 << 10, f"{grown} kB")
    check("it is in the log", "event=bmp_slow station=deaf" in r.text())
    check("neighbours did not notice", wait(lambda: b.find("203.0.49.0/24"), 20) and r.state("a") == "Established" and
          r.state("b") == "Established")
    want = sorted(f"203.0.{i}.0/24" for i in range(50))
    check("another station neither", wait(lambda: noc.prefixes(POST, "10.0.0.3") == want, 30) and station(r, "noc")["overruns"] == 0,
          station(r, "noc"))
    check("it is tried again", wait(lambda: station(r, "deaf")["ups"] == 2, 10))
    held.append(listener.accept()[0])
    print(f"  {turns * 50} UPDATEs of 3 kB; waiting at most {said['waiting_peak'] >> 10} KiB; bgpd grew by {grown} kB")
    for s in (*held, listener, a, b):
        s.close()
    noc.stop()
    r.stop()


class Sink:
    """A station that takes what is said and keeps it."""

    def __init__(self):
        self.listener = peer_socket(DEAF, DEAF_PORT)
        self.listener.listen(8)
        self.listener.settimeout(10)

    def accept(self):
        self.s, self.octets, self.over = self.listener.accept()[0], b"", False
        self.s.settimeout(0.2)

    def read(self):
        try:
            while not self.over:
                more = self.s.recv(65536)
                self.over = not more
                self.octets += more
        except TimeoutError:
            pass
        kinds, at = [], 0
        while at + 6 <= len(self.octets):
            kinds.append(self.octets[at + 5])
            at += int.from_bytes(self.octets[at + 1:at + 5], "big")
        return kinds

    def close(self):
        self.s.close()
        self.listener.close()


INITIATION, TERMINATION, PEER_UP = 4, 5, 3


def reload_bmp():
    """Stations come and go by reloads: to sessions that stand, with a last word, and unseen by one that stays."""
    if not shutil.which("pmbmpd"):
        skip("reload_bmp", "pmbmpd is not installed")
        return
    sink, noc, r = Sink(), Pmbmpd(), Ravelind(CONF[:CONF.index("bmp:")])
    a, b, pe2 = Talker("10.0.0.3", 65003), Talker("10.0.0.4", 4200000004), Talker("10.0.0.5", 65000, ("vpnv4",))
    a.announce({"prefix": "203.0.113.0/24", "med": 5}, {"prefix": "198.51.100.0/24", "communities": ["65003:666"]})
    pe2.announce(VPN)
    check("routes are there", wait(lambda: len(best(r, r.ask("bgp", "vpnv4")["routes"])) > 0 and r.state("b") == "Established", 10))
    said = reload(r, CONF + NOC)
    check("it says what differs", said == "+ bmp/stations/noc\n", said)
    started(noc)
    policies(noc, "of a session that stood before")
    vpn(noc, "of a session that stood before")
    same_as_shown(r, noc, "of a session that stood before")
    ups = len(noc.lines("peer_up"))
    reload(r, CONF + NOC + DEAF_ONE)
    sink.accept()
    check("another one comes", wait(lambda: sink.read().count(PEER_UP) == 5, 10), sink.read())
    check("... and begins with who we are", sink.read()[0] == INITIATION, sink.read())
    reload(r, CONF + NOC)
    check("it goes with a Termination, and its connection is closed",
          wait(lambda: sink.read()[-1] == TERMINATION and sink.over, 5), (sink.read()[-3:], sink.over))
    a.announce({"prefix": "192.0.2.0/24"})
    check("who stays is told on", wait(lambda: "192.0.2.0/24" in noc.prefixes(POST, "10.0.0.3"), 10), noc.prefixes(POST, "10.0.0.3"))
    same_as_shown(r, noc, "after the other went")
    check("... in one connection that saw nothing of it", station(r, "noc")["ups"] == 1 and len(noc.lines("init")) == 1 and
          len(noc.lines("peer_up")) == ups and not noc.lines("peer_down") and not noc.lines("term"), station(r, "noc"))
    check("only one is shown", [s["name"] for s in r.ask("bmp")["stations"]] == ["noc"], r.ask("bmp"))
    reload(r, CONF + DEAF_ONE)
    sink.accept()
    check("one goes, one comes in its place", wait(lambda: noc.lines("term"), 10) and wait(lambda: sink.read().count(PEER_UP) == 5, 10),
          sink.read())
    check("the sessions saw nothing of it", [r.peer(n)["counters"]["established"] for n in ("a", "b", "pe2")] == [1, 1, 1])
    for x in (a, b, pe2, sink):
        x.close()
    noc.stop()
    r.stop()


SCENARIOS = [bmp, bmp_deaf, reload_bmp]
