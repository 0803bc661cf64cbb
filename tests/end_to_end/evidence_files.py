"""What the end-to-end tests of evidence share: logs and witnesses over HTTP.

Nothing here checks a signature or a hash: that is left to the Go program of
tests/interop, which is not ours to fool.
"""

import http.client
import os
import pathlib
import subprocess
import time
import urllib.parse

from programs import CALL_SECONDS_MAX, ROOT, bin_dir, daybook, environment

WAIT_SECONDS_MAX = 120


def build_check_log(folder):
    """Compiles tests/interop/check_log.go with Debian's packages; answers where
    the program is."""
    program = pathlib.Path(folder) / "check_log"
    subprocess.run(
        ["go", "build", "-o", program, ROOT / "tests/interop/check_log.go"],
        check=True, timeout=600,
        env=environment(GO111MODULE="off", GOFLAGS="", GOPATH="/usr/share/gocode",
                        GOCACHE=str(pathlib.Path(folder) / "cache"),
                        HOME=str(folder)))
    return program


def keygen(key_dir, ledger_id):
    """Makes the key of a ledger; answers the key that checks it."""
    key_dir.mkdir(exist_ok=True)
    done = subprocess.run(
        [bin_dir() / "daybookd", "keygen", f"--key_dir={key_dir}", ledger_id],
        capture_output=True, check=True, timeout=CALL_SECONDS_MAX,
        env=environment())
    return done.stdout.decode().split()[-1]


def request(url, method="GET", body=None):
    """(status, headers in lower case, body) of one request."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc,
                                            timeout=CALL_SECONDS_MAX)
    try:
        connection.request(method, parts.path, body)
        reply = connection.getresponse()
        headers = {name.lower(): value for name, value in reply.getheaders()}
        return reply.status, headers, reply.read()
    finally:
        connection.close()


def checkpoint_of(log):
    """(size, note) of a log's checkpoint; size 0 while there is none."""
    status, _, note = request(log + "/checkpoint")
    if status != 200:
        return 0, b""
    return int(note.split(b"\n")[1]), note


def wait_for_checkpoint(log, size, holds=lambda note: True):
    """The note of a checkpoint of this size, once it is as it should be."""
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while time.monotonic() < deadline:
        found, note = checkpoint_of(log)
        if found == size and holds(note):
            return note
        time.sleep(0.05)
    raise AssertionError(f"{log} has no such checkpoint of size {size}")


class Witness:
    """One `daybook audit witness`. Use it in a `with`."""

    def __init__(self, folder, name, log_key, listen="127.0.0.1:0"):
        self.name = name
        key = folder / f"{name}.key"
        if not key.exists():
            out, _ = daybook("audit", "witness", "--keygen", f"--key={key}",
                             f"--name={name}.example/witness")
            (folder / f"{name}.vkey").write_text(out)
        self.vkey = (folder / f"{name}.vkey").read_text().strip()
        self.process = subprocess.Popen(
            [bin_dir() / "daybook", "audit", "witness", f"--listen={listen}",
             f"--key={key}", f"--state={folder / (name + '.state')}",
             f"--log={log_key}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, env=environment())
        mark = "listening on "
        while line := self.process.stderr.readline().decode():
            if line.startswith(mark):
                self.address = line[len(mark):].strip()
                break
        else:
            raise AssertionError("the witness did not start")
        # What it says later is read by nobody.
        os.set_blocking(self.process.stderr.fileno(), False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(CALL_SECONDS_MAX)
        self.process.stderr.close()

    def kill(self):
        """As a crash."""
        self.process.kill()
        self.process.wait(CALL_SECONDS_MAX)

    def policy_line(self):
        """For a policy file."""
        return f"witness {self.name} {self.vkey} http://{self.address}\n"

    def has_cosigned(self, note):
        """Whether a note has a line of it, true or false."""
        return f"\n— {self.name}.example/witness ".encode() in note
