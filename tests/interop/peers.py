"""The routers that the matrix runs ravelind against: each is configured, started, asked and stopped in the same words.

A peer is 10.0.0.2 in the peer's namespace, AS 65000 (internal) or 65002. Besides ravelind (10.0.0.1) it has one more neighbour,
10.0.0.3 (AS 65000, its reflector client, or 65003), which is ours: through it the peer is given routes, and what the peer
passes on to it is what the peer has understood of ravelind's.
"""

import json
import os
import pwd
import shutil
import signal
import subprocess

import net
from net import PE, PEER, sh, wait
from speak import Talker

INJECTOR, SECOND = "10.0.0.3", "10.0.0.6"
OURS = 65000


class NotAvailable(Exception):
    """The peer cannot do it: why."""


class Peer(net.Folder):
    name, package, binary = "", "", ""
    lacks = {}  # option of start(): why the peer has it not
    cannot = {}  # row: why there is nothing to try
    changes_next_hop = False  # on the way to the injector, of an external route
    only_dials = ()  # options that work on connections which the peer makes, not on those it takes
    count = 0

    def __init__(self):
        self.process = self.injector = self.second = None

    @classmethod
    def installed(cls):
        return shutil.which(cls.binary) or (os.access(cls.binary, os.X_OK) and cls.binary)

    def start(self, internal=False, families=("ipv4",), asn=None, inject=True, **options):
        """options: key, gtsm, hold, and what the subclasses know of enum Peer.options; a false one is as if not given."""
        for o, value in options.items():
            if value and o in self.lacks:
                raise NotAvailable(self.lacks[o])
        Peer.count += 1
        self.dir = f"{net.WORK}/peer{Peer.count}"
        os.makedirs(self.dir, mode=0o777)
        os.chmod(self.dir, 0o777)
        options["active"] = options.get("active") or any(options.get(o) for o in self.only_dials)
        self.internal, self.families, self.options = internal, families, options
        self.asn = asn or (OURS if internal else 65002)
        self.injector_asn = self.asn if internal else 65003
        self.log = open(self.dir + "/log", "w")
        self.run(self.command())
        if inject:
            self.connect()

    def run(self, command):
        self.process = subprocess.Popen(["nsenter", "--net=/run/netns/peer", *command], stdout=self.log, stderr=self.log,
                                        stdin=subprocess.DEVNULL, cwd=self.dir, start_new_session=True,
                                        env={**os.environ, **self.environment()})
        if not wait(self.answers, 8):
            raise RuntimeError(f"{self.name} does not answer: " + self.text())

    def crash(self):
        """It ends without a word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def again(self):
        """It runs again, says that it has restarted and that what it had forwarded it forwards still; it has no routes."""
        raise NotAvailable("does not restart gracefully")

    def after_restart(self):
        """Whatever it waits for before it says End-of-RIB."""

    def freeze(self):
        """It does nothing any more, and its connections stay."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def environment(self):
        return {}

    def connect(self):
        more = self.options.get("injector_more", ())
        self.injector = wait(lambda: self.dial(more), 10)
        if not self.injector:
            raise RuntimeError(f"no session with {self.name}: " + self.text())

    def neighbors(self):
        """(address, AS) of ravelind, the injector and, with the option "paths", of one more like it."""
        return [(PE, OURS), (INJECTOR, self.injector_asn)] + [(SECOND, 65006)] * bool(self.options.get("paths"))

    def announce_second(self, route):
        """The same as announce(), by the other injector; it stays until the end."""
        self.second = wait(lambda: Talker(SECOND, 65006, self.families, remote=PEER, patience=2), 10)
        self.second.announce(route)

    def dial(self, more):
        families = [f for f in self.families if f != "rtc"]
        return Talker(INJECTOR, self.injector_asn, families, remote=PEER, more=more, patience=2)

    def text(self):
        with open(self.dir + "/log", errors="replace") as f:
            return f.read()[-3000:]

    def opt(self, name, text):
        """text where the option was given; {} in it is its value."""
        value = self.options.get(name)
        return text.format(value) if value else ""

    def announce(self, *routes):
        self.injector.announce(*routes)

    def withdraw(self, *routes):
        self.injector.withdraw(*routes)

    def find(self, prefix, rd=None):
        """The route as ravelind told it to the peer, as far as the peer passes it on; None."""
        route = self.injector.find(prefix, rd)
        if route and not self.internal and route["as_path"][:1] == [self.asn]:
            return {**route, "as_path": route["as_path"][1:]}
        return route

    def paths(self, prefix):
        """How many paths to a prefix it has."""
        raise NotAvailable("shows no paths")

    def shutdown(self, text):
        raise NotAvailable("has no command for it")

    def refresh(self):
        raise NotAvailable("has no command for it")

    def listens(self):
        """Whether something in the peer's namespace listens on port 179."""
        with open(f"/proc/{self.process.pid}/net/tcp") as f:
            return any(line.split()[1].endswith(":00B3") and line.split()[3] == "0A" for line in f)

    def counter(self, name):
        """A TcpExt counter of the peer's namespace."""
        return net.counter(name, f"/proc/{self.process.pid}/net/netstat")

    def said(self):
        """What the peer's log or status has of the last NOTIFICATION."""
        return self.text()

    def stop(self):
        for talker in filter(None, (self.injector, self.second)):
            talker.close()
        self.injector = self.second = None
        if self.process:
            for sig in (signal.SIGCONT, signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(self.process.pid, sig)
                    self.process.wait(0 if sig == signal.SIGCONT else 3)
                except ProcessLookupError:
                    pass
                except subprocess.TimeoutExpired:
                    continue
                break
            self.process = None
            self.log.close()


class Frr(Peer):
    name, package, binary = "FRR", "frr", "/usr/lib/frr/bgpd"
    changes_next_hop = True
    cannot = {"blackhole": "passes no BLACKHOLE on"}

    def neighbor(self, address, asn):
        out = f" neighbor {address} remote-as {asn}\n neighbor {address} timers connect 1\n"
        if address != PE or not self.options.get("active"):
            out += f" neighbor {address} passive\n"
        if address == PE:
            out += self.opt("key", f" neighbor {PE} password {{}}\n") + self.opt("gtsm", f" neighbor {PE} ttl-security hops 1\n")
            out += self.opt("role", f" neighbor {PE} local-role {{}}\n") + self.opt("frr", "{}")
        return out

    def family(self, name):
        out = f" address-family {name}\n"
        for address, _ in self.neighbors():
            out += f"  neighbor {address} activate\n"
            if self.internal:
                out += f"  neighbor {address} route-reflector-client\n"
            elif "vpn" in name:
                out += f"  neighbor {address} next-hop-unchanged\n"
        if "unicast" in name:
            out += self.opt("max_prefix", f"  neighbor {PE} maximum-prefix {{}}\n")
            out += f"  neighbor {PE} addpath-tx-all-paths\n" if self.options.get("paths") else ""
        return out + " exit-address-family\n"

    def command(self):
        text = f"hostname peer\nlog stdout\nrouter bgp {self.asn}\n bgp router-id {PEER}\n no bgp ebgp-requires-policy\n"
        text += " no bgp network import-check\n no bgp default ipv4-unicast\n coalesce-time 1\n"
        text += self.opt("long_lived", " bgp long-lived-graceful-restart stale-time {}\n")
        text += self.opt("restart", " bgp graceful-restart\n bgp graceful-restart preserve-fw-state\n"
                         " bgp graceful-restart restart-time {}\n bgp graceful-restart select-defer-time 2\n")
        text += "".join(self.neighbor(a, n) for a, n in self.neighbors())
        for f in self.families:
            text += self.family({"ipv4": "ipv4 unicast", "vpnv4": "ipv4 vpn"}[f])
        conf = self.put("conf", text + "exit\n")
        return [self.binary, "-Z", "-S", "-n", "-P", "0", "-p", "179", "-l", PEER, "-f", conf, "-i", self.dir + "/pid",
                "--vty_socket", self.dir, "--log", "stdout"]

    def vty(self, *commands):
        return sh("vtysh", "--vty_socket", self.dir, *[w for c in commands for w in ("-c", c)], check=False)

    def answers(self):
        return "FRRouting" in self.vty("show version")

    def paths(self, prefix):
        return len(self.json(f"show bgp ipv4 unicast {prefix} json")["paths"])

    def json(self, words):
        return json.loads(self.vty(words))

    def neighbor_json(self):
        return json.loads(self.vty(f"show bgp neighbors {PE} json"))[PE]

    def state(self):
        return self.neighbor_json()["bgpState"]

    def shutdown(self, text):
        self.vty("configure terminal", f"router bgp {self.asn}", f"neighbor {PE} shutdown message {text}")

    def again(self):
        self.run(self.command())

    def refresh(self):
        for f in self.families:
            self.vty(f"clear bgp ipv4 {'vpn' if f == 'vpnv4' else 'unicast'} {PE} soft in")

    def said(self):
        n = self.neighbor_json()
        return f"{n.get('lastNotificationReason')} {n.get('lastShutdownDescription')}"


class Bird(Peer):
    name, package, binary = "BIRD", "bird2", "bird"

    def neighbor(self, name, address, asn):
        ours = address == PE
        out = f"protocol bgp {name} {{\n local {PEER} as {self.asn}; neighbor {address} as {asn}; direct; strict bind yes;\n"
        out += " connect delay time 1; connect retry time 1; error wait time 1, 2;\n"
        out += "" if ours and self.options.get("active") else " passive yes;\n"
        if self.internal:
            out += " rr client;\n"
        if ours:
            out += self.opt("key", ' password "{}";\n') + self.opt("gtsm", " ttl security yes;\n")
            out += self.opt("role", " local role {};\n") + self.opt("bird", "{}")
        out += " enable extended messages yes;\n" if self.options.get("long") else ""
        if ours:
            out += self.opt("restart", " graceful restart yes; graceful restart time {};\n")
            out += self.opt("long_lived", " long lived graceful restart yes; long lived stale time {};\n")
        for f in self.families:
            channel = "ipv4 { table master4;" if f == "ipv4" else "vpn4 mpls { table vpntab; igp table master4;"
            channel += " gateway direct;" if f == "ipv4" else ""
            if ours:
                channel += self.opt("max_prefix", " import limit {} action disable;")
                channel += " add paths on;" if self.options.get("paths") else ""
            out += f" {channel} import all; export all; next hop keep; }};\n"
        return out + "}\n"

    def command(self):
        text = f'router id {PEER};\nlog "{self.dir}/log" all;\ndebug protocols {{ states, events }};\nprotocol device {{ }}\n'
        text += "ipv4 table master4;\nvpn4 table vpntab;\ngraceful restart wait 1;\n"
        names = ("ours", "injector", "second")
        text += "".join(self.neighbor(name, a, n) for name, (a, n) in zip(names, self.neighbors()))
        conf = self.put("conf", text)
        return [self.binary, "-f", "-c", conf, "-s", self.dir + "/ctl", "-P", self.dir + "/pid"]

    def paths(self, prefix):
        return self.birdc(f"show route for {prefix} all").count("Type: BGP")

    def birdc(self, words):
        return sh("birdc", "-s", self.dir + "/ctl", words, check=False)

    def answers(self):
        return "BIRD 2" in self.birdc("show status")

    def state(self):
        return "Established" if "Established" in self.birdc("show protocols ours") else "down"

    def shutdown(self, text):
        self.birdc(f'disable ours "{text}"')

    def again(self):
        self.run([*self.command(), "-R"])

    def refresh(self):
        self.birdc("reload in ours")


class Openbgpd(Peer):
    name, package, binary = "OpenBGPD", "openbgpd", "/usr/sbin/bgpd"
    only_dials = ("key",)
    cannot = {"helper": "asks nobody to keep its routes", "enhanced_refresh": "counts a refresh and does not answer it"}
    lacks = {"long": "has no extended messages", "long_lived": "has no long-lived graceful restart"}

    def neighbor(self, address, asn):
        ours = address == PE
        out = f"neighbor {address} {{\n remote-as {asn}\n local-address {PEER}\n"
        out += "" if ours and self.options.get("active") else " passive\n"
        out += " route-reflector\n" if self.internal else ""
        for f in self.families:
            out += f" announce IPv4 {'vpn' if f == 'vpnv4' else 'unicast'}\n"
        out += " announce IPv6 none\n enforce neighbor-as no\n enforce local-as no\n"
        if ours:
            out += self.opt("key", " tcp md5sig password {}\n") + self.opt("gtsm", " ttl-security yes\n")
            out += " announce add-path send all\n announce add-path recv yes\n" if self.options.get("paths") else ""
            out += " announce enhanced refresh yes\n" if self.options.get("enhanced") else ""
            out += self.opt("role", " announce policy {}\n") + self.opt("max_prefix", " max-prefix {}\n") + self.opt("openbgpd", "{}")
        return out + "}\n"

    def command(self):
        text = f'AS {self.asn}\nrouter-id {PEER}\nlisten on {PEER}\nfib-update no\nsocket "{self.dir}/ctl"\nlog updates\n'
        text += "".join(self.neighbor(a, n) for a, n in self.neighbors())
        text += "allow from any\nallow to any\n"
        if not self.internal:
            text += "match to any set nexthop no-modify\n"
        os.makedirs(pwd.getpwnam("_openbgpd").pw_dir, exist_ok=True)  # its chroot; Debian's is on /run
        return [self.binary, "-d", "-v", "-f", self.put("conf", text, 0o600)]

    def paths(self, prefix):
        return len(json.loads(self.ctl("-j", "show", "rib", prefix))["rib"])

    def ctl(self, *words):
        return sh("bgpctl", "-s", self.dir + "/ctl", *words, check=False)

    def answers(self):
        return "Neighbor" in self.ctl("show")

    def state(self):
        return json.loads(self.ctl("-j", "show", "neighbor", PE))["neighbors"][0]["state"]

    def shutdown(self, text):
        self.ctl("neighbor", PE, "down", text)

    def refresh(self):
        self.ctl("neighbor", PE, "refresh")


class Gobgp(Peer):
    name, package, binary = "GoBGP", "gobgpd", "gobgpd"
    changes_next_hop = True
    cannot = {"allow_own_as": "sends no route to an AS that is in its path"}
    lacks = {"role": "has no roles", "long": "has no extended messages", "enhanced": "has no enhanced refresh"}

    def neighbor(self, address, asn):
        ours = address == PE
        out = f'[[neighbors]]\n [neighbors.config]\n  neighbor-address = "{address}"\n  peer-as = {asn}\n'
        out += self.opt("key", '  auth-password = "{}"\n') if ours else ""
        passive = "false" if ours and self.options.get("active") else "true"
        out += f' [neighbors.transport.config]\n  passive-mode = {passive}\n  local-address = "{PEER}"\n'
        out += " [neighbors.timers.config]\n  connect-retry = 1\n  idle-hold-time-after-reset = 1\n"
        if ours and self.options.get("gtsm"):
            out += " [neighbors.ttl-security.config]\n  enabled = true\n  ttl-min = 255\n"
        if self.internal and "rtc" not in self.families:
            out += " [neighbors.route-reflector.config]\n  route-reflector-client = true\n"
            out += f'  route-reflector-cluster-id = "{PEER}"\n'
        if ours:
            out += self.opt("restart", " [neighbors.graceful-restart.config]\n  enabled = true\n  restart-time = {}\n")
            out += self.opt("long_lived", "  long-lived-enabled = true\n")
            out += self.opt("gobgp", "{}")
        for f in self.families:
            if f == "rtc" and not ours:
                continue
            name = {"ipv4": "ipv4-unicast", "vpnv4": "l3vpn-ipv4-unicast", "rtc": "rtc"}[f]
            out += f' [[neighbors.afi-safis]]\n  [neighbors.afi-safis.config]\n   afi-safi-name = "{name}"\n'
            if ours:
                out += self.opt("max_prefix", "  [neighbors.afi-safis.prefix-limit.config]\n   max-prefixes = {}\n")
                out += self.opt("restart", "  [neighbors.afi-safis.mp-graceful-restart.config]\n   enabled = true\n")
                out += self.opt("long_lived", "  [neighbors.afi-safis.long-lived-graceful-restart.config]\n   enabled = true\n"
                                "   restart-time = {}\n")
                if self.options.get("paths"):
                    out += "  [neighbors.afi-safis.add-paths.config]\n   receive = true\n   send-max = 8\n"
        return out

    def command(self):
        text = f'[global.config]\n as = {self.asn}\n router-id = "{PEER}"\n port = 179\n local-address-list = ["{PEER}"]\n'
        # it falls over (signal 11) when not all of its neighbours speak RT-Constraint
        text += "".join(self.neighbor(a, n) for a, n in self.neighbors()[:1 if "rtc" in self.families else None])
        conf = self.put("conf.toml", text)
        return [self.binary, "-f", conf, "--api-hosts", "127.0.0.1:50051", "--pprof-disable", "-l", "debug"]

    def paths(self, prefix):
        return sum(len(p) for p in json.loads(self.cli("global", "rib", prefix, "-j")).values())

    def cli(self, *words):
        return sh("nsenter", "--net=/run/netns/peer", "gobgp", *words, check=False)

    def answers(self):
        return PE in self.cli("neighbor")

    def again(self):
        self.run([*self.command(), "-r"])

    def state(self):
        return "Established" if "Establ" in self.cli("neighbor", PE).split("BGP state =")[1].split(",")[0].title() else "down"

    def shutdown(self, text):
        self.cli("neighbor", PE, "shutdown", "--reason", text)

    def refresh(self):
        raise NotAvailable("keeps what it was told and never asks again")
