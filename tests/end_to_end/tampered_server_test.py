#!/usr/bin/env python3
"""Whatever is changed in a data directory while the server is stopped is found.

Somebody has the disk, and the tools: files are flipped, cut, swapped and
deleted, and rows of the database are changed so that every checksum of it fits
(tamper_ledger). Then either the server refuses the ledger, with the place, or
`audit verify` names what is not as it was signed. Never is it clean.

usage: tampered_server_test.py BIN_DIR [unittest's arguments]

DAYBOOK_TRIALS says how many trials there are, DAYBOOK_SEED the first seed.
"""

import os
import random
import shutil
import subprocess
import time

from programs import (CALL_SECONDS_MAX, LEDGER, Scratch, Server, bin_dir,
                      environment, main)

TRIALS = int(os.environ.get("DAYBOOK_TRIALS", "50"))
SEED = int(os.environ.get("DAYBOOK_SEED", "1"))
EVENTS = 3_000
# docs/cli.md.
CLEAN, DAMAGED, FINDINGS, UNKNOWN = 0, 5, 6, 7

# What tamper_ledger can change, with every checksum as it must be.
ROWS = ("entry", "swap", "drop", "hash", "no-hash", "lineage", "no-lineage",
        "source", "checkpoint", "personal")
# Bytes at a table's end that RocksDB does not sum up.
FOOTER_BYTES = 64


def run(*command, code=0):
    done = subprocess.run([str(part) for part in command], capture_output=True,
                          env=environment(), timeout=CALL_SECONDS_MAX,
                          check=False)
    if done.returncode != code:
        raise AssertionError(f"{command}: {done.returncode}\n"
                             f"{done.stdout.decode()}{done.stderr.decode()}")
    return done.stdout.decode()


class TamperedServerTest(Scratch):
    def setUp(self):
        super().setUp()
        self.keys = self.folder / "keys"
        self.sound = self.folder / "sound"
        self.vkey = run(bin_dir() / "daybookd", "keygen",
                        f"--key_dir={self.keys}", "430203").strip()
        with self.server(self.sound) as server:
            server.run("ledger", "create", LEDGER)
            run(bin_dir() / "stream_feeder", "feed", server.address, LEDGER,
                0, EVENTS, 64)
            self.await_checkpoint(server)
        # The keys as they are now: what is signed later must not count.
        self.signed = self.folder / "signed"
        shutil.copytree(self.keys, self.signed)

    def await_checkpoint(self, server):
        """Waits for one that covers all that was recorded."""
        deadline = time.monotonic() + CALL_SECONDS_MAX
        size = server.run("ledger", "list", "--format=csv")[0] \
            .splitlines()[1].split(",")[2]
        while server.run("audit", "checkpoint", LEDGER)[0] \
                .splitlines()[1] != size:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.2)

    def server(self, data):
        return Server(data, flags=[f"--key_dir={self.keys}",
                                   "--http_listen="])

    def verify(self, data):
        """Exit code and words of `audit verify` on a data directory."""
        shutil.rmtree(self.keys)
        shutil.copytree(self.signed, self.keys)
        with self.server(data) as server:
            done = subprocess.run(
                [bin_dir() / "daybook", "audit", "verify", LEDGER,
                 f"--vkey={self.vkey}", "--personal-data",
                 f"--server={server.address}"],
                capture_output=True, env=environment(),
                timeout=CALL_SECONDS_MAX, check=False)
        return done.returncode, done.stdout.decode() + done.stderr.decode()

    def files(self, data):
        """What is stored and matters, by its path in the ledger's folder."""
        log = data / "ledgers" / "430203"
        return sorted(path for path in log.rglob("*") if path.is_file()
                      and path.stat().st_size > 2 * FOOTER_BYTES
                      and not path.name.startswith(("LOCK", "OPTIONS",
                                                    "IDENTITY")))

    def change_file(self, data, luck):
        path = luck.choice(self.files(data))
        content = bytearray(path.read_bytes())
        end = len(content) - FOOTER_BYTES
        how = luck.choice(("flip", "truncate", "delete", "swap"))
        if how == "flip":
            at = luck.randrange(end)
            content[at] ^= 1 << luck.randrange(8)
        elif how == "truncate":
            del content[luck.randrange(end):]
        elif how == "swap":
            half = end // 2
            first, second = content[:half], content[half:2 * half]
            if first == second:
                return None
            content[:half], content[half:2 * half] = second, first
        if how == "delete":
            path.unlink()
        else:
            path.write_bytes(content)
        return f"{how} {path.name}"

    def change_row(self, data, what, seed):
        done = subprocess.run(
            [bin_dir() / "tamper_ledger", data / "ledgers" / "430203", what,
             str(seed)], capture_output=True, env=environment(),
            timeout=CALL_SECONDS_MAX, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr.decode())
        if done.returncode == 1:
            return None
        return f"{what}: {done.stdout.decode().strip()}"

    def test_a_sound_directory_is_clean(self):
        code, said = self.verify(self.sound)
        self.assertEqual(code, CLEAN, said)

    def test_whatever_is_changed_is_found(self):
        for seed in range(SEED, SEED + TRIALS):
            luck = random.Random(seed)
            data = self.folder / f"trial{seed}"
            shutil.copytree(self.sound, data)
            if seed % 2 == 0:
                done = self.change_file(data, luck)
            else:
                done = self.change_row(data, ROWS[seed // 2 % len(ROWS)], seed)
            if done is not None:
                code, said = self.verify(data)
                self.assertIn(code, (DAMAGED, FINDINGS, UNKNOWN),
                              f"seed {seed}, {done}: exit code {code}\n{said}")
                self.assertRegex(
                    said, r"430203|position|entries|checkpoint|source|figure",
                    f"seed {seed}, {done}")
                print(f"seed {seed}: {done}: {code}: "
                      f"{said.strip().splitlines()[-1][:100]}", flush=True)
            shutil.rmtree(data)


if __name__ == "__main__":
    main()
