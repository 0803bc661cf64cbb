#!/usr/bin/env python3
"""Other people's code accepts what we serve, and refuses what we would not.

A real daybookd with two witnesses serves a ledger of 70,000 entries, and the Go
program of tests/interop, which is made of golang.org/x/mod/sumdb/note and tlog,
reads it over HTTP and as an export.
"""

import shutil
import subprocess

from evidence_files import (Witness, build_check_log, checkpoint_of, keygen,
                            request, wait_for_checkpoint)
from programs import CALL_SECONDS_MAX, Scratch, Server, bin_dir, environment, \
    main

LEDGER_ID = "430203"
# Sources, each with its events; a checkpoint is kept after each.
LOADS = (1_000, 29_000, 40_000)


class InteropTest(Scratch):

    def setUp(self):
        super().setUp()
        self.check_log = build_check_log(self.folder)
        self.vkey = keygen(self.folder / "keys", LEDGER_ID)

    def start(self, policy):
        """A server of the ledger, its log's URL, and its size so far."""
        server = Server(self.folder / "data", http_listen="127.0.0.1:0",
                        flags=(f"--key_dir={self.folder / 'keys'}",
                               f"--policy={policy}"))
        self.addCleanup(server.__exit__)
        return server, f"{server.files}/ledgers/{LEDGER_ID}"

    def load(self, server, number, events):
        """Feeds made-up events of a source of its own."""
        subprocess.run(
            [bin_dir() / "stream_feeder", "feed", server.address,
             f"ledgers/{LEDGER_ID}", str(number), str(events), "512"],
            check=True, stdout=subprocess.DEVNULL, timeout=600,
            env=environment())

    def check(self, *arguments, code=0):
        """Runs the Go program; answers what it says."""
        done = subprocess.run(
            [self.check_log, "-vkey", self.vkey, *map(str, arguments)],
            capture_output=True, timeout=600, check=False)
        out = done.stdout.decode() + done.stderr.decode()
        self.assertEqual(done.returncode, code, out)
        return out

    def flip(self, file, at):
        """Changes one bit of a file."""
        content = bytearray(file.read_bytes())
        content[at] ^= 1
        file.write_bytes(content)

    def ledger_size(self, server):
        out, _ = server.run("ledger", "list", "--format=csv")
        return int(out.splitlines()[1].split(",")[2])

    def test_served_and_exported(self):
        policy = self.folder / "policy"
        folder = self.folder / "export"
        with Witness(self.folder, "one", self.vkey) as one, \
                Witness(self.folder, "two", self.vkey) as two:
            policy.write_text(
                f"log {self.vkey}\n{one.policy_line()}{two.policy_line()}"
                "group both all one two\nquorum both\n")
            server, log = self.start(policy)
            server.run("ledger", "create", LEDGER_ID)
            older = []
            sizes = []
            for number, events in enumerate(LOADS, 1):
                self.load(server, number, events)
                size = self.ledger_size(server)
                note = wait_for_checkpoint(
                    log, size,
                    lambda note: one.has_cosigned(note) and
                    two.has_cosigned(note))
                sizes.append(size)
                older.append(self.folder / f"checkpoint-{size}")
                older[-1].write_bytes(note)
                server.run("audit", "export", LEDGER_ID, folder)
            self.assertGreaterEqual(sizes[-1], 70_000)

            self.check_http(log, sizes[-1])
            for witness in (one, two):
                said = self.check("-witness", witness.vkey, log, *older)
                self.assertIn(f"{sizes[-1]} entries", said)
                self.assertIn("3 older checkpoints agree", said)
            said = self.check("-witness", one.vkey, folder, *older)
            self.assertIn(f"{sizes[-1]} entries", said)
        self.check_refusals(folder, sizes, older)

    def check_http(self, log, size):
        """Types and caching of what is served."""
        for path, kind, caching in (
                ("checkpoint", "text/plain; charset=utf-8", "max-age=5"),
                ("vkey", "text/plain; charset=utf-8", "max-age=5"),
                ("tile/0/000", "application/octet-stream", "immutable"),
                ("tile/entries/000", "application/octet-stream", "immutable")):
            status, headers, body = request(f"{log}/{path}")
            self.assertEqual(status, 200)
            self.assertEqual(headers["content-type"], kind)
            self.assertIn(caching, headers["cache-control"])
            status, headers, nothing = request(f"{log}/{path}", "HEAD")
            self.assertEqual((status, nothing), (200, b""))
            self.assertEqual(int(headers["content-length"]), len(body))
        self.assertEqual(request(f"{log}/vkey")[2].decode().strip(), self.vkey)
        for path in (f"tile/0/{size // 256:03}", "tile/3/000", "tile/0/0",
                     "nothing"):
            status, headers, _ = request(f"{log}/{path}")
            self.assertEqual(status, 404, path)
            self.assertEqual(headers["cache-control"], "no-store")
        self.assertEqual(request(f"{log}/checkpoint", "POST", "")[0], 405)
        self.assertEqual(request(f"{log}/checkpoint", "POST", "x")[0], 413)

    def check_refusals(self, folder, sizes, older):
        """Each kind of file, changed, shortened and missing."""
        size = sizes[-1]
        last = f"{size // 256:03}.p/{size % 256}"
        for path in ("checkpoint", "tile/0/000", f"tile/0/{last}",
                     f"tile/1/001.p/{(size >> 8) % 256}", "tile/2/000.p/1",
                     "tile/entries/100", f"tile/entries/{last}"):
            file = folder / path
            kept = file.read_bytes()
            # Behind its text a checkpoint has signatures that are not asked for.
            self.flip(file, 40 if path == "checkpoint" else len(kept) // 2)
            self.check(folder, code=1)
            file.write_bytes(kept[:-1])
            self.check(folder, code=1)
            file.unlink()
            self.check(folder, code=1)
            file.write_bytes(kept)
        self.check(folder, *older)
        # An earlier checkpoint that is not of this log's past.
        self.flip(older[0], 40)
        self.check(folder, older[0], code=1)

    def test_a_split_view_is_caught(self):
        """An operator copies data and key, and shows two histories, each signed
        with the true key. Who demands the witness is shown one of them."""
        policy = self.folder / "policy"
        with Witness(self.folder, "one", self.vkey) as one:
            policy.write_text(f"{one.policy_line()}quorum one\n")
            server, log = self.start(policy)
            server.run("ledger", "create", LEDGER_ID)
            self.load(server, 1, 100)
            server.stop()
            for kept in ("data", "keys"):
                shutil.copytree(self.folder / kept, self.folder / f"{kept}-2")

            server, log = self.start(policy)
            self.load(server, 2, 1_000)
            size = self.ledger_size(server)
            wait_for_checkpoint(log, size, one.has_cosigned)
            self.check("-witness", one.vkey, log)

            with Server(self.folder / "data-2", http_listen="127.0.0.1:0",
                        flags=(f"--key_dir={self.folder / 'keys-2'}",
                               f"--policy={policy}")) as other:
                other_log = f"{other.files}/ledgers/{LEDGER_ID}"
                self.load(other, 3, 2_000)
                other_size = self.ledger_size(other)
                note = wait_for_checkpoint(other_log, other_size)
                self.assertFalse(one.has_cosigned(note))
                # Without a witness nothing is wrong with it.
                self.check(other_log)
                self.assertIn("1 of 2 have signed",
                              self.check("-witness", one.vkey, other_log,
                                         code=1))
                other.read_until("witness one does not cosign")
                self.assertFalse(
                    one.has_cosigned(checkpoint_of(other_log)[1]))

    def test_a_witness_that_crashes_goes_on_from_what_it_cosigned(self):
        policy = self.folder / "policy"
        with Witness(self.folder, "one", self.vkey) as one:
            policy.write_text(f"{one.policy_line()}quorum one\n")
            address = one.address
            server, log = self.start(policy)
            server.run("ledger", "create", LEDGER_ID)
            self.load(server, 1, 100)
            wait_for_checkpoint(log, self.ledger_size(server),
                                one.has_cosigned)
            one.kill()
        self.load(server, 2, 1_000)
        size = self.ledger_size(server)
        wait_for_checkpoint(log, size)
        with Witness(self.folder, "one", self.vkey, listen=address) as one:
            wait_for_checkpoint(log, size, one.has_cosigned)
            self.check("-witness", one.vkey, log)


if __name__ == "__main__":
    main()
