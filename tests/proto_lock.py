#!/usr/bin/env python3
"""Refuses changes of the protos that would break what is stored or spoken.

usage: proto_lock.py [ROOT] [--update]

tests/golden/proto.lock lists every element of proto/daybook/v1. What stands
there may never go or change; what is new must be added to it, with --update,
which refuses to remove or change anything too.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

LOCK = pathlib.Path("tests/golden/proto.lock")
HEADER = """\
# Every element of proto/daybook/v1, kept by tests/proto_lock.py. Lines are only
# ever added here, but for a reserved number that becomes the field it was kept
# for: docs/formats/compatibility.md.
"""
INCLUDES = (pathlib.Path("/usr/include"), pathlib.Path("/usr/local/include"))
RESERVED = re.compile(r"reserved (\S+) (-?\d+)(?: to (-?\d+))?$")


def protoc(*arguments, stdin=b""):
    """What protoc prints; ends the program with its errors when it fails."""
    try:
        done = subprocess.run(["protoc", *map(str, arguments)], input=stdin,
                              capture_output=True, check=False)
    except FileNotFoundError:
        sys.exit("proto_lock: protoc is missing; run scripts/install-packages")
    if done.returncode != 0:
        sys.exit("proto_lock: " + done.stderr.decode().strip())
    return done.stdout


def descriptor_text(root):
    """All files of the package as one FileDescriptorSet in text format."""
    protos = sorted((root / "proto/daybook/v1").glob("*.proto"))
    with tempfile.NamedTemporaryFile() as out:
        protoc(f"-I{root / 'proto'}", f"--descriptor_set_out={out.name}",
               *protos)
        data = pathlib.Path(out.name).read_bytes()
    name = "google/protobuf/descriptor.proto"
    include = next((p for p in INCLUDES if (p / name).exists()), INCLUDES[0])
    return protoc(f"-I{include}", "--decode=google.protobuf.FileDescriptorSet",
                  name, stdin=data).decode()


def parse(text):
    """Text format as nested lists of (name, value)."""
    root = []
    stack = [root]
    for line in text.splitlines():
        line = line.strip()
        if line.endswith("{"):
            child = []
            stack[-1].append((line[:-1].strip(), child))
            stack.append(child)
        elif line == "}":
            stack.pop()
        else:
            name, _, value = line.partition(": ")
            stack[-1].append((name, value.strip('"')))
    return root


def all_of(node, name):
    return [value for key, value in node if key == name]


def one(node, name, default=""):
    return (all_of(node, name) or [default])[0]


def reserved_lines(node, name, past_end):
    """Ranges, neighbours joined, and names. The end of a message's range is
    exclusive (past_end 1), that of an enum's is not (0)."""
    spans = [(int(one(span, "start", "0")),
              int(one(span, "end", "0")) - past_end)
             for span in all_of(node, "reserved_range")]
    joined = []
    for first, last in sorted(spans):
        if joined and first == joined[-1][1] + 1:
            joined[-1][1] = last
        else:
            joined.append([first, last])
    for first, last in joined:
        end = f" to {last}" if last > first else ""
        yield f"reserved {name} {first}{end}"
    for word in all_of(node, "reserved_name"):
        yield f"reserved {name} name {word}"


def message_lines(message, prefix):
    name = prefix + one(message, "name")
    yield f"message {name}"
    oneofs = [one(o, "name") for o in all_of(message, "oneof_decl")]
    for field in all_of(message, "field"):
        kind = one(field, "type_name") or one(field, "type")
        label = one(field, "label").replace("LABEL_", "").lower()
        index = one(field, "oneof_index")
        within = f" in {oneofs[int(index)]}" if index else ""
        yield (f"field {name} {one(field, 'number')} {one(field, 'name')} "
               f"{label} {kind} json {one(field, 'json_name')}{within}")
    yield from reserved_lines(message, name, past_end=1)
    for nested in all_of(message, "nested_type"):
        yield from message_lines(nested, name + ".")
    for enum in all_of(message, "enum_type"):
        yield from enum_lines(enum, name + ".")


