#!/usr/bin/env python3
"""Checks rules that a compiler can not: who includes whom, how big files grow,
what is commented and tested, and whether the README's map is true.

usage: tidy.py ROOT

Looks at every file that git tracks or would add, and prints one line for each
complaint, FILE:LINE: RULE. The exit code is 1 when there is one.
"""

import pathlib
import re
import subprocess
import sys

# Folder -> what it may include besides itself. Nothing else is legal. The
# longest entry that a file stands under counts; C++ outside of all is refused.
MAY_INCLUDE = {
    "core/base": [],
    "core/merkle": ["core/base"],
    "core/checkpoint": ["core/base", "core/merkle"],
    "core/budget": ["core/base", "daybook/v1"],
    "core/admission": ["core/base", "core/budget", "core/report", "daybook/v1",
                       "daybook/internal"],
    "core/scoring": ["core/base", "core/budget", "daybook/v1"],
    "core/report": ["core/base", "core/budget", "core/scoring", "daybook/v1",
                    "daybook/internal"],
    "storage": ["core/base", "rocksdb"],
    "services/engine": ["core", "storage", "daybook/v1", "daybook/internal"],
    "services/grpc": ["core", "services/engine", "daybook/v1", "grpcpp"],
    "services/publisher": ["core", "storage", "services/engine", "daybook/v1",
                           "daybook/internal"],
    "services/http": ["core"],
    "services/witness": ["core", "services/http"],
    "services/gateway": ["core", "services/engine", "services/grpc",
                         "services/publisher", "services/http", "daybook/v1"],
    "services/cosigning": ["core", "services/engine", "services/grpc",
                           "services/publisher", "services/http",
                           "daybook/v1"],
    "services/server": ["core", "storage", "services", "daybook/v1", "grpcpp",
                        "grpc"],
    "services": ["core", "services/engine", "services/publisher",
                 "services/grpc", "daybook/v1", "grpcpp"],
    "clients/cpp": ["core", "daybook/v1", "grpcpp"],
    "clients/audit": ["core", "clients/cpp", "daybook/v1", "daybook/internal"],
    "clients/import": ["core", "clients/cpp", "clients/import", "daybook/v1",
                       "daybook/internal"],
    "clients/cli": ["core", "clients/audit", "clients/cpp", "clients/import",
                    "services/http", "services/witness", "daybook/v1"],
}
LAYERS = ("core/", "storage/", "services/", "clients/")
GUARDED = ("core", "storage", "services", "clients", "daybook", "grpcpp",
           "grpc", "rocksdb", "tests", "bench")
# What gives a pure function a clock or luck.
IMPURE = ("absl/time/clock.h", "absl/random/", "chrono", "random", "ctime")
FILE_LINES_MAX = 500
ROOT_CMAKE_LINES_MAX = 60
CPP = (".h", ".cc")
SIZED = (*CPP, ".proto", ".py", ".cmake", "CMakeLists.txt")
SOURCES = (*CPP, ".proto", ".ts", ".py", ".cmake")
# Sources of storage/ that are tested through what uses them, and where.
TESTED_THROUGH = {
    "storage/claimed_directory.cc": "tests/storage/data_directory_test.cc",
    "storage/hash_run_format.cc": "tests/storage/hash_run_test.cc",
    "storage/hash_run_writer.cc": "tests/storage/hash_run_test.cc",
    "storage/log_batch.cc": "tests/storage/event_log_test.cc",
    "storage/log_options.cc": "tests/simulation/crash_test.cc",
    "storage/rocksdb_status.cc": "tests/storage/event_log_damage_test.cc",
    "storage/shared_resources.cc": "tests/storage/event_log_test.cc",
    "storage/side_cursor.cc": "tests/storage/event_log_test.cc",
    "storage/torn_tail.cc": "tests/storage/event_log_damage_test.cc",
}
INCLUDE = re.compile(r'\s*#\s*include\s*["<]([^">]+)[">]')
# A statement of a proto that declares something which needs a comment.
ELEMENT = re.compile(
    r"(message|enum|service|rpc|oneof)\s+\w+"
    r"|(?!option\b)((optional|repeated)\s+)?(map\s*<[^>]*>|[\w.]+)\s+\w+\s*="
    r"\s*\d"
    r"|\w+\s*=\s*-?\d")
MAP_ROW = re.compile(r"\| `([\w/.-]+/)` \|")
LINK = re.compile(r"""\]\(<?([^)#\s>]+)[^)]*\)|^\[[^\]]+\]:\s*<?([^#\s>]+)""")


def tracked_files(root):
    out = subprocess.check_output(
        ["git", "-C", root, "ls-files", "-z", "--cached", "--others",
         "--exclude-standard"]).decode()
    return [name for name in sorted(set(out.split("\0")))
            if (root / name).is_file()]


def lines_of(path):
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def home_of(name):
    folders = [f for f in MAY_INCLUDE if name.startswith(f + "/")]
    return max(folders, key=len) if folders else None


