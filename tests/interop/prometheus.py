"""/metrics as others read it: a parser of OpenMetrics, Prometheus with our rules, and every query of the Grafana dashboard."""

import copy
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.parse
import urllib.request

from api import authority, certificate
from guard import ACLS, metrics
from net import PE, WORK, Frr, Ravelind, wait
from policy import scenario
from reload import write
from report import check, skip
from speak import Talker
from frr import frr

SOURCE = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
DASHBOARD = SOURCE + "/contrib/grafana/ravelin.json"
RULES = [SOURCE + "/contrib/prometheus/" + name for name in ("alerts.yml", "frr_names.yml")]
PROMETHEUS = SOURCE + "/contrib/prometheus/prometheus.yml"
LISTEN, WEB = f"{PE}:8443", 9390  # the router's, Prometheus's own
KNOWN = {"instance", "job"}  # labels that Prometheus adds
PANELS = {"row", "stat", "table", "timeseries", "state-timeline"}
CONF = """
router: {name: pe1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}
ports:
  - {name: core0, role: core}
  - {name: acc0, role: access, vrf: vrf-a, address: [192.168.1.1/30], acl: [customer-a]}
vrfs:
  - {name: vrf-a, table: 1001, rd: "65000:11", import: ["65000:101"], export: ["65000:101"], redistribute: [connected], max-routes: 100}
neighbors:
  - {address: 10.0.0.2, local-address: 10.0.0.1, as: 65000, families: [vpnv4], name: frr, connect-retry: 1, max-prefix: 50}
  - {address: 10.0.0.3, as: 65003, families: [ipv4-unicast], name: a, passive: true, import: accept-all, export: accept-all}
rpki: {caches: [{name: cache, address: 10.0.0.9, port: 3323}]}
bmp: {stations: [{name: nms, address: 10.0.0.8, port: 11019, routes: [loc-rib]}]}
api: {tls: {listen: ["LISTEN"], certificate: pe1.pem, key: pe1.key, client-ca: clients.pem}}
""".replace("LISTEN", LISTEN).replace("certificate: ", f"certificate: {WORK}/").replace("key: ", f"key: {WORK}/").replace("ca: ", f"ca: {WORK}/") + ACLS


def text_of(r):
    """What a GET of /metrics on the unix socket brings."""
    return "\n".join(metrics(r)[2]) + "\n"


class Prometheus:
    def __init__(self):
        self.dir = WORK + "/prometheus"
        os.makedirs(self.dir)
        with open(PROMETHEUS) as f:
            text = f.read().replace("15s", "500ms").replace("192.0.2.1:8443", LISTEN).replace("/etc/prometheus/ravelin", WORK)
        for rules in RULES:
            text = text.replace(" " + os.path.basename(rules), " " + rules)
        with open(self.dir + "/prometheus.yml", "w") as f:
            f.write(text)
        self.log = open(self.dir + "/log", "w")
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={self.dir}/prometheus.yml", f"--storage.tsdb.path={self.dir}/data",
             f"--web.listen-address=127.0.0.1:{WEB}", "--log.level=warn"], stdout=self.log, stderr=self.log)

    def ask(self, path, **query):
        url = f"http://127.0.0.1:{WEB}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(url, timeout=5) as answer:
            return json.load(answer)["data"]

    def query(self, expr):
        """[(labels, value)]"""
        return [(x["metric"], float(x["value"][1])) for x in self.ask("query", query=expr)["result"]]

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.log.close()


def exprs(dashboard):
    """(where, expression, labels of its legend)"""
    for p in dashboard["panels"]:
        for t in p.get("targets", []):
            yield p["title"], t["expr"], re.findall(r"{{ *(\w+) *}}", t.get("legendFormat", ""))
    for v in dashboard["templating"]["list"]:
        if v["type"] == "query":
            selector, label = re.fullmatch(r"label_values\((.*), (\w+)\)", v["query"]["query"]).groups()
            yield "variable " + v["name"], selector, [label]
    for a in dashboard["annotations"]["list"]:
        yield "annotation " + a["name"], a["expr"], re.findall(r"{{ *(\w+) *}}", a["textFormat"])


