#!/usr/bin/env python3
"""Keys and checkpoints as an operator and a writer meet them: keygen, create,
append with proofs, rotation, a restored backup.

Signatures are checked here anew, with the standard library and OpenSSL's
command line: nothing of ours takes part.
"""

import base64
import hashlib
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import programs
from programs import CALL_SECONDS_MAX, EXAMPLES, REFUSED, Server, bin_dir

# What comes before an Ed25519 key in the form that OpenSSL reads.
SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")


def daybookd(*arguments, code=0):
    """Runs a command of daybookd that serves nothing."""
    done = subprocess.run(
        [bin_dir() / "daybookd", *map(str, arguments)], capture_output=True,
        env=programs.environment(), timeout=CALL_SECONDS_MAX, check=False)
    if done.returncode != code:
        raise AssertionError(
            f"daybookd {arguments}: {done.returncode}\n{done.stderr.decode()}")
    return done.stdout.decode(), done.stderr.decode()


def verify_ed25519(public_key, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "key").write_bytes(SPKI_PREFIX + public_key)
        (folder / "message").write_bytes(message)
        (folder / "signature").write_bytes(signature)
        return subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER",
             "-inkey", folder / "key", "-rawin", "-in", folder / "message",
             "-sigfile", folder / "signature"],
            capture_output=True, timeout=CALL_SECONDS_MAX,
            check=False).returncode == 0


def open_note(note, vkey):
    """Size and root of a checkpoint that the key has signed."""
    name, key_id, encoded = vkey.split("+", 2)
    key = base64.b64decode(encoded)
    if key[0] != 1:
        raise AssertionError("not a key of a log")
    made_of = hashlib.sha256(name.encode() + b"\n" + key).hexdigest()
    if made_of[:8] != key_id:
        raise AssertionError("the key has another id")
    text, signatures = note.split("\n\n", 1)
    text += "\n"
    for line in signatures.splitlines():
        _, who, blob = line.split(" ")
        blob = base64.b64decode(blob)
        if who == name and blob[:4].hex() == key_id:
            if not verify_ed25519(key[1:], text.encode(), blob[4:]):
                raise AssertionError("a false signature")
            origin, size, root = text.splitlines()[:3]
            if origin != name:
                raise AssertionError("another origin")
            return int(size), base64.b64decode(root)
    raise AssertionError(f"not signed by {vkey}")


class CheckpointTest(programs.Scratch):

    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        self.keys = self.folder / "keys"

    def keygen(self, *flags):
        out, _ = daybookd("keygen", f"--key_dir={self.keys}", *flags, "430203")
        return out.strip()

    def serve(self, *flags):
        return Server(self.data, flags=(f"--key_dir={self.keys}", *flags))

    def append(self, server, name, *flags, **kwargs):
        return server.run("append", f"--source={name}", *flags,
                          EXAMPLES / f"{name}.jsonl", **kwargs)

    def test_proofs_open_with_the_key_alone(self):
        vkey = self.keygen()
        proofs = self.folder / "proofs"
        with self.serve() as server:
            out, _ = server.run("ledger", "create", "430203")
            self.assertIn(f"signed by {vkey}\n", out)
            out, _ = server.run("ledger", "list")
            self.assertIn("yes", out)
            out, _ = self.append(server, "budget-office", f"--proofs={proofs}")
            self.assertRegex(out, r"published 165 events, checkpoint size \d+")
            out, _ = self.append(server, "accounting", "--published")
            self.assertIn("published 394 events", out)
        files = list(proofs.iterdir())
        self.assertEqual(len(files), 165)
        for path in files[:8]:
            note = path.read_text().split("\n\n", 1)[1]
            size, _ = open_note(note, vkey)
            self.assertGreater(size, int(path.stem))

    def test_without_keys_events_are_recorded_and_not_published(self):
        with Server(self.data) as server:
            server.run("ledger", "create", "430203")
            out, err = self.append(server, "budget-office", "--published",
                                   code=REFUSED)
            self.assertIn("recorded 165 events", out)
            self.assertIn("not published", err)
            self.assertIn("--key_dir", err)
            out, _ = server.run("ledger", "list")
            self.assertIn("no: ", out)

    def test_keys_are_refused_where_they_are_not_safe(self):
        _, err = daybookd(f"--data_dir={self.data}",
                          f"--key_dir={self.data}/keys", code=2)
        self.assertIn("within the data directory", err)
        _, err = daybookd(f"--data_dir={self.data}",
                          f"--key_dir={self.keys}", code=3)
        self.assertIn("keygen", err)
        self.keygen()
        _, err = daybookd("keygen", f"--key_dir={self.keys}", "430203", code=1)
        self.assertIn("left as it is", err)
        (self.keys / "430203.key").chmod(0o644)
        with self.serve() as server:
            _, err = server.run("ledger", "create", "430203", code=REFUSED)
            self.assertIn("chmod 600", err)

    def test_the_next_key_signs_after_a_rotation(self):
        old = self.keygen()
        proofs = self.folder / "proofs"
        with self.serve() as server:
            server.run("ledger", "create", "430203")
            server.run("admin", "rotate-key", "430203", "--reason=yearly",
                       code=REFUSED)
            new = self.keygen("--next")
            out, _ = server.run("admin", "rotate-key", "430203",
                                "--reason=yearly")
            self.assertIn(new, out)
            self.append(server, "budget-office", f"--proofs={proofs}")
            out, _ = server.run("audit", "replay", "430203", "--format=csv")
            self.assertIn("key_rotated", out)
            self.assertIn("yearly", out)
        note = (proofs / "166.tlog-proof").read_text().split("\n\n", 1)[1]
        open_note(note, new)
        with self.assertRaises(AssertionError):
            open_note(note, old)

    def test_a_restored_backup_is_not_served(self):
        self.keygen()
        with self.serve() as server:
            server.run("ledger", "create", "430203")
            self.append(server, "budget-office", "--published")
        shutil.copytree(self.data, self.folder / "backup")
        with self.serve() as server:
            self.append(server, "accounting", "--published")
        shutil.rmtree(self.data)
        shutil.copytree(self.folder / "backup", self.data)
        with self.serve() as server:
            self.append(server, "accounting", code=programs.DATA_LOSS)
            server.run("ledger", "list", code=programs.DATA_LOSS)
        with self.serve("--read_only") as server:
            self.append(server, "accounting", code=REFUSED)
            out, _ = server.run("report", "list", "430203")
            self.assertIn("2024", out)


if __name__ == "__main__":
    programs.main()
