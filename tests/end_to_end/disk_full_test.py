#!/usr/bin/env python3
"""A disk that fills up while a source is fed: it is said, reads go on, and with
room made the feed goes on where it was.

The data directory lies on a small file system of its own, a tmpfs in a mount
namespace that nobody else sees. Where that may not be mounted the test says so
and is skipped.

usage: disk_full_test.py BIN_DIR [unittest's arguments]
"""

import os
import pathlib
import select
import subprocess
import sys
import time

from programs import (CALL_SECONDS_MAX, DONE, EXAMPLES, LEDGER, UNAVAILABLE,
                      Scratch, Server, bin_dir, environment, main, replay)
from stream_source import Source, check_log, check_told, figures, reports_of

# What CTest is told to take for skipped.
SKIPPED = 77
MOUNTS = "DAYBOOK_PRIVATE_MOUNTS"

MIB = 1 << 20
DISK_MIB = 96
GROWN_MIB = 512
# What daybookd leaves free unless told otherwise.
RESERVE_MIB = 64
BATCH = 64
REPORTS = 5
BUDGET = EXAMPLES / "budget-office.jsonl"


def mount(folder, option):
    return subprocess.run(["mount", "-t", "tmpfs", "-o", option, "none",
                           folder], capture_output=True, text=True,
                          check=False)


class FullDisk(Scratch):
    """A server on a small disk, and a source that is fed into it."""

    def setUp(self):
        super().setUp()
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        mounted = mount(self.disk, f"size={DISK_MIB}m")
        self.assertEqual(mounted.returncode, 0, mounted.stderr)
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk],
                        check=True)
        self.server = None
        self.feeder = None
        self.addCleanup(self.end)

    def end(self):
        if self.feeder is not None:
            self.feeder.kill()
            self.feeder.wait()
        if self.server is not None:
            self.server.__exit__()

    def start_server(self, *flags):
        address = self.server.address if self.server else "127.0.0.1:0"
        if self.server is not None:
            self.server.__exit__()
        self.server = Server(self.disk / "data", listen=address, flags=flags)

    def start_feeder(self, events):
        self.source = Source(0, events, BATCH, self.folder)
        self.feeder = self.source.start(self.server.address)

    def free_bytes(self):
        state = os.statvfs(self.disk)
        return state.f_bavail * state.f_frsize

    def leave_free(self, free_bytes):
        """Fills the disk up to so many bytes."""
        with (self.disk / "ballast").open("ab") as ballast:
            block = bytes(64 << 10)
            while self.free_bytes() > free_bytes:
                ballast.write(
                    block[:min(len(block), self.free_bytes() - free_bytes)])
                ballast.flush()

    def make_room(self):
        (self.disk / "ballast").unlink()
        grown = mount(self.disk, f"remount,size={GROWN_MIB}m")
        self.assertEqual(grown.returncode, 0, grown.stderr)

    def await_said(self, text):
        """Waits until the server says it on standard error."""
        deadline = time.monotonic() + CALL_SECONDS_MAX
        while text not in self.server.printed.decode():
            left = deadline - time.monotonic()
            self.assertGreater(left, 0, self.server.printed.decode())
            self.assertIsNone(self.server.process.poll())
            self.assertIsNone(self.feeder.poll())
            if select.select([self.server.process.stderr], [], [],
                             min(left, 1))[0]:
                self.server.printed += os.read(
                    self.server.process.stderr.fileno(), 4096)

    def check_reads(self):
        """What was acknowledged can be read. Returns the entries."""
        told = list(self.source.told())
        entries = replay(self.server)
        check_told(self, self.source, told, entries)
        reports = reports_of(entries)
        self.assertIn(reports[0],
                      self.server.run("report", "list", LEDGER)[0])
        figures(self.server, reports[:REPORTS])
        listed, _ = self.server.run("source", "list", LEDGER)
        self.assertIn(self.source.name, listed)
        self.server.run("source", "refusals", LEDGER, self.source.name)
        return entries

    def check_refused(self, code, *texts):
        """An append is refused, and says why."""
        _, err = self.server.run(
            "append", "--source=budget-office", "--expected-size=1000000",
            BUDGET, code=UNAVAILABLE)
        self.assertIn(code, err)
        for text in texts:
            self.assertIn(text, err)

    def check_finished(self):
        """The feeder that ran all the time is through, and each event is
        recorded once."""
        self.assertEqual(self.feeder.wait(CALL_SECONDS_MAX), DONE)
        self.feeder = None
        entries = replay(self.server)
        check_log(self, [self.source], entries)
        check_told(self, self.source, self.source.told(), entries)
        reports = reports_of(entries)[:REPORTS]
        grown = figures(self.server, reports)
        self.server.stop()
        self.start_server("--rebuild")
        self.assertEqual(figures(self.server, reports), grown)
        self.assertEqual(replay(self.server), entries)


