"""The subjects of the benchmark: how each is configured, started and told to reload its policy.

Every subject is AS 65000 at 10.99.0.1, port 179. The load generator dials it: sender k from 10.99.1.k (AS 65100 + k, or
65000 at the reflector), receiver i from 10.99.2.i (AS 65200 + i, or 65000), idle neighbour i of the other
family from 10.99.3.i (AS 65500 + i, or 65000). Shapes: see load/model.h.
"""

import os
import shutil

SUBJECT = "10.99.0.1"
SUBJECT_AS = 65000


def peers(shape, receivers, senders):
    """(address, AS, name, whether it receives) of every sender and receiver, the late and a slow one included."""
    internal = shape == "reflector"
    for k in range(1, senders + 1):
        yield f"10.99.1.{k}", SUBJECT_AS if internal else 65100 + k, f"sender{k}", False
    for i in range(1, receivers + 3):
        yield f"10.99.2.{i}", SUBJECT_AS if internal else 65200 + i, f"receiver{i}", True


def idlers(shape, idle):
    """(address, AS, name) of the neighbours that speak the other family only, and have nothing to say in it."""
    for i in range(1, idle + 1):
        yield f"10.99.3.{i}", SUBJECT_AS if shape == "reflector" else 65500 + i, f"idle{i}"


class Subject:
    """name; package (for apt); shapes; why_not: {shape: why it is not measured}."""

    shapes = ("ebgp", "server", "reflector")
    why_not = {}
    package = ""
    binary = ""
    added = 65000 << 16 | 999  # the community of reload()

    def path(self):
        return shutil.which(self.binary) if self.binary else None

    def write(self, folder, shape, receivers, senders, idle):
        """Writes the configuration into folder and returns the command that stays in the foreground."""
        raise NotImplementedError

    def reload(self, folder):
        """The command that makes the subject add the community `added` to what receivers are told, or None."""
        return None


def put(folder, name, text, mode=0o644):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="ascii") as f:
        f.write(text)
    os.chmod(path, mode)
    return path


class Ravelin(Subject):
    name = "ravelin"
    shapes = ("ebgp", "server", "selective", "reflector", "intake-ebgp", "intake-reflector")
    added = 65535 << 16  # GRACEFUL_SHUTDOWN (RFC 8326)

    def __init__(self, builddir):
        self.binary = os.path.join(os.path.abspath(builddir), "ravelind")
        self.command = os.path.join(os.path.abspath(builddir), "ravelin")

    def write(self, folder, shape, receivers, senders, idle):
        external = ", import: accept-all, export: accept-all"
        server = external + ", route-server-client: true"
        role = {"ebgp": external, "server": server, "selective": server + ", selective: true",
                "reflector": ", reflector-client: true"}[shape]
        busy, other = ("vpnv4", "ipv4-unicast") if shape == "reflector" else ("ipv4-unicast", "vpnv4")
        text = f"router: {{name: bench, as: {SUBJECT_AS}, id: {SUBJECT}, user: nobody, run-dir: {folder}/run}}\n"
        text += "neighbors:\n"
        line = f"  - {{{{address: {{}}, local-address: {SUBJECT}, as: {{}}, families: [{{}}], passive: true, name: {{}}{{}}}}}}\n"
        for address, asn, name, _ in peers(shape, receivers, senders):
            text += line.format(address, asn, busy, name, role)
        for address, asn, name in idlers(shape, idle):
            text += line.format(address, asn, other, name, "" if shape == "reflector" else external)
        return [self.binary, "--no-fib", "-f", put(folder, "ravelin.yaml", text, 0o600)]

    def reload(self, folder):
        return f"{self.command} -s {folder}/run/ravelin.sock neighbor all graceful-shutdown on"


