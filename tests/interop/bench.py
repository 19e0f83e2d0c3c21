"""What a row of the matrix runs on: ravelind, one peer and two speakers of ours.

Routes towards the peer come from `feed` (10.0.0.4, AS 65004), a neighbour of ravelind; what ravelind has from the peer is
seen by `watch` (10.0.0.5, AS 65005), another one. How the peer is fed and read: peers.py.
"""

from net import PE, Ravelind, wait
from speak import Talker

HEAD = "router: {name: pe1, as: 65000, id: 10.0.0.1, user: nobody, run-dir: RUNDIR}\n"
VRF = """ports:
  - {name: acc0, role: access, vrf: vrf-a, address: [192.168.1.1/30]}
vrfs:
  - name: vrf-a
    table: 1001
    rd: "65000:11"
    import: ["65000:101"]
    export: ["65000:101"]
    redistribute: [static, connected]
    routes: [{prefix: 172.16.1.0/24, next-hop: 192.168.1.2}]
"""
FAMILY = {"ipv4": "ipv4-unicast", "vpnv4": "vpnv4", "rtc": "rt-constraint"}
POLICY = "import: accept-all, export: accept-all"


def expect(what, ok, detail=""):
    if not ok:
        raise AssertionError(f"{what}: {detail}" if detail else what)


class Bench:
    """ravelind, one peer and the two speakers of ours, for one row."""

    def __init__(self, kind):
        self.peer, self.r, self.talkers = kind(), None, []

    def up(self, internal=False, families=("ipv4",), asn=None, extra="", router="", others="", talk=True, patience=15, policy=POLICY,
           speakers="", **options):
        """Everything, with the session between ravelind and the peer established."""
        self.families = families
        self.peer.start(internal=internal, families=families, asn=asn, **options)
        names = ", ".join(FAMILY[f] for f in families)
        text = HEAD.replace("RUNDIR}", "RUNDIR" + router + "}") + (VRF if "vpnv4" in families else "") + "neighbors:\n"
        text += (f"  - {{address: 10.0.0.2, local-address: {PE}, as: {self.peer.asn}, families: [{names}], name: peer,"
                 f" connect-retry: 1{', ' if policy else ''}{policy}{extra}}}\n")
        for last, name in ((4, "feed"), (5, "watch")):
            text += f"  - {{address: 10.0.0.{last}, as: 6500{last}, families: [{names}], name: {name}, passive: true, {POLICY}{speakers}}}\n"
        self.text = text + others
        self.r = Ravelind(self.text)
        expect("session", self.established(patience), self.why_down())
        if talk:
            self.feed, self.watch = self.talker(4), self.talker(5)

    def talker(self, last, asn=None, **how):
        t = Talker(f"10.0.0.{last}", asn or 65000 + last, self.families, **how)
        self.talkers.append(t)
        return t

    def established(self, seconds=15):
        return wait(lambda: self.r.state("peer") == "Established" and self.peer.state() == "Established", seconds)

    def why_down(self):
        return f"{self.r.peer('peer')['reason']} {self.peer.state()} {self.peer.text()[-600:]}"

    def seen(self, prefix, rd=None, seconds=5):
        """What ravelind passes on of a route of the peer."""
        return wait(lambda: self.watch.find(prefix, rd), seconds)

    def told(self, prefix, rd=None, seconds=5):
        """What the peer has of a route of ravelind's."""
        return wait(lambda: self.peer.find(prefix, rd), seconds)

    def stop(self):
        for t in self.talkers:
            t.close()
        if self.r:
            self.r.stop()
        self.peer.stop()


def same(what, got, want):
    expect(f"{what} arrives", got)
    for key, value in want.items():
        expect(f"{what}: {key}", got.get(key) == value, f"{got.get(key)}, not {value}")
