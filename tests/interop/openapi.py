"""docs/openapi.json against a running daemon: everything that /v1 lists is described, and every answer is as described."""

import json
import os
import sys
import urllib.parse

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../unit/mgmt"))
import api
import frr
from document import broken, complaint, described, load, tables_agree
from net import Frr, Ravelind, wait
from report import check, skip

MORE = """
rpki: {caches: [{name: cache, address: 127.0.0.1, port: 3323}]}
bmp: {stations: [{name: station, address: 127.0.0.1}]}
"""
VPN = " neighbor 10.0.0.1 activate\n neighbor 10.0.0.1 route-map out out\n network 172.16.2.0/24 rd 65000:22 label 80"
# What is asked besides each path alone; what has to have a query stands here only.
QUERIES = {
    "/v1/bgp/neighbors": [{"name": "frr"}, {"name": "nobody"}],
    "/v1/bgp/neighbors/received": [{"name": "frr"}, {"name": "frr", "prefix": "172.16.2.0/24"}, {}],
    "/v1/bgp/neighbors/advertised": [{"name": "frr"}, {"name": "frr", "prefix": "172.16.1.0/24"}],
    "/v1/bgp/vpnv4": [{"prefix": "172.16.2.0/24"}, {"prefix": "what"}],
    "/v1/bgp/vrf": [{"vrf": "vrf-a"}, {"vrf": "vrf-a", "prefix": "172.16.2.0/24"}],
    "/v1/bgp/explain": [{"prefix": "172.16.2.0/24"}, {"prefix": "172.16.2.0/24", "vrf": "vrf-a"}, {"prefix": "192.0.2.0/24", "vrf": "vrf-a"}],
    "/v1/vrf": [{"name": "vrf-a"}],
    "/v1/guard": [{"name": "acc0"}],
    "/v1/rpki": [{"prefix": "172.16.2.0/24"}],
    "/v1/rpki/roas": [{"prefix": "172.16.2.0/24"}],
}
ENDLESS = ("/v1/events", "/v1/mrt/updates")
ORDERS = (("/v1/bgp/neighbors/refresh", {"name": "frr"}), ("/v1/bgp/neighbors/enable", {"name": "frr"}),
          ("/v1/bgp/neighbors/reset", {"name": "nobody"}), ("/v1/reload/try", {}), ("/v1/reload", {}), ("/v1/confirm", {}))


def ask(r, method, path, query):
    """Status, type, body."""
    target = path + ("?" + urllib.parse.urlencode(query) if query else "")
    got = api.say(r.socket, api.request(method, target, "X-Ravelin: 1", "Content-Length: 0"))
    head, _, body = got.partition(b"\r\n\r\n")
    fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    if fields.get("Transfer-Encoding") == "chunked":
        whole = b""
        while body:
            size, _, rest = body.partition(b"\r\n")
            whole, body = whole + rest[:int(size, 16)], rest[int(size, 16) + 2:]
        body = whole
    return api.status(got), fields.get("Content-Type", "").split(";")[0], body


def r_json(r, path):
    return json.loads(ask(r, "GET", path, {})[2])


def openapi():
    try:
        import jsonschema  # noqa: only whether it is there
    except ImportError:
        skip("openapi", "apt install python3-jsonschema")
        return
    document = load()
    r = Ravelind(frr.ravelin() + MORE)
    f = Frr(frr.frr(vpn=VPN))
    check("a route", wait(lambda: r.route("172.16.2.0/24"), 15), r.text())
    tables_agree(document, {p["path"]: p["query"] for p in r_json(r, "/v1")["paths"]}, check)
    refused = asked = 0
    for path in sorted(p for p, ops in document["paths"].items() if "get" in ops and "{" not in p and p not in ENDLESS):
        for query in [{}, *QUERIES.get(path, [])]:
            code, kind, body = ask(r, "GET", path, query)
            schema = described(document, "get", path, code, kind)
            check(f"{path} {query} {code} {kind} is described", schema is not None, body[:300])
            if kind != "application/json" or schema is None:
                continue
            value = json.loads(body)
            asked += 1
            wrong = complaint(document, schema, value)
            check(f"{path} {query} is as described", wrong is None, wrong)
            refused += any(complaint(document, schema, b) for b in broken(value))
    check("a broken answer is refused, each time", refused == asked > 30, f"{refused} of {asked}")
    for path, query in ORDERS:
        code, kind, body = ask(r, "POST", path, query)
        schema = described(document, "post", path, code, kind)
        wrong = "not described" if schema is None else complaint(document, schema, json.loads(body))
        check(f"POST {path} {query} is as described", wrong is None, (code, wrong, body))
    f.stop()
    r.stop()


SCENARIOS = [openapi]