def unknown(have, where, expr, legend=()):
    """What a query names and /metrics has not. have: {metric: its labels}"""
    out = []
    names = re.findall(r"\b(ravelin_\w+)(?:{([^}]*)})?", expr)
    for name, selector in names:
        if name not in have:
            out.append(f"{where}: {name}")
        for label in re.findall(r"(\w+) *(?:=~|!~|!=|=)", selector):
            if name in have and label not in have[name] | KNOWN:
                out.append(f"{where}: {name} has no {label}")
    of_all = set().union(KNOWN, *(have.get(n, set()) for n, _ in names))
    grouped = [w for part in re.findall(r"\b(?:by|on|ignoring|group_left) *\(([^)]*)\)", expr) for w in re.findall(r"\w+", part)]
    out += [f"{where}: no {label}" for label in [*grouped, *legend] if label not in of_all]
    return out


def overlap(a, b):
    return a["x"] < b["x"] + b["w"] and b["x"] < a["x"] + a["w"] and a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"]


def malformed(d):
    """What Grafana would stumble over."""
    out = [f"no {key}" for key in ("uid", "title", "schemaVersion", "templating", "time", "annotations") if not d.get(key)]
    panels, variables = d["panels"], {v["name"]: v for v in d["templating"]["list"]}
    if d["schemaVersion"] < 36 or d["id"] is not None:
        out.append("schemaVersion, id")
    if variables.get("datasource", {}).get("type") != "datasource":
        out.append("no variable for the data source")
    ids = [p["id"] for p in panels]
    out += ["ids that stand twice"] if len(set(ids)) != len(ids) else []
    for i, p in enumerate(panels):
        g = p["gridPos"]
        out += [f"{p['title']}: type {p['type']}"] if p["type"] not in PANELS else []
        out += [f"{p['title']}: beyond the edge"] if g["x"] < 0 or g["x"] + g["w"] > 24 or g["w"] < 1 or g["h"] < 1 else []
        out += [f"{p['title']}: over {q['title']}" for q in panels[:i] if overlap(g, q["gridPos"])]
        if p["type"] == "row":
            continue
        refs = [t["refId"] for t in p["targets"]]
        out += [f"{p['title']}: targets"] if not refs or len(set(refs)) != len(refs) else []
        out += [f"{p['title']}: data source" for s in (p, *p["targets"]) if s["datasource"] != {"type": "prometheus", "uid": "${datasource}"}]
    used = {v for _, e, _ in exprs(d) for v in re.findall(r"\$(\w+)", e)} - {"__rate_interval"}
    return out + [f"no variable {v}" for v in used - set(variables)]


def looked_at(have):
    """The dashboard and the alerts against what there is; and that a mistake in them would be seen."""
    with open(DASHBOARD) as f:
        d = json.load(f)
    check("the dashboard is one", malformed(d) == [], malformed(d))
    missing = [u for row in exprs(d) for u in unknown(have, *row)]
    check("each metric and label of it is there", missing == [], missing)
    broken = copy.deepcopy(d)
    rows = [p for p in broken["panels"] if p["type"] != "row"]
    rows[0]["id"] = rows[1]["id"]
    rows[1]["gridPos"] = dict(rows[2]["gridPos"])
    rows[3]["targets"][0]["expr"] = 'rate(ravelin_bgp_session_up{wrong="x",vrf=~"$nowhere"}[1m]) + ravelin_nosuch'
    rows[3]["targets"][0]["legendFormat"] = "{{ colour }}"
    found = malformed(broken) + [u for row in exprs(broken) for u in unknown(have, *row)]
    for want in ("ids that stand twice", ": over ", "no variable nowhere", "has no wrong", ": ravelin_nosuch", "no colour"):
        check(f"a mistake is found: {want}", any(want in f for f in found), found)
    for path in RULES:
        with open(path) as f:
            text = f.read()
        lines = re.findall(r"expr: ([^}\n]*(?:{[^}\n]*}[^}\n]*)*)", text)
        missing = [u for e in lines for u in unknown(have, os.path.basename(path), e)]
        check(f"each metric and label of {os.path.basename(path)} is there", lines and missing == [], missing)


def reloaded(r):
    """What came of a reload, whoever asked for it."""
    def says(ok, taken, refused):
        want = (f"ravelin_config_last_reload_successful {ok}\n", f"ravelin_config_reloads_total {taken}\n",
                f"ravelin_config_reloads_refused_total {refused}\n")
        return wait(lambda: all(w in text_of(r) for w in want), 5)

    with open(r.conf) as f:
        good = f.read()
    check("no reload yet", says(1, 0, 0), text_of(r))
    write(r, good + "nonsense: true\n")
    r.process.send_signal(signal.SIGHUP)
    check("one that was refused, by a signal", says(0, 0, 1), text_of(r))
    check("... by the command", r.ravelin("reload")[0] == 1 and says(0, 0, 2), text_of(r))
    write(r, good.replace("max-prefix: 50", "max-prefix: 60"))
    check("one that was taken", r.ravelin("reload")[0] == 0 and says(1, 1, 2), text_of(r))
    r.ravelin("diff")
    check("to look is not to reload", says(1, 1, 2), text_of(r))