def check_includes(name, lines):
    if not name.startswith(LAYERS) or not name.endswith(CPP):
        return
    home = home_of(name)
    if home is None:
        yield f"{name}:1: MAY_INCLUDE of tests/tidy.py does not know its folder"
        return
    allowed = [*MAY_INCLUDE[home], str(pathlib.PurePath(name).parent)]
    for number, line in enumerate(lines, 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        header = found[1]
        if name.startswith("core/") and header.startswith(IMPURE):
            yield f"{name}:{number}: core reads no clock and draws no lots"
        known = any(header.startswith(a + "/") for a in allowed)
        if header.endswith(".grpc.pb.h"):
            known = known and "grpcpp" in allowed
        if header.split("/")[0] in GUARDED and not known:
            yield f"{name}:{number}: {home} may not include {header}"


def check_sizes(name, lines):
    if name == "CMakeLists.txt" and len(lines) >= ROOT_CMAKE_LINES_MAX:
        yield (f"{name}:{ROOT_CMAKE_LINES_MAX}: {len(lines)} lines, "
               f"limit {ROOT_CMAKE_LINES_MAX - 1}")
    if len(lines) > FILE_LINES_MAX:
        yield (f"{name}:{FILE_LINES_MAX + 1}: {len(lines)} lines, "
               f"limit {FILE_LINES_MAX}")


def check_floats(name, lines):
    if not name.startswith(("core/", "storage/")) or not name.endswith(CPP):
        return
    for number, line in enumerate(lines, 1):
        if re.search(r"\b(float|double)\b", line):
            yield f"{name}:{number}: no floating point in core and storage"


def check_header(name, lines):
    if not name.endswith(".h"):
        return
    guard = "DAYBOOK_" + re.sub(r"\W", "_", name).upper() + "_"
    if not lines or not lines[0].startswith("//"):
        yield f"{name}:1: a header opens with what the thing is"
    if f"#ifndef {guard}" not in lines or f"#define {guard}" not in lines:
        yield f"{name}:1: the include guard is {guard}"
    if not any(line.startswith("// Thread safety:") for line in lines):
        yield f"{name}:1: its comment does not speak of thread safety"


def proto_statements(lines):
    """(line number, whether it begins its line, text) of each statement."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match[0])
    text = re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', blank,
                  "\n".join(lines), flags=re.S)
    for found in re.finditer(r"[^\s;{}][^;{}]*", text):
        before = text[:found.start()]
        yield (before.count("\n") + 1,
               not before.rpartition("\n")[2].strip(), found[0])


def check_proto(name, lines):
    if not name.endswith(".proto"):
        return
    for number, first, text in proto_statements(lines):
        above = lines[number - 2].strip() if number > 1 else ""
        if ELEMENT.match(text) and not (first and above.startswith("//")):
            yield f"{name}:{number}: an element without a comment above it"


def check_tests(names):
    known = set(names)
    for name in names:
        if not name.startswith(("core/", "storage/")) or \
                not name.endswith(".cc"):
            continue
        test = TESTED_THROUGH.get(name, f"tests/{name[:-3]}_test.cc")
        if test not in known:
            yield f"{name}:1: has no {test}"


def is_script(path):
    with path.open("rb") as file:
        return file.read(2) == b"#!"


def check_map(root, names):
    readme = root / "README.md"
    rows = {}
    for number, line in enumerate(
            lines_of(readme) if readme.exists() else [], 1):
        if found := MAP_ROW.match(line):
            rows[found[1]] = number
    if not rows:
        yield "README.md:1: has no map of folders"
    for row, number in rows.items():
        if not (root / row).is_dir():
            yield f"README.md:{number}: the map names {row}, which is not there"
    for name in names:
        folder = str(pathlib.PurePath(name).parent) + "/"
        if name.startswith(".") or folder.startswith(tuple(rows)):
            continue
        if name.endswith(SOURCES) or is_script(root / name):
            yield f"{name}:1: its folder is not on the README's map"


def check_links(root, names):
    for name in names:
        if not name.endswith(".md"):
            continue
        for number, line in enumerate(lines_of(root / name), 1):
            for inline, reference in LINK.findall(line):
                target = inline or reference
                if re.match(r"[a-z]+:", target):
                    continue
                if not (root / name).parent.joinpath(target).exists():
                    yield f"{name}:{number}: the link {target} leads nowhere"


def complaints(root):
    names = tracked_files(root)
    for name in names:
        if not name.endswith(SIZED):
            continue
        lines = lines_of(root / name)
        for check in (check_includes, check_sizes, check_floats, check_header,
                      check_proto):
            yield from check(name, lines)
    yield from check_tests(names)
    yield from check_map(root, names)
    yield from check_links(root, names)


def main():
    if len(sys.argv) != 2:
        print("usage: tidy.py ROOT", file=sys.stderr)
        return 2
    problems = list(complaints(pathlib.Path(sys.argv[1]).resolve()))
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
