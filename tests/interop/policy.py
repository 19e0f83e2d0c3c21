"""Rules of what comes in and goes out, against FRR, BIRD and raw octets: reflection, route server, roles, communities."""

import contextlib
import functools
import socket
import struct
import subprocess

from net import PE, WORK, Frr, Ravelind, wait
from raw import ORIGIN, UPDATE, Speaker, as_path, attr, update
from report import check
from speak import HOP6, Talker

HEAD = "router: {{name: pe1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR{router}}}\nneighbors:\n"
ALL = "import: accept-all, export: accept-all"
PREFIX, NLRI = "203.0.113.0/24", b"\x18\xcb\x00\x71"
COMMUNITY, CLUSTER_LIST, ORIGINATOR_ID, EXT_COMMUNITY, LARGE, OTC = 8, 10, 9, 16, 32, 35
GRACEFUL_SHUTDOWN, NO_EXPORT = 0xFFFF0000, 0xFFFFFF01


def conf(*neighbors, router=""):
    return HEAD.format(router=router) + "".join(neighbors)


def neighbor(last, asn, name, extra="", families="ipv4-unicast"):
    policy = "" if asn == 65000 or "import:" in extra else ", " + ALL
    passive = "connect-retry: 1" if last == 2 else "passive: true"
    return (f"  - {{address: 10.0.0.{last}, local-address: 10.0.0.1, as: {asn}, families: [{families}], name: {name}, "
            f"{passive}{policy}{extra}}}\n")


def frr(asn, ipv4="", vpn="", more="", neighbor=""):
    return f"""
hostname frr
router bgp {asn}
 bgp router-id 10.0.0.2
 no bgp ebgp-requires-policy
 no bgp network import-check
 no bgp default ipv4-unicast
 no bgp enforce-first-as
 timers connect 1
 neighbor 10.0.0.1 remote-as 65000
 neighbor 10.0.0.1 timers connect 1
{neighbor}
 address-family ipv4 unicast
  neighbor 10.0.0.1 activate
{ipv4}
 exit-address-family
 address-family ipv4 vpn
{vpn}
 exit-address-family
exit
{more}
"""


def scenario(fn):
    """Whatever fn gives to its argument is stopped when it ends, however it ends."""

    def run():
        with contextlib.ExitStack() as stack:
            def keep(x):
                stack.callback(x.stop if hasattr(x, "stop") else x.close)
                return x

            fn(keep)

    functools.update_wrapper(run, getattr(fn, "func", fn))
    return run


def ip(last):
    return socket.inet_aton(f"10.0.0.{last}")


def attrs(last, *asns, more=b""):
    path = as_path(*asns) if asns else attr(0x40, 2, b"")
    return ORIGIN + path + attr(0x40, 3, ip(last)) + more


def local_pref(n):
    return attr(0x40, 5, struct.pack("!I", n))


def med(n):
    return attr(0x80, 4, struct.pack("!I", n))


def communities(*values):
    return attr(0xC0, COMMUNITY, struct.pack(f"!{len(values)}I", *values))


def path_of(f, prefix=PREFIX):
    """What FRR holds of a prefix: its first path."""
    return f.json(f"show bgp ipv4 unicast {prefix}")["paths"][0]


def hears(s, seconds=5):
    """{attribute: value} of the next UPDATE with attributes that a raw speaker gets; None if none comes."""
    while True:
        body = s.until(UPDATE, seconds)
        if body is None:
            return None
        at = 2 + struct.unpack("!H", body[:2])[0]
        end = at + 2 + struct.unpack("!H", body[at:at + 2])[0]
        at, out = at + 2, {}
        while at < end:
            flags, code = body[at], body[at + 1]
            size = 2 if flags & 0x10 else 1
            length = int.from_bytes(body[at + 2:at + 2 + size], "big")
            at += 2 + size + length
            out[code] = body[at - length:at]
        if out.keys() - {15}:
            return out


def raw(last, asn, name):
    s = Speaker(f"10.0.0.{last}")
    check(f"session with {name}", s.session(asn=asn, ident=f"10.0.0.{last}"))
    return s


def up(r, *names):
    check("sessions", wait(lambda: all(r.state(n) == "Established" for n in names), 10), r.text())


def refused(r, name, why):
    return r.peer(name)["refused"].get(why, 0)


