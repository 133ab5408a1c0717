"""Processes that measure pairs and nothing else: to ask what the measurement is worth, and to
measure them by the programs of another build.
"""
import collections
import os
import subprocess
import tempfile

import pairs
import processes
from outside import Failure


class PairRuns:
    """The programs of a build, and what they measure."""

    def __init__(self, build):
        self.programs = processes.programs(build)
        self.kept = tempfile.TemporaryDirectory(prefix="ebb-calibrate-")
        self.place = self.kept.name

    def listed(self, flags):
        """{pair's name: pairs.Pair}."""
        path = os.path.join(self.place, "pairs")
        done = subprocess.run([self.programs[0], "--list-pairs"] + flags, stdout=subprocess.PIPE,
                              text=True, check=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(done.stdout)
        return {p.name: p for p in pairs.read_pairs(path)}

    def process(self, number, flags):
        """{pair's name: its raw slices} of one process."""
        path = os.path.join(self.place, "slices")
        command = [self.programs[number % len(self.programs)], "--silent", "--order", str(number),
                   "--slices", path] + flags
        pad = "x" * (number * processes.PAD_STEP % processes.PAD_MOST)
        if subprocess.run(command, check=False, env=dict(os.environ, EBB_PAD=pad)).returncode:
            raise Failure("%s failed" % command[0])
        return {name: found[None] for name, found in pairs.read_slices(path).items()}

    def run(self, count_of, flags, first=0):
        """{pair's name: one value of each process}."""
        about, found = self.listed(flags), collections.defaultdict(list)
        for number in range(first, first + count_of):
            for name, slices in self.process(number, flags).items():
                found[name] += pairs.values([pairs.one_process(about[name], number, slices)])
        return found
