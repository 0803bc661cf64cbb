#!/usr/bin/env python3
"""One file that two processes import at the same time is recorded once.

Each round has a file of its own. Two processes import it at once; then, with
some rows changed and some deleted, at once again. Every event must be recorded
once, what the two say must add up, and the figures must be those of the file.

usage: concurrent_import_test.py BIN_DIR [--rounds=N] [unittest's arguments]
"""

import collections
import os
import random
import subprocess
import sys

from import_test import ImportTest, table
from programs import (CALL_SECONDS_MAX, DONE, bin_dir, environment, main,
                      positions, replay)

ROUNDS = 20
SEED = int(os.environ.get("DAYBOOK_SEED", "20250101"))
ROWS = 60
CHANGED = 8
DELETED = 4


class ConcurrentImportTest(ImportTest):
    def setUp(self):
        super().setUp()
        self.rng = random.Random(SEED)
        # Yuan by key, and the events that there must be.
        self.spent = {}
        self.expected = []

    def import_twice(self, path):
        """Both processes are done; {label: rows of both} of what they say."""
        processes = [
            subprocess.Popen(
                [bin_dir() / "daybook", "import", "--kind=voucher",
                 "--source=accounting", f"--mapping={self.mapping}",
                 "--ledger=430203", path, f"--server={self.server.address}"],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                env=environment())
            for _ in range(2)]
        said = collections.Counter()
        for process in processes:
            out, err = process.communicate(timeout=CALL_SECONDS_MAX)
            self.assertEqual((process.returncode, err.decode()), (DONE, ""))
            rows = self.rows(out.decode())
            self.assertEqual(rows["读入"], ROWS + 1)
            said.update(rows)
        return said

    def write_rows(self, rows):
        return self.write(table(
            *(f"{key},2024-03-05,{yuan},{deleted}"
              for key, (yuan, deleted) in rows.items()),
            headings="凭证号,日期,金额,删除"))

    def run_round(self, number):
        rows = {f"V{number}-{i}": (self.rng.randint(1, 9_999), "")
                for i in range(ROWS)}
        said = self.import_twice(self.write_rows(rows))
        self.assertEqual((said["新记录"], said["已记录过"]), (ROWS, ROWS))
        self.expected += [f"{key}#1" for key in rows]

        keys = self.rng.sample(sorted(rows), CHANGED + DELETED)
        for key in keys[:CHANGED]:
            rows[key] = (rows[key][0] + 10_000, "")
            self.expected += [f"{key}#1~", f"{key}#2"]
        for key in keys[CHANGED:]:
            rows[key] = (rows[key][0], "是")
            self.expected.append(f"{key}#1~")
        said = self.import_twice(self.write_rows(rows))
        self.assertNotIn("新记录", said)
        self.assertEqual((said["更正"], said["冲销（上游已删除）"]),
                         (CHANGED, DELETED))
        self.assertEqual(said["已记录过"], 2 * (ROWS - DELETED) - CHANGED)

        self.spent.update({key: yuan for key, (yuan, deleted) in rows.items()
                           if not deleted})
        self.assertEqual(self.executed(), f"{sum(self.spent.values())}.00")

    def test_the_same_file_at_the_same_time_is_recorded_once(self):
        print(f"DAYBOOK_SEED={SEED}, {ROUNDS} rounds", file=sys.stderr)
        for number in range(ROUNDS):
            with self.subTest(round=number):
                self.run_round(number)
        entries = replay(self.server)
        self.assertEqual(positions(entries), list(range(len(entries))))
        recorded = [entry["event"]["eventId"] for entry in entries[1:]
                    if entry["source"] == "accounting"]
        self.assertEqual(sorted(recorded), sorted(self.expected))
        print(f"{ROUNDS} rounds, {len(recorded)} events", file=sys.stderr)


if __name__ == "__main__":
    for argument in list(sys.argv):
        if argument.startswith("--rounds="):
            ROUNDS = int(argument.removeprefix("--rounds="))
            sys.argv.remove(argument)
    main()