# What `selective: true` does, as a function for clients: whether the route is for the client, prepends, no orders behind it.
BIRD_ORDERS = """function orders(int peer) {
 if (65000, 0, peer) ~ bgp_large_community then return false;
 if (0, peer) ~ bgp_community || (rt, 0, peer) ~ bgp_ext_community then return false;
 if (65000, 0, 0) ~ bgp_large_community || (0, 65000) ~ bgp_community || (rt, 0, 65000) ~ bgp_ext_community then
  if !((65000, 1, peer) ~ bgp_large_community || (65000, peer) ~ bgp_community || (rt, 65000, peer) ~ bgp_ext_community) then return false;
 if (65000, 103, peer) ~ bgp_large_community then { bgp_path.prepend(bgp_path.first); bgp_path.prepend(bgp_path.first); bgp_path.prepend(bgp_path.first); }
 else if (65000, 102, peer) ~ bgp_large_community then { bgp_path.prepend(bgp_path.first); bgp_path.prepend(bgp_path.first); }
 else if (65000, 101, peer) ~ bgp_large_community then bgp_path.prepend(bgp_path.first);
 bgp_community.delete([(0, *), (65000, *)]);
 bgp_large_community.delete([(65000, 0, *), (65000, 1, *), (65000, 101..103, *)]);
 bgp_ext_community.delete([(rt, 0, *), (rt, 65000, *)]);
 return true;
}
"""


class Bird(Subject):
    name, package, binary = "bird", "bird2", "bird"
    shapes = ("ebgp", "server", "selective", "reflector")

    def export(self, shape, asn, added):
        adds = "bgp_community.add((65000,999)); " if added else ""
        return f"filter {{ if orders({asn}) then {{ {adds}accept; }} reject; }}" if shape == "selective" else "filter told"

    def config(self, shape, receivers, senders, idle, added):
        vpn = shape == "reflector"
        channel = "vpn4 mpls" if vpn else "ipv4"
        keep = "next hop self" if shape == "ebgp" else "next hop keep"
        role = {"ebgp": "", "server": "rs client;", "selective": "rs client;", "reflector": f"rr client; rr cluster id {SUBJECT};"}[shape]
        text = f"router id {SUBJECT};\nlog \"/dev/null\" all;\nprotocol device {{ }}\nipv4 table master4;\n"
        text += "vpn4 table vpntab;\n" if vpn else ""
        text += "filter told { " + ("bgp_community.add((65000,999)); " if added else "") + "accept; }\n"
        text += BIRD_ORDERS if shape == "selective" else ""
        for address, asn, name, receives in peers(shape, receivers, senders):
            text += (f"protocol bgp {name} {{ local {SUBJECT} as {SUBJECT_AS}; neighbor {address} as {asn}; passive yes;"
                     f" multihop; {role} {channel} {{ {'table vpntab; igp table master4;' if vpn else ''}"
                     f" import all; export {self.export(shape, asn, added)}; {keep}; }}; }}\n")
        text += "vpn4 table idletab;\n" if idle and not vpn else ""
        for address, asn, name in idlers(shape, idle):
            other = "ipv4 {" if vpn else "vpn4 mpls { table idletab; igp table master4;"
            text += (f"protocol bgp {name} {{ local {SUBJECT} as {SUBJECT_AS}; neighbor {address} as {asn}; passive yes;"
                     f" multihop; {other} import all; export all; }}; }}\n")
        return text

    def write(self, folder, shape, receivers, senders, idle):
        put(folder, "after.conf", self.config(shape, receivers, senders, idle, True))
        conf = put(folder, "bird.conf", self.config(shape, receivers, senders, idle, False))
        return [self.path(), "-f", "-c", conf, "-s", f"{folder}/bird.ctl", "-P", f"{folder}/bird.pid"]

    def reload(self, folder):
        return f"birdc -s {folder}/bird.ctl 'configure \"{folder}/after.conf\"'"


