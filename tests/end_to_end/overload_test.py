#!/usr/bin/env python3
"""64 streams at full speed whose acks nobody reads: the server's memory is
bounded, and others are answered.

Under a sanitizer memory is not what it is elsewhere, and is not held there.
"""

import pathlib
import re
import subprocess
import time

from programs import (EXAMPLES, LEDGER, Scratch, Server, bin_dir, environment,
                      main)

STREAMS = 64
SECONDS = 8
# Bytes that the server may hold at most, once: 512 MB.
PEAK_BYTES_MAX = 512 * 1000 * 1000
# That a call beside them may take on a machine that is busy.
ANSWER_SECONDS_MAX = 30
# Larger than the ledger ever gets.
NEVER_STALE = 1 << 40


class OverloadTest(Scratch):
    def peak_bytes(self):
        status = pathlib.Path(
            f"/proc/{self.server.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024

    def overload(self, kind, batch):
        """Streams for a while, beside a source that wants to be heard."""
        self.server = Server(self.folder / "data")
        self.addCleanup(self.server.__exit__)
        self.server.run("ledger", "create", LEDGER)
        stuck = subprocess.Popen(
            [bin_dir() / "stuck_streams", self.server.address, LEDGER,
             str(STREAMS), str(batch), kind],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=environment())
        try:
            time.sleep(SECONDS)
            self.server.run("append", "--source=budget-office",
                            EXAMPLES / "budget-office.jsonl")
            # With an expected size it is one call, and no stream.
            begin = time.monotonic()
            self.server.run("append", "--source=accounting",
                            f"--expected-size={NEVER_STALE}",
                            EXAMPLES / "accounting.jsonl")
            self.assertLess(time.monotonic() - begin, ANSWER_SECONDS_MAX)
            out, _ = self.server.run("source", "list", LEDGER, "--format=csv")
            self.assertIn("budget-office", out)
            self.assertIn("accounting", out)
            self.assertIsNone(stuck.poll())
        finally:
            stuck.kill()
            stuck.wait()
        sanitized = "libasan" in pathlib.Path(
            f"/proc/{self.server.process.pid}/maps").read_text()
        print(f"{kind} by {batch}: peak {self.peak_bytes() >> 20} MiB", flush=True)
        if not sanitized:
            self.assertLess(self.peak_bytes(), PEAK_BYTES_MAX)

    def test_vouchers_whose_acks_nobody_reads(self):
        self.overload("vouchers", 512)

    def test_the_largest_batches_of_vouchers_whose_acks_nobody_reads(self):
        self.overload("vouchers", 4096)

    def test_refusals_that_nobody_reads(self):
        self.overload("refused", 512)

    def test_the_largest_batches_of_refusals_that_nobody_reads(self):
        self.overload("refused", 4096)


if __name__ == "__main__":
    main()
