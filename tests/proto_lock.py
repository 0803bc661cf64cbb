#!/usr/bin/env python3
"""Refuses changes of the protos that would break what is stored or spoken.

usage: proto_lock.py ROOT [--update]

tests/golden/proto.lock lists every element of proto/daybook/v1. What stands
there may never go or change; what is new must be added to it, with --update,
which refuses to remove or change anything too.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

LOCK = pathlib.Path("tests/golden/proto.lock")
HEADER = """\
# Every element of proto/daybook/v1, kept by tests/proto_lock.py. Lines are only
# ever added here: docs/formats/compatibility.md.
"""


def descriptor_text(root):
    """All files of the package as one FileDescriptorSet in text format."""
    protos = sorted((root / "proto/daybook/v1").glob("*.proto"))
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(
            ["protoc", f"-I{root / 'proto'}", f"--descriptor_set_out={out.name}",
             *map(str, protos)], check=True)
        data = pathlib.Path(out.name).read_bytes()
    include = next(p for p in ("/usr/include", "/usr/local/include")
                   if (pathlib.Path(p) /
                       "google/protobuf/descriptor.proto").exists())
    return subprocess.run(
        ["protoc", f"-I{include}", "--decode=google.protobuf.FileDescriptorSet",
         "google/protobuf/descriptor.proto"],
        input=data, capture_output=True, check=True).stdout.decode()


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
               f"{label} {kind}{within}")
    for reserved in all_of(message, "reserved_range"):
        for number in range(int(one(reserved, "start", "0")),
                            int(one(reserved, "end", "0"))):
            yield f"reserved {name} {number}"
    for nested in all_of(message, "nested_type"):
        yield from message_lines(nested, name + ".")
    for enum in all_of(message, "enum_type"):
        yield from enum_lines(enum, name + ".")


def enum_lines(enum, prefix):
    name = prefix + one(enum, "name")
    yield f"enum {name}"
    for value in all_of(enum, "value"):
        yield f"value {name} {one(value, 'number', '0')} {one(value, 'name')}"


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
            name = prefix + one(service, "name")
            lines.add(f"service {name}")
            for method in all_of(service, "method"):
                stream = ["", "stream "]
                lines.add(
                    f"rpc {name} {one(method, 'name')} "
                    f"{stream[one(method, 'client_streaming') == 'true']}"
                    f"{one(method, 'input_type')} -> "
                    f"{stream[one(method, 'server_streaming') == 'true']}"
                    f"{one(method, 'output_type')}")
    return lines


def broken(locked, found):
    """Lines of the lock that no longer hold. A reserved number may become the
    field that it was reserved for."""
    taken = {match[1] for line in found
             if (match := re.match(r"field (\S+ \d+) ", line))}
    return sorted(
        line for line in locked - found
        if not (line.startswith("reserved ") and line[9:] in taken))


def main():
    root = pathlib.Path(sys.argv[1])
    update = "--update" in sys.argv[2:]
    path = root / LOCK
    locked = set()
    if path.exists():
        locked = {line for line in path.read_text().splitlines()
                  if line and not line.startswith("#")}
    found = elements(root)
    for line in broken(locked, found):
        print(f"{LOCK}: no longer there, or changed: {line}")
    if broken(locked, found):
        print("An element of v1 is never removed, renumbered, renamed or given "
              "another type: put it back, and add a new one beside it.")
        return 1
    if update:
        path.write_text(HEADER + "\n".join(sorted(found)) + "\n")
        return 0
    for line in sorted(found - locked):
        print(f"{LOCK}: not locked yet: {line}")
    if found != locked:
        print("Lock what is new: tests/proto_lock.py . --update")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
