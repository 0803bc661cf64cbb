#!/usr/bin/env python3
"""The session on the README's first screen does what it shows.

Each command of the README's first ```console block runs as written, with the
built programs on the PATH, in a folder where `examples` is the repository's.
What it prints must be what the README shows; a line `...` there stands for any
lines.
"""

import os
import re
import signal
import subprocess
import unittest

from programs import ROOT, Scratch, bin_dir, environment, main

STEP_SECONDS_MAX = 60


def session():
    """(command, expected lines) of the first console block."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"^```console\n(.*?)^```", text, re.M | re.S).group(1)
    steps = []
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append((line[2:], []))
        else:
            steps[-1][1].append(line)
    return steps


def matches(expected, printed):
    """Whether `printed` reads as `expected`, where ... stands for any lines."""
    if not expected:
        return not printed
    if expected[0] == "...":
        return any(matches(expected[1:], printed[i:])
                   for i in range(len(printed) + 1))
    return bool(printed) and expected[0].rstrip() == printed[0].rstrip() and \
        matches(expected[1:], printed[1:])


class ReadmeTest(Scratch):

    def setUp(self):
        super().setUp()
        (self.folder / "examples").symlink_to(ROOT / "examples")
        path = f"{bin_dir()}{os.pathsep}{os.environ['PATH']}"
        self.environment = environment(PATH=path, HOME=str(self.folder))

    def start_in_background(self, command):
        """Starts the server on free ports, the first of which the other commands are told
        of; answers what it printed, with the port that the README has."""
        process = subprocess.Popen(
            command + " --listen=127.0.0.1:0 --http_listen=127.0.0.1:0",
            shell=True, cwd=self.folder,
            env=self.environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, start_new_session=True)

        def stop():
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(STEP_SECONDS_MAX)
            process.stderr.close()

        self.addCleanup(stop)
        printed = process.stderr.readline().rstrip("\n")
        address = printed.split()[-1]
        self.environment["DAYBOOK_SERVER"] = address
        files = process.stderr.readline().rstrip("\n")
        return [printed.replace(address, "127.0.0.1:7400"),
                re.sub(":[0-9]+$", ":7480", files)]

    def run_step(self, command):
        if command.endswith("&"):
            return self.start_in_background(command[:-1])
        done = subprocess.run(
            command, shell=True, cwd=self.folder, env=self.environment,
            capture_output=True, text=True, timeout=STEP_SECONDS_MAX,
            check=False)
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stderr}")
        return done.stdout.splitlines()

    def test_the_session_prints_what_the_readme_shows(self):
        steps = session()
        self.assertGreater(len(steps), 4)
        for command, expected in steps:
            printed = self.run_step(command)
            self.assertTrue(
                matches(expected, printed),
                "{}\nshown:\n{}\nprinted:\n{}".format(
                    command, "\n".join(expected), "\n".join(printed)))

    def test_the_comparison_can_fail(self):
        self.assertTrue(matches(["a", "...", "c"], ["a", "b", "b", "c"]))
        self.assertFalse(matches(["a", "...", "c"], ["a", "b"]))
        self.assertFalse(matches(["a"], ["a", "b"]))


if __name__ == "__main__":
    main()
