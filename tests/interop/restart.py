"""Graceful restart against FRR and BIRD: the other side restarts, we do, and a third one hears nothing of it."""

import os
import signal

from net import Frr, Ravelind, wait
from policy import NLRI, PREFIX, Bird, attrs, conf, frr, neighbor, raw, scenario, up
from raw import KEEPALIVE, UPDATE, message, update
from report import check

GRACEFUL = (" bgp graceful-restart\n bgp graceful-restart preserve-fw-state\n bgp graceful-restart restart-time 30\n"
            " bgp graceful-restart stalepath-time 60\n")
RESTARTER = ", graceful-restart: {restarter: true, restart-time: 30, stale-time: 20}"


def kill(f):
    """As a crash would end it."""
    with open(f.pid) as p:
        pid = int(p.read())
    os.kill(pid, signal.SIGKILL)
    wait(lambda: not os.path.exists(f"/proc/{pid}") or "Z" in open(f"/proc/{pid}/stat").read().split(")")[1], 5)
    os.unlink(f.pid)


def silent(s, seconds=0.3):
    """No UPDATE comes to the raw peer within the time."""
    s.send(message(KEEPALIVE))
    return s.until(UPDATE, seconds) is None


def stale(r, name):
    return r.peer(name)["restart"]["stale"]


def phase(r, name):
    return r.peer(name)["restart"]["phase"]


@scenario
def peer_restarts(keep):
    """FRR is killed and comes back: its route stays, a third peer hears nothing; then without the route: End-of-RIB sweeps."""
    r = keep(Ravelind(conf(neighbor(2, 65002, "frr"), neighbor(3, 65003, "raw"))))
    text = frr(65002, ipv4=f"  network {PREFIX}", neighbor=GRACEFUL)
    f = Frr(text)
    s = keep(raw(3, 65003, "raw"))
    up(r, "frr", "raw")
    check("the third has the route", heard(s, NLRI))
    s.until(UPDATE, 1)  # End-of-RIB
    kill(f)
    check("FRR is gone", wait(lambda: r.state("frr") != "Established", 5))
    check("its route is stale", wait(lambda: stale(r, "frr") == 1 and phase(r, "frr") == "waiting", 5), r.peer("frr"))
    check("the third hears nothing", silent(s))
    f = Frr(text)
    check("back", wait(lambda: r.state("frr") == "Established", 20), r.text())
    check("done at End-of-RIB", wait(lambda: phase(r, "frr") == "" and r.peer("frr")["restart"]["times"] == 1, 40), r.peer("frr"))
    check("restart_done is logged", "restart_done" in r.text(), r.text())
    check("the third has heard nothing of it", silent(s))
    kill(f)
    check("stale again", wait(lambda: stale(r, "frr") == 1, 5), r.peer("frr"))
    f = keep(Frr(frr(65002, neighbor=GRACEFUL)))
    check("back without the route", wait(lambda: r.state("frr") == "Established", 20), r.text())
    check("End-of-RIB sweeps it", withdrawn(s, NLRI, 40), r.text())


@scenario
def peer_restarts_control(keep):
    """Positive control: with graceful restart off the route goes with the session."""
    r = keep(Ravelind(conf(neighbor(2, 65002, "frr", ", graceful-restart: false"), neighbor(3, 65003, "raw"))))
    f = Frr(frr(65002, ipv4=f"  network {PREFIX}", neighbor=GRACEFUL))
    s = keep(raw(3, 65003, "raw"))
    check("the third has the route", heard(s, NLRI))
    kill(f)
    check("control: it is withdrawn", withdrawn(s, NLRI, 5), r.text())


def heard(s, nlri, seconds=10):
    """An UPDATE announces it."""
    while (body := s.until(UPDATE, seconds)) is not None:
        if body.endswith(nlri) and body[:2] == b"\0\0":
            return True
    return False


def withdrawn(s, nlri, seconds):
    while (body := s.until(UPDATE, seconds)) is not None:
        if body[2:2 + len(nlri)] == nlri:
            return True
        s.send(message(KEEPALIVE))
    return False


def frr_path(f):
    """FRR's path to PREFIX, or None; with its stale mark."""
    return next(iter(f.json(f"show bgp ipv4 unicast {PREFIX}").get("paths", [])), None)


def always(fn, until, seconds):
    """Whether fn() held all the time up to until(), which came in time."""
    held = []

    def look():
        held.append(bool(fn()))
        return until()

    return wait(look, seconds) and all(held)


def feed():
    s = raw(3, 65003, "raw")
    s.send(update(attrs(3, 65003), NLRI))
    s.send(update())  # End-of-RIB
    return s