@scenario
def reflection(keep):
    """RFC 4456: clients and others, ORIGINATOR_ID, CLUSTER_LIST, next hop and label as they were; our loop checks."""
    both = "ipv4-unicast, vpnv4"
    r = keep(Ravelind(conf(neighbor(2, 65000, "frr", ", reflector-client: true", both),
                      neighbor(3, 65000, "client", ", reflector-client: true", both),
                      neighbor(4, 65000, "other", "", both), neighbor(5, 65000, "fourth", "", both),
                      router=", cluster-id: 10.9.9.9, retain: all")))
    f = keep(Frr(frr(65000, ipv4="  network 198.51.100.0/24",
                vpn="  neighbor 10.0.0.1 activate\n  neighbor 10.0.0.1 route-map rt out\n"
                    "  network 172.16.2.0/24 rd 65000:22 label 80",
                more="route-map rt permit 10\n set extcommunity rt 65000:101\nexit\n")))
    client, other, fourth = keep(raw(3, 65000, "client")), keep(raw(4, 65000, "other")), keep(raw(5, 65000, "fourth"))
    up(r, "frr", "client", "other", "fourth")
    client.send(update(attrs(3, 65300, more=local_pref(150)), NLRI))
    got = wait(lambda: path_of(f), 10) or {}
    check("FRR: ORIGINATOR_ID is the client's", got.get("originatorId") == "10.0.0.3", got)
    check("FRR: CLUSTER_LIST is our cluster", got.get("clusterList", {}).get("list") == ["10.9.9.9"], got)
    check("FRR: next hop and LOCAL_PREF as they were",
          got.get("nexthops", [{}])[0].get("ip") == "10.0.0.3" and got.get("locPrf") == 150, got)
    heard = hears(other) or {}
    check("a client's route goes to who is none", heard.get(ORIGINATOR_ID) is not None, heard)
    vpn = None
    while vpn is None or 14 not in vpn:
        vpn = hears(client, 10)
        if vpn is None:
            break
    vpn = vpn or {}
    check("FRR's VPN route reaches the other client with label and next hop",
          bytes([0, 1, 128, 12]) + bytes(8) + ip(2) in vpn.get(14, b"") and b"\x00\x05\x01" in vpn.get(14, b""), vpn)
    check("... with ORIGINATOR_ID and CLUSTER_LIST",
          vpn.get(ORIGINATOR_ID) == ip(2) and vpn.get(CLUSTER_LIST) == bytes([10, 9, 9, 9]), vpn)
    reflection_between_others(r, f, other, fourth)


def reflection_between_others(r, f, other, fourth):
    while hears(fourth, 1):  # what was there before
        pass
    other.send(update(attrs(4, 65400, more=local_pref(100)), b"\x18\xc0\x00\x02"))
    check("a non-client's route goes to clients", wait(lambda: path_of(f, "192.0.2.0/24"), 5))
    check("... and not to other non-clients", hears(fourth, 1) is None)
    for what, more in (("cluster", attr(0x80, CLUSTER_LIST, bytes([10, 9, 9, 9]))),
                       ("originator", attr(0x80, ORIGINATOR_ID, ip(1)))):
        other.send(update(attrs(4, 65400, more=local_pref(100) + more), b"\x18\xc0\x00\x02"))
        check(f"our own {what} in a route: refused", wait(lambda: refused(r, "other", what) == 1, 5), r.peer("other"))
    check("... and the route before it is gone",
          wait(lambda: "paths" not in f.json("show bgp ipv4 unicast 192.0.2.0/24"), 5))


class Bird:
    """BIRD 2 in the peer's namespace."""

    def __init__(self, protocol, last=6):
        text = f"""
router id 10.0.0.{last};
protocol device {{}}
protocol bgp session {{
  local 10.0.0.{last} as 6500{last};
  neighbor {PE} as 65000;
  strict bind on;
  connect retry time 1; connect delay time 1; error wait time 1, 2;
  {protocol}
  ipv4 {{ import all; export all; gateway recursive; }}; # its namespace has every address of the wire
}}
"""
        self.ctl = "/run/bird.ctl"
        with open(f"{WORK}/bird.conf", "w") as f:
            f.write(text)
        self.process = subprocess.Popen(["nsenter", "--net=/run/netns/peer", "bird", "-f", "-c", f"{WORK}/bird.conf",
                                         "-s", self.ctl, "-P", "/run/bird.pid"])
        if not wait(lambda: "BIRD" in self.ask("show status"), 10):
            raise RuntimeError("BIRD does not answer")

    def ask(self, *words):
        return subprocess.run(["birdc", "-s", self.ctl, *words], capture_output=True, text=True).stdout

    def route(self, prefix=PREFIX):
        text = self.ask("show", "route", "all", prefix)
        return text if "BGP.as_path" in text else None

    def stop(self):
        self.ask("down")
        self.process.wait(10)