class Frr(Subject):
    package = "frr"

    def __init__(self, coalesce_ms=None):
        self.coalesce = coalesce_ms
        self.name = f"frr-ct{coalesce_ms}" if coalesce_ms else "frr"

    def path(self):
        return "/usr/lib/frr/bgpd" if os.access("/usr/lib/frr/bgpd", os.X_OK) else None

    def write(self, folder, shape, receivers, senders, idle):
        family = "ipv4 vpn" if shape == "reflector" else "ipv4 unicast"
        role = {"ebgp": "next-hop-self", "server": "route-server-client", "reflector": "route-reflector-client"}[shape]
        text = f"router bgp {SUBJECT_AS}\n bgp router-id {SUBJECT}\n no bgp ebgp-requires-policy\n"
        text += " no bgp network import-check\n no bgp default ipv4-unicast\n"
        if shape == "reflector":
            text += " bgp route-reflector allow-outbound-policy\n"
        if self.coalesce:
            text += f" coalesce-time {self.coalesce}\n"
        activate = ""
        for address, asn, name, receives in peers(shape, receivers, senders):
            text += f" neighbor {address} remote-as {asn}\n neighbor {address} passive\n"
            if shape != "reflector":
                text += f" neighbor {address} disable-connected-check\n"
            activate += f"  neighbor {address} activate\n  neighbor {address} {role}\n"
            activate += f"  neighbor {address} route-map out out\n" if receives else ""
        others = ""
        for address, asn, _ in idlers(shape, idle):
            text += f" neighbor {address} remote-as {asn}\n neighbor {address} passive\n"
            text += f" neighbor {address} disable-connected-check\n" if shape != "reflector" else ""
            others += f"  neighbor {address} activate\n"
        text += f" address-family {family}\n{activate} exit-address-family\n"
        if idle:
            other = "ipv4 unicast" if shape == "reflector" else "ipv4 vpn"
            text += f" address-family {other}\n{others} exit-address-family\n"
        text += "exit\n"
        text += "bgp route-map delay-timer 1\nroute-map out permit 10\nexit\n"
        conf = put(folder, "frr.conf", text)
        os.chmod(folder, 0o777)
        return [self.path(), "-Z", "-S", "-n", "-P", "0", "-p", "179", "-l", SUBJECT, "-f", conf, "-i", f"{folder}/pid",
                "--vty_socket", folder, "--log", f"file:{folder}/log", "--log-level", "warnings"]

    def reload(self, folder):
        return (f"vtysh --vty_socket {folder} -c 'configure terminal' -c 'route-map out permit 10'"
                " -c 'set community 65000:999 additive'")


OPENBGPD_ORDERS = """deny to ebgp large-community 65000:0:0
deny to ebgp community 0:65000
deny to ebgp ext-community rt 0:65000
allow to ebgp large-community 65000:1:neighbor-as
allow to ebgp community 65000:neighbor-as
deny to ebgp large-community 65000:0:neighbor-as
deny to ebgp community 0:neighbor-as
match to ebgp large-community 65000:101:neighbor-as set prepend-neighbor 1
match to ebgp large-community 65000:102:neighbor-as set prepend-neighbor 2
match to ebgp large-community 65000:103:neighbor-as set prepend-neighbor 3
match to ebgp set { community delete 0:* community delete 65000:* large-community delete 65000:0:* large-community delete 65000:1:* }
match to ebgp set { large-community delete 65000:101:* large-community delete 65000:102:* large-community delete 65000:103:* }
match to ebgp set { ext-community delete rt 0:* ext-community delete rt 65000:* }
"""