class ReserveTest(FullDisk):
    def test_appends_are_refused_before_the_disk_is_full(self):
        self.start_server()
        self.server.run("ledger", "create", LEDGER)
        self.leave_free((RESERVE_MIB + 4) * MIB)
        self.start_feeder(40_000)
        self.await_said("the disk is full")
        self.check_reads()
        self.check_refused("RESOURCE_EXHAUSTED", "nothing was recorded",
                           "the disk is full", "make room")
        _, err = self.server.run("ledger", "create", "430204",
                                 code=UNAVAILABLE)
        self.assertIn("the disk is full", err)
        self.server.run("append", "--validate-only", "--source=budget-office",
                        BUDGET)
        # What a read notes down still finds its place.
        entries = self.check_reads()
        self.server.run("report", "show", reports_of(entries)[0],
                        f"--known-at={time.strftime('%FT%TZ', time.gmtime())}")
        # Without a restart.
        self.make_room()
        self.check_finished()


class NoReserveTest(FullDisk):
    """The disk is filled to its last byte."""

    def fill(self, room_mib):
        self.start_server("--disk_reserve_mib=0")
        self.server.run("ledger", "create", LEDGER)
        self.leave_free(room_mib * MIB)
        # More than there is room for.
        self.start_feeder(min(room_mib * 4_000, 150_000))
        self.await_said("No space left on device")
        self.check_reads()
        self.check_refused("UNAVAILABLE", "nothing was recorded",
                           "the disk is full", "make room", "restart daybookd")

    def check_goes_on(self, room_mib):
        self.fill(room_mib)
        entries = self.check_reads()
        self.make_room()
        # Room alone does not tell what the disk kept.
        self.check_refused("UNAVAILABLE", "restart daybookd")
        self.server.stop()
        self.start_server()
        self.assertEqual(self.check_reads()[:len(entries)], entries)
        self.check_finished()

    # What finds no room is a log or a table, as the room will have it.
    def test_the_feed_goes_on_after_room_was_made_and_a_restart(self):
        self.check_goes_on(room_mib=3)

    def test_the_feed_goes_on_after_a_larger_disk_was_full(self):
        self.check_goes_on(room_mib=14)

    def test_the_feed_goes_on_after_a_disk_with_tables_was_full(self):
        self.check_goes_on(room_mib=40)

    def test_a_server_that_was_killed_on_the_full_disk_opens_with_room(self):
        self.fill(8)
        entries = self.check_reads()
        self.server.kill()
        self.leave_free(0)
        self.start_server()
        # What has to be written to open the ledger finds no room.
        for command in ("ledger", "list"), ("audit", "replay", LEDGER):
            _, err = self.server.run(*command, code=UNAVAILABLE)
            self.assertIn("RESOURCE_EXHAUSTED", err)
            self.assertIn("the disk is full: make room", err)
        # The same server opens it once there is some.
        self.make_room()
        self.assertEqual(self.check_reads()[:len(entries)], entries)
        self.check_finished()

    def test_a_directory_that_finds_no_room_is_refused_and_made_later(self):
        self.leave_free(0)
        done = subprocess.run(
            [bin_dir() / "daybookd", f"--data_dir={self.disk / 'data'}",
             "--listen=127.0.0.1:0"], capture_output=True, text=True,
            env=environment(), timeout=CALL_SECONDS_MAX, check=False)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("the disk is full", done.stderr)
        self.make_room()
        self.start_server()
        self.server.run("ledger", "create", LEDGER)


def enter_namespace():
    """Goes on in a mount namespace of its own, or ends as skipped."""
    if os.environ.get(MOUNTS) == "yes":
        return
    tried = subprocess.run(
        ["unshare", "-m", "--propagation=private", "mount", "-t", "tmpfs",
         "-o", "size=1m", "none", pathlib.Path(__file__).parent],
        capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        print("skipped: a file system may not be mounted here: "
              f"{tried.stderr.strip()}; run it as root", flush=True)
        sys.exit(SKIPPED)
    os.environ[MOUNTS] = "yes"
    os.execvp("unshare", ["unshare", "-m", "--propagation=private",
                          sys.executable, *sys.argv])


if __name__ == "__main__":
    enter_namespace()
    main()
