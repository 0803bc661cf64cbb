#!/usr/bin/env python3
"""examples/node-feed against the real server: it feeds, goes on where it was,
endures a server that is killed, and tells what was refused.

Its packages are installed beside the binaries, once for each package-lock.json.
Without node, npm or those packages the test fails: an example that nobody ran is
none.
"""

import hashlib
import shutil
import subprocess

from programs import (CALL_SECONDS_MAX, DONE, EXAMPLES, LEDGER, REFUSED, REPORT,
                      ROOT, UNAVAILABLE, USAGE, Scratch, Server, bin_dir,
                      environment, identities, main, replay)

EXAMPLE = ROOT / "examples" / "node-feed"
HEAD = ("voucher,date,fund,nature,function,economic,project,amount,payee,"
        "summary\n")


def installed():
    """A copy of the example with its packages."""
    folder = bin_dir().parent / "node-feed"
    lock = (EXAMPLE / "package-lock.json").read_bytes()
    mark = folder / "node_modules" / ".installed-for"
    digest = hashlib.sha256(lock).hexdigest()
    if not mark.exists() or mark.read_text() != digest:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(EXAMPLE / name, folder)
        subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=folder, check=True, timeout=CALL_SECONDS_MAX,
            stdout=subprocess.DEVNULL)
        mark.write_text(digest)
    for script in EXAMPLE.glob("*.js"):
        shutil.copy(script, folder)
    return folder


def voucher(number, cells="general,operating,2081101,30201,"):
    return f"v{number:05},2024-03-15,{cells},{number + 1}.25,某商店,办公用品\n"


class NodeFeedTest(Scratch):

    @classmethod
    def setUpClass(cls):
        cls.example = installed()

    def setUp(self):
        super().setUp()
        self.server = Server(self.folder / "data")
        self.addCleanup(lambda: self.server.__exit__())
        self.server.run("ledger", "create", LEDGER)
        self.server.run("append", "--source=budget-office",
                        EXAMPLES / "budget-office.jsonl")
        self.before = len(replay(self.server))
        self.file = self.folder / "vouchers.csv"

    def command(self, file, *flags):
        return ["node", self.example / "feed.js", f"--ledger={LEDGER}",
                "--source=accounting", f"--report={REPORT}",
                f"--server={self.server.address}", *flags, file]

    def environment(self):
        return environment(DAYBOOK_PROTOS=str(ROOT / "proto"))

    def feed(self, *flags, file=None, code=DONE):
        done = subprocess.run(
            self.command(file or self.file, *flags), capture_output=True,
            env=self.environment(), check=False, timeout=CALL_SECONDS_MAX)
        out, err = done.stdout.decode(), done.stderr.decode()
        self.assertEqual(done.returncode, code, out + err)
        return out, err

    def write(self, *lines):
        self.file.write_text(HEAD + "".join(lines), encoding="utf-8")

    def recorded(self):
        return [event_id for _, event_id
                in identities(replay(self.server))[self.before - 1:]]

    def test_what_the_readme_shows(self):
        example = EXAMPLE / "vouchers.csv"
        out, _ = self.feed(file=example)
        self.assertEqual(out, "4 new, 0 already there, 0 refused\n")
        out, _ = self.feed(file=example)
        self.assertEqual(out, "0 new, 0 already there, 0 refused\n")

    def test_lines_that_are_added_are_fed_by_the_next_run(self):
        self.write(*map(voucher, range(10)))
        self.feed("--batch=3")
        self.write(*map(voucher, range(15)))
        out, _ = self.feed("--batch=3")
        self.assertEqual(out, "5 new, 0 already there, 0 refused\n")
        self.assertEqual(self.recorded(), [f"v{i:05}" for i in range(15)])

    def test_json_lines_are_fed_too(self):
        out, _ = self.feed(file=EXAMPLES / "accounting.jsonl")
        self.assertEqual(out, "394 new, 0 already there, 0 refused\n")

    def test_a_killed_server_costs_nothing(self):
        self.write(*map(voucher, range(3000)))
        address = self.server.address
        with subprocess.Popen(
                self.command(self.file, "--batch=20", "--progress",
                             "--tries=100"),
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env=self.environment()) as feed:
            for _ in range(10):
                self.assertIn(b"through line", feed.stderr.readline())
            self.server.kill()
            self.server.__exit__()
            self.server = Server(self.folder / "data", listen=address)
            _, err = feed.communicate(timeout=CALL_SECONDS_MAX)
            self.assertEqual(feed.returncode, DONE, err.decode())
        self.assertEqual(self.recorded(), [f"v{i:05}" for i in range(3000)])

    def test_a_refused_line_is_told_and_stops_no_other(self):
        self.write(voucher(0), voucher(1, "general,operating,20x,30201,"),
                   voucher(2))
        out, err = self.feed(code=REFUSED)
        self.assertEqual(out, "2 new, 0 already there, 1 refused\n")
        self.assertIn("vouchers.csv:3: v00001 (permanent): event."
                      "expenditure_recorded.line.function_code '20x'", err)

    def test_a_line_that_comes_too_early_holds_the_feed(self):
        self.write(voucher(0), voucher(1, "general,project,,,not_there"),
                   voucher(2))
        _, err = self.feed("--batch=1", code=REFUSED)
        self.assertIn("vouchers.csv:3: v00001 (retryable)", err)
        self.assertIn("the source stays at line 2", err)
        self.assertEqual(self.recorded(), ["v00000"])

    def test_a_misspelt_name_is_found_before_it_is_sent(self):
        file = self.folder / "odd.jsonl"
        file.write_text('{"event":{"eventID":"v"}}\n', encoding="utf-8")
        _, err = self.feed(file=file, code=REFUSED)
        self.assertIn("odd.jsonl:1: event.eventID: no field of Event", err)

    def test_nobody_there_and_a_wrong_command_line(self):
        self.write(voucher(0))
        self.server.kill()
        self.feed(code=UNAVAILABLE)
        self.feed("--batch=0", code=USAGE)


if __name__ == "__main__":
    main()
