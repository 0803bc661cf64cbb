"""A PostgreSQL that lives as long as a `with`, and sums a report's events.

Its settings are the defaults, fsync included, but for shared_buffers: a quarter
of the machine's memory, as its manual advises, at most 4 GB. It listens on a
socket in its own folder alone. It refuses to run as root, so root runs it as
`postgres` or `nobody`.
"""

import os
import pathlib
import pwd
import random
import re
import shutil
import signal
import statistics
import subprocess
import time

DEFAULT_BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
STOP_SECONDS_MAX = 60

# One row an event, in the narrowest types that hold it.
TABLE = """
create table event (position bigint not null, report int not null,
  effective_date date not null, function int not null, economic int not null,
  amount_fen bigint not null)"""
# All that the query reads: no visit of the table.
INDEX = """
create index on event (report, effective_date)
  include (position, function, economic, amount_fen)"""
# What a table of events needs to do what the log does: an order, no identity
# twice, and a report's events by day.
INGEST_TABLE = """
create table ingest (position bigint primary key, source text not null,
  event_id text not null, report text not null, effective_date date not null,
  event bytea not null, unique (source, event_id));
create index on ingest (report, effective_date)"""
QUERY = """
select function, economic, sum(amount_fen), count(*) from event
  where report = {report} and effective_date <= '{day}' and position < {size}
  group by function, economic;
"""


def unprivileged():
    """Keywords for subprocess that leave root; none when this is not root."""
    if os.geteuid() != 0:
        return {}
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


class Postgres:
    """One server with a table of events. Use it in a `with`."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.process = None
        self.as_user = {"cwd": self.folder, **unprivileged()}

    def __enter__(self):
        self.folder.mkdir()
        if "user" in self.as_user:
            os.chown(self.folder, self.as_user["user"], self.as_user["group"])
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process is not None:
            # A fast shutdown: open sessions are ended.
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        shutil.rmtree(self.folder)

    def _start(self):
        subprocess.run(
            [self._program("initdb"), "-D", self.data, "-U", "bench",
             "--auth=trust", "--encoding=UTF8", "--locale=C"],
            check=True, stdout=subprocess.DEVNULL, **self.as_user)
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        buffers = min(memory // 4, 4 << 30) >> 20
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                [self._program("postgres"), "-D", self.data, "-k", self.folder,
                 "-c", "listen_addresses=", "-c", f"shared_buffers={buffers}MB"],
                stdout=log, stderr=log, start_new_session=True, **self.as_user)
        subprocess.run(
            ["timeout", "60", "sh", "-c",
             f"until '{self._program('pg_isready')}' -q -h '{self.folder}'; "
             "do sleep 0.1; done"], check=True)

    @staticmethod
    def _program(name):
        folder = DEFAULT_BIN if DEFAULT_BIN.is_dir() else None
        found = shutil.which(name, path=str(folder) if folder else None)
        if found is None:
            raise SystemExit(f"bench: no {name} of PostgreSQL 15")
        return found

    def _psql(self, *arguments, **how):
        return subprocess.run(
            [self._program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1",
             "-h", self.folder, "-U", "bench", "postgres", *arguments],
            check=True, **how)

    def load(self, rows):
        """`rows` is a command that prints them for COPY."""
        self._psql("-c", TABLE)
        with subprocess.Popen(rows, stdout=subprocess.PIPE) as source:
            self._psql("-c", "copy event from stdin", stdin=source.stdout)
        if source.returncode != 0:
            raise SystemExit("bench: the rows for PostgreSQL were not printed")
        self._psql("-c", INDEX)
        # Or the index alone would not do.
        self._psql("-c", "vacuum analyze event")

    def ingest_seconds(self, file):
        """Of running the statements of `file` on an empty table of events."""
        self._psql("-c", INGEST_TABLE)
        with open(file, "rb") as statements:
            began = time.monotonic()
            self._psql("-f", "-", stdin=statements)
            return time.monotonic() - began

    def median_ms(self, rounds, question):
        """Of the query's whole time at its client, warm. `question` gives
        (report, day, size) for each round."""
        warm = 2
        queries = "".join(
            QUERY.format(report=report, day=day, size=size)
            for report, day, size in (question() for _ in range(rounds + warm)))
        done = self._psql("-f", "-", input="\\timing on\n" + queries, text=True,
                          stdout=subprocess.PIPE)
        times = [float(ms) for ms in re.findall(r"^Time: ([\d.]+) ms",
                                                done.stdout, re.MULTILINE)]
        if len(times) != rounds + warm:
            raise SystemExit("bench: PostgreSQL did not answer every query")
        return statistics.median(times[warm:])


def any_day(source: random.Random):
    """A random day of 2024, as the other side draws it."""
    month = source.randint(1, 12)
    return f"2024-{month:02}-{source.randint(1, 29 if month == 2 else 30):02}"
