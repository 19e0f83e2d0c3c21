"""What is asked of the guard, and what a scraper of metrics gets, from a real daemon (without a forwarding plane)."""

import http.client
import re
import socket

import frr
from net import Frr, Ravelind, wait
from report import check

ACLS = """
acls:
  - name: customer-a
    aces:
      - {name: no-telnet, matches: {ipv4: {protocol: tcp}, tcp: {destination-port: {operator: eq, port: 23}}},
         actions: {forwarding: drop, logging: log-syslog}}
"""
SAMPLE = re.compile(r'[a-z0-9_]+(\{[a-z_]+="([^"\\\n]|\\.)*"(,[a-z_]+="([^"\\\n]|\\.)*")*\})? [0-9.]+')
UP = 'ravelin_bgp_session_up{vrf="default",local_as="65000",peer="10.0.0.2",peer_as="65000",peer_desc="frr"} '


class OverSocket(http.client.HTTPConnection):
    """HTTP to a unix socket."""

    def __init__(self, path):
        super().__init__("localhost")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def metrics(r):
    """(status, type, lines)"""
    c = OverSocket(r.socket)
    c.request("GET", "/metrics")
    answer = c.getresponse()
    out = answer.status, answer.headers["Content-Type"], answer.read().decode().splitlines()
    c.close()
    return out


def well_formed(lines):
    """Families one after the other, each sample under its own, # EOF at the end and nowhere else."""
    family, seen = None, set()
    for line in lines[:-1]:
        if line.startswith("# TYPE "):
            family = line.split()[2]
            if family in seen:
                return line
            seen.add(family)
        elif line.startswith(("# HELP ", "# UNIT ")):
            if line.split()[2] != family:
                return line
        elif not SAMPLE.fullmatch(line) or not line.startswith(family):
            return line
    return None if lines[-1] == "# EOF" else lines[-1]


def guard():
    """show guard, show guard drops, /metrics."""
    conf = frr.ravelin().replace("address: [192.168.1.1/30]}", "address: [192.168.1.1/30], acl: [customer-a]}") + ACLS
    r = Ravelind(conf)
    f = Frr(frr.frr())
    check("session", wait(lambda: r.state("frr") == "Established", 10), r.text())
    (port,) = r.ask("guard")["ports"]
    check("the port and its checks", (port["name"], port["vrf"], port["source"], port["labels"]) ==
          ("acc0", "vrf-a", "strict", "none"), port)
    check("its own rules", port["rules"] == [
        {"acl": "customer-a", "ace": "no-telnet", "action": "drop", "matched-packets": 0}], port)
    code, out, err = r.ravelin("show", "guard")
    check("as a table of 80 columns", code == 0 and "acc0" in out and max(map(len, out.splitlines())) <= 80, out + err)
    code, out, err = r.ravelin("show", "guard", "acc0")
    check("one port", code == 0 and "REASON" in out and "no-telnet" in out, out + err)
    check("no such port", r.ravelin("show", "guard", "acc9")[0] == 1)
    code, out, err = r.ravelin("show", "guard", "drops")
    check("no samples is said", code == 1 and out == "no samples\n", out + err)
    status, kind, lines = metrics(r)
    check("metrics", status == 200 and kind == "application/openmetrics-text; version=1.0.0; charset=utf-8", kind)
    check("... are OpenMetrics", well_formed(lines) is None, well_formed(lines))
    for want in (UP + "1", 'ravelin_guard_port_open{port="acc0",vrf="vrf-a",role="access"} 0',
                 'ravelin_guard_packets_total{port="acc0",vrf="vrf-a",reason="mpls_not_enabled"} 0'):
        check(f"... with {want.split('{')[0]}", want in lines, "\n".join(lines))
    f.stop()
    check("... which follow what happens", wait(lambda: UP + "0" in metrics(r)[2], 10), "\n".join(metrics(r)[2]))
    r.stop()


SCENARIOS = [guard]
