#!/usr/bin/python3
"""`ravelin policy test` against what it said: cli/policy/NAME.txt, status and what went to either stream.
RAVELIN_BLESS=1 rewrites the files: read the diff."""

import os
import subprocess
import sys

SRC = os.environ.get("RAVELIN_SRCDIR", ".")
RAVELIN = os.path.abspath(os.path.join(os.environ.get("RAVELIN_BUILDDIR", "."), "ravelin"))
FOLDER = os.path.join(SRC, "tests/unit/cli/policy")

# name, status, arguments behind `policy`
CASES = (
    ("accepted", 0, "test rs.yaml client-a --route", "198.51.100.0/24 as-path 65101 100 next-hop 192.0.2.2 community 65000:7 65000:666 large 65000:1101:3 med 5"),
    ("rejected-by-default", 4, "test rs.yaml client-a --route", "203.0.113.0/24"),
    ("rejected-by-a-rule", 4, "test rs.yaml 192.0.2.2 --route", "198.51.100.0/24 rpki invalid aspa valid origin igp"),
    ("one-policy", 4, "test rs.yaml client-a --policy from-client --route", "198.51.100.0/24 as-path 64500 rpki invalid"),
    ("a-range", 0, "test rs.yaml 192.0.2.200 -r", "192.0.2.0/24 local-pref 200 as-path 65101"),
    ("accept-all", 0, "test rs.yaml 192.0.2.3 -r", "0.0.0.0/0"),
    ("refuse-all", 4, "test rs.yaml 192.0.2.4 -r", "0.0.0.0/0"),
    ("hygiene", 4, "test rs.yaml clean -r", "8.8.8.0/24 as-path 3356 64512"),
    ("hygiene-passed", 0, "test rs.yaml clean -r", "8.8.8.0/24"),
    ("export", 0, "test rs.yaml told -x -r", "198.51.100.0/24 as-path 65101 100 large 65000:103:65104"),
    ("export-not-to", 4, "test rs.yaml told --export -r", "198.51.100.0/24 as-path 65101 100 community 0:65104"),
    ("export-by-a-rule", 4, "test rs.yaml told --export -r", "203.0.113.0/24 as-path 65101"),
    ("export-refuse-all", 4, "test rs.yaml clean --export -r", "203.0.113.0/24"),
    ("json", 0, "test rs.yaml client-a -j --route", "198.51.100.0/24 as-path 65101 100 extended rt:65000:1"),
    ("json-rejected", 4, "-j test rs.yaml client-a --route", "198.51.100.0/24 as-path 100"),
    ("json-accept-all", 0, "test -j rs.yaml 192.0.2.3 -r", "0.0.0.0/0"),
    ("bad-neighbor", 1, "test rs.yaml client-b -r", "0.0.0.0/0"),
    ("bad-policy", 1, "test rs.yaml client-a -p nobody -r", "0.0.0.0/0"),
    ("bad-file", 2, "test none.yaml client-a -r", "0.0.0.0/0"),
    ("bad-prefix", 2, "test rs.yaml client-a -r", "192.0.2.1/24 med 5"),
    ("bad-word", 2, "test rs.yaml client-a -r", "192.0.2.0/24 ass-path 5"),
    ("bad-value", 2, "test rs.yaml client-a -r", "192.0.2.0/24 community 65000:*"),
    ("bad-no-value", 2, "test rs.yaml client-a -r", "192.0.2.0/24 med local-pref 5"),
    ("bad-no-last-value", 2, "test rs.yaml client-a -r", "192.0.2.0/24 rpki"),
    ("bad-two-values", 2, "test rs.yaml client-a -r", "192.0.2.0/24 med 5 6"),
)


def said(arguments, route):
    run = subprocess.run(
        [RAVELIN, "policy", *arguments.split(), route],
        cwd=FOLDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return run.returncode, f'$ ravelin policy {arguments} "{route}"\n{run.stdout.decode()}'


def main():
    passed = failed = 0
    for name, want_status, arguments, route in CASES:
        status, text = said(arguments, route)
        file = os.path.join(FOLDER, f"{name}.txt")
        if os.environ.get("RAVELIN_BLESS"):
            with open(file, "w", encoding="utf-8") as f:
                f.write(text)
        with open(file, encoding="utf-8") as f:
            want = f.read()
        good = status == want_status and text == want
        passed += good
        failed += not good
        if not good:
            print(f"FAIL {name}: status {status}, not {want_status}\n--- want\n{want}--- got\n{text}")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return failed != 0


sys.exit(main())
