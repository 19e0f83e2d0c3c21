"""The subjects of the benchmark: how each is configured, started and told to reload its policy.

Every subject is AS 65000 at 10.99.0.1, port 179. The load generator dials it: sender k from 10.99.1.k (AS 65100 + k, or
65000 at the reflector), receiver i from 10.99.2.i (AS 65200 + i, or 65000). Shapes: see load/model.h.
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


class Subject:
    """name; package (for apt); shapes; why_not: {shape: why it is not measured}."""

    shapes = ("ebgp", "server", "reflector")
    why_not = {}
    package = ""
    binary = ""

    def path(self):
        return shutil.which(self.binary) if self.binary else None

    def write(self, folder, shape, receivers, senders):
        """Writes the configuration into folder and returns the command that stays in the foreground."""
        raise NotImplementedError

    def reload(self, folder):
        """The command that makes the subject add community 65000:999 to what receivers are told, or None."""
        return None


def put(folder, name, text, mode=0o644):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="ascii") as f:
        f.write(text)
    os.chmod(path, mode)
    return path


class Ravelin(Subject):
    name = "ravelin"
    shapes = ("ebgp", "intake-ebgp", "intake-reflector")
    why_not = {"server": "no transparent AS_PATH yet", "reflector": "no route reflection yet"}

    def __init__(self, builddir):
        self.binary = os.path.join(os.path.abspath(builddir), "ravelind")

    def write(self, folder, shape, receivers, senders):
        family = "vpnv4" if shape == "reflector" else "ipv4-unicast"
        text = f"router: {{name: bench, as: {SUBJECT_AS}, id: {SUBJECT}, user: nobody, run-dir: {folder}/run}}\n"
        text += "neighbors:\n"
        client = {"ebgp": "", "server": ", route-server-client: true", "reflector": ", reflector-client: true"}[shape]
        for address, asn, name, receives in peers(shape, receivers, senders):
            text += (f"  - {{address: {address}, local-address: {SUBJECT}, as: {asn}, families: [{family}],"
                     f" passive: true, name: {name}, import: accept-all, export: accept-all{client}}}\n")
        return [self.binary, "--no-fib", "-f", put(folder, "ravelin.yaml", text, 0o600)]


class Bird(Subject):
    name, package, binary = "bird", "bird2", "bird"

    def config(self, shape, receivers, senders, added):
        vpn = shape == "reflector"
        channel = "vpn4 mpls" if vpn else "ipv4"
        keep = "next hop self" if shape == "ebgp" else "next hop keep"
        role = {"ebgp": "", "server": "rs client;", "reflector": f"rr client; rr cluster id {SUBJECT};"}[shape]
        text = f"router id {SUBJECT};\nlog \"/dev/null\" all;\nprotocol device {{ }}\nipv4 table master4;\n"
        text += "vpn4 table vpntab;\n" if vpn else ""
        text += "filter told { " + ("bgp_community.add((65000,999)); " if added else "") + "accept; }\n"
        for address, asn, name, receives in peers(shape, receivers, senders):
            text += (f"protocol bgp {name} {{ local {SUBJECT} as {SUBJECT_AS}; neighbor {address} as {asn}; passive yes;"
                     f" multihop; {role} {channel} {{ {'table vpntab; igp table master4;' if vpn else ''}"
                     f" import all; export filter told; {keep}; }}; }}\n")
        return text

    def write(self, folder, shape, receivers, senders):
        put(folder, "after.conf", self.config(shape, receivers, senders, True))
        conf = put(folder, "bird.conf", self.config(shape, receivers, senders, False))
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

    def write(self, folder, shape, receivers, senders):
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
        text += f" address-family {family}\n{activate} exit-address-family\nexit\n"
        text += "bgp route-map delay-timer 1\nroute-map out permit 10\nexit\n"
        conf = put(folder, "frr.conf", text)
        os.chmod(folder, 0o777)
        return [self.path(), "-Z", "-S", "-n", "-P", "0", "-p", "179", "-l", SUBJECT, "-f", conf, "-i", f"{folder}/pid",
                "--vty_socket", folder, "--log", f"file:{folder}/log", "--log-level", "warnings"]

    def reload(self, folder):
        return (f"vtysh --vty_socket {folder} -c 'configure terminal' -c 'route-map out permit 10'"
                " -c 'set community 65000:999 additive'")


class OpenBgpd(Subject):
    name, package = "openbgpd", "openbgpd"

    def path(self):
        path = "/usr/sbin/bgpd"
        return path if os.access(path, os.X_OK) and shutil.which("bgpctl") else None

    def config(self, folder, shape, receivers, senders, added):
        vpn = shape == "reflector"
        text = f"AS {SUBJECT_AS}\nrouter-id {SUBJECT}\nlisten on {SUBJECT}\nfib-update no\nsocket \"{folder}/ctl\"\n"
        text += "transparent-as yes\n" if shape == "server" else ""
        text += "rde med compare always\n"
        for address, asn, name, receives in peers(shape, receivers, senders):
            text += f"neighbor {address} {{\n descr {name}\n remote-as {asn}\n passive\n"
            text += " multihop 4\n" if not vpn else " route-reflector\n"
            text += f" announce IPv4 {'vpn' if vpn else 'unicast'}\n"
            text += " enforce neighbor-as no\n enforce local-as no\n" if vpn else ""
            text += "}\n"
        text += "allow from any\nallow to any\n"
        text += "match to any set nexthop self\n" if shape == "ebgp" else ""
        text += "match to any set nexthop no-modify\n" if shape == "server" else ""
        text += "match to any set community 65000:999\n" if added else ""
        return text

    def write(self, folder, shape, receivers, senders):
        put(folder, "after.conf", self.config(folder, shape, receivers, senders, True), 0o600)
        conf = put(folder, "openbgpd.conf", self.config(folder, shape, receivers, senders, False), 0o600)
        return [self.path(), "-d", "-f", conf]

    def reload(self, folder):
        return f"cp {folder}/after.conf {folder}/openbgpd.conf && bgpctl -s {folder}/ctl reload"


class GoBgp(Subject):
    name, package, binary = "gobgp", "gobgpd", "gobgpd"

    def write(self, folder, shape, receivers, senders):
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
        conf = put(folder, "gobgp.toml", text)
        return [self.path(), "-f", conf, "--api-hosts", "127.0.0.1:50051", "--pprof-disable", "-l", "error"]


def all_subjects(builddir):
    return [Ravelin(builddir), Bird(), Frr(), Frr(1), OpenBgpd(), GoBgp()]
