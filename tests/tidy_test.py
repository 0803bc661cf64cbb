#!/usr/bin/env python3
"""Every rule of tidy.py fires on a tree that breaks it, and none on one that
does not."""

import pathlib
import subprocess
import tempfile
import unittest

import tidy

HEADER = """\
// Money: an amount.
//
// Thread safety: a value type.

#ifndef DAYBOOK_CORE_BUDGET_MONEY_H_
#define DAYBOOK_CORE_BUDGET_MONEY_H_

#endif  // DAYBOOK_CORE_BUDGET_MONEY_H_
"""
GOOD = {
    "README.md": "| folder | |\n| --- | --- |\n| `core/` | x |\n"
                 "| `tests/` | x |\n| `proto/` | x |\n[core](core)\n",
    "core/budget/money.h": HEADER,
    "core/budget/money.cc": '#include "core/base/check.h"\n',
    "tests/core/budget/money_test.cc": '#include "core/budget/money.h"\n',
    "proto/daybook/v1/a.proto": "// A.\nmessage A {\n  // B.\n"
                                "  string b = 1;\n}\n",
}


class TidyTest(unittest.TestCase):

    def complaints(self, changed=None):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            files = {**GOOD, **(changed or {})}
            for name, text in files.items():
                if text is None:
                    continue
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            subprocess.run(["git", "-C", root, "init", "-q"], check=True)
            return list(tidy.complaints(root))

    def fires(self, files, words):
        found = self.complaints(files)
        self.assertTrue(any(words in line for line in found), found)
        for line in found:
            self.assertRegex(line, r"^[^:]+:[0-9]+: ")

    def silent(self, files):
        self.assertEqual(self.complaints(files), [])

    def test_a_clean_tree_is_silent(self):
        self.silent({})

    def test_an_include_from_above_is_refused(self):
        self.fires({"core/budget/money.cc": '#include "grpcpp/server.h"\n'},
                   "core/budget/money.cc:1: core/budget may not include")
        self.fires({"core/budget/money.cc": '#include "rocksdb/db.h"\n'},
                   "may not include rocksdb/db.h")
        self.fires({"clients/cli/a.cc": '#include "storage/event_log.h"\n'},
                   "clients/cli may not include storage/event_log.h")
        self.fires({"core/budget/money.cc": '# include <rocksdb/db.h>\n'},
                   "may not include rocksdb/db.h")
        self.fires({"core/budget/money.cc": '#include "tests/support/a.h"\n'},
                   "may not include tests/support/a.h")

    def test_each_layer_has_its_limits(self):
        refused = {
            "core/base/a.h": "core/budget/money.h",
            "core/scoring/a.h": "core/report/figures.h",
            "core/report/a.h": "core/admission/admission.h",
            "storage/a.h": "core/budget/money.h",
            "services/engine/a.h": "grpcpp/grpcpp.h",
            "services/ledger/a.h": "storage/event_log.h",
            "services/report/a.h": "services/server/server.h",
            "services/server/a.h": "rocksdb/db.h",
            "clients/cpp/a.h": "services/grpc/grpc_status.h",
        }
        for name, header in refused.items():
            with self.subTest(name):
                self.fires({name: f'#include "{header}"\n'},
                           f"may not include {header}")

    def test_generated_services_are_grpc(self):
        stub = '#include "daybook/v1/audit_service.grpc.pb.h"\n'
        self.fires({"core/budget/money.cc": stub}, "audit_service.grpc.pb.h")
        self.fires({"services/engine/a.cc": stub}, "audit_service.grpc.pb.h")
        self.assertNotIn("grpc.pb.h", "".join(
            self.complaints({"clients/cpp/a.cc": stub})))

    def test_a_folder_without_include_rules_is_refused(self):
        self.fires({"core/elsewhere/tree.cc": "\n"},
                   "core/elsewhere/tree.cc:1: MAY_INCLUDE")

    def test_a_clock_in_the_core_is_refused(self):
        for header in ("chrono", "random", "absl/time/clock.h"):
            self.fires({"core/budget/money.cc": f"#include <{header}>\n"},
                       "reads no clock")

    def test_a_long_file_is_refused(self):
        self.fires({"core/budget/money.cc": "\n" * 501}, "501 lines")
        self.silent({"core/budget/money.cc": "\n" * 500})
        self.fires({"CMakeLists.txt": "\n" * 60}, "CMakeLists.txt:60: 60 lines")
        self.silent({"CMakeLists.txt": "\n" * 59})

    def test_floating_point_in_the_core_is_refused(self):
        self.fires({"core/budget/money.cc": "double x;\n"}, "no floating point")
        self.fires({"storage/a.h": "float x;\n"}, "no floating point")
        self.silent({"core/budget/money.cc": "int doubled;\n"})

    def test_a_name_beyond_ascii_is_looked_at_too(self):
        self.fires({"core/budget/钱.cc": "double x;\n"}, "钱.cc:1: no floating")

    def test_a_header_without_comment_guard_or_thread_safety_is_refused(self):
        name = "core/budget/money.h"
        self.fires({name: "\n" + HEADER}, "opens with what the thing is")
        self.fires({name: HEADER.replace("MONEY_H_", "CASH_H_")},
                   "the include guard is")
        self.fires({name: HEADER.replace("Thread safety", "Threads")},
                   "thread safety")

    def test_an_uncommented_proto_element_is_refused(self):
        self.fires({"proto/daybook/v1/a.proto":
                    "// A.\nmessage A {\n  string b = 1;\n}\n"},
                   "a.proto:3: an element without a comment")

    def test_each_kind_of_proto_element_needs_its_comment(self):
        for element in ("message B {}", "enum B {", "oneof b {", "service B {",
                        "rpc B(A) returns (A);", "B_UNSPECIFIED = 0;",
                        "B_LESS = -1;", "repeated string b = 1;",
                        "optional int32 b = 1;", "map<string, A> b = 1;",
                        "google.protobuf.Any b =\n      1;"):
            with self.subTest(element):
                name = "proto/daybook/v1/a.proto"
                self.fires({name: f"// A.\n\n  {element}\n"}, "a.proto:3: ")
                self.silent({name: f"// A.\n\n  // B.\n  {element}\n"})

    def test_elements_on_one_line_have_no_comment_of_their_own(self):
        self.fires({"proto/daybook/v1/a.proto":
                    "// A.\nmessage A { string b = 1; }\n"}, "a.proto:2: ")

    def test_what_declares_nothing_needs_no_comment(self):
        self.silent({"proto/daybook/v1/a.proto":
                     'syntax = "proto3";\npackage a;\nimport "b = 1";\n\n'
                     "option c = 2;\n\n/* D;\nmessage D {} */\n\n"
                     "// A.\nmessage A {\n\n"
                     "  reserved 3, 5 to 7;\n}\n"})

    def test_a_source_without_test_is_refused(self):
        self.fires({"tests/core/budget/money_test.cc": None},
                   "core/budget/money.cc:1: has no tests/core/budget/money_tes")
        self.fires({"storage/a.cc": "\n"},
                   "storage/a.cc:1: has no tests/storage/a_test.cc")
        self.fires({"storage/torn_tail.cc": "\n"},
                   "storage/torn_tail.cc:1: has no tests/storage/event_log_dam")

    def test_a_map_that_is_not_true_is_refused(self):
        self.fires({"README.md": GOOD["README.md"] + "| `gone/` | x |\n"},
                   "names gone/")
        self.fires({"extra/a.cc": "\n"}, "extra/a.cc:1: its folder is not on")
        self.fires({"extra/run": "#!/bin/sh\n"}, "extra/run:1: its folder is")
        self.fires({"README.md": "Nothing.\n"}, "has no map of folders")
        self.silent({"extra/data.csv": "\n", ".ci/run": "#!/bin/sh\n"})

    def test_a_broken_link_is_refused(self):
        for link in ("[x](docs/gone.md)", "[x](docs/gone.md#part)",
                     '[x](docs/gone.md "title")', "[x]: docs/gone.md"):
            self.fires({"README.md": GOOD["README.md"] + link + "\n"},
                       "docs/gone.md leads nowhere")
        self.silent({"docs/a.md": "[x](../README.md#map) [y](#here) "
                                  "[z](https://example.org/gone)\n"})


if __name__ == "__main__":
    unittest.main()
