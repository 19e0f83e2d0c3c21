"""The interoperation scenarios, in order; started by tests/interop/run within namespaces of their own."""

import os
import shutil
import sys

import adj
import api
import bmp
import cli
import command
import config
import confirm
import documents
import export
import frr
import guard
import hygiene
import killed
import logs
import mrt
import net
import openapi
import orders
import policy
import prometheus
import raw
import reload
import report
import restart
import route_server
import rpki
import rtc
import slow
import updates
import wire

SCENARIOS = [*adj.SCENARIOS, *api.SCENARIOS, *bmp.SCENARIOS, *cli.SCENARIOS, *command.SCENARIOS, *documents.SCENARIOS, *export.SCENARIOS, *config.SCENARIOS, *confirm.SCENARIOS, *frr.SCENARIOS, *guard.SCENARIOS, *openapi.SCENARIOS, *orders.SCENARIOS, *raw.SCENARIOS, *hygiene.SCENARIOS, *killed.SCENARIOS, *mrt.SCENARIOS,
             *policy.SCENARIOS, *prometheus.SCENARIOS, *reload.SCENARIOS, *restart.SCENARIOS, *route_server.SCENARIOS, *rpki.SCENARIOS, *rtc.SCENARIOS, *logs.SCENARIOS, *slow.SCENARIOS, *updates.SCENARIOS]


def main():
    net.BUILD = os.path.abspath(sys.argv[1])
    only = sys.argv[2:]
    net.start()
    capture = net.Capture()
    for scenario in SCENARIOS:
        name = scenario.__name__
        if not only or name in only:
            report.run(name, scenario)
            net.end_running()
    capture.stop()
    if not only or "wire" in only:
        report.run("wire", lambda: wire.scenario(capture))
    keep = net.BUILD + "/interop-failed"
    shutil.rmtree(keep, ignore_errors=True)
    if report.failed or os.environ.get("KEEP"):
        shutil.copytree(net.WORK, keep, ignore=lambda d, names: [n for n in names if n in ("run", "ctl", "bgpd.vty")])
        print(f"logs, configurations and the capture: {keep}")
    report.end()


main()
