#!/usr/bin/python3
"""`ravelin` itself, without a daemon: every row of its table of commands is in man/ravelin.1 and nothing else is, its help fits a
terminal, its exit statuses are what its help says, and its completion is something that the shells read."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

SRC = os.environ.get("RAVELIN_SRCDIR", ".")
RAVELIN = os.path.abspath(os.path.join(os.environ.get("RAVELIN_BUILDDIR", "."), "ravelin"))
SOCKET = os.path.join(tempfile.gettempdir(), f"nobody-listens-{os.getpid()}.sock")

passed = failed = skipped = 0


def check(what, ok, seen=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print(f"FAIL {what}: {seen}")


def ravelin(*args, **env):
    return subprocess.run([RAVELIN, *args], capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL,
                          env={**os.environ, **env}, check=False)


def commands():
    return json.loads(ravelin("-j", "help").stdout)["commands"]


def typed(command):
    """Its words, with something in place of each value."""
    return [word if word.islower() else "192.0.2.0/24" if word == "PREFIX" else "x" for word in command["words"].split()]


def mdoc_words(line):
    """'.It Cm show vrf Op Ar name' as 'show vrf [name]'."""
    head, _, option = line.partition(" Op ")
    plain = [" ".join(word for word in part.split()[skip:] if word not in ("Cm", "Ar")) for part, skip in ((head, 1), (option, 0))]
    return (plain[0] + (f" [{plain[1]}]" if option else "")).lower()


def manual():
    """The commands that man/ravelin.1 lists, as help writes them."""
    with open(os.path.join(SRC, "man/ravelin.1"), encoding="utf-8") as f:
        text = f.read()
    listed = text[text.index(".Sh DESCRIPTION"):text.index(".Sh OUTPUT")]
    return [mdoc_words(line) for line in listed.splitlines() if line.startswith(".It Cm")]


def check_manual():
    table = [c["syntax"].lower() for c in commands()]
    listed = manual()
    for syntax in table:
        check(f"man/ravelin.1 lists `{syntax}` once", listed.count(syntax) == 1, f"{listed.count(syntax)} times")
    for syntax in listed:
        check(f"`{syntax}` of man/ravelin.1 is a row of cli/command.c", syntax in table, "no")


def check_help():
    whole = ravelin("help")
    check("help", whole.returncode == 0 and max(map(len, whole.stdout.splitlines())) <= 80, whole.stdout)
    check("nothing typed", ravelin().returncode == 2)
    for c in commands():
        check(f"help has `{c['syntax']}`", c["syntax"] in whole.stdout)
        one = ravelin("help", *typed(c))
        check(f"help {c['words']}", one.returncode == 0 and max(map(len, one.stdout.splitlines())) <= 80, one.stdout)
    for group in ("show", "show bgp", "neighbor x", "lab", "mrt", "log", "report", "completion"):
        some = ravelin(*group.split(), "--help")
        check(f"{group} --help", some.returncode == 0 and some.stdout, some.stderr)
        check(f"{group} ?", ravelin(*group.split(), "?").stdout == some.stdout)
    check("help of nothing", ravelin("help", "nothing").returncode == 2)


def check_exits():
    """Without a daemon: 3 where one is asked, 2 for what is not understood; and no status that help does not name."""
    for c in commands():
        if c["path"]:
            one = ravelin("-s", SOCKET, *typed(c))
            check(f"{c['words']}: no daemon", one.returncode == 3 and SOCKET in one.stderr, one)
            one = ravelin("-j", "-s", SOCKET, *typed(c))
            said = json.loads(one.stdout)
            check(f"-j {c['words']}: no daemon", one.returncode == 3 and said["exit"] == 3 and SOCKET in said["error"], one)
            check(f"{c['words']}: nothing on standard error with -j", one.stderr == "", one.stderr)
            one = ravelin("-s", SOCKET, *typed(c), "x", "y", "z")
            check(f"{c['words']}: too much", one.returncode == 2, one)
            check(f"{c['words']}: exits", c["exits"][-3:] == ["1", "2", "3"], c["exits"])
        if c["options"] or c["path"]:
            one = ravelin("-s", SOCKET, *typed(c), "--no-such-option")
            check(f"{c['words']}: an unknown option", one.returncode == 2, one)
    for words, said in (("show m", "ambiguous word"), ("show bpg", "did you mean \"bgp\""), ("show", "one of:"), ("neighbor all refresh in sixth", "none of"),
                        ("lab rum", "did you mean"), ("--watch=0 show vrf", "seconds"), ("-s", "without its value")):
        one = ravelin(*words.split())
        check(words, one.returncode == 2 and said in one.stderr, one)
        one = ravelin("-j", *words.split())
        check(f"-j {words}", one.returncode == 2 and said in json.loads(one.stdout)["error"], one)


# What programs say without a daemon and without a lab: status, words, what is in the error.
ERRORS = (
    (3, "-s /nowhere/s audit", "no ravelind runs there"),
    (2, "audit -f /nowhere/c", "cannot be read"),
    (2, "audit --bogus", "audit --help"),
    (1, "audit --of-host --netns no/where", "not a name"),
    (1, "log verify /nowhere/s", "No such file"),
    (2, "log verify --head 12 /nowhere/s", "64 digits"),
    (2, "log verify", "log --help"),
    (2, "policy test", "policy --help"),
    (2, "policy test /nowhere/c a -r 192.0.2.0/24", "cannot be read"),
    (2, "policy test /nowhere/c a -r 192.0.2.1/24", "host bits"),
    (1, "policy test POLICY/rs.yaml nobody -r 192.0.2.0/24", "no such neighbor"),
    (1, "policy test POLICY/rs.yaml client-a -p nobody -r 192.0.2.0/24", "no such policy"),
    (3, "-s /nowhere/s mrt dump DIR/new", "/nowhere/s"),
    (3, "-s /nowhere/s mrt updates DIR/new", "/nowhere/s"),
    (1, "mrt dump /nowhere/dir/file", "No such file"),
    (1, "mrt dump DIR", "to replace it: -f"),
    (2, "mrt dump", "mrt --help"),
    (2, "mrt updates --rotate=15x DIR", "--rotate=15x"),
    (2, "report verify /nowhere", "No such file"),
    (2, "report verify --key=/nowhere/k DIR", "/nowhere/k"),
    (2, "report keygen /nowhere/k", "No such file"),
    (2, "report keygen", "report --help"),
    (2, "lab run /nowhere/t", "no topology"),
    (2, "lab up --backend=moon", "lab --help"),
    (2, "lab attack NOPE-01", "no attack"),
    (2, "lab attack --pe quagga", "lab --help"),
    (3, "lab down", "no lab is up"),
    (3, "lab validate", "no lab is up"),
    (3, "lab capture -w DIR/new n:p", "no lab is up"),
    (125, "lab shell n", "no lab is up"),
    (125, "lab exec n true", "no lab is up"),
    (2, "lab check /nowhere/t", "no topology"),
    (2, "lab graph --dot /nowhere/t", "no topology"),
    (2, "lab graph", "lab --help"),
    (2, "web --bogus", "web --help"),
    (3, "-s /nowhere/s web", "/nowhere/s"),
    (2, "completion klingon", "one of"),
)
# What they have done, as JSON: status, words, a member of it.
RESULTS = (
    (0, "audit --checks", "checks"),
    (0, "policy test POLICY/rs.yaml 192.0.2.3 -r 0.0.0.0/0", "accept"),
    (4, "policy test POLICY/rs.yaml 192.0.2.4 -r 0.0.0.0/0", "accept"),
    (0, "report keygen DIR/key", "public"),
    (4, "report verify DIR", "verified"),
    (0, "lab list", "labs"),
    (0, "lab attack --list", "attacks"),
    (0, "lab check TOPOLOGIES/two-peers", "nodes"),
    (0, "lab graph --svg TOPOLOGIES/two-peers", "picture"),
    (0, "mrt help", "commands"),
    (0, "lab help", "commands"),
    (0, "audit --help", "commands"),
)


def check_programs():
    """Text and JSON differ in form only, wherever -j stands; with it standard error is empty, and an error has its status."""
    with tempfile.TemporaryDirectory() as directory:
        places = {"DIR": directory, "POLICY": os.path.join(SRC, "tests/unit/cli/policy"), "TOPOLOGIES": os.path.join(SRC, "topologies")}

        def run(words, *json_):
            for name, place in places.items():
                words = words.replace(name, place)
            return ravelin(*json_, *words.split(), RAVELIN_LAB_DIR=directory + "/labs")

        for status, words, said in ERRORS:
            one = run(words)
            check(f"{words}: exits with {status}", one.returncode == status, one)
            wants_help = said.endswith("--help")
            check(f"{words}: says why, on standard error", not one.stdout and ("usage:" if wants_help else said) in one.stderr, one)
            for json_ in (run(words, "-j"),) + (() if words.startswith(("lab exec", "lab shell")) else (run(words + " --json"),)):
                check(f"-j {words}: JSON and nothing else", json_.stdout.startswith("{") and not json_.stderr, json_)
                error = json.loads(json_.stdout or "{}")
                check(f"-j {words}: why, and the status", said in error.get("error", "") and error.get("exit") == json_.returncode == status, json_)
        for status, words, member in RESULTS:
            for before, after in (("-j",), ""), ((), " -j"):
                if words.startswith("report keygen") and os.path.exists(directory + "/key"):
                    os.unlink(directory + "/key")
                json_ = run(words + after, *before)
                check(f"-j {words}: its result", json_.returncode == status and member in json.loads(json_.stdout or "{}"), json_)
    check("lab exec: what follows the node is the node's", "usage" not in run("lab exec n true -j").stdout + run("lab exec n true -j").stderr)


def complete(*words):
    return [line.split("\t")[0] for line in ravelin("--complete", *words).stdout.splitlines()]


def check_completion():
    global skipped
    for c in commands():
        words = c["words"].split()
        for i, word in enumerate(words):
            if word.islower():
                check(f"complete {words[:i + 1]}", word in complete(*words[:i], word[:1]), complete(*words[:i], word[:1]))
    check("a cut word before", complete("sh", "bg", "su") == ["summary"], complete("sh", "bg", "su"))
    check("behind an option", "summary" in complete("-s", SOCKET, "show", "-j", "bgp", ""))
    check("an option", "--watch" in complete("show", "-"))
    check("an option of one command", "--confirm-within" in complete("reload", "--c") and "--confirm-within" not in complete("confirm", "--c"))
    check("its value is no word of the command", complete("reload", "--confirm-within", "60s", "") == [])
    check("of what help is asked for", complete("help", "lab", "li") == ["list"], complete("help", "lab", "li"))
    check("words of a kind", complete("monitor", "d") == ["drops"])
    check("nothing that is hidden", "init" not in complete("lab", ""))
    for shell, folder in (("bash", None), ("zsh", None), ("fish", None)):
        script = ravelin("completion", shell).stdout
        check(f"completion {shell}", "--complete" in script)
        if not shutil.which(shell):
            skipped += 1
            continue
        with tempfile.NamedTemporaryFile("w", suffix=f".{shell}") as f:
            f.write(script)
            f.flush()
            one = subprocess.run([shell, "-n", f.name], capture_output=True, text=True, check=False)
        check(f"{shell} -n", one.returncode == 0, one.stderr)
    check_completion_in_bash()


def check_completion_in_bash():
    """What bash would offer behind `ravelin show bgp s`."""
    code = f"""source <({RAVELIN} completion bash)
COMP_WORDS=({RAVELIN} show bgp s); COMP_CWORD=3; _ravelin; echo "${{COMPREPLY[@]}}" """
    one = subprocess.run(["bash", "-c", code], capture_output=True, text=True, check=False)
    check("bash completes", one.stdout.split() == ["summary"], one)


def check_options_of_programs():
    """Options that completion offers are those that the command's own help names."""
    own = {"audit": "--help", "policy test": "--help", "mrt dump": "--help", "mrt updates": "--help", "log verify": "--help", "report verify": "--help", "web": "--help", "reload": "--help", "lab run": None, "lab up": None, "lab validate": None, "lab check": None, "lab graph": None, "lab capture": None,
           "lab attack": "--help"}
    for c in commands():
        if not c["options"]:
            continue
        words = c["words"].split()
        help_ = ravelin(*words, own[c["words"]]).stdout if own.get(c["words"], "?") else ravelin("lab", "help").stdout
        for option in c["options"]:
            check(f"{c['words']} {option}", re.search(re.escape(option.split("=")[0]) + r"\b", help_), help_)


check_manual()
check_help()
check_exits()
check_programs()
check_completion()
check_options_of_programs()
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(failed != 0)