@scenario
def route_server(keep):
    """RFC 7947 2.2: FRR and BIRD as clients see each other's paths as if nobody stood between."""
    rs = ", route-server-client: true"
    r = keep(Ravelind(conf(neighbor(2, 65002, "frr", rs), neighbor(3, 65003, "raw", rs), neighbor(6, 65006, "bird", rs))))
    f = keep(Frr(frr(65002, ipv4="  network 198.51.100.0/24")))
    b = keep(Bird("enforce first as off;"))
    s = keep(raw(3, 65003, "raw"))
    up(r, "frr", "bird", "raw")
    s.send(update(attrs(3, 65003, 65300, more=med(7) + communities(NO_EXPORT, 65003 << 16 | 1)), NLRI))
    got = wait(lambda: path_of(f), 10) or {}
    check("FRR: AS_PATH, MED and next hop as they were", got.get("aspath", {}).get("string") == "65003 65300" and
          got.get("metric") == 7 and got.get("nexthops", [{}])[0].get("ip") == "10.0.0.3", got)
    check("FRR: communities as they were", "no-export" in got.get("community", {}).get("string", ""), got)
    text = wait(b.route, 10) or ""
    check("BIRD: AS_PATH, MED and next hop as they were", "BGP.as_path: 65003 65300" in text and
          "BGP.med: 7" in text and "BGP.next_hop: 10.0.0.3" in text, text)
    text = wait(lambda: b.route("198.51.100.0/24"), 10) or ""
    check("BIRD: FRR's route", "BGP.as_path: 65002" in text and "BGP.next_hop: 10.0.0.2" in text, text)
    s.send(update(attrs(4, 65003), NLRI))  # RFC 7948 4.8
    check("somebody else as next hop: refused", wait(lambda: refused(r, "raw", "next-hop") == 1, 5), r.peer("raw"))
    check("... and withdrawn", wait(lambda: b.route() is None, 5))


@scenario
def roles(keep):
    """RFC 9234 with FRR as customer, BIRD as peer, and a raw customer that leaks."""
    r = keep(Ravelind(conf(neighbor(2, 65002, "frr", ", role: provider"), neighbor(6, 65006, "bird", ", role: peer"),
                      neighbor(3, 65003, "raw", ", role: provider"), neighbor(4, 65004, "plain"))))
    f = keep(Frr(frr(65002, neighbor=" neighbor 10.0.0.1 local-role customer strict-mode")))
    b = keep(Bird("local role peer; require roles on;"))
    s, plain = keep(raw(3, 65003, "raw")), keep(raw(4, 65004, "plain"))
    up(r, "frr", "bird", "raw", "plain")
    check("FRR knows our role", f.neighbor().get("remoteRole") == "provider", f.neighbor().get("remoteRole"))
    s.send(update(attrs(3, 65003), NLRI))
    got = wait(lambda: path_of(f), 10) or {}
    check("FRR, a customer, gets OTC with our AS", got.get("otc") == 65000, got)
    check("BIRD, a peer, gets a customer's route", wait(b.route, 10))
    leak = attr(0xC0, OTC, struct.pack("!I", 65009))
    s.send(update(attrs(3, 65003, more=leak), NLRI))
    check("OTC from a customer is a leak", wait(lambda: refused(r, "raw", "leak") == 1, 5), r.peer("raw")["refused"])
    check("... withdrawn from FRR", wait(lambda: "paths" not in f.json(f"show bgp ipv4 unicast {PREFIX}"), 5))
    plain.send(update(attrs(4, 65004, more=leak), NLRI))
    got = wait(lambda: path_of(f), 10) or {}
    check("control: without roles it is taken, and OTC stays", got.get("otc") == 65009, got)
    check("... but never told a peer", not wait(b.route, 1))
    check("... and explain says why", r.told(PREFIX, "bird") == "not exported: otc", r.told(PREFIX, "bird"))


def no_policy():
    """RFC 8212: a session with another AS that nobody wrote a policy for carries nothing, and says so."""
    for extra in (", import: accept-all, export: accept-all", ", import: refuse-all", ""):
        scenario(functools.partial(no_policy_one, extra))()


