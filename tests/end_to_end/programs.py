"""The real programs, as the end-to-end tests start them.

Server runs daybookd on a free port of the loopback; daybook() runs the command
line against it. Nothing here knows the protocol: the tests see what a user
sees.

The folder of the binaries is the first argument of each test, or
DAYBOOK_BIN_DIR.
"""

import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "lusong-2024"
LEDGER = "ledgers/430203"
DEPARTMENT = LEDGER + "/departments/115001"
REPORT = DEPARTMENT + "/reports/2024"
# A test machine may be busy; a server that takes longer does not start.
START_SECONDS_MAX = 60
CALL_SECONDS_MAX = 120

# The exit codes that docs/cli.md documents.
DONE, REFUSED, USAGE, UNAVAILABLE, NOT_FOUND, DATA_LOSS = range(6)


def bin_dir():
    """The folder that holds daybookd and daybook."""
    return pathlib.Path(os.environ["DAYBOOK_BIN_DIR"])


def environment(**changes):
    """The environment of this process without what would change an answer."""
    clean = {name: value for name, value in os.environ.items()
             if name not in ("DAYBOOK_SERVER", "GRPC_VERBOSITY")}
    return {**clean, **changes}


class Server:
    """One daybookd. Use it in a `with`, which stops it in the end.

    It gives out files over HTTP when `http_listen` is not empty; then `files`
    is their URL.
    """

    def __init__(self, data_dir, listen="127.0.0.1:0", flags=(),
                 http_listen=""):
        self.process = subprocess.Popen(
            [bin_dir() / "daybookd", f"--data_dir={data_dir}",
             f"--listen={listen}", f"--http_listen={http_listen}", *flags],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, env=environment())
        self.printed = b""
        self.address = self._wait_for("listening on ")
        self.files = self._wait_for("files on ") if http_listen else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        self.process.stderr.close()

    def _wait_for(self, mark):
        """What follows `mark` in the line that begins with it."""
        mark = mark.encode()
        deadline = time.monotonic() + START_SECONDS_MAX
        while True:
            for line in self.printed.splitlines(keepends=True):
                if line.startswith(mark) and line.endswith(b"\n"):
                    return line[len(mark):].strip().decode()
            self._read(deadline)

    def _read(self, deadline):
        """Adds what is said next to `printed`."""
        left = deadline - time.monotonic()
        ready = select.select([self.process.stderr], [], [], max(left, 0))[0]
        more = os.read(self.process.stderr.fileno(), 4096) if ready else b""
        if not more:
            self.process.kill()
            raise AssertionError(
                f"daybookd did not say it: {self.printed.decode()}")
        self.printed += more

    def read_until(self, words):
        """All that was said, once the words are in it."""
        deadline = time.monotonic() + CALL_SECONDS_MAX
        while words.encode() not in self.printed:
            self._read(deadline)
        return self.printed.decode()

    def kill(self):
        """As a crash: the process gets no chance to write anything more."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(CALL_SECONDS_MAX)

    def stop(self):
        """As an operator does it."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(CALL_SECONDS_MAX)
        if code != 0:
            raise AssertionError(f"daybookd ended with {code}")

    def run(self, *arguments, code=DONE, stdin=""):
        """Runs `daybook` against this server; see daybook()."""
        return daybook(*arguments, code=code, stdin=stdin, server=self.address)


def daybook(*arguments, code=DONE, stdin="", server=None):
    """Runs `daybook`, expects the exit code, and answers what it printed."""
    flags = [] if server is None else [f"--server={server}"]
    done = subprocess.run(
        [bin_dir() / "daybook", *map(str, arguments), *flags],
        input=stdin.encode(), capture_output=True, env=environment(),
        timeout=CALL_SECONDS_MAX, check=False)
    out, err = done.stdout.decode(), done.stderr.decode()
    if done.returncode != code:
        raise AssertionError(
            f"daybook {' '.join(map(str, arguments))}: exit code "
            f"{done.returncode}, expected {code}\n{out}{err}")
    return out, err


def replay(server, ledger=LEDGER):
    """All entries of a ledger, parsed from `audit replay --format=json`."""
    out, _ = server.run("audit", "replay", ledger, "--format=json")
    return [json.loads(line) for line in out.splitlines()]


def identities(entries):
    """(source, event id) of each entry but the genesis, in order."""
    return [(entry["source"], entry["event"]["eventId"])
            for entry in entries[1:]]


def positions(entries):
    """Positions in order; protobuf's JSON leaves a 0 out."""
    return [int(entry.get("position", 0)) for entry in entries]


class Scratch(unittest.TestCase):
    """A test with an empty folder, removed afterwards."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="daybook-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)


def main():
    """Runs the tests of the calling script; the first argument is the folder
    of the binaries, the others are unittest's."""
    arguments = sys.argv[1:]
    if arguments and not arguments[0].startswith("-"):
        os.environ["DAYBOOK_BIN_DIR"] = str(
            pathlib.Path(arguments.pop(0)).resolve())
    if "DAYBOOK_BIN_DIR" not in os.environ:
        sys.exit(f"usage: {sys.argv[0]} BIN_DIR [unittest's arguments]")
    unittest.main(argv=[sys.argv[0], *arguments])
