"""A reload that has to be confirmed: it stays, or what was before is back, with its keys, whatever becomes of bgpd meanwhile."""

import os
import signal

import net
from command import has_key
from net import Frr, Ravelind, wait
from policy import frr, scenario
from reload import ANNOUNCES, HEAD, client, policy, prefixes, write
from report import check, skip

ONE, OTHER = policy("203.0.113.0/24"), policy("198.51.100.0/24")
FIRST, SECOND = ["203.0.113.0/24"], ["198.51.100.0/24"]
KEY = "Old-Secret-7"


def conf(which, *neighbors):
    return HEAD + which + "neighbors:\n" + "".join(neighbors)


def within(r, text, seconds, want=0):
    write(r, text)
    code, out, err = r.ravelin("reload", "--confirm-within", seconds)
    check(f"reload --confirm-within {seconds}: exit status {want}", code == want, (code, out, err))
    return out + err


def left(r):
    return r.ask("config")["unconfirmed_s"]


def log(r, event):
    return r.text().count(f" event={event} ") + r.text().count(f'"event":"{event}"')


@scenario
def confirm(keep):
    """Confirmed by order, by another reload, or not at all."""
    me = client(2, 65001, "frr", f", password: {KEY}")
    r = keep(Ravelind(conf(ONE, me)))
    f = keep(Frr(frr(65001, ipv4=ANNOUNCES, neighbor=f" neighbor 10.0.0.1 password {KEY}\n")))
    check("session", wait(lambda: r.state("frr") == "Established" and prefixes(r) == FIRST, 15), r.text())
    code, out, err = r.ravelin("confirm")
    check("nothing waits: nothing to confirm", code == 1 and "no reload waits" in err, (code, out, err))
    said = within(r, conf(ONE, me), "60s")
    check("a reload that finds nothing different waits for nobody", said.startswith("unchanged") and left(r) is None, said)
    check("... and is logged", log(r, "reload_unchanged") == 1, r.text())
    said = within(r, conf(OTHER, me), "1m")
    check("it says how to keep it", "~ sets/theirs\nunconfirmed: taken back in" in said and "ravelin confirm" in said, said)
    check("it is in force", wait(lambda: prefixes(r) == SECOND, 5), prefixes(r))
    check("seconds left are shown", 50 < left(r) <= 60 and "unconfirmed" in r.ravelin("show", "config")[1] and "unconfirmed" in r.ravelin("diff")[1],
          (left(r), r.ravelin("diff")))
    code, out, err = r.ravelin("confirm")
    check("confirm", code == 0 and out.startswith("confirmed") and left(r) is None and log(r, "reload_confirmed") == 1, (code, out, err))
    within(r, conf(ONE, me), "5m")
    check("in force", wait(lambda: prefixes(r) == FIRST, 5), prefixes(r))
    write(r, conf(OTHER, me))
    check("a reload that need not be confirmed confirms the one before", r.ravelin("reload")[0] == 0 and left(r) is None, left(r))
    refused(r, me)
    taken_back(r, f, me)


def refused(r, me):
    for text, said in (("0", "a day at most"), ("1d", "a day at most"), ("86401", "a day at most"), ("", "a day at most")):
        code, _, err = r.ravelin("reload", "--confirm-within", text)
        check(f"--confirm-within {text or 'nothing'} is refused", code == 2 and said in err, (code, err))
    code, _, err = r.ravelin("show", "vrf", "--confirm-within", "60")
    check("only reload takes it", code == 2 and "only reload" in err, (code, err))
    said = within(r, conf(OTHER, me).replace("as: 65001", "as: 0"), "60", want=1)
    check("an error changes nothing", "AS 0 is reserved" in said and left(r) is None, said)


def taken_back(r, f, me):
    """To the key that the session came up with, and to the policy."""
    up = r.peer("frr")["counters"]["established"]
    within(r, conf(ONE, client(2, 65001, "frr", ", password: Another-8")), "600")
    within(r, conf(ONE, client(3, 65003, "other")), "2")
    check("the neighbor is gone", [p["name"] for p in r.ask("bgp", "neighbors")["peers"]] == ["other"], r.text())
    check("a second one waits in its own time, the way back leads to what was confirmed",
          wait(lambda: left(r) is None, 5) and [p["name"] for p in r.ask("bgp", "neighbors")["peers"]] == ["frr"], r.text())
    check("the session is back, with the key of then",
          wait(lambda: r.state("frr") == "Established" and r.peer("frr")["md5"] and prefixes(r) == SECOND, 20), r.text())
    check("it is logged", log(r, "reload_rolled_back") == 1, r.text())
    check("FRR too", wait(lambda: f.neighbor()["bgpState"] == "Established", 10) and up >= 1, f.neighbor())
    without_bgpd(r, me)


def without_bgpd(r, me):
    """It is killed while something waits, and when the time is over there is none, or one that does not answer."""
    within(r, conf(ONE, me), "3")
    os.kill(r.children()[0], signal.SIGKILL)
    check("the next bgpd has what was in force, and knows that it waits", wait(lambda: (left(r) or 0) > 0, 10), r.text())
    check("... and is told to go back", wait(lambda: log(r, "reload_rolled_back") == 2, 10), r.text())
    check("what was before is in force", wait(lambda: r.state("frr") == "Established" and prefixes(r) == SECOND, 20), r.text())
    within(r, conf(ONE, client(3, 65003, "other")), "1")
    for _ in range(3):  # its restart takes longer each time
        if r.children():
            os.kill(r.children()[0], signal.SIGKILL)
        wait(lambda: log(r, "reload_rolled_back") == 3 or r.children(), 5)
    check("without a bgpd it is in force at once", wait(lambda: log(r, "reload_rolled_back") == 3, 10), r.text())
    check("... and the next one begins with it", wait(lambda: r.state("frr") == "Established" and prefixes(r) == SECOND, 30), r.text())
    within(r, conf(ONE, client(3, 65003, "other")), "1")
    os.kill(r.children()[0], signal.SIGSTOP)
    check("one that does not answer is ended", wait(lambda: log(r, "reload_rolled_back") == 4, 25), r.text())
    check("... and the next one begins with what was before",
          wait(lambda: r.state("frr") == "Established" and prefixes(r) == SECOND, 30), r.text())


@scenario
def confirm_keys(keep):
    """What was before lies in mplsfwd, with its keys, and nowhere in bgpd."""
    with open(net.BUILD + "/ravelind", "rb") as f:
        if b"__asan_init" in f.read():
            skip("keys in memory", "a sanitizer's allocator keeps what was freed")
            return
    r = keep(Ravelind(conf(ONE, client(3, 65003, "other", f", password: {KEY}"))))
    within(r, conf(ONE, client(3, 65003, "other", ", password: Newer-Secret-9")), "600")
    os.kill(r.children()[0], signal.SIGKILL)  # the next one is forked while both are kept
    check("bgpd is back", wait(lambda: (left(r) or 0) > 0, 10), r.text())
    for key in (KEY, "Newer-Secret-9"):
        check(f"{key} is in mplsfwd (the control of this test)", has_key(r.process.pid, key.encode()), key)
        check(f"{key} is not in bgpd", not has_key(r.children()[0], key.encode()), key)
    check("confirm", r.ravelin("confirm")[0] == 0)
    check("what need not come back is overwritten", not has_key(r.process.pid, KEY.encode()), KEY)
    check("... and what is in force is not (the control of this test)", has_key(r.process.pid, b"Newer-Secret-9"))


SCENARIOS = [confirm, confirm_keys]
