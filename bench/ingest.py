#!/usr/bin/env python3
"""Measures what it costs to write, and holds it against the bars.

usage: ingest.py BIN FOLDER EVENTS

BIN holds daybookd, ingest_bench, empty_server and compact_logs; all data lies in
a temporary folder in FOLDER. EVENTS is how many the sustained stream has;
everything else is measured with less.
docs/benchmarks.md says what is measured.
"""

import contextlib
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from postgres import Postgres
from reports import Bars, Daybookd

BATCHES = (1, 64, 512, 4096)
STREAMS = (1, 8)
# The one that the bars are about.
BAR_BATCH = 512
CALLERS = 64
MIB = 1 << 20
# Of RocksDB's keys in db_bench.
KEY_BYTES = 16


class EmptyServer:
    """The server that does nothing. Use it in a `with`."""

    def __init__(self, bin_dir):
        self.process = subprocess.Popen([bin_dir / "empty_server"],
                                        stderr=subprocess.PIPE, text=True)
        self.address = self.process.stderr.readline().split()[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stderr.close()


class Bench:
    """What all measurements share."""

    def __init__(self, bin_dir, folder, events):
        self.bin_dir = pathlib.Path(bin_dir).resolve()
        self.folder = pathlib.Path(folder).resolve()
        self.events = events
        # Enough for seconds of each row.
        self.row_events = max(20_000, events // 25)
        self.rounds = 2_000 if events >= 1_000_000 else 300
        self.ledgers = 0

    def run(self, *arguments):
        return subprocess.run(
            [self.bin_dir / "ingest_bench", *map(str, arguments)], check=True,
            text=True, stdout=subprocess.PIPE).stdout

    def new_ledger(self, server):
        self.ledgers += 1
        self.run("create", server.address, self.ledgers)
        return str(self.ledgers)

    def events_of(self, batch):
        """A batch of one waits for the disk as long as one of 512."""
        return self.row_events if batch > 1 else max(2_000,
                                                     self.row_events // 20)

    def stream(self, address, ledger, batch, streams):
        """Events a second, and bytes of an event."""
        events = self.events_of(batch)
        seconds, size = map(float, self.run("stream", address, ledger, events,
                                            batch, streams).split())
        return events / seconds, size / events

    def db_bench(self, batch, value_bytes):
        """Rows a second that RocksDB alone writes with sync."""
        rows = self.events_of(batch)
        folder = self.folder / "db_bench"
        done = subprocess.run(
            ["db_bench", "--benchmarks=fillseq", f"--num={rows}",
             f"--key_size={KEY_BYTES}", f"--value_size={round(value_bytes)}",
             f"--batch_size={batch}", "--sync=1", f"--db={folder}"],
            check=True, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        shutil.rmtree(folder)
        return float(re.search(r"fillseq\s*:.*?([\d.]+) ops/sec",
                               done.stdout)[1])

    def postgres(self, batch):
        """Rows a second of one session; each insert is a transaction."""
        rows = self.events_of(batch)
        file = self.folder / "insert.sql"
        with open(file, "wb") as out:
            subprocess.run([self.bin_dir / "ingest_bench", "sql", str(rows),
                            str(batch)], check=True, stdout=out)
        with Postgres(self.folder / "postgres") as server:
            rate = rows / server.ingest_seconds(file)
        file.unlink()
        return rate

    @contextlib.contextmanager
    def server(self):
        """A server of our own with nothing in it: what other ledgers hold of
        the write buffers would be measured too."""
        data = self.folder / "data"
        with Daybookd(self.bin_dir, data) as server:
            yield server
        shutil.rmtree(data)

    def table(self, empty):
        """Rates by (batch, streams): ours, and the peers'."""
        head = ("batch", "streams", "daybook", "empty stream", "ratio",
                "db_bench", "ratio", "PostgreSQL", "ratio")
        print("\nevents a second, "
              f"{self.row_events:,} events ({self.events_of(1):,} in batches of"
              " one), each batch synced")
        print("  ".join(f"{cell:>12}" for cell in head))
        rates = {}
        for streams in STREAMS:
            for batch in BATCHES:
                with self.server() as server:
                    ours, size = self.stream(server.address,
                                             self.new_ledger(server), batch,
                                             streams)
                nothing, _ = self.stream(empty.address, "1", batch, streams)
                row = {"daybook": ours, "empty": nothing}
                if streams == 1:
                    row["db_bench"] = self.db_bench(batch, size)
                    row["postgres"] = self.postgres(batch)
                rates[batch, streams] = row
                cells = [f"{batch}", f"{streams}", f"{ours:,.0f}"]
                for peer in ("empty", "db_bench", "postgres"):
                    cells += ([f"{row[peer]:,.0f}", f"{ours / row[peer]:.2f}"]
                              if peer in row else ["", ""])
                print("  ".join(f"{cell:>12}" for cell in cells), flush=True)
        return rates

    def percentiles(self, title, *arguments):
        """{kind: (p50, p90, p99)}, printed too."""
        print(f"\n{title}, microseconds\n"
              f"{'':12}  {'p50':>9}  {'p90':>9}  {'p99':>9}")
        rows = {}
        for line in self.run(*arguments).splitlines():
            name, *figures = line.split("\t")
            rows[name] = tuple(map(float, figures))
            print(f"{name:12}  " + "  ".join(f"{us:9.1f}"
                                             for us in rows[name]), flush=True)
        return rows

    def callers(self, server, callers, rounds):
        """Single appends and empty calls a second."""
        appends, empties = map(float, self.run(
            "callers", server.address, self.new_ledger(server), callers,
            rounds).split())
        print(f"{callers:3} callers of single events: {appends:,.0f} appends,"
              f" {empties:,.0f} empty calls a second", flush=True)
        return appends, empties

    def sustained(self, events, personal):
        """(events a second, peak MiB, size on disk to bytes of events)."""
        data = self.folder / "sustained"
        with Daybookd(self.bin_dir, data) as server:
            ledger = self.new_ledger(server)
            seconds, size = map(float, self.run(
                "sustained", server.address, ledger, events, BAR_BATCH,
                int(personal)).split())
            peak = server.peak_mib()
        before = disk_bytes(data)
        began = time.monotonic()
        subprocess.run([self.bin_dir / "compact_logs", data], check=True)
        took = time.monotonic() - began
        after = disk_bytes(data)
        shutil.rmtree(data)
        print(f"\n{events:,} events {'with' if personal else 'without'} personal"
              f" data in one stream of batches of {BAR_BATCH}:"
              f" {events / seconds:,.0f} a second,\npeak memory {peak:.0f} MiB,"
              f" {size / MIB:,.0f} MiB of events, {before / MIB:,.0f} MiB on"
              f" disk, {after / MIB:,.0f} MiB after compaction of {took:.0f} s",
              flush=True)
        return events / seconds, peak, after / size


def disk_bytes(folder):
    """What the files take, in blocks of the disk."""
    return sum(file.stat().st_blocks * 512 for file in folder.rglob("*"))


def measure(bench):
    bars = Bars()
    with EmptyServer(bench.bin_dir) as empty:
        rates = bench.table(empty)
    bar = rates[BAR_BATCH, 1]
    for peer, least, name in (("postgres", 10, "PostgreSQL"),
                              ("empty", 0.35, "the empty stream"),
                              ("db_bench", 0.5, "db_bench")):
        bars.at_least(f"batches of {BAR_BATCH}, to {name}",
                      bar["daybook"] / bar[peer], least, "x")
    with bench.server() as server:
        single = bench.percentiles(
            "one caller of single events", "single", server.address,
            bench.new_ledger(server), bench.folder, bench.rounds)
        bars.at_most("one event, p50: 1.5 x file + empty call",
                     single["append"][0],
                     round(1.5 * single["file"][0] + single["empty"][0], 1),
                     "us")
    print()
    with bench.server() as server:
        alone, _ = bench.callers(server, 1, bench.rounds)
        many, empties = bench.callers(server, CALLERS, 10 * bench.rounds)
        bars.at_least(f"{CALLERS} callers: min(20 x one, 0.6 x empty calls)",
                      many, round(min(20 * alone, 0.6 * empties)), "/s")
    with bench.server() as server:
        behind = bench.percentiles("single events beside a stream", "behind",
                                   server.address, bench.new_ledger(server),
                                   bench.rounds)
        bars.at_most("one event beside a stream, p99 to idle",
                     behind["loaded"][2] / behind["idle"][2], 10, "x")
    for events, personal, most in ((bench.events, False, 0.6),
                                   (max(20_000, bench.events // 10), True,
                                    0.8)):
        _, peak, ratio = bench.sustained(events, personal)
        with_or = "with" if personal else "without"
        bars.at_most(f"disk to events, {with_or} personal data", ratio, most,
                     "x")
        if not personal:
            # 512 MB, in MiB.
            bars.at_most(f"peak memory, {events:,} events", peak,
                         round(512e6 / MIB), "MiB")
    bars.print()


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    # So that what was started is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="daybook-bench.",
                                     dir=sys.argv[2]) as folder:
        # PostgreSQL's user passes through.
        pathlib.Path(folder).chmod(0o711)
        measure(Bench(sys.argv[1], folder, int(sys.argv[3])))


if __name__ == "__main__":
    main()
