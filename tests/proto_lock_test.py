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
  reserved 5 to 7, 1000 to max;
  reserved "later";
  oneof payload { string a = 3; string b = 4; }
}
message Spare {}
enum Fund {
  FUND_UNSPECIFIED = 0;
  FUND_GENERAL = 1;
  reserved 5 to 6;
}
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
        (self.root / "proto/daybook/v1/event.proto").write_text(
            text, encoding="utf-8")

    def lock(self, *flags):
        done = subprocess.run(
            [sys.executable, HERE / "proto_lock.py", self.root, *flags],
            capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    def change(self, old, new):
        self.assertIn(old, PROTO)
        self.write(PROTO.replace(old, new))

    def locked_bytes(self):
        return (self.root / "tests/golden/proto.lock").read_bytes()

    def refused(self, old, new, word):
        before = self.locked_bytes()
        self.change(old, new)
        for flags in ((), ("--update",)):
            code, out = self.lock(*flags)
            self.assertEqual(code, 1)
            self.assertIn("no longer there, or changed", out)
            self.assertIn(word, out)
            self.assertIn("put it back", out)
        self.assertEqual(self.locked_bytes(), before)

    def accepted_once_locked(self, old, new, line):
        self.change(old, new)
        code, out = self.lock()
        self.assertEqual(code, 1)
        self.assertIn(f"not locked yet: {line}", out)
        self.assertIn("tests/proto_lock.py --update", out)
        self.assertEqual(self.lock("--update"), (0, ""))
        self.assertEqual(self.lock(), (0, ""))

    def test_an_unchanged_proto_passes(self):
        self.assertEqual(self.lock(), (0, ""))

    def test_a_removed_field_is_refused(self):
        self.refused("  int64 amount_fen = 2;\n", "", "amount_fen")

    def test_a_renumbered_field_is_refused(self):
        self.refused("event_id = 1", "event_id = 8",
                     "now: field daybook.v1.Event 8 event_id")

    def test_a_renamed_field_is_refused(self):
        self.refused("event_id", "id", "event_id")

    def test_another_type_is_refused(self):
        self.refused("int64 amount_fen", "int32 amount_fen", "amount_fen")

    def test_a_repeated_field_in_place_of_a_single_one_is_refused(self):
        self.refused("string event_id", "repeated string event_id", "event_id")

    def test_a_field_that_leaves_its_oneof_is_refused(self):
        self.refused("oneof payload { string a = 3; string b = 4; }",
                     "oneof payload { string a = 3; } string b = 4;", " b ")

    def test_a_field_that_enters_a_oneof_is_refused(self):
        self.refused("  int64 amount_fen = 2;\n",
                     "  oneof sum { int64 amount_fen = 2; }\n", "amount_fen")

    def test_another_json_name_is_refused(self):
        self.refused("event_id = 1", 'event_id = 1 [json_name = "id"]',
                     "json eventId")

    def test_a_presence_that_comes_is_refused(self):
        self.refused("int64 amount_fen", "optional int64 amount_fen",
                     "amount_fen")

    def test_a_removed_field_can_not_hide_behind_a_reservation(self):
        self.refused("  int64 amount_fen = 2;\n", "  reserved 2;\n",
                     "amount_fen")

    def test_a_removed_message_is_refused(self):
        self.refused("message Spare {}\n", "", "message daybook.v1.Spare")

    def test_a_renamed_enum_value_is_refused(self):
        self.refused("FUND_GENERAL", "FUND_COMMON",
                     "now: value daybook.v1.Fund 1 FUND_COMMON")

    def test_a_renumbered_enum_value_is_refused(self):
        self.refused("FUND_GENERAL = 1", "FUND_GENERAL = 2", "FUND_GENERAL")

    def test_a_removed_enum_value_is_refused(self):
        self.refused("  FUND_GENERAL = 1;\n", "", "FUND_GENERAL")

    def test_a_dropped_reservation_is_refused(self):
        message = "reserved daybook.v1.Event 5 to 7"
        self.refused("5 to 7, ", "5 to 6, ", message)
        self.refused("5 to 7, ", "5, 7, ", message)
        self.refused("5 to 7, ", "", message)
        self.refused("1000 to max", "1000 to 2000", "Event 1000 to")
        self.refused('  reserved "later";\n', "", "name later")
        self.refused("  reserved 5 to 6;\n", "", "daybook.v1.Fund 5 to 6")

    def test_a_reservation_may_be_written_otherwise(self):
        self.change("5 to 7, ", "5, 6 to 7, ")
        self.assertEqual(self.lock(), (0, ""))

    def test_a_removed_or_renamed_rpc_is_refused(self):
        rpc = "rpc Append(Event) returns (Event);"
        self.refused(rpc, "", "rpc daybook.v1.Ledger Append")
        self.refused("rpc Append", "rpc Add", "rpc daybook.v1.Ledger Append")

    def test_another_rpc_signature_is_refused(self):
        self.refused("returns (Event)", "returns (stream Event)", "Append")

    def test_a_reserved_number_may_become_its_field(self):
        self.accepted_once_locked(
            "reserved 5 to 7, ", "string new = 6; reserved 5, 7, ",
            "field daybook.v1.Event 6 new")
        self.assertIn(b"\nreserved daybook.v1.Event 7\n", self.locked_bytes())

    def test_a_reserved_number_may_become_its_enum_value(self):
        self.accepted_once_locked(
            "  reserved 5 to 6;\n", "  FUND_NEW = 5;\n  reserved 6;\n",
            "value daybook.v1.Fund 5 FUND_NEW")

    def test_additions_are_accepted_once_they_are_locked(self):
        for old, new, line in (
                ("event_id = 1;", "event_id = 1; string c = 8;",
                 "field daybook.v1.Event 8 c"),
                ("string b = 4;", "string b = 4; string c = 9;",
                 "field daybook.v1.Event 9 c"),
                ("message Spare", "message More {} message Spare",
                 "message daybook.v1.More"),
                ("FUND_GENERAL = 1;", "FUND_GENERAL = 1; FUND_OTHER = 2;",
                 "value daybook.v1.Fund 2 FUND_OTHER"),
                ("rpc Append", "rpc Read(Event) returns (Event); rpc Append",
                 "rpc daybook.v1.Ledger Read"),
                ("5 to 7, ", "5 to 8, ", "reserved daybook.v1.Event 5 to 8")):
            with self.subTest(line):
                (self.root / "tests/golden/proto.lock").unlink()
                self.write(PROTO)
                self.assertEqual(self.lock("--update"), (0, ""))
                self.accepted_once_locked(old, new, line)

    def test_a_proto_that_does_not_compile_is_no_change(self):
        before = self.locked_bytes()
        self.change("event_id = 1;", "event_id = ;")
        self.assertEqual(self.lock("--update")[0], 1)
        self.assertEqual(self.locked_bytes(), before)


if __name__ == "__main__":
    unittest.main()
