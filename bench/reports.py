#!/usr/bin/env python3
"""Measures what reading a report costs, and holds it against the bars.

usage: reports.py BIN FOLDER ROUNDS                          all bars
       reports.py BIN FOLDER ROUNDS EVENTS REPORTS [UNITS]   one ledger, no bars

BIN holds daybookd and report_bench; all data lies in a temporary folder in
FOLDER.
docs/benchmarks.md says what is measured.
"""

import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from postgres import Postgres, any_day

STOP_SECONDS_MAX = 120
POSTGRES_ROUNDS = 9
WAYS = {
    "now": "now, year's end",
    "any day": "now, as of any day",
    "any size": "known at any size, any day",
    "early": "known at 1 %, as of 4 January",
}
# Of them PostgreSQL has no like.
MORE_WAYS = {
    "explain": "explain, at any size and day",
    "explain early": "explain, at 1 %, 4 January",
    "compare sizes": "compare two sizes",
    "compare days": "compare two days",
    "trace": "trace an event",
}


class Daybookd:
    """The server as a process of its own. Use it in a `with`."""

    def __init__(self, bin_dir, data):
        began = time.monotonic()
        self.process = subprocess.Popen(
            [bin_dir / "daybookd", f"--data_dir={data}", "--listen=127.0.0.1:0",
             "--http_listen="],
            stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        self.start_seconds = time.monotonic() - began
        if not line.startswith("listening on "):
            self.process.kill()
            raise SystemExit("bench: daybookd did not start: " + line)
        self.address = line.split()[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(STOP_SECONDS_MAX)
        self.process.stderr.close()

    def peak_mib(self):
        """The most memory that was ever resident."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024


class Ledger:
    """Figures of one ledger: loads it, reads it, and lets it go."""

    def __init__(self, bench, events, reports, corrections=0, units=1,
                 rounds=None):
        size = [str(events), str(reports), str(corrections), str(units)]
        data = bench.folder / "ledger"
        with Daybookd(bench.bin_dir, data) as server:
            loaded = bench.run("load", server.address, *size)
            self.load_seconds = float(loaded)
            self.load_peak_mib = server.peak_mib()
        # What would be written back during the reads is written now.
        subprocess.run(["sync"], check=True)
        with Daybookd(bench.bin_dir, data) as server:
            read = bench.run("read", server.address, *size,
                             str(rounds or bench.rounds))
            self.peak_mib = server.peak_mib()
        self.disk_mib = sum(f.stat().st_size for f in data.rglob("*")) / 2**20
        shutil.rmtree(data)
        self.us = {}
        for line in read.splitlines():
            name, *percentiles = line.split("\t")
            self.us[name] = [float(us) for us in percentiles]
        # Ledgers open at their first use, which is the first report.
        self.start_seconds = server.start_seconds + self.p50_ms("first") / 1000
        self._print(events, reports, corrections, units)

    def p50_ms(self, way):
        return self.us[way][0] / 1000

    def _print(self, events, reports, corrections, units):
        print(f"\n{events:,} vouchers in {reports:,} reports"
              + (f", {corrections:,} corrections of one line" * (corrections > 0))
              + f" of {240 * units:,} lines" * (units > 1)
              + f"; loaded in {self.load_seconds:.1f} s, {self.disk_mib:,.0f} MiB"
              f" on disk\nstart and first report {self.start_seconds:.2f} s, peak"
              f" memory {self.peak_mib:.0f} MiB, {self.load_peak_mib:.0f} MiB"
              " while loading")
        print(f"{'microseconds':30}  {'p50':>9}  {'p90':>9}  {'p99':>9}")
        for way, label in {**WAYS, **MORE_WAYS}.items():
            p50, p90, p99 = self.us[way]
            print(f"{label:30}  {p50:9.1f}  {p90:9.1f}  {p99:9.1f}", flush=True)


class Bars:
    """Rows of figure and bar, printed together in the end."""

    def __init__(self):
        self.rows = []

    def at_most(self, what, figure, bar, unit):
        self._add(what, figure, "<=", bar, unit, figure / bar, figure <= bar)

    def at_least(self, what, figure, bar, unit):
        self._add(what, figure, ">=", bar, unit, figure / bar, figure >= bar)

    def _add(self, what, figure, sign, bar, unit, ratio, held):
        self.rows.append((what, f"{figure:,.2f} {unit}", f"{sign} {bar:,g} {unit}",
                          f"{ratio:.2f}", "yes" if held else "NO"))

    def print(self):
        head = ("what", "figure", "bar", "figure/bar", "held")
        widths = [max(len(row[i]) for row in [head, *self.rows])
                  for i in range(len(head))]
        print()
        for row in [head, tuple("-" * width for width in widths), *self.rows]:
            print("  ".join([row[0].ljust(widths[0])]
                            + [cell.rjust(width) for cell, width
                               in zip(row[1:], widths[1:])]))


class Bench:
    """What all measurements share."""

    def __init__(self, bin_dir, folder, rounds):
        self.bin_dir = pathlib.Path(bin_dir).resolve()
        self.folder = pathlib.Path(folder).resolve()
        self.rounds = rounds

    def run(self, *arguments):
        return subprocess.run([self.bin_dir / "report_bench", *arguments],
                              check=True, text=True, stdout=subprocess.PIPE).stdout

    def postgres_ms(self, events, reports):
        """Medians by way of reading, of the events of Ledger(events, reports)."""
        opening = 1 + 2 * reports
        luck = random.Random(1)
        report = lambda: luck.randrange(reports)
        questions = {
            "now": lambda: (report(), "2024-12-31", opening + events),
            "any day": lambda: (report(), any_day(luck), opening + events),
            "any size": lambda: (report(), any_day(luck),
                                 opening + luck.randrange(events)),
            "early": lambda: (report(), "2024-01-04", opening + events // 100),
        }
        with Postgres(self.folder / "postgres") as postgres:
            postgres.load([self.bin_dir / "report_bench", "rows", str(events),
                           str(reports)])
            medians = {way: postgres.median_ms(POSTGRES_ROUNDS, question)
                       for way, question in questions.items()}
        print(f"\nPostgreSQL, sums of {events:,} events in {reports:,} reports;"
              f" median of {POSTGRES_ROUNDS}, ms")
        for way, label in WAYS.items():
            print(f"{label:30}  {medians[way]:9.2f}", flush=True)
        return medians


def measure_bars(bench):
    few, some, many, spread_reports = 10_000, 1_000_000, 10_000_000, 1_000
    small = Ledger(bench, few, 1)
    middle = Ledger(bench, some, 1)
    Ledger(bench, some, spread_reports)
    corrected = Ledger(bench, some, 1, corrections=1_000_000)
    bars = Bars()
    for reports, where in ((1, "in 1 report"), (spread_reports, "in 1,000")):
        large = Ledger(bench, many, reports)
        peer = bench.postgres_ms(many, reports)
        for way in ("now", "any day"):
            name = f"10 M {where}: {WAYS[way]}"
            bars.at_most(name, large.p50_ms(way), 1, "ms")
            bars.at_most(f"{name}, to 10 k",
                         large.p50_ms(way) / small.p50_ms(way), 1.5, "x")
            bars.at_least(f"{name}, PostgreSQL to it",
                          peer[way] / large.p50_ms(way), 1000, "x")
        for way in ("any size", "early"):
            bars.at_most(f"10 M {where}: {WAYS[way]}", large.p50_ms(way), 10, "ms")
        for way in ("explain", "explain early"):
            bars.at_most(f"10 M {where}: {MORE_WAYS[way]}", large.p50_ms(way), 5,
                         "ms")
        bars.at_most(f"10 M {where}: start and first report",
                     large.start_seconds, 2, "s")
        bars.at_most(f"10 M {where}: peak memory", large.peak_mib, 512, "MiB")
        bars.at_most(f"10 M {where}: peak memory while loading",
                     large.load_peak_mib, 512, "MiB")
    for way in ("now", "any day", "any size"):
        bars.at_most(f"1 M corrections of a line: {WAYS[way]}, to none",
                     corrected.p50_ms(way) / middle.p50_ms(way), 1.5, "x")
    # Each report is read some times.
    wide = Ledger(bench, many, 10_000, rounds=20_000)
    bars.at_most("10,000 reports of 1,000 events: peak memory", wide.peak_mib,
                 1024, "MiB")
    bars.print()


def main():
    if len(sys.argv) not in (4, 6, 7):
        sys.exit(__doc__)
    # So that what was started is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="daybook-bench.",
                                     dir=sys.argv[2]) as folder:
        # PostgreSQL's user passes through.
        pathlib.Path(folder).chmod(0o711)
        bench = Bench(sys.argv[1], folder, int(sys.argv[3]))
        if len(sys.argv) > 4:
            events, reports, units = map(int, [*sys.argv[4:], 1][:3])
            Ledger(bench, events, reports, units=units)
        else:
            measure_bars(bench)


if __name__ == "__main__":
    main()