def parsed(text):
    """{metric: its labels}, by prometheus_client's parser of OpenMetrics."""
    sys.path.append("/usr/lib/python3/dist-packages")  # where Debian has it, whichever python3 this is
    try:
        from prometheus_client.openmetrics.parser import text_string_to_metric_families
    except ImportError:
        skip("prometheus", "python3-prometheus-client is not installed")
        return None
    have = {}
    for family in text_string_to_metric_families(text):
        for s in family.samples:
            have.setdefault(s.name, set()).update(s.labels)
    for what, wrong in (("no end", text.replace("# EOF\n", "")), ("a unit that the name does not end with", text.replace("seconds seconds", "seconds bytes")),
                        ("a family that comes twice", text.replace("# EOF", "# TYPE ravelin_build info\n# EOF"))):
        try:
            list(text_string_to_metric_families(wrong))
            check(f"the parser refuses {what}", False)
        except ValueError:
            check(f"the parser refuses {what}", True)
    return have


def asked(p):
    """Prometheus takes what it is given, and answers every query of the dashboard with something."""
    if not check("it takes the answer", wait(lambda: [v for _, v in p.query('up{job="ravelin"}')] == [1], 10), p.ask("targets")):
        return
    with open(DASHBOARD) as f:
        queries = [(where, e) for where, e, _ in exprs(json.load(f)) if not where.startswith("annotation")]
    for where, e in queries:
        e = e.replace("$__rate_interval", "10s")
        for name in ("instance", "vrf", "peer"):
            e = e.replace("$" + name, ".*")
        check(f"{where}: {e}", wait(lambda e=e: p.query(e), 5))
    check("... and one that has none with nothing", p.query("ravelin_nosuch") == [])
    want = {"vrf": "default", "afi": "ipv4", "safi": "vpn", "local_as": "65000", "peer": "10.0.0.2", "peer_as": "65000"}
    selector = ",".join(f'{k}="{v}"' for k, v in want.items())
    check("frr_exporter's names and labels", wait(lambda: [v for _, v in p.query(f"frr_bgp_peer_state{{{selector}}}")] == [1], 5))
    pending = wait(lambda: {a["labels"]["alertname"] for a in p.ask("alerts")["alerts"]} >= {"RavelinPortClosed", "RavelinNoCache"}, 5)
    check("alerts that are due", pending, p.ask("alerts"))


@scenario
def prometheus(keep):
    authority("routers")
    authority("clients")
    certificate("pe1", "routers", "/CN=pe1", extensions=f"subjectAltName=IP:{PE}")
    certificate("prometheus", "clients", "/CN=prometheus")
    r = keep(Ravelind(CONF))
    keep(Frr(frr(vpn=" neighbor 10.0.0.1 activate\n network 172.16.2.0/24 rd 65000:22 label 80")))
    a = keep(Talker("10.0.0.3", 65003))
    a.announce({"prefix": "203.0.113.0/24"})
    a.announce({"prefix": "198.51.100.0/24", "as_path": [65003, 65000]})
    up = wait(lambda: r.state("frr") == "Established" and 'reason="' in text_of(r).split("ravelin_bgp_routes_refused_total", 1)[1], 10)
    check("sessions, and a route that is refused", up, r.text())
    have = parsed(text_of(r))
    if have is None:
        return
    check("frr_exporter's labels", have["ravelin_bgp_peer_state"] == {"vrf", "afi", "safi", "local_as", "peer", "peer_as", "peer_desc"},
          have["ravelin_bgp_peer_state"])
    looked_at(have)
    reloaded(r)
    if not shutil.which("prometheus"):
        skip("prometheus", "prometheus is not installed")
        return
    for words in (("check", "rules", *RULES), ("check", "config", "--syntax-only", PROMETHEUS),
                  ("test", "rules", SOURCE + "/tests/interop/alerts.yml")):
        done = subprocess.run(["promtool", *words], capture_output=True, text=True)
        check(f"promtool {words[0]} {words[1]}", done.returncode == 0, done.stdout + done.stderr)
    asked(keep(Prometheus()))


SCENARIOS = [prometheus]
