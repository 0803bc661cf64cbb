#!/usr/bin/env python3
"""Checks rules that a compiler can not: who includes whom, how big files grow,
what is commented, and whether the README's map is true.

usage: tidy.py ROOT
"""

import pathlib
import re
import subprocess
import sys

# Folder -> what it may include besides itself. Nothing else is legal. The first
# entry that a file stands under counts.
MAY_INCLUDE = {
    "core/base": [],
    "core/budget": ["core/base", "daybook/v1"],
    "core/admission": ["core/base", "core/budget", "daybook/v1",
                       "daybook/internal"],
    "core/scoring": ["core/base", "core/budget", "daybook/v1"],
    "core/report": ["core/base", "core/budget", "core/scoring", "daybook/v1"],
    "storage": ["core/base", "rocksdb"],
    "services/engine": ["core", "storage", "daybook/v1"],
    "services/grpc": ["core", "services/engine", "daybook/v1", "grpcpp"],
    "services/server": ["core", "storage", "services", "daybook/v1", "grpcpp",
                        "grpc"],
    "services": ["core", "services/engine", "services/grpc", "daybook/v1",
                 "grpcpp"],
    "clients/cpp": ["core", "daybook/v1", "grpcpp"],
    "clients/cli": ["core", "clients/cpp", "daybook/v1"],
}
GUARDED = ("core", "storage", "services", "clients", "daybook", "grpcpp", "grpc",
           "rocksdb")
# What gives a pure function a clock or luck.
IMPURE = ("absl/time/clock.h", "absl/random/", "chrono", "random", "ctime")
FILE_LINES_MAX = 500
ROOT_CMAKE_LINES_MAX = 60
SIZED = (".h", ".cc", ".proto", ".py", ".cmake")
SOURCES = (".h", ".cc", ".proto", ".ts")


def tracked_files(root):
    out = subprocess.check_output(
        ["git", "-C", root, "ls-files", "--cached", "--others",
         "--exclude-standard"], text=True)
    return [name for name in sorted(set(out.splitlines()))
            if (root / name).is_file()]


def home_of(name):
    folders = [f for f in MAY_INCLUDE if name.startswith(f + "/")]
    return max(folders, key=len) if folders else None


def check_includes(name, lines):
    home = home_of(name)
    if home is None:
        return
    allowed = [*MAY_INCLUDE[home], str(pathlib.PurePath(name).parent)]
    for number, line in enumerate(lines, 1):
        found = re.match(r'#include ["<]([^">]+)[">]', line)
        if not found:
            continue
        header = found[1]
        if name.startswith("core/") and header.startswith(IMPURE):
            yield f"{name}:{number}: core reads no clock and draws no lots"
        if header.split("/")[0] in GUARDED and not any(
                header.startswith(a + "/") for a in allowed):
            yield f"{name}:{number}: {home} may not include {header}"


def check_sizes(name, lines):
    if name == "CMakeLists.txt" and len(lines) >= ROOT_CMAKE_LINES_MAX:
        yield f"{name}: {len(lines)} lines, limit {ROOT_CMAKE_LINES_MAX - 1}"
    sized = name.endswith(SIZED) or name.endswith("CMakeLists.txt")
    if sized and len(lines) > FILE_LINES_MAX:
        yield f"{name}: {len(lines)} lines, limit {FILE_LINES_MAX}"


def check_floats(name, lines):
    if not name.startswith(("core/", "storage/")) or \
            not name.endswith((".h", ".cc")):
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
        yield f"{name}: the include guard is {guard}"
    if not any(line.startswith("// Thread safety:") for line in lines):
        yield f"{name}: its comment does not speak of thread safety"


def check_proto(name, lines):
    if not name.endswith(".proto"):
        return
    element = re.compile(
        r"^\s*(message|enum|service|rpc|oneof)\s+\w+"
        r"|^\s*(optional |repeated )?[\w.]+\s+\w+\s*=\s*\d+"
        r"|^\s*[A-Z][A-Z0-9_]*\s*=\s*\d+")
    before = ""
    for number, line in enumerate(lines, 1):
        if element.match(line) and not before.strip().startswith("//"):
            yield f"{name}:{number}: an element without a comment above it"
        before = line


def check_tests(names):
    known = set(names)
    for name in names:
        if not name.endswith(".cc") or \
                not name.startswith("core/"):
            continue
        test = f"tests/{name[:-3]}_test.cc"
        if test not in known:
            yield f"{name}: has no {test}"


def check_map(root, names):
    readme = root / "README.md"
    text = readme.read_text() if readme.exists() else ""
    rows = re.findall(r"^\| `([\w/.-]+/)` \|", text, re.M)
    if not rows:
        yield "README.md: has no map of folders"
    for row in rows:
        if not (root / row).is_dir():
            yield f"README.md: the map names {row}, which is not there"
    for name in names:
        folder = str(pathlib.PurePath(name).parent) + "/"
        if name.endswith(SOURCES) and not any(
                folder.startswith(row) for row in rows):
            yield f"{name}: its folder is not on the README's map"


def check_links(root, names):
    for name in names:
        if not name.endswith(".md"):
            continue
        for number, line in enumerate((root / name).read_text().splitlines(), 1):
            for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", line):
                if re.match(r"[a-z]+:", target):
                    continue
                if not (root / name).parent.joinpath(target).exists():
                    yield f"{name}:{number}: the link {target} leads nowhere"


def complaints(root):
    names = tracked_files(root)
    for name in names:
        if not (name.endswith(SIZED) or name.endswith("CMakeLists.txt")):
            continue
        lines = (root / name).read_text().splitlines()
        for check in (check_includes, check_sizes, check_floats, check_header,
                      check_proto):
            yield from check(name, lines)
    yield from check_tests(names)
    yield from check_map(root, names)
    yield from check_links(root, names)


def main():
    problems = list(complaints(pathlib.Path(sys.argv[1]).resolve()))
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
