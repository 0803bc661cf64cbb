#!/usr/bin/env python3
"""`daybook append` beyond one good batch: files larger than a batch, retries
after half of them, streams, and output that nobody takes.
"""

import json
import os
import subprocess

from programs import (CALL_SECONDS_MAX, DONE, EXAMPLES, LEDGER, REFUSED, REPORT,
                      UNAVAILABLE, Scratch, Server, bin_dir, daybook,
                      environment, identities, main, replay)

OFFICE = EXAMPLES / "budget-office.jsonl"
VOUCHERS = (EXAMPLES / "accounting.jsonl").read_text(
    encoding="utf-8").splitlines(keepends=True)
APPEND = ("append", "--source=accounting")


class AppendTest(Scratch):
    """A server whose ledger is new."""

    def setUp(self):
        super().setUp()
        self.server = Server(self.folder / "data")
        self.addCleanup(self.server.__exit__)
        self.server.run("ledger", "create", LEDGER)

    def append_office(self):
        self.server.run("append", "--source=budget-office", OFFICE)
        return len(replay(self.server))

    def vouchers(self, first, limit):
        return "".join(VOUCHERS[first:limit])

    def test_validation_sees_the_events_before_each(self):
        out, _ = self.server.run("append", "--source=budget-office", OFFICE,
                                 "--validate-only")
        self.assertIn("would be recorded", out)
        _, err = self.server.run("append", "--source=budget-office", OFFICE,
                                 "--validate-only", "--batch-size=1",
                                 code=REFUSED)
        self.assertIn("each decided without the events of those before it", err)
        self.assertEqual(len(replay(self.server)), 1)

    def test_sources_and_what_was_refused_of_them(self):
        self.append_office()
        bad = json.loads(VOUCHERS[0])
        bad["event"]["expenditureRecorded"]["amountFen"] = "0"
        self.server.run(*APPEND, "-", stdin=json.dumps(bad) + "\n",
                        code=REFUSED)
        self.server.run(*APPEND, "-", stdin=self.vouchers(0, 2))
        out, _ = self.server.run("source", "list", LEDGER, "--format=csv")
        rows = [row.split(",") for row in out.splitlines()]
        self.assertEqual([row[0] for row in rows[1:]],
                         ["accounting", "budget-office"])
        accounting = dict(zip(rows[0], rows[1]))
        self.assertEqual(accounting["created"], "2")
        self.assertEqual(accounting["refused"], "1")
        out, _ = self.server.run("source", "refusals", LEDGER, "accounting",
                                 "--format=json")
        refusal = json.loads(out)
        self.assertEqual(refusal["refusal"]["eventId"],
                         bad["event"]["eventId"])
        self.assertEqual(refusal["subject"], bad["event"]["subject"])
        out, _ = self.server.run("source", "refusals", LEDGER, "accounting")
        self.assertIn("amount_fen", out)

    def test_expected_size_holds_over_all_batches(self):
        size = self.append_office()
        flags = (f"--expected-size={size}", "--batch-size=2", "-")
        out, _ = self.server.run(*APPEND, *flags, stdin=self.vouchers(0, 6))
        self.assertIn("(6 new, 0 already there)", out)

    def test_expected_size_lets_a_retry_finish_what_was_begun(self):
        size = self.append_office()
        flags = (f"--expected-size={size}", "--batch-size=2", "-")
        self.server.run(*APPEND, *flags, stdin=self.vouchers(0, 2))
        out, _ = self.server.run(*APPEND, *flags, stdin=self.vouchers(0, 6))
        self.assertIn("(4 new, 2 already there)", out)

    def test_expected_size_notices_who_came_between(self):
        size = self.append_office()
        flags = (f"--expected-size={size}", "--batch-size=2", "-")
        self.server.run(*APPEND, *flags, stdin=self.vouchers(0, 2))
        self.server.run(*APPEND, "-", stdin=self.vouchers(10, 11))
        _, err = self.server.run(*APPEND, *flags, code=REFUSED,
                                 stdin=self.vouchers(0, 4))
        self.assertIn("ABORTED", err)
        self.assertIn("the 2 events before it are", err)
        self.assertEqual(len(replay(self.server)), size + 3)

    def test_a_stream_that_can_be_read_only_once_is_a_file_too(self):
        self.append_office()
        fifo = self.folder / "fifo"
        os.mkfifo(fifo)
        with subprocess.Popen(f"exec cat '{EXAMPLES}/accounting.jsonl' "
                              f"> '{fifo}'", shell=True):
            out, _ = self.server.run(*APPEND, fifo)
        self.assertIn(f"recorded {len(VOUCHERS)} events", out)

    def test_a_server_that_dies_leaves_a_remedy(self):
        self.append_office()
        self.server.kill()
        _, err = self.server.run(*APPEND, "-", code=UNAVAILABLE,
                                 stdin=self.vouchers(0, 2))
        self.assertIn("no Daybook server answers", err)
        self.assertIn("Append the file again: nothing is recorded twice", err)

    def test_a_server_that_is_killed_in_between_is_waited_for(self):
        before = self.append_office()
        text = "".join(json.dumps({"event": {
            "eventId": f"v{i}", "subject": REPORT,
            "effectiveDate": {"year": 2024, "month": 3, "day": 15},
            "expenditureRecorded": {"line": {"fund": "FUND_GENERAL"},
                                    "amountFen": str(i + 1)}}}) + "\n"
            for i in range(10_000))
        file = self.folder / "vouchers.jsonl"
        file.write_text(text, encoding="utf-8")
        address = self.server.address
        with subprocess.Popen(
                [bin_dir() / "daybook", *APPEND, "--batch-size=20", file,
                 f"--server={address}"], stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, env=environment()) as append:
            # Somewhere in between, or behind, where there is less to see.
            while (append.poll() is None
                   and len(replay(self.server)) < before + 100):
                pass
            self.server.kill()
            self.server.__exit__()
            self.server = Server(self.folder / "data", listen=address)
            self.addCleanup(self.server.__exit__)
            out, err = append.communicate(timeout=CALL_SECONDS_MAX)
            self.assertEqual(append.returncode, DONE, err.decode())
        self.assertIn("recorded 10000 events", out.decode())
        self.assertEqual(
            [event_id for _, event_id
             in identities(replay(self.server))[before - 1:]],
            [f"v{i}" for i in range(10_000)])

    def test_output_that_can_not_be_written_is_no_success(self):
        self.append_office()
        for words in (("report", "show", REPORT), ("audit", "replay", LEDGER),
                      ("ledger", "list")):
            with open("/dev/full", "wb") as full:
                done = subprocess.run(
                    [bin_dir() / "daybook", *words,
                     f"--server={self.server.address}"], stdout=full,
                    stderr=subprocess.PIPE, env=environment(), check=False,
                    timeout=60)
            self.assertEqual(done.returncode, REFUSED, words)
            self.assertIn("can not be written", done.stderr.decode())

    def test_a_proxy_of_the_environment_is_not_asked(self):
        done = subprocess.run(
            [bin_dir() / "daybook", "ledger", "list",
             f"--server={self.server.address}"], capture_output=True,
            env=environment(http_proxy="http://127.0.0.1:9", no_proxy=""),
            check=False, timeout=60)
        self.assertEqual(done.returncode, DONE, done.stderr)

    def test_help_needs_no_server(self):
        out, _ = daybook("append", "--help", server="127.0.0.1:1")
        self.assertIn("--source=NAME", out)


if __name__ == "__main__":
    main()