def no_policy_one(extra, keep):
    taken = "accept" in extra
    line = neighbor(2, 65002, "frr", extra if extra else ", import:").replace(", import:}", "}")
    r = keep(Ravelind(conf(line, neighbor(3, 65003, "raw"))))
    f = keep(Frr(frr(65002, ipv4="  network 198.51.100.0/24")))
    s = keep(raw(3, 65003, "raw"))
    up(r, "frr")
    s.send(update(attrs(3, 65003), NLRI))
    check("... heard", wait(lambda: r.peer("raw")["prefixes_received"] == 1, 5))
    if taken:
        check("control: with a policy it comes in", wait(lambda: r.peer("frr")["prefixes_received"] == 1, 10))
        check("control: ... and goes out", wait(lambda: path_of(f), 10))
        check("control: ... as explain says", r.told(PREFIX, "frr") == "", r.told(PREFIX, "frr"))
        check("explain: back to whom it came from it does not", r.told("198.51.100.0/24", "frr") == "its own route")
    else:
        why = "import-policy" if extra else "no-import-policy"
        check(f"{why}: counted", wait(lambda: refused(r, "frr", why) == 1, 10), r.peer("frr"))
        check("nothing comes in", r.peer("frr")["prefixes_received"] == 0)
        check("nothing goes out", "paths" not in f.json(f"show bgp ipv4 unicast {PREFIX}"))
        check("... and explain says why", "policy" in r.told(PREFIX, "frr"), r.told(PREFIX, "frr"))
        check("the log says it", "import_policy" in r.text() and "export_policy" in r.text(), r.text())


def as_numbers():
    """as-override, allow-own-as, and AS_SET (RFC 9774), each off and on."""
    for on in (False, True):
        scenario(functools.partial(as_numbers_one, on))()


def as_numbers_one(on, keep):
    as_set = ORIGIN + attr(0x40, 2, struct.pack("!BBIBBI", 2, 1, 65003, 1, 1, 65300)) + attr(0x40, 3, ip(3))
    r = keep(Ravelind(conf(neighbor(2, 65003, "frr", ", as-override: true" if on else ""),
                      neighbor(3, 65003, "raw", ", allow-own-as: 1, allow-as-set: true" if on else ""))))
    f = keep(Frr(frr(65003)))
    s = keep(raw(3, 65003, "raw"))
    up(r, "frr")
    s.send(update(attrs(3, 65003), NLRI))
    check("told FRR", wait(lambda: r.peer("frr")["prefixes_sent"] == 1, 5), r.peer("frr"))
    got = wait(lambda: path_of(f), 5 if on else 1) or {}
    check(f"as-override {on}: FRR of the same AS", got.get("aspath", {}).get("string") == ("65000 65000" if on else None), got)
    s.send(update(attrs(3, 65003, 65000), b"\x18\xc0\x00\x02"))
    s.send(update(as_set, b"\x18\xc6\x33\x64"))
    want = {} if on else {"as-loop": 1, "as-set": 1}
    check(f"own AS and AS_SET, allowed {on}",
          wait(lambda: r.peer("raw")["refused"] == want and r.peer("raw")["prefixes_received"] == (3 if on else 1), 5),
          r.peer("raw"))
    if on:
        check("AS_SET is not passed on", r.peer("frr")["prefixes_sent"] == 2, r.peer("frr"))
        s.send(update(attrs(3, 65003, 65000, 65000), b"\x18\xc0\x00\x02"))
        check("own AS once more than allowed", wait(lambda: refused(r, "raw", "as-loop") == 1, 5))


@scenario
def shutdown_community(keep):
    """RFC 8326: LOCAL_PREF 0 inside, the community outside where the switch says so."""
    r = keep(Ravelind(conf(neighbor(2, 65000, "frr"), neighbor(3, 65003, "raw"),
                      neighbor(4, 65004, "leaving", ", graceful-shutdown: true"), neighbor(5, 65005, "staying"))))
    f = keep(Frr(frr(65000)))
    s, leaving, staying = keep(raw(3, 65003, "raw")), keep(raw(4, 65004, "leaving")), keep(raw(5, 65005, "staying"))
    up(r, "frr", "leaving", "staying")
    s.send(update(attrs(3, 65003, more=communities(65003 << 16 | 5)), NLRI))
    got = wait(lambda: path_of(f), 10) or {}
    check("control: LOCAL_PREF without it", got.get("locPrf") == 100, got)
    want = struct.pack("!II", 65003 << 16 | 5, GRACEFUL_SHUTDOWN)
    check("the switch adds it", (hears(leaving) or {}).get(COMMUNITY) == want)
    check("control: only there", (hears(staying) or {}).get(COMMUNITY) == want[:4])
    s.send(update(attrs(3, 65003, more=communities(GRACEFUL_SHUTDOWN)), NLRI))
    check("received: LOCAL_PREF 0 at FRR", wait(lambda: path_of(f).get("locPrf") == 0, 10), path_of(f))


