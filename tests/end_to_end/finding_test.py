#!/usr/bin/env python3
"""An auditor's way in, on the example's ledger: find, replay and sample; and
personal data: by right alone, and erased for good.

What is found is held against the example's own files, and a sample against the
rules as docs/finding.md writes them."""

import csv
import hashlib
import io
import json
import secrets
import signal
import subprocess
import time
import zipfile

from programs import (CALL_SECONDS_MAX, DONE, EXAMPLES, LEDGER, REFUSED, REPORT,
                      USAGE, Scratch, Server, bin_dir, daybook, environment,
                      main, replay)

FIND = ("audit", "find", LEDGER)
SOURCES = ("budget-office", "accounting")
GONE_SECONDS_MAX = 120


def inputs_of(source):
    text = (EXAMPLES / f"{source}.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def rows(out):
    return list(csv.DictReader(io.StringIO(out)))


def payload_of(event):
    """The one field of an event that is no part of the envelope."""
    envelope = {"eventId", "subject", "effectiveDate", "documentDate",
                "sourceRecordedTime", "correction", "replaces"}
    (name,) = set(event) - envelope
    return event[name]


class FindingTest(Scratch):
    flags = ("--personal_data=serve",)

    def setUp(self):
        super().setUp()
        self.server = Server(self.folder / "data", flags=self.flags)
        self.addCleanup(self.server.__exit__)
        self.server.run("ledger", "create", LEDGER)
        for source in SOURCES:
            self.server.run("append", f"--source={source}",
                            EXAMPLES / f"{source}.jsonl")

    def append(self, *inputs, source="accounting", code=DONE):
        lines = "".join(json.dumps(item) + "\n" for item in inputs)
        return self.server.run("append", f"--source={source}", "-",
                               stdin=lines, code=code)

    def find(self, *flags):
        out, _ = self.server.run(*FIND, *flags, "--format=csv")
        return rows(out)

    def ids_found(self, *flags):
        return [row["event"] for row in self.find(*flags)]

    def ids_where(self, wanted):
        return [item["event"]["eventId"] for source in SOURCES
                for item in inputs_of(source) if wanted(item)]


class SearchTest(FindingTest):
    def test_numbers_amounts_codes_and_days_find_what_the_files_hold(self):
        def amount(item):
            return abs(int(payload_of(item["event"]).get("amountFen", -1)))

        def code(item):
            return payload_of(item["event"]).get("line", {}).get(
                "economicCode", "")

        def day(item):
            date = item["event"].get("effectiveDate")
            return date and (date["month"], date["day"])

        self.assertEqual(self.ids_found("--number=示例-2024-01-0001"),
                         ["voucher-2024-01-0001"])
        self.assertEqual(self.ids_found("--number=示例-2024-01-000"), [])
        # Both ends count.
        self.assertEqual(
            self.ids_found("--min-amount=14025", "--max-amount=24350"),
            self.ids_where(lambda item: "amountFen" in payload_of(item["event"])
                           and 1402500 <= amount(item) <= 2435000))
        self.assertEqual(self.ids_found("--economic-code=302"),
                         self.ids_where(lambda i: code(i).startswith("302")))
        self.assertEqual(
            self.ids_found("--from=2024-12-20", "--to=2024-12-31",
                           "--kind=expenditure_recorded"),
            self.ids_where(lambda i: day(i) and day(i) >= (12, 20)
                           and "expenditureRecorded" in i["event"]))
        self.assertEqual(self.ids_found("--source=budget-office", "--limit=3"),
                         [item["event"]["eventId"]
                          for item in inputs_of("budget-office")][:3])

    def test_a_payee_is_found_and_printed(self):
        found = self.find("--payee=在职职工")
        self.assertEqual([row["event"] for row in found], self.ids_where(
            lambda item: "在职职工" in json.dumps(
                item.get("personalData", {}), ensure_ascii=False)))
        self.assertTrue(all("在职职工" in row["payee"] + row["summary"]
                            + row["preparer"] for row in found))

    def test_the_table_leads_on_to_the_figures(self):
        out, err = self.server.run(*FIND, "--number=示例-2024-01-0001")
        self.assertIn("14025.00", out)
        self.assertIn("report explain", err)
        position = out.splitlines()[2].split()[0]
        traced, _ = self.server.run("report", "explain", REPORT,
                                    f"--event={position}")
        self.assertIn("all.executed", traced)

    def test_wrong_questions_say_all_that_is_wrong(self):
        self.server.run(*FIND, code=USAGE)
        self.server.run(*FIND, "--min-amount=1.234", code=USAGE)
        _, err = self.server.run(*FIND, "--kind=moon", "--economic-code=x",
                                 code=REFUSED)
        self.assertIn("filter.kinds", err)
        self.assertIn("filter.economic_code", err)


class ReplayTest(FindingTest):
    def test_it_goes_on_where_it_was(self):
        whole = [entry.get("position", 0) for entry in replay(self.server)]
        at = self.folder / "at.txt"
        got = []
        for limit in (100, 250, 0):
            out, _ = self.server.run("audit", "replay", LEDGER, "--format=json",
                                     f"--limit={limit}", f"--resume={at}")
            got += [json.loads(line).get("position", 0)
                    for line in out.splitlines()]
            self.assertEqual(int(at.read_text()), len(got))
        self.assertEqual(got, whole)
        # Then what came since.
        self.append({"event": {"eventId": "more", "subject": REPORT,
                               "effectiveDate": {"year": 2024, "month": 12,
                                                 "day": 31},
                               "expenditureRecorded": {
                                   "line": {"fund": "FUND_GENERAL"},
                                   "amountFen": "1"}}})
        out, _ = self.server.run("audit", "replay", LEDGER, "--format=json",
                                 f"--resume={at}")
        self.assertEqual(len(out.splitlines()), 1)

    def test_interrupted_it_says_where_it_was(self):
        process = subprocess.Popen(
            [bin_dir() / "daybook", "audit", "replay", LEDGER,
             f"--server={self.server.address}"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment())
        try:
            # Its output fills the pipe, so that it is still at it.
            printed = process.stdout.read(4096)
            process.send_signal(signal.SIGINT)
            rest, err = process.communicate(timeout=CALL_SECONDS_MAX)
        finally:
            process.kill()
            process.wait()
        lines = (printed + rest).decode().splitlines()[1:]
        if process.returncode == DONE:  # It had ended already.
            return
        self.assertIn(f"stopped before position {len(lines)};", err.decode())

    def test_times_and_kinds_choose(self):
        entries = replay(self.server)
        out, _ = self.server.run("audit", "replay", LEDGER, "--format=json",
                                 "--to=2020-01-01")
        self.assertEqual(out, "")
        out, _ = self.server.run("audit", "replay", LEDGER, "--format=json",
                                 "--from=2020-01-01", "--source=accounting")
        self.assertEqual(len(out.splitlines()), len(inputs_of("accounting")))
        self.assertEqual(len(entries), 1 + sum(len(inputs_of(s))
                                               for s in SOURCES))

    def test_the_words_add_up_to_the_report(self):
        out, _ = self.server.run("audit", "replay", LEDGER, "--explain",
                                 f"--subject={REPORT}", "--lang=en")
        last = {}
        for line in out.splitlines():
            words = line.split()
            if line.startswith("    ") and "in all" in line:
                last[words[0]] = words[words.index("all") + 1]
        shown, _ = self.server.run("report", "show", REPORT,
                                   "--as-of=2024-12-31", "--format=csv")
        report = {row["figure"]: row["value"] for row in rows(shown)}
        checked = 0
        for figure, value in last.items():
            if figure in report:
                self.assertEqual(value, report[figure], figure)
                checked += 1
        self.assertIn("all.executed", last)
        self.assertGreater(checked, 10)
        # From the middle on it says the same.
        out_chinese, _ = self.server.run(
            "audit", "replay", LEDGER, "--explain", f"--subject={REPORT}",
            "--first=500", "--limit=1")
        self.assertTrue(out_chinese.startswith("#500 "))
        self.assertIn("本年累计", out_chinese)


class ExportTest(FindingTest):
    def setUp(self):
        # A ledger that is signed, which an export begins with.
        Scratch.setUp(self)
        keys = self.folder / "keys"
        subprocess.run([bin_dir() / "daybookd", "keygen", f"--key_dir={keys}",
                        "430203"], check=True, capture_output=True,
                       timeout=CALL_SECONDS_MAX, env=environment())
        self.server = Server(self.folder / "data",
                             flags=(f"--key_dir={keys}",))
        self.addCleanup(self.server.__exit__)
        self.server.run("ledger", "create", LEDGER)
        for source in SOURCES:
            self.server.run("append", f"--source={source}",
                            EXAMPLES / f"{source}.jsonl")
        self.export = self.folder / "export"
        self.server.run("audit", "export", LEDGER, self.export)

    def both(self, *command):
        """What a server and its export answer to the same."""
        name, verb, *flags = command
        answers = [daybook(name, verb, where, *flags,
                           server=self.server.address)[0]
                   for where in (LEDGER, self.export)]
        return answers

    def test_an_export_answers_as_its_server(self):
        for command in (
                ("audit", "replay", "--format=json"),
                ("audit", "replay", "--first=200", "--limit=100"),
                ("audit", "replay", "--explain", f"--subject={REPORT}",
                 "--kind=expenditure_recorded"),
                ("audit", "find", "--min-amount=10000", "--format=csv"),
                ("audit", "find", "--number=示例-2024-01-0001"),
                ("audit", "find", "--economic-code=302", "--format=json")):
            server, export = self.both(*command)
            self.assertNotEqual(server, "")
            self.assertEqual(server, export, command)

    def test_personal_data_is_not_searched_there(self):
        _, err = daybook("audit", "find", self.export, "--payee=x",
                         code=REFUSED)
        self.assertIn("ask the server", err)


class SampleTest(FindingTest):
    def population(self):
        out, _ = self.server.run("report", "explain", REPORT, "all.executed",
                                 "--as-of=2024-12-31", "--format=json")
        events = {}
        for page in map(json.loads, out.splitlines()):
            for row in page.get("events", []):
                if "cancels" not in row and "cancelledBy" not in row:
                    events.setdefault(int(row["position"]),
                                      abs(int(row["amountFen"])))
        return sorted(events.items())

    def sample(self, *flags):
        path = self.folder / f"{secrets.token_hex(4)}.csv"
        self.server.run("audit", "sample", REPORT, "all.executed",
                        "--as-of=2024-12-31", f"--output={path}", *flags)
        facts, table = path.read_text().split("\n\n", 1)
        return facts, rows(table)

    def test_a_random_sample_is_what_the_rules_give(self):
        facts, drawn = self.sample("--size=12", "--seed=2025-审计一组")
        lots = sorted(
            (hashlib.sha256(f"2025-审计一组 {position}".encode()).digest(),
             position) for position, _ in self.population())
        self.assertEqual([int(row["账本位置"]) for row in drawn],
                         sorted(position for _, position in lots[:12]))
        self.assertIn("2025-审计一组", facts)
        self.assertIn("账本大小 560", facts)
        self.assertTrue(all(row["抽查结果"] == row["附件"] == row["备注"] == ""
                            for row in drawn))

    def test_a_sample_by_amount_is_what_the_rules_give(self):
        size, seed = 20, "s"
        facts, drawn = self.sample(f"--size={size}", f"--seed={seed}",
                                   "--method=amount")
        population = self.population()
        total = sum(fen for _, fen in population)
        interval = total // size
        start = 1 + int.from_bytes(
            hashlib.sha256(seed.encode()).digest()[:8], "big") % interval
        points = [start + i * interval for i in range(size)]
        expected, before = [], 0
        for position, fen in population:
            hits = sum(before < point <= before + fen for point in points)
            if hits:
                expected.append((position, hits))
            before += fen
        self.assertEqual([(int(row["账本位置"]), int(row["抽中次数"]))
                          for row in drawn], expected)
        self.assertIn(str(interval), facts)
        self.assertIn(str(start), facts)

    def test_a_workbook_is_written_once(self):
        path = self.folder / "sample.xlsx"
        command = ("audit", "sample", REPORT, "all.executed", "--size=5",
                   "--seed=s", f"--output={path}")
        self.server.run(*command)
        with zipfile.ZipFile(path) as workbook:
            texts = workbook.read("xl/sharedStrings.xml").decode()
        for text in ("抽查结果", "附件", "备注", "随机种子", REPORT):
            self.assertIn(text, texts)
        _, err = self.server.run(*command, code=REFUSED)
        self.assertIn("exists", err)
        self.server.run("audit", "sample", REPORT, "all.executed", "--size=0",
                        "--seed=s", code=USAGE)


class PersonalDataTest(FindingTest):
    payee = "p" + secrets.token_hex(24)

    def files_with_payee(self):
        found = []
        for path in (self.folder / "data").rglob("*"):
            try:
                if path.is_file() and self.payee.encode() in path.read_bytes():
                    found.append(path)
            except FileNotFoundError:
                pass
        return found

    def await_gone(self):
        deadline = time.monotonic() + GONE_SECONDS_MAX
        while self.files_with_payee() and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual(self.files_with_payee(), [])

    def record(self):
        event = {"eventId": "named", "subject": REPORT,
                 "effectiveDate": {"year": 2024, "month": 12, "day": 31},
                 "expenditureRecorded": {"line": {"fund": "FUND_GENERAL"},
                                         "amountFen": "100"}}
        named = {"event": event, "personalData": {"payee": self.payee}}
        self.append(named)
        return named

    @staticmethod
    def erasure(event_id="erased", target="named"):
        return {"event": {
            "eventId": event_id, "subject": REPORT,
            "personalDataErased": {
                "target": {"eventId": target},
                "correction": {"reason": "本人申请删除", "approver": "办公室"}}}}

    def csv_report(self):
        return self.server.run("report", "show", REPORT, "--as-of=2024-12-31",
                               "--format=csv")[0]

    def test_erased_it_is_in_no_answer_and_no_file(self):
        named = self.record()
        self.assertEqual(self.ids_found(f"--payee={self.payee}"), ["named"])
        self.assertNotEqual(self.files_with_payee(), [])
        before = self.csv_report()
        self.append(self.erasure())
        self.assertEqual(self.ids_found(f"--payee={self.payee}"), [])
        self.assertEqual(self.csv_report(), before)
        self.await_gone()
        # A retry is known, and brings nothing back.
        out, _ = self.append(named)
        self.assertIn("1 already there", out)
        self.assertEqual(self.files_with_payee(), [])
        # Others are as they were.
        self.assertNotEqual(self.ids_found("--payee=在职职工"), [])
        _, err = self.append(self.erasure("again"), code=REFUSED)
        self.assertIn("erased already", err)
        out, _ = self.server.run(*FIND, "--kind=personal_data_erased")
        self.assertIn("本人申请删除", out)
        self.assertIn("办公室", out)

    def test_a_crash_right_after_the_erasure_makes_no_difference(self):
        self.record()
        self.append(self.erasure())
        self.server.kill()
        for flags in ((), ("--rebuild",)):
            with Server(self.folder / "data", flags=("--personal_data=serve",
                                                     *flags)) as server:
                out, _ = server.run(*FIND, f"--payee={self.payee}",
                                    "--format=csv")
                self.assertEqual(out, "")
                self.await_gone()


class WithheldTest(FindingTest):
    flags = ()

    def test_personal_data_is_denied_and_the_rest_answered(self):
        for flags in (("--payee=在职职工",),
                      ("--number=示例-2024-01-0001", "--personal-data")):
            _, err = self.server.run(*FIND, *flags, code=REFUSED)
            self.assertIn("PERMISSION_DENIED", err)
            self.assertIn("--personal_data=serve", err)
        self.assertEqual(self.ids_found("--number=示例-2024-01-0001"),
                         ["voucher-2024-01-0001"])


if __name__ == "__main__":
    main()
