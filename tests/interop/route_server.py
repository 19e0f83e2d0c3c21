"""An exchange point's route server with real clients: whom it tells what, and whose path each of them gets (RFC 7947, RFC 7948)."""

import clients
from clients import RS
from net import Ravelind, wait
from report import check, skip
from speak import Talker

HEAD = """
router: {name: rs1, as: 65000, id: 10.9.0.1, user: nobody, run-dir: RUNDIR}
sets:
  - {name: thirteen, communities: ["65006:13"]}
policies:
  - name: without-thirteen
    rules: [{name: thirteen, match: {community: thirteen}, action: reject}]
    default: accept
neighbors:
"""
SESSION = "families: [ipv4-unicast], connect-retry: 1, import: accept-all, route-server-client: true, selective: true"
AS = {clients.Bird: 65002, clients.Frr: 4200000003, clients.Openbgpd: 65004, clients.Gobgp: 65005}  # RFC 6793: one of four octets
EXT = {clients.Bird: ["rt:65009:1"], clients.Frr: ["rt:65009:1"], clients.Openbgpd: ["rt 65009:1"]}  # as each of them shows it
LAST = {clients.Bird: 2, clients.Frr: 3, clients.Openbgpd: 4, clients.Gobgp: 5}
OWN = {  # what the daemons themselves announce
    clients.Bird: [("198.18.2.0/24", ["65000:0:4200000003", "65002:7"])],
    clients.Frr: [("198.18.3.0/24", ["65000:103:65002", "65002:7"])],
    clients.Openbgpd: [("198.18.4.0/24", ["0:65005"])],
    clients.Gobgp: [("198.18.5.0/24", ["65000:0:0", "65000:1:65004"])],
}


def conf():
    text = HEAD
    for kind, asn in AS.items():
        export = "without-thirteen" if kind is clients.Bird else "accept-all"
        text += f"  - {{address: 10.9.0.{LAST[kind]}, local-address: {RS}, as: {asn}, name: {kind.name}, {SESSION}, export: {export}}}\n"
    for last in clients.TALKERS:
        more = ", add-path: {send: all}" if last == 8 else ""
        text += f"  - {{address: 10.9.0.{last}, local-address: {RS}, as: 6500{last}, name: t{last}, passive: true, "
        text += f"{SESSION}, export: accept-all{more}}}\n"
    return text


class Exchange:
    """The route server, the daemons that are installed, and three speakers of ours; the third is told all paths (RFC 7911)."""

    def __init__(self):
        self.clients, self.talkers, self.r = {}, [], None

    def up(self):
        clients.lan()
        self.r = Ravelind(conf())
        for kind in clients.ALL:
            if kind.installed():
                self.clients[kind] = kind(LAST[kind], AS[kind], OWN[kind])
            else:
                skip(f"route server with {kind.name}", "not installed")
        self.a, self.b, self.all = (self.talker(last, **how) for last, how in ((6, {}), (7, {}), (8, {"add_path": True})))
        for kind in self.clients:
            check(f"session with {kind.name}", wait(lambda k=kind: self.r.state(k.name) == "Established", 15), self.clients[kind].text())

    def talker(self, last, add_path=False):
        more = (b"\x45\x04\x00\x01\x01\x01",) if add_path else ()
        t = Talker(f"10.9.0.{last}", 65000 + last, remote=RS, more=more, patience=10, hold=0)
        t.add_path = add_path
        self.talkers.append(t)
        return t

    def down(self):
        for x in self.talkers:
            x.close()
        for x in self.clients.values():
            x.stop()
        if self.r:
            self.r.stop()
        clients.no_lan()

    def holds(self, what, kind, prefix, **want):
        """The daemon comes to hold a route with these fields; with none of them: no route."""
        client = self.clients.get(kind)
        if not client:
            return

        def right():
            got = client.route(prefix)
            return got is None if not want else got is not None and all(got[k] == v for k, v in want.items())

        check(f"{kind.name}: {what}", wait(right, 8), f"{prefix}: {client.route(prefix)}, not {want or 'nothing'}")

    def each(self, what, prefix, paths):
        """Of each daemon the AS path that it should hold, None: nothing."""
        for kind, path in paths.items():
            self.holds(what, kind, prefix, **({"as_path": path} if path else {}))


def same(path):
    return {kind: path for kind in AS}


def hears(talker, prefix, path):
    """Whether our speaker is told this path in the end; None: nothing."""
    return wait(lambda: (talker.find(prefix) or {}).get("as_path") == path, 5)


def transparent(x):
    route = {"prefix": "203.0.113.0/24", "as_path": [65006, 65100], "med": 7, "communities": ["65006:1"], "large": ["65006:1:2"]}
    x.a.announce(route)
    for kind in AS:
        x.holds("AS path, next hop, MED and communities as they came, our AS not in front", kind, "203.0.113.0/24",
                as_path=[65006, 65100], next_hop="10.9.0.6", med=7, marks={"65006:1", "65006:1:2"})


def hidden(x):
    """The best is not for two of them: they have the next, and not nothing."""
    p, best, second = "198.51.100.0/24", [65006, 65100], [65007, 65100, 65100]
    x.b.announce({"prefix": p, "as_path": second})
    x.each("control: the only path", p, same(second))
    x.a.announce({"prefix": p, "as_path": best})
    x.each("control: the best, when nobody is left out", p, same(best))
    x.a.announce({"prefix": p, "as_path": best, "large": ["65000:0:65002", "65000:0:4200000003"]})
    x.each("the second best for whom the best is not meant", p,
           {clients.Bird: second, clients.Frr: second, clients.Openbgpd: best, clients.Gobgp: best})
    check("whose path is the best is told the second", hears(x.a, p, second), x.a.table())
    check("and the second is told the best", hears(x.b, p, best), x.b.table())
    x.b.withdraw({"prefix": p})
    x.each("nothing when there is no other", p, {clients.Bird: None, clients.Frr: None, clients.Openbgpd: best, clients.Gobgp: best})
    x.a.withdraw({"prefix": p})
    x.each("gone everywhere", p, same(None))