def enum_lines(enum, prefix):
    name = prefix + one(enum, "name")
    yield f"enum {name}"
    for value in all_of(enum, "value"):
        yield f"value {name} {one(value, 'number', '0')} {one(value, 'name')}"
    yield from reserved_lines(enum, name, past_end=0)


def service_lines(service, prefix):
    name = prefix + one(service, "name")
    yield f"service {name}"
    for method in all_of(service, "method"):
        taken, answered = (
            "stream " if one(method, f"{side}_streaming") == "true" else ""
            for side in ("client", "server"))
        yield (f"rpc {name} {one(method, 'name')} "
               f"{taken}{one(method, 'input_type')} -> "
               f"{answered}{one(method, 'output_type')}")


def elements(root):
    """One line for each element of the package."""
    lines = set()
    for file in all_of(parse(descriptor_text(root)), "file"):
        prefix = one(file, "package") + "."
        for message in all_of(file, "message_type"):
            lines.update(message_lines(message, prefix))
        for enum in all_of(file, "enum_type"):
            lines.update(enum_lines(enum, prefix))
        for service in all_of(file, "service"):
            lines.update(service_lines(service, prefix))
    return lines


def in_order(lines):
    """By kind and name, numbers as numbers."""
    return sorted(lines, key=lambda line: [
        (0, int(word), "") if word.isdecimal() else (1, 0, word)
        for word in line.split()])


def still_kept(line, found):
    """Whether a reservation of the lock holds: each number and name is still
    reserved, or has become the field or value that it was kept for."""
    spans = []
    owner = line.split()[1]
    for other in found:
        words = other.split()
        if words[1] != owner:
            continue
        if words[0] in ("field", "value"):
            spans.append((int(words[2]), int(words[2])))
            if line == f"reserved {owner} name {words[3]}":
                return True
        elif match := RESERVED.match(other):
            spans.append((int(match[2]), int(match[3] or match[2])))
    match = RESERVED.match(line)
    if not match:
        return line in found
    wanted, last = int(match[2]), int(match[3] or match[2])
    for low, high in sorted(spans):
        if low <= wanted:
            wanted = max(wanted, high + 1)
    return wanted > last


def broken(locked, found):
    """Lines of the lock that no longer hold."""
    return in_order(
        line for line in locked - found
        if not (line.startswith("reserved ") and still_kept(line, found)))


def successors(line, found):
    """What now has the number or the name that `line` had."""
    words = line.split()
    if words[0] == "rpc":
        return [other for other in found if other.split()[:3] == words[:3]]
    if words[0] not in ("field", "value"):
        return []
    return in_order(
        other for other in found
        if (has := other.split())[:2] == words[:2] and
        (has[2] == words[2] or has[3] == words[3]))


def read_lock(path):
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return {line for line in text.splitlines()
            if line and not line.startswith("#")}


def main():
    parser = argparse.ArgumentParser(description="Guards the protos.")
    parser.add_argument("root", metavar="ROOT", nargs="?", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parents[1])
    parser.add_argument("--update", action="store_true",
                        help="add what is new to the lock")
    arguments = parser.parse_args()

    path = arguments.root / LOCK
    locked, found = read_lock(path), elements(arguments.root)
    refused = broken(locked, found)
    for line in refused:
        print(f"{LOCK}: no longer there, or changed: {line}")
        for other in successors(line, found):
            print(f"  now: {other}")
    if refused:
        print("An element of v1 is never removed, renumbered, renamed or given "
              "another type: put it back, and add a new one beside it.")
        return 1
    if arguments.update:
        path.write_text(HEADER + "\n".join(in_order(found)) + "\n",
                        encoding="utf-8")
        return 0
    for line in in_order(found - locked):
        print(f"{LOCK}: not locked yet: {line}")
    if found != locked:
        print("Lock what is new: tests/proto_lock.py --update")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
