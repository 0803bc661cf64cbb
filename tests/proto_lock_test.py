#!/usr/bin/env python3
"""The proto lock refuses what breaks a stored entry or a client, and accepts
what does not."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent

PROTO = """\
syntax = "proto3";
package daybook.v1;
message Event {
  string event_id = 1;
  int64 amount_fen = 2;
  reserved 5 to 7;
  oneof payload { string a = 3; string b = 4; }
}
enum Fund { FUND_UNSPECIFIED = 0; FUND_GENERAL = 1; }
service Ledger { rpc Append(Event) returns (Event); }
"""


class ProtoLockTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "proto/daybook/v1").mkdir(parents=True)
        (self.root / "tests/golden").mkdir(parents=True)
        self.write(PROTO)
        self.assertEqual(self.lock("--update"), (0, ""))

    def write(self, text):
        (self.root / "proto/daybook/v1/event.proto").write_text(text)

    def lock(self, *flags):
        done = subprocess.run(
            [sys.executable, HERE / "proto_lock.py", self.root, *flags],
            capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    def refused(self, old, new, word):
        self.assertIn(old, PROTO)
        self.write(PROTO.replace(old, new))
        for flags in ((), ("--update",)):
            code, out = self.lock(*flags)
            self.assertEqual(code, 1)
            self.assertIn("no longer there, or changed", out)
            self.assertIn(word, out)

    def test_an_unchanged_proto_passes(self):
        self.assertEqual(self.lock(), (0, ""))

    def test_a_removed_field_is_refused(self):
        self.refused("  int64 amount_fen = 2;\n", "", "amount_fen")

    def test_a_renumbered_field_is_refused(self):
        self.refused("event_id = 1", "event_id = 8", "event_id")

    def test_a_renamed_field_is_refused(self):
        self.refused("event_id", "id", "event_id")

    def test_another_type_is_refused(self):
        self.refused("int64 amount_fen", "int32 amount_fen", "amount_fen")

    def test_a_repeated_field_in_place_of_a_single_one_is_refused(self):
        self.refused("string event_id", "repeated string event_id", "event_id")

    def test_a_field_that_leaves_its_oneof_is_refused(self):
        self.refused("oneof payload { string a = 3; string b = 4; }",
                     "oneof payload { string a = 3; } string b = 4;", " b ")

    def test_a_renamed_enum_value_is_refused(self):
        self.refused("FUND_GENERAL", "FUND_COMMON", "FUND_GENERAL")

    def test_a_dropped_reservation_is_refused(self):
        self.refused("5 to 7", "5 to 6", "reserved daybook.v1.Event 7")

    def test_another_rpc_signature_is_refused(self):
        self.refused("returns (Event)", "returns (stream Event)", "Append")

    def test_additions_are_accepted_once_they_are_locked(self):
        self.write(PROTO.replace("reserved 5 to 7;",
                                 "string new = 5; reserved 6 to 7;"))
        code, out = self.lock()
        self.assertEqual(code, 1)
        self.assertIn("not locked yet: field daybook.v1.Event 5 new", out)
        self.assertEqual(self.lock("--update"), (0, ""))
        self.assertEqual(self.lock(), (0, ""))


if __name__ == "__main__":
    unittest.main()