class OpenBgpd(Subject):
    name, package = "openbgpd", "openbgpd"
    shapes = ("ebgp", "server", "selective", "reflector")

    def path(self):
        path = "/usr/sbin/bgpd"
        return path if os.access(path, os.X_OK) and shutil.which("bgpctl") else None

    def config(self, folder, shape, receivers, senders, idle, added):
        vpn = shape == "reflector"
        text = f"AS {SUBJECT_AS}\nrouter-id {SUBJECT}\nlisten on {SUBJECT}\nfib-update no\nsocket \"{folder}/ctl\"\n"
        text += "transparent-as yes\n" if shape in ("server", "selective") else ""
        text += "rde med compare always\n"
        for address, asn, name, receives in peers(shape, receivers, senders):
            text += f"neighbor {address} {{\n descr {name}\n remote-as {asn}\n passive\n"
            text += " multihop 4\n" if not vpn else " route-reflector\n"
            text += f" announce IPv4 {'vpn' if vpn else 'unicast'}\n"
            text += " enforce neighbor-as no\n enforce local-as no\n" if vpn else ""
            text += " rde evaluate all\n" if shape == "selective" else ""
            text += "}\n"
        for address, asn, name in idlers(shape, idle):
            text += f"neighbor {address} {{\n descr {name}\n remote-as {asn}\n passive\n"
            text += f"{'' if vpn else ' multihop 4'}\n announce IPv4 {'unicast' if vpn else 'vpn'}\n}}\n"
        text += "allow from any\nallow to any\n"
        text += "match to any set nexthop self\n" if shape == "ebgp" else ""
        text += "match to any set nexthop no-modify\n" if shape in ("server", "selective") else ""
        text += OPENBGPD_ORDERS if shape == "selective" else ""
        text += "match to any set community 65000:999\n" if added else ""
        return text

    def write(self, folder, shape, receivers, senders, idle):
        put(folder, "after.conf", self.config(folder, shape, receivers, senders, idle, True), 0o600)
        conf = put(folder, "openbgpd.conf", self.config(folder, shape, receivers, senders, idle, False), 0o600)
        return [self.path(), "-d", "-f", conf]

    def reload(self, folder):
        return f"cp {folder}/after.conf {folder}/openbgpd.conf && bgpctl -s {folder}/ctl reload"


class GoBgp(Subject):
    name, package, binary = "gobgp", "gobgpd", "gobgpd"

    def write(self, folder, shape, receivers, senders, idle):
        family = "l3vpn-ipv4-unicast" if shape == "reflector" else "ipv4-unicast"
        text = f"[global.config]\n as = {SUBJECT_AS}\n router-id = \"{SUBJECT}\"\n port = 179\n"
        text += f" local-address-list = [\"{SUBJECT}\"]\n"
        for address, asn, _, _ in peers(shape, receivers, senders):
            text += f"[[neighbors]]\n [neighbors.config]\n  neighbor-address = \"{address}\"\n  peer-as = {asn}\n"
            text += f" [neighbors.transport.config]\n  passive-mode = true\n  local-address = \"{SUBJECT}\"\n"
            if shape == "server":
                text += " [neighbors.route-server.config]\n  route-server-client = true\n"
            if shape == "reflector":
                text += " [neighbors.route-reflector.config]\n  route-reflector-client = true\n"
                text += f"  route-reflector-cluster-id = \"{SUBJECT}\"\n"
            else:
                text += " [neighbors.ebgp-multihop.config]\n  enabled = true\n  multihop-ttl = 4\n"
            text += f" [[neighbors.afi-safis]]\n  [neighbors.afi-safis.config]\n   afi-safi-name = \"{family}\"\n"
        for address, asn, _ in idlers(shape, idle):
            other = "ipv4-unicast" if shape == "reflector" else "l3vpn-ipv4-unicast"
            text += f"[[neighbors]]\n [neighbors.config]\n  neighbor-address = \"{address}\"\n  peer-as = {asn}\n"
            text += f" [neighbors.transport.config]\n  passive-mode = true\n  local-address = \"{SUBJECT}\"\n"
            if shape != "reflector":
                text += " [neighbors.ebgp-multihop.config]\n  enabled = true\n  multihop-ttl = 4\n"
            text += f" [[neighbors.afi-safis]]\n  [neighbors.afi-safis.config]\n   afi-safi-name = \"{other}\"\n"
        conf = put(folder, "gobgp.toml", text)
        return [self.path(), "-f", conf, "--api-hosts", "127.0.0.1:50051", "--pprof-disable", "-l", "error"]


def all_subjects(builddir):
    return [Ravelin(builddir), Bird(), Frr(), Frr(1), OpenBgpd(), GoBgp()]