def policy(x):
    """A client's own export policy, behind the orders of the senders."""
    p, best, second = "198.51.101.0/24", [65006], [65007, 65100]
    x.b.announce({"prefix": p, "as_path": second})
    x.a.announce({"prefix": p, "as_path": best, "communities": ["65006:12"]})
    x.each("control: its policy lets the best through", p, same(best))
    x.a.announce({"prefix": p, "as_path": best, "communities": ["65006:13"]})
    x.each("its policy is its own", p, {**same(best), clients.Bird: second})


def orders(x):
    """To whom, in each form."""
    yes = [65006]
    rows = (("198.51.102.0/24", {"large": ["65000:0:0", "65000:1:65004"]}, {**same(None), clients.Openbgpd: yes}),
            ("198.51.103.0/24", {"communities": ["0:65000", "65000:65005"]}, {**same(None), clients.Gobgp: yes}),
            ("198.51.104.0/24", {"ext": ["rt:0:65002"]}, {**same(yes), clients.Bird: None}),
            ("198.51.105.0/24", {"ext": ["soo:0:65000", "soo:65000:65002"]}, {**same(None), clients.Bird: yes}),
            ("198.51.106.0/24", {"communities": ["0:65004"]}, {**same(yes), clients.Openbgpd: None}),
            ("198.51.107.0/24", {"large": ["65000:0:0", "65000:1:4200000003"]}, {**same(None), clients.Frr: yes}),
            ("198.51.108.0/24", {"large": ["65000:103:65002", "65000:102:4200000003", "65000:101:0"]},
             {clients.Bird: yes * 4, clients.Frr: yes * 3, clients.Openbgpd: yes * 2, clients.Gobgp: yes * 2}))
    for prefix, more, _ in rows:
        x.a.announce({"prefix": prefix, **more})
    for prefix, more, want in rows:
        x.each(str(more), prefix, want)
    x.a.announce({"prefix": "198.51.109.0/24", "communities": ["65000:65005", "65006:9"], "large": ["65000:1:65002", "65006:0:9"],
                  "ext": ["rt:65000:65005", "rt:65009:1"]})
    for kind in AS:
        x.holds("orders are not sent on, everything else is", kind, "198.51.109.0/24", as_path=[65006], marks={"65006:9", "65006:0:9", *(() if kind is clients.Gobgp else EXT[kind])})
    got = wait(lambda: x.b.find("198.51.109.0/24"), 5) or {}
    check("... to the octet", (got.get("communities"), got.get("large"), got.get("ext")) == (["65006:9"], ["65006:0:9"], ["rt:65009:1"]), got)


def blackhole(x):
    """RFC 7999: it is for the clients, the route server passes it."""
    x.a.announce({"prefix": "203.0.113.7/32", "communities": ["65535:666"]})
    got = wait(lambda: x.b.find("203.0.113.7/32"), 5)
    check("BLACKHOLE passes", got and got["communities"] == ["65535:666"] and got["next_hop"] == "10.9.0.6", got)
    x.holds("BLACKHOLE arrives", clients.Bird, "203.0.113.7/32", as_path=[65006], marks={"65535:666"})


def daemons(x):
    """What the daemons announce themselves, and ask."""
    own = {kind: [asn] for kind, asn in AS.items()}
    if len(x.clients) < len(AS):
        skip("orders of the daemons", "not all of them are installed")
        return
    x.each("from BIRD, not to FRR", "198.18.2.0/24", {clients.Frr: None, clients.Openbgpd: own[clients.Bird], clients.Gobgp: own[clients.Bird]})
    x.each("from FRR, three times to BIRD", "198.18.3.0/24",
           {clients.Bird: own[clients.Frr] * 4, clients.Openbgpd: own[clients.Frr], clients.Gobgp: own[clients.Frr]})
    x.each("from OpenBGPD, not to GoBGP", "198.18.4.0/24",
           {clients.Bird: own[clients.Openbgpd], clients.Frr: own[clients.Openbgpd], clients.Gobgp: None})
    x.each("from GoBGP, to OpenBGPD alone", "198.18.5.0/24", {clients.Bird: None, clients.Frr: None, clients.Openbgpd: own[clients.Gobgp]})


def every_path(x):
    """A client that is told all paths (RFC 7911) is told all that are meant for it."""
    p = "198.51.110.0/24"

    def told():
        return sorted(r["as_path"] for r in x.all.table().values() if r["prefix"] == p)

    x.a.announce({"prefix": p, "as_path": [65006, 65100]})
    x.b.announce({"prefix": p, "as_path": [65007, 65100]})
    check("both paths", wait(lambda: told() == [[65006, 65100], [65007, 65100]], 5), told())
    x.a.announce({"prefix": p, "as_path": [65006, 65100], "large": ["65000:0:65008"]})
    check("the one that is meant for it", wait(lambda: told() == [[65007, 65100]], 5), told())
    x.b.announce({"prefix": p, "as_path": [65007, 65100], "large": ["65000:101:65008"]})
    check("with what was asked for", wait(lambda: told() == [[65007, 65007, 65100]], 5), told())


def exchange():
    """One exchange point for all of it."""
    x = Exchange()
    try:
        x.up()
        for part in (transparent, hidden, policy, orders, blackhole, daemons, every_path):
            part(x)
    finally:
        x.down()


SCENARIOS = [exchange]
