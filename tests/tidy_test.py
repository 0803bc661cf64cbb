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

    def complaints(self, **changed):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            files = dict(GOOD)
            files.update({name.replace("__", "/"): text
                          for name, text in changed.pop("files", {}).items()})
            for name, text in files.items():
                if text is None:
                    continue
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            subprocess.run(["git", "-C", root, "init", "-q"], check=True)
            return list(tidy.complaints(root))

    def fires(self, files, words):
        found = self.complaints(files=files)
        self.assertTrue(any(words in line for line in found), found)

    def test_a_clean_tree_is_silent(self):
        self.assertEqual(self.complaints(), [])

    def test_an_include_from_above_is_refused(self):
        self.fires({"core/budget/money.cc": '#include "grpcpp/server.h"\n'},
                   "core/budget/money.cc:1: core/budget may not include")
        self.fires({"core/budget/money.cc": '#include "rocksdb/db.h"\n'},
                   "may not include rocksdb/db.h")
        self.fires({"clients/cli/a.cc": '#include "storage/event_log.h"\n'},
                   "clients/cli may not include storage/event_log.h")

    def test_a_clock_in_the_core_is_refused(self):
        self.fires({"core/budget/money.cc": "#include <chrono>\n"},
                   "reads no clock")

    def test_a_long_file_is_refused(self):
        self.fires({"core/budget/money.cc": "\n" * 501}, "501 lines")
        self.assertEqual(self.complaints(
            files={"core/budget/money.cc": "\n" * 500}), [])

    def test_floating_point_in_the_core_is_refused(self):
        self.fires({"core/budget/money.cc": "double x;\n"}, "no floating point")

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

    def test_a_source_without_test_is_refused(self):
        self.fires({"tests/core/budget/money_test.cc": None},
                   "core/budget/money.cc: has no tests/core/budget/money_test")

    def test_a_map_that_is_not_true_is_refused(self):
        self.fires({"README.md": GOOD["README.md"] + "| `gone/` | x |\n"},
                   "names gone/")
        self.fires({"extra/a.cc": "\n"}, "extra/a.cc: its folder is not on")

    def test_a_broken_link_is_refused(self):
        self.fires({"README.md": GOOD["README.md"] + "[x](docs/gone.md)\n"},
                   "docs/gone.md leads nowhere")


if __name__ == "__main__":
    unittest.main()
