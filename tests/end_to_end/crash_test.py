#!/usr/bin/env python3
"""What was acknowledged survives a server that is killed straight afterwards.

Goal: kill -9 between an acknowledgement and whatever the server would have done
next loses nothing and doubles nothing. Method: append a batch, kill the server
the moment the command line reports it recorded, start it again on the same
folder, compare the whole log with everything acknowledged so far; then send the
batch once more, as a client does that never saw the answer.

usage: crash_test.py BIN_DIR [ROUNDS]; 20 rounds unless given.
"""

import json
import os
import random
import sys

from programs import (EXAMPLES, LEDGER, Scratch, Server, identities, main,
                      positions, replay)

ROUNDS = 20
SEED = int(os.environ.get("DAYBOOK_SEED", "20241231"))


def example_lines():
    lines = []
    for source in ("budget-office", "accounting"):
        text = (EXAMPLES / f"{source}.jsonl").read_text(encoding="utf-8")
        lines += [(source, line) for line in text.splitlines()]
    return lines


def batches(lines, rounds, rng):
    """`lines` cut into `rounds` batches of one source each, random in size."""
    registrations = [line for line in lines if line[0] == "budget-office"]
    vouchers = [line for line in lines if line[0] == "accounting"]
    yield registrations
    cuts = sorted(rng.sample(range(1, len(vouchers)), rounds - 2))
    for first, last in zip([0, *cuts], [*cuts, len(vouchers)]):
        yield vouchers[first:last]


class CrashTest(Scratch):

    def test_kill_after_every_acknowledgement_loses_and_doubles_nothing(self):
        print(f"seed {SEED}, {ROUNDS} rounds", file=sys.stderr)
        rng = random.Random(SEED)
        data = self.folder / "data"
        with Server(data) as server:
            server.run("ledger", "create", LEDGER)
        acknowledged = []
        rounds = 0
        for batch in batches(example_lines(), ROUNDS, rng):
            rounds += 1
            text = "".join(line + "\n" for _, line in batch)
            append = ("append", f"--source={batch[0][0]}", "-")
            with Server(data) as server:
                out, _ = server.run(*append, stdin=text)
                server.kill()
            self.assertIn(f"({len(batch)} new, 0 already there)", out)
            acknowledged += [(source, json.loads(line)["event"]["eventId"])
                             for source, line in batch]
            with Server(data) as server:
                entries = replay(server)
                self.assertEqual(identities(entries), acknowledged)
                self.assertEqual(positions(entries),
                                 list(range(len(acknowledged) + 1)))
                again, _ = server.run(*append, stdin=text)
                self.assertIn(f"(0 new, {len(batch)} already there)", again)
                server.kill()
        self.assertEqual(rounds, ROUNDS)


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[2].isdigit():
        ROUNDS = int(sys.argv.pop(2))
    main()
