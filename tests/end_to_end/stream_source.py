"""A source that stream_feeder feeds, and what a ledger must hold of it.

The feeder says of each event what became of it; whatever happens to feeder,
server or disk meanwhile, the whole log is held against what it offers and what
it was told.
"""

import subprocess

from programs import LEDGER, bin_dir, environment, positions


class Source:
    """What a feeder offers, and what it was told. Cursors count from 1."""

    def __init__(self, number, events, batch, folder):
        self.arguments = [LEDGER, str(number), str(events), str(batch)]
        self.name = f"accounting-{number}"
        self.folder = folder
        self.outputs = []
        listed = subprocess.run(
            [bin_dir() / "stream_feeder", "list", "-", *self.arguments],
            check=True, capture_output=True, text=True, timeout=60).stdout
        # (event id, new, duplicate or refused) of each cursor.
        self.offered = [tuple(line.split()[1:])
                        for line in listed.splitlines()]

    def start(self, address):
        """A feeder that goes on from the cursor."""
        path = self.folder / f"{self.name}.{len(self.outputs)}"
        self.outputs.append(path)
        with path.open("wb") as out:
            return subprocess.Popen(
                [bin_dir() / "stream_feeder", "feed", address,
                 *self.arguments], stdin=subprocess.DEVNULL, stdout=out,
                env=environment())

    def printed(self):
        """Bytes that the feeder that runs has printed."""
        return self.outputs[-1].stat().st_size

    def expected(self):
        """The event ids that must be recorded, in order."""
        return [event_id for event_id, kind in self.offered if kind == "new"]

    def told(self):
        """(words of a line, highest cursor told before) of all feeders."""
        highest = 0
        for path in self.outputs:
            # A feeder may have been killed in the middle of its last line.
            for line in path.read_text().split("\n")[:-1]:
                words = line.split()
                yield words, highest
                highest = max(highest, int(words[1]))


def check_log(test, sources, entries):
    """The log holds each event that the sources offer once, in their order."""
    test.assertEqual(positions(entries), list(range(len(entries))))
    recorded = {source.name: [] for source in sources}
    for entry in entries[1:]:
        recorded[entry["source"]].append(entry["event"]["eventId"])
    for source in sources:
        test.assertEqual(recorded[source.name], source.expected())


def check_told(test, source, told, entries):
    """Everything acknowledged is where it was said to be."""
    for (word, cursor, *position), highest in told:
        cursor = int(cursor)
        if word == "opened":
            # What was acknowledged moved the cursor.
            test.assertGreaterEqual(cursor, highest)
            continue
        event_id, kind = source.offered[cursor - 1]
        test.assertEqual(word == "refused", kind == "refused", event_id)
        if word == "acked":
            entry = entries[int(position[0])]
            test.assertEqual((entry["source"], entry["event"]["eventId"]),
                             (source.name, event_id))


def reports_of(entries):
    """The reports that the entries are about, in order."""
    return sorted({entry["event"]["subject"] for entry in entries[1:]
                   if "/reports/" in entry["event"]["subject"]})


def figures(server, reports):
    """What the reports show at the end of the year."""
    return [server.run("report", "show", report, "--as-of=2024-12-31",
                       "--format=csv")
            for report in reports]
