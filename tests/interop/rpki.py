"""Origin validation with StayRTR as the cache (RFC 6811, 8210): over TCP and TLS 1.3; what it says later moves routes that came before."""

import json
import os
import shutil
import signal
import subprocess

from net import WORK, Frr, Ravelind, sh, wait
from policy import attrs, conf, frr, neighbor, path_of, raw, scenario, up
from raw import REFRESH, update
from reload import reload
from report import check, skip

CACHE = "10.0.0.9"
VALID, INVALID, UNKNOWN, CONTROL = "203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24", "198.51.101.0/24"
LEAK, OTHER = "203.0.114.0/24", 65099
EXPIRE_S = 10
POLICY = """
policies:
  - name: origin
    rules: [{name: invalid, match: {rpki: invalid}, action: reject, reason: rpki-invalid}]
    default: accept
  - name: path
    rules: [{name: leak, match: {aspa: invalid}, action: reject, reason: aspa-invalid}]
    default: accept
rpki:
  caches:
    - {name: stayrtr, address: 10.0.0.9, port: %d, retry: 1, refresh: 2, expire: %d%s}
"""
RAW = ", import: origin, export: accept-all"
FROM_CUSTOMER = ", import: [origin, path], export: accept-all, role: provider"


def octets(prefix):
    addr, length = prefix.split("/")
    return bytes([int(length)]) + bytes(map(int, addr.split(".")))[:(int(length) + 7) // 8]


class Cache:
    """StayRTR in the peers' namespace; its file is looked at once a second."""

    def __init__(self, **how):
        self.file, self.how, self.process = f"{WORK}/rpki.json", how, None
        self.roas, self.providers = {}, {}
        self.log = open(f"{WORK}/stayrtr.log", "a")

    def say(self, roas, providers=None):
        """{prefix: AS}, with the prefix's length the longest; {customer AS: providers}."""
        self.roas, self.providers = roas, providers or {}
        text = {"metadata": {},
                "roas": [{"prefix": p, "maxLength": int(p.split("/")[1]), "asn": a, "ta": "test", "expires": 4000000000}
                         for p, a in roas.items()],
                "provider_authorizations": {
                    "ipv4": [{"customer_asid": c, "expires": 4000000000, "providers": p} for c, p in self.providers.items()],
                    "ipv6": []}}
        with open(self.file + ".new", "w") as f:
            json.dump(text, f)
        os.replace(self.file + ".new", self.file)
        return self

    def start(self, port=8282, tls=None):
        at = ["-bind", "", "-tls.bind", f"{CACHE}:{port}", "-tls.cert", tls[0], "-tls.key", tls[1]] if tls else \
            ["-bind", f"{CACHE}:{port}"]
        self.process = subprocess.Popen(
            ["nsenter", "--net=/run/netns/peer", "stayrtr", *at, "-cache", self.file, "-checktime=false", "-refresh", "1",
             "-metrics.addr", "", "-protocol", str(self.how.get("version", 2))], stdout=self.log, stderr=self.log)
        return self

    def die(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.die()
        self.log.close()


def caches(r):
    return r.ask("rpki")["caches"]


def state(r):
    return caches(r)[0]["state"]


def has(f, *prefixes):
    """FRR has exactly these of ours."""
    return sorted(f.json("show bgp ipv4 unicast")["routes"]) == sorted(prefixes)


def rov(r, prefix):
    return [row["rov"] for row in r.ask("rpki", prefix)["of_prefix"]["routes"]]


def refresh_was_sent(*speakers):
    return any(s.until(REFRESH, 0.2) is not None for s in speakers)


def missing():
    if shutil.which("stayrtr"):
        return False
    skip("rpki", "stayrtr is not installed")
    return True


def rpki():
    if not missing():
        for version in (2, 1, 0):
            scenario(lambda keep, v=version: follows_the_cache(keep, v))()


def follows_the_cache(keep, version):
    cache = keep(Cache(version=version)).say({VALID: 65003, INVALID: OTHER, CONTROL: OTHER})
    r = keep(Ravelind(conf(neighbor(2, 65002, "frr"), neighbor(3, 65003, "raw", RAW), neighbor(4, 65004, "control"))
                      + POLICY % (8282, EXPIRE_S, "")))
    f = keep(Frr(frr(65002)))
    s, control = keep(raw(3, 65003, "raw")), keep(raw(4, 65004, "control"))
    up(r, "frr", "raw", "control")
    for prefix in (VALID, INVALID, UNKNOWN):
        s.send(update(attrs(3, 65003), octets(prefix)))
    control.send(update(attrs(4, 65004), octets(CONTROL)))
    everything = (VALID, INVALID, UNKNOWN, CONTROL)
    check("without a cache all is unknown and passes", wait(lambda: has(f, *everything), 10), f.vty("show bgp ipv4 unicast"))
    check("... as the API says", rov(r, VALID) == ["unknown"] and state(r) in ("down", "connecting"), r.ask("rpki"))
    check("... and the log: refused", "rpki_down cache=\"stayrtr\" reason=\"cannot connect to 10.0.0.9 port 8282: Connection refused\""
          in r.text().replace("event=", ""), r.text()[-2000:])

    cache.start()
    check(f"v{version}: synced", wait(lambda: state(r) == "synced", 10), r.ask("rpki"))
    check(f"v{version}: ... in that version", caches(r)[0]["version"] == version, caches(r))
    check(f"v{version}: ... with all ROAs", caches(r)[0]["roas"] == 3, caches(r))
    check("the invalid route is withdrawn from FRR; the control's stays",
          wait(lambda: has(f, VALID, UNKNOWN, CONTROL), 5), f.vty("show bgp ipv4 unicast"))
    check("valid, invalid, not-found", [rov(r, p) for p in (VALID, INVALID, UNKNOWN)] == [["valid"], ["invalid"], ["not-found"]])
    explain = r.ravelin("explain", INVALID)[1]
    check("explain names the ROA", f"ROA {INVALID} max length 24 AS {OTHER}" in explain and "rpki-invalid" in explain, explain)
    shown = r.ravelin("show", "rpki", INVALID)[1]
    check("show rpki too", "stayrtr" in shown and f"originated by AS {OTHER}: valid" in shown and
          "originated by any other AS: invalid" in shown, shown)

    cache.say({VALID: OTHER, INVALID: 65003, CONTROL: OTHER})
    check("the cache changes its mind: what was valid goes, what was invalid comes",
          wait(lambda: has(f, INVALID, UNKNOWN, CONTROL), 15), f.vty("show bgp ipv4 unicast"))
    check("... and nobody was asked to send again", not refresh_was_sent(s, control))
    dies_and_comes_back(r, f, cache)


def dies_and_comes_back(r, f, cache):
    cache.die()
    check("the cache dies: stale", wait(lambda: state(r) == "stale", 5), caches(r))
    check("... what it said stands", has(f, INVALID, UNKNOWN, CONTROL) and caches(r)[0]["roas"] == 3, caches(r))
    check("... until it expires: then all is unknown", wait(lambda: has(f, VALID, INVALID, UNKNOWN, CONTROL), EXPIRE_S + 5),
          f.vty("show bgp ipv4 unicast"))
    check("... and said so", "rpki_expired" in r.text() and caches(r)[0]["roas"] == 0, caches(r))
    cache.start()
    check("it comes back: as before", wait(lambda: has(f, INVALID, UNKNOWN, CONTROL), 10), f.vty("show bgp ipv4 unicast"))
    check("... synced", state(r) == "synced", caches(r))
    metrics = subprocess.run(["curl", "-s", "--unix-socket", r.socket, "http://ravelin/metrics"], capture_output=True, text=True).stdout \
        if shutil.which("curl") else 'ravelin_rpki_roas{cache="stayrtr"} 3'
    check("/metrics counts its ROAs", 'ravelin_rpki_roas{cache="stayrtr"} 3' in metrics, metrics[-600:])


@scenario
def aspa(keep):
    """A customer's route through somebody who is no provider of its origin; then the origin says that it is."""
    if missing():
        return
    cache = keep(Cache()).say({}, {65300: [OTHER]}).start()
    r = keep(Ravelind(conf(neighbor(2, 65002, "frr"), neighbor(3, 65003, "raw", FROM_CUSTOMER), neighbor(4, 65004, "control"))
                      + POLICY % (8282, EXPIRE_S, "")))
    f = keep(Frr(frr(65002)))
    s, control = keep(raw(3, 65003, "raw")), keep(raw(4, 65004, "control"))
    up(r, "frr", "raw", "control")
    check("synced", wait(lambda: state(r) == "synced" and caches(r)[0]["aspas"] == 1, 10), r.ask("rpki"))
    s.send(update(attrs(3, 65003, 65300), octets(LEAK)))
    s.send(update(attrs(3, 65003, 65301), octets(UNKNOWN)))
    control.send(update(attrs(4, 65004, 65300), octets(CONTROL)))
    check("a leak is rejected; what is not attested and the control's are not", wait(lambda: has(f, UNKNOWN, CONTROL), 10),
          f.vty("show bgp ipv4 unicast"))
    check("... as the API says", r.ask("rpki", LEAK)["of_prefix"]["routes"][0]["aspa"] == "invalid", r.ask("rpki", LEAK))
    cache.say({}, {65300: [65003, OTHER]})
    check("the origin names the neighbor as its provider: it passes", wait(lambda: has(f, LEAK, UNKNOWN, CONTROL), 15),
          r.text()[-3000:])
    check("... without being sent again", not refresh_was_sent(s))


def certificate(name, names):
    """A self-signed certificate and its key: (cert, key)."""
    cert, key = f"{WORK}/{name}.pem", f"{WORK}/{name}.key"
    sh("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
       "/CN=" + name, "-addext", "subjectAltName=" + names, "-out", cert, "-keyout", key)
    return cert, key


@scenario
def rpki_tls(keep):
    """TLS 1.3 to StayRTR behind the chroot; a certificate for somebody else is refused, with the reason."""
    if missing():
        return
    good, wrong = certificate("cache", "DNS:rtr.example.net"), certificate("wrong", "DNS:other.example.net")
    both = f"{WORK}/both.pem"
    with open(both, "w") as out:
        for cert, _ in (good, wrong):
            with open(cert) as f:
                out.write(f.read())
    cache = keep(Cache()).say({VALID: 65003, INVALID: OTHER}).start(8283, wrong)
    text = conf(neighbor(2, 65002, "frr"), neighbor(3, 65003, "raw", RAW)) \
        + POLICY % (8283, EXPIRE_S, f", tls: {{ca: {both}, name: rtr.example.net}}")
    r = keep(Ravelind(text))
    f = keep(Frr(frr(65002)))
    s = keep(raw(3, 65003, "raw"))
    up(r, "frr", "raw")
    for prefix in (VALID, INVALID):
        s.send(update(attrs(3, 65003), octets(prefix)))
    check("another name: refused, and the log says why",
          wait(lambda: "its certificate is refused: hostname mismatch (it has to be for rtr.example.net)" in r.text(), 5),
          r.text()[-2000:])
    check("... and nothing is known", wait(lambda: has(f, VALID, INVALID), 5) and state(r) != "synced", r.ask("rpki"))
    cache.die()
    cache.start(8283, good)
    check("the right one: synced", wait(lambda: state(r) == "synced", 10), r.text()[-2000:])
    check("... and the invalid route goes", wait(lambda: has(f, VALID), 5) and path_of(f, VALID), f.vty("show bgp ipv4 unicast"))
    check("... over TLS, as the API says", caches(r)[0]["tls"] and caches(r)[0]["roas"] == 2, caches(r))
    os.remove(both)
    plain = "    - {name: plain, address: 10.0.0.9, port: 8299, retry: 600}\n"
    said = reload(r, text + plain, want=1)
    check("a reload reads what a restart would: without the certificates there is none", "both.pem" in said, said)
    shutil.copy(good[0], both)
    reload(r, text + plain)
    check("a reload that brings another one leaves it as it is", state(r) == "synced" and r.text().count("event=rpki_up") == 1 and
          [c["name"] for c in caches(r)] == ["stayrtr", "plain"], caches(r))
    reload(r, text[:text.index("    - {name: stayrtr")] + plain)
    check("it may go", wait(lambda: has(f, VALID, INVALID), 5) and [c["name"] for c in caches(r)] == ["plain"], caches(r))


@scenario
def reload_rpki(keep):
    """A cache comes by a reload and goes by one; a second one that stays sees neither."""
    if missing():
        return
    cache = keep(Cache()).say({VALID: 65003, INVALID: OTHER}).start()
    whole = POLICY % (8282, EXPIRE_S, "")
    policies = whole[:whole.index("rpki:\n  caches:")]
    absent = "rpki:\n  caches:\n    - {name: absent, address: 10.0.0.9, port: 8299, retry: 600}\n"
    here = conf(neighbor(2, 65002, "frr"), neighbor(3, 65003, "raw", RAW)) + policies
    one = "    - {name: stayrtr, address: 10.0.0.9, port: 8282, retry: 1, refresh: 2}\n"
    r = keep(Ravelind(here + absent))
    f = keep(Frr(frr(65002)))
    s = keep(raw(3, 65003, "raw"))
    up(r, "frr", "raw")
    for prefix in (VALID, INVALID):
        s.send(update(attrs(3, 65003), octets(prefix)))
    check("without a cache that knows, both pass", wait(lambda: has(f, VALID, INVALID), 10), f.vty("show bgp ipv4 unicast"))
    said = reload(r, here + absent + one)
    check("it says what differs", said == "+ rpki/caches/stayrtr\n", said)
    check("the cache is dialled, and has said all", wait(lambda: [c["state"] for c in caches(r)][1:] == ["synced"], 10), r.ask("rpki"))
    check("the invalid route is withdrawn from FRR", wait(lambda: has(f, VALID), 5), f.vty("show bgp ipv4 unicast"))
    check("... and nobody was asked to send again", not refresh_was_sent(s))
    reload(r, here + absent + one + one.replace("stayrtr", "another").replace("8282", "8298"))
    check("one that stays is not dialled again",
          r.text().count("event=rpki_up") == 1 and caches(r)[1]["state"] == "synced" and len(caches(r)) == 3, caches(r))
    said = reload(r, here + absent + one.replace("port", "tls: {}, port"), want=1)
    check("TLS comes at a start alone",
          "only a restart can change rpki/caches/stayrtr (its certificates and keys are read at the start)" in said, said)
    said = reload(r, here + absent + one.replace("refresh: 2", "refresh: 3"))
    check("one that changes begins anew, and that is said", said == "- rpki/caches/another\n~ rpki/caches/stayrtr\n"
          "! rpki/caches/stayrtr: the connection begins anew\n" and wait(lambda: r.text().count("event=rpki_up") == 2, 5) and
          wait(lambda: has(f, VALID), 5), said)
    said = reload(r, here + absent)
    check("it goes", said == "- rpki/caches/stayrtr\n", said)
    check("what it said goes with it", wait(lambda: has(f, VALID, INVALID), 5) and [c["name"] for c in caches(r)] == ["absent"],
          r.ask("rpki"))
    check("... nobody was asked, and the sessions saw nothing", not refresh_was_sent(s) and
          [r.peer(n)["counters"]["established"] for n in ("frr", "raw")] == [1, 1])
    cache.say({VALID: OTHER})
    reload(r, here)
    reload(r, here + "rpki:\n  caches:\n" + one)
    check("it comes back with what it says now", wait(lambda: has(f, INVALID), 10), f.vty("show bgp ipv4 unicast"))


SCENARIOS = [rpki, aspa, rpki_tls, reload_rpki]
