#!/usr/bin/env python3
"""Kill -9 at random moments of a stream loses nothing and doubles nothing.

Goal: whoever dies, server or feeder, the feed goes on from the source's cursor
and every event is recorded once. Method: stream_feeder feeds made-up vouchers
and prints what was acknowledged; one of the two is killed, again and again, and
started anew. In the end the whole log is held against what the feeder offers
and against everything that was acknowledged, and figures against those of a
server that computes them anew from the log.

Each ledger has 20 rounds; more rounds are more ledgers.

usage: stream_crash_test.py BIN_DIR [--rounds=N] [unittest's arguments]
"""

import os
import random
import sys
import time

from programs import (CALL_SECONDS_MAX, DONE, LEDGER, Scratch, Server, main,
                      replay)
from stream_source import Source, check_log, check_told, figures, reports_of

ROUNDS = 20
LEDGER_ROUNDS = 20
SEED = int(os.environ.get("DAYBOOK_SEED", "20250101"))
# So that a source lasts for some rounds.
EVENTS = 10_000
BATCHES = (1, 16, 64, 512)
REPORTS = 5


class Campaign:
    """Rounds on one ledger."""

    def __init__(self, folder, victim, seed):
        self.folder = folder
        self.victim = victim
        self.rng = random.Random(seed)
        self.sources = []
        self.feeder = None
        self.server = Server(folder / "data")
        self.server.run("ledger", "create", LEDGER)

    def close(self):
        if self.feeder is not None:
            self.feeder.kill()
            self.feeder.wait()
        self.server.__exit__()

    def next_source(self):
        number = len(self.sources)
        self.sources.append(Source(number, EVENTS, self.rng.choice(BATCHES),
                                   self.folder))

    def start_feeder(self):
        self.feeder = self.sources[-1].start(self.server.address)

    def restart_server(self, *flags):
        address = self.server.address
        self.server.__exit__()
        self.server = Server(self.folder / "data", listen=address, flags=flags)

    def await_moment(self):
        """Waits until the time has come to kill; False when the feeder is
        through before."""
        source = self.sources[-1]
        deadline = time.monotonic() + CALL_SECONDS_MAX
        # Also before anything is acknowledged: while one opens the ledger, or
        # the other waits to connect again.
        if self.rng.random() < 0.75:
            before = source.printed()
            while source.printed() == before and self.feeder.poll() is None:
                if time.monotonic() > deadline:
                    raise AssertionError("the stream does not go on")
                time.sleep(0.002)
        until = time.monotonic() + self.rng.uniform(0, 0.25)
        while self.feeder.poll() is None:
            left = until - time.monotonic()
            if left <= 0:
                return True
            time.sleep(min(left, 0.01))
        return False

    def finish_feeder(self):
        code = self.feeder.wait(CALL_SECONDS_MAX)
        self.feeder = None
        if code != DONE:
            raise AssertionError(f"stream_feeder ended with {code}")

    def run(self, rounds):
        killed = 0
        while killed < rounds:
            if self.feeder is None:
                self.next_source()
                self.start_feeder()
            if not self.await_moment():
                self.finish_feeder()
                continue
            killed += 1
            if self.victim == "server":
                self.server.kill()
                self.restart_server()
            else:
                self.feeder.kill()
                self.feeder.wait()
                self.start_feeder()
        self.finish_feeder()


class StreamCrashTest(Scratch):

    def check_rebuilt(self, campaign, entries):
        """Figures that grew through the crashes are those of the log."""
        reports = campaign.rng.sample(reports_of(entries), REPORTS)
        grown = figures(campaign.server, reports)
        campaign.server.stop()
        campaign.restart_server("--rebuild")
        self.assertEqual(figures(campaign.server, reports), grown)
        self.assertEqual(replay(campaign.server), entries)

    def run_campaign(self, victim, number, rounds):
        folder = self.folder / f"{victim}-{number}"
        folder.mkdir()
        campaign = Campaign(folder, victim, f"{SEED} {victim} {number}")
        try:
            campaign.run(rounds)
            entries = replay(campaign.server)
            check_log(self, campaign.sources, entries)
            for source in campaign.sources:
                check_told(self, source, source.told(), entries)
            self.check_rebuilt(campaign, entries)
            # A feed that is through has nothing to do.
            campaign.start_feeder()
            campaign.finish_feeder()
            source = campaign.sources[-1]
            self.assertEqual(source.outputs[-1].read_text(),
                             f"opened {len(source.offered)}\n")
            return len(entries)
        finally:
            campaign.close()

    def run_rounds(self, victim):
        print(f"DAYBOOK_SEED={SEED}, {ROUNDS} rounds of the {victim}",
              file=sys.stderr)
        events = 0
        for number, first in enumerate(range(0, ROUNDS, LEDGER_ROUNDS)):
            with self.subTest(victim=victim, ledger=number):
                events += self.run_campaign(
                    victim, number, min(LEDGER_ROUNDS, ROUNDS - first))
            print(f"{victim}: {min(first + LEDGER_ROUNDS, ROUNDS)} rounds, "
                  f"{events} events", file=sys.stderr)

    def test_a_killed_server_loses_and_doubles_nothing(self):
        self.run_rounds("server")

    def test_a_killed_feeder_loses_and_doubles_nothing(self):
        self.run_rounds("feeder")


if __name__ == "__main__":
    for argument in list(sys.argv):
        if argument.startswith("--rounds="):
            ROUNDS = int(argument.removeprefix("--rounds="))
            sys.argv.remove(argument)
    main()