@scenario
def we_restart(keep):
    """ravelind stops for a restart, and bgpd alone is killed: FRR as helper never loses our route."""
    text = conf(neighbor(2, 65002, "frr", RESTARTER), neighbor(3, 65003, "raw"))
    f = keep(Frr(frr(65002, neighbor=GRACEFUL)))
    r = Ravelind(text)
    s = feed()
    up(r, "frr", "raw")
    check("FRR has the route", wait(lambda: frr_path(f), 10))
    r.process.send_signal(signal.SIGUSR1)
    check("SIGUSR1 ends it with status 0", r.process.wait(5) == 0, r.text())
    s.close()
    check("FRR keeps it, stale", wait(lambda: frr_path(f).get("stale"), 5), frr_path(f))
    again = keep(Ravelind(text, again=r))
    s = feed()
    fresh = always(lambda: frr_path(f), lambda: frr_path(f) and not frr_path(f).get("stale"), 30)
    check("confirmed without a gap", fresh, f"{frr_path(f)} {again.text()}")
    check("it was a restart", "event=restarting" in again.text() and "restart_deciding" in again.text(), again.text())
    check("FRR saw R and F", wait(lambda: "True" in str(f.neighbor()["gracefulRestartInfo"]), 5),
          f.neighbor().get("gracefulRestartInfo"))
    old = again.children()[0]
    s.close()
    os.kill(old, signal.SIGKILL)
    check("another bgpd", wait(lambda: again.children() and again.children()[0] != old and again.ask("version"), 10))
    s = keep(feed())
    fresh = always(lambda: frr_path(f), lambda: again.state("frr") == "Established" and not frr_path(f).get("stale"), 40)
    check("bgpd alone killed: no gap either", fresh, f"{frr_path(f)} {again.text()}")


@scenario
def we_restart_control(keep):
    """Positive control: an ordinary stop is a Hard Reset or a Cease, and FRR drops the route."""
    f = keep(Frr(frr(65002, neighbor=GRACEFUL)))
    r = Ravelind(conf(neighbor(2, 65002, "frr", RESTARTER), neighbor(3, 65003, "raw")))
    s = keep(feed())
    check("FRR has the route", wait(lambda: frr_path(f), 10), r.text())
    r.stop()
    s.until(KEEPALIVE, 0.2)
    check("control: it is gone", wait(lambda: not frr_path(f), 5), frr_path(f))


@scenario
def bird_helps(keep):
    """BIRD as helper."""
    text = conf(neighbor(6, 65006, "bird", RESTARTER), neighbor(3, 65003, "raw"))
    b = keep(Bird("graceful restart on; graceful restart time 30;"))
    r = Ravelind(text)
    s = feed()
    check("BIRD has the route", wait(b.route, 20), r.text())
    r.process.send_signal(signal.SIGUSR1)
    check("SIGUSR1 ends it", r.process.wait(5) == 0)
    s.close()
    check("BIRD keeps it", wait(lambda: b.route() and "Established" not in b.ask("show protocols"), 10), b.ask("show protocols"))
    again = keep(Ravelind(text, again=r))
    s = keep(feed())
    done = always(b.route, lambda: again.state("bird") == "Established" and "restart_deciding" in again.text(), 40)
    check("no gap", done and wait(b.route, 5), again.text())


SCENARIOS = [peer_restarts, peer_restarts_control, we_restart, we_restart_control, bird_helps]


@scenario
def long_lived(keep):
    """RFC 9494 with FRR: after its Restart Time the route stays as a last resort, not told to a third that knows no LLGR."""
    r = keep(Ravelind(conf(neighbor(2, 65002, "frr", ", graceful-restart: {long-lived-stale-time: 60}"),
                           neighbor(3, 65003, "raw"))))
    own = GRACEFUL.replace("restart-time 30", "restart-time 2") + " bgp long-lived-graceful-restart stale-time 50\n"
    text = frr(65002, ipv4=f"  network {PREFIX}", neighbor=own)
    f = Frr(text)
    s = keep(raw(3, 65003, "raw"))
    check("the third has the route", heard(s, NLRI))
    check("FRR knows LLGR", r.peer("frr")["received"]["long_lived"], r.peer("frr")["received"])
    kill(f)
    check("waiting first", wait(lambda: phase(r, "frr") == "waiting", 5), r.peer("frr"))
    check("then long-lived", wait(lambda: phase(r, "frr") == "long-lived", 10), r.peer("frr"))
    check("the route is kept", stale(r, "frr") == 1 and r.peer("frr")["restart"]["ends_in_s"] <= 50, r.peer("frr"))
    check("the third is not told it any more", withdrawn(s, NLRI, 5), r.text())
    f = keep(Frr(text))
    check("back, confirmed", wait(lambda: phase(r, "frr") == "" and r.state("frr") == "Established", 40), r.text())
    check("the third has it again", heard(s, NLRI), r.text())


SCENARIOS += [long_lived]