@scenario
def attributes_pass(keep):
    """Communities of every kind and attributes that nobody knows: to another AS, and inside ours."""
    ext = struct.pack("!QQ", 0x0002FDEB00000001, 0x4004FDEB00000001)  # a target, and one that stays in its AS
    more = communities(65003 << 16 | 7) + attr(0xC0, EXT_COMMUNITY, ext) + attr(0xC0, LARGE, struct.pack("!III", 65003, 1, 2))
    more += attr(0xC0, 200, b"\x01\x02\x03") + attr(0x80, 98, b"\x01")
    r = keep(Ravelind(conf(neighbor(2, 65002, "frr"), neighbor(3, 65003, "raw"), neighbor(4, 65000, "inside"))))
    f = keep(Frr(frr(65002)))
    s, inside = keep(raw(3, 65003, "raw")), keep(raw(4, 65000, "inside"))
    up(r, "frr", "inside")
    s.send(update(attrs(3, 65003, more=more), NLRI))
    got = wait(lambda: path_of(f), 10) or {}
    check("FRR: communities", got.get("community", {}).get("string") == "65003:7", got)
    check("FRR: large communities", got.get("largeCommunity", {}).get("string") == "65003:1:2", got)
    check("FRR: extended ones that may leave the AS, and no others",
          got.get("extendedCommunity", {}).get("string") == "RT:65003:1", got)
    heard = hears(inside) or {}
    check("inside: all extended communities", heard.get(EXT_COMMUNITY) == ext, heard)
    check("inside: the unknown transitive attribute and not the other",
          heard.get(200) == b"\x01\x02\x03" and 98 not in heard, heard)
    for community, name in ((NO_EXPORT, "no-export"), (0xFFFFFF02, "no-advertise")):
        s.send(update(attrs(3, 65003, more=communities(community)), NLRI))
        check(f"{name}: withdrawn from FRR", wait(lambda: "paths" not in f.json(f"show bgp ipv4 unicast {PREFIX}"), 5))


@scenario
def ipv6_next_hops(keep):
    """IPv4 routes with IPv6 next hops (RFC 8950), raw octets: to those who agreed to them, and from nobody else."""
    names = {3: "six", 4: "too", 5: "four"}
    r = keep(Ravelind(conf(*(neighbor(last, 65000, name, ", reflector-client: true" + ", extended-next-hop: true" * (last < 5))
                             for last, name in names.items()))))
    six, too = (Talker(f"10.0.0.{last}", 65000, more=(HOP6,)) for last in (3, 4))
    four = Talker("10.0.0.5", 65000)
    six.announce({"prefix": PREFIX, "as_path": [], "local_pref": 100, "next_hop": "2001:db8::6"},
                 {"prefix": "198.51.100.0/24", "as_path": [], "local_pref": 100})
    got = wait(lambda: too.find(PREFIX), 5) or {}
    check("an IPv6 next hop is told to who agreed", got.get("next_hop") == "2001:db8::6", got)
    other = wait(lambda: four.find("198.51.100.0/24"), 5)
    check("... and the route not to who did not", other and not four.find(PREFIX), four.routes)
    six.withdraw({"prefix": PREFIX})
    check("it is withdrawn", wait(lambda: not too.find(PREFIX), 5), too.routes)
    four.announce({"prefix": PREFIX, "as_path": [], "local_pref": 100, "next_hop": "2001:db8::5"})
    down = wait(lambda: r.state("four") != "Established", 5)
    check("who did not agree may not say one", down and not too.find(PREFIX), r.peer("four"))
    check("the others stay", r.peer("six")["counters"]["established"] == 1)


SCENARIOS = [reflection, route_server, roles, no_policy, as_numbers, shutdown_community, attributes_pass, ipv6_next_hops]
