#!/usr/bin/env python3
"""A server that is held up from outside: by whoever should read what it says,
or by a disk that does not answer. It stops all the same when it is told to.

usage: held_up_test.py BIN_DIR [unittest's arguments]
"""

import os
import signal
import subprocess

from programs import (CALL_SECONDS_MAX, DATA_LOSS, EXAMPLES, LEDGER, Scratch,
                      Server, bin_dir, environment, main)

STOPPED_AT_ONCE = 5


def fill(process):
    """Leaves no room in the pipe that is the process's standard error."""
    pipe = os.open(f"/proc/{process.pid}/fd/2", os.O_WRONLY | os.O_NONBLOCK)
    try:
        while os.write(pipe, b"\n" * 512):
            pass
    except BlockingIOError:
        pass
    finally:
        os.close(pipe)


class HeldUpTest(Scratch):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        with Server(self.data) as server:
            server.run("ledger", "create", LEDGER)
        self.ledger = next((self.data / "ledgers").iterdir())

    def start_server(self):
        server = Server(self.data)
        self.addCleanup(server.__exit__)
        self.addCleanup(server.process.kill)
        return server

    def test_what_nobody_reads_keeps_no_call_from_its_answer(self):
        (self.ledger / "rocksdb" / "CURRENT").unlink()
        server = self.start_server()
        fill(server.process)
        for _ in range(3):
            server.run("audit", "replay", LEDGER, code=DATA_LOSS)
            server.run("append", "--source=budget-office",
                       "--expected-size=1", EXAMPLES / "budget-office.jsonl",
                       code=DATA_LOSS)
        server.stop()

    def test_a_call_that_never_ends_does_not_keep_the_server(self):
        # Whoever opens it waits for a writer that does not come.
        layout = self.ledger / "LAYOUT"
        layout.unlink()
        os.mkfifo(layout)
        server = self.start_server()
        with subprocess.Popen(
                [bin_dir() / "daybook", "audit", "replay", LEDGER,
                 f"--server={server.address}"], env=environment(),
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as call:
            with self.assertRaises(subprocess.TimeoutExpired):
                call.wait(2)
            server.process.send_signal(signal.SIGTERM)
            self.assertEqual(server.process.wait(CALL_SECONDS_MAX),
                             STOPPED_AT_ONCE)
            call.wait(CALL_SECONDS_MAX)


if __name__ == "__main__":
    main()
