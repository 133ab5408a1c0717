"""The processes of a run: what each does, in which order, and how it is varied.

A process is fresh: its own addresses (the system draws them), an environment of another size,
another order of its arms, and one of several link orders of the same objects. What it measured
lies in parts/ until all is put together; a journal says which are done, so that a long run
can be taken up again.
"""
import collections
import glob
import json
import os
import resource
import subprocess
import time

import folder as results
from outside import Failure

PAD_STEP, PAD_MOST = 1237, 4096       # bytes added to the environment
STEPS_A_PROCESS = 2 * 1000 * 1000     # cells are measured together up to so many entries * arms
JOBS_A_SHARD = 8                      # at least, so that they can be dealt evenly

# kind: "matrix" (cells first .. first + count of the plan) or "pairs"; replicate: which of the
# processes that do the same; what: for the progress line
Job = collections.namedtuple("Job", "kind replicate first count what")

# One of several runs that share a whole one among them: number 1 to `of`.
Shard = collections.namedtuple("Shard", "number of")
WHOLE = Shard(1, 1)

JOURNAL = "journal.ndjson"


def job_name(job):
    return "%s-%d-%d" % (job.kind, job.replicate, job.first)


def listed(program, what, flags):
    """What `program --list-cells` or `--list-pairs` prints, as a list of dicts."""
    done = subprocess.run([program, "--" + what] + flags, stdout=subprocess.PIPE, text=True,
                          check=False)
    if done.returncode:
        raise Failure("nothing was measured")
    heading, *lines = done.stdout.splitlines()
    return [dict(zip(heading.split(","), line.split(","))) for line in lines]


def load(cell):
    """About how much work a cell is."""
    return max(int(cell["n"]), 20000) * int(cell["arms"])


def matrix_jobs(cells, replicate, shard=WHOLE):
    """Cells in their order, small ones together; of a shard, those that fall to it."""
    jobs, first, together, loads = [], 0, 0, {}
    most = STEPS_A_PROCESS if shard == WHOLE else min(
        STEPS_A_PROCESS, sum(map(load, cells)) // (JOBS_A_SHARD * shard.of))
    for i, cell in enumerate(cells):
        together += load(cell)
        if together >= most or i + 1 == len(cells):
            job = Job("matrix", replicate, first, i + 1 - first, cells[first]["cell"])
            jobs.append(job)
            loads[job] = together
            first, together = i + 1, 0
    mine = dealt(jobs, loads, shard)
    return [job for job in jobs if job in mine]


def dealt(jobs, loads, shard):
    """Of all jobs those of a shard: the heaviest first, each to who has least. The same
    everywhere, so that the shards together are the whole."""
    given = [0] * shard.of
    mine = set()
    for job in sorted(jobs, key=lambda job: (-loads[job], job.first)):
        least = given.index(min(given))
        given[least] += loads[job]
        if least == shard.number - 1:
            mine.add(job)
    return mine


def in_turn(many, few):
    """All of both, the few spread evenly among the many."""
    keyed = [((i + 0.5) / len(many), 0, job) for i, job in enumerate(many)] + \
            [((i + 0.5) / len(few), 1, job) for i, job in enumerate(few)]
    return [job for _, _, job in sorted(keyed, key=lambda k: k[:2])]


def programs(build):
    """ebb-bench in every link order, the first as listed."""
    return [os.path.join(build, "ebb-bench")] + sorted(
        glob.glob(os.path.join(build, "layout", "ebb-bench-*")),
        key=lambda path: int(path.rsplit("-", 1)[1]))


class Processes:
    """Starts them one after the other and keeps what they wrote in `folder`/parts."""

    def __init__(self, build, folder, flags, sweeps):
        self.folder, self.flags, self.sweeps = folder, flags, sweeps
        self.parts = os.path.join(folder, "parts")
        os.makedirs(self.parts, exist_ok=True)
        self.programs = programs(build)
        self.failed, self.began = False, time.monotonic()
        self.journal = os.path.join(folder, JOURNAL)
        self.done = {}
        self.before = 0.0 # seconds of an earlier, interrupted part of this run
        if os.path.exists(self.journal):
            with open(self.journal, encoding="utf-8") as file:
                for line in file:
                    if line.endswith("\n"):
                        row = json.loads(line)
                        self.done[row["name"]] = row
                        self.before = max(self.before, row["ended"])
            self.failed = any(row["failed"] for row in self.done.values())

    def elapsed(self):
        """Seconds that the run has taken so far, those before an interrupt included."""
        return self.before + time.monotonic() - self.began

    def part(self, job, suffix):
        return os.path.join(self.parts, job_name(job) + suffix)

    def command(self, job):
        program = self.programs[job.replicate % len(self.programs)]
        command = [program, "--silent", "--order", str(job.replicate)] + self.flags
        if job.kind == "pairs":
            return command + ["--sweeps", str(self.sweeps), "--slices", self.part(job, ".slices"),
                              "--overhead", self.part(job, ".overhead")]
        command += ["--first", str(job.first), "--count", str(job.count),
                    "--rounds", self.part(job, ".rounds")]
        if job.replicate == 0:
            command += ["--memory", self.part(job, ".memory"), "--benchmark_out_format=json",
                        "--benchmark_out=" + self.part(job, ".json")]
        return command

    def start(self, job):
        """Runs one process; what it did is in the journal when it is done."""
        if job_name(job) in self.done:
            return
        number = len(self.done)
        pad = number * PAD_STEP % PAD_MOST
        row = {"name": job_name(job), "kind": job.kind, "process": number,
               "layout": job.replicate % len(self.programs), "pad": pad,
               "started": round(self.elapsed(), 3), "load": os.getloadavg()[0]}
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic_ns()
        done = subprocess.run(self.command(job), check=False,
                              env=dict(os.environ, EBB_PAD="x" * pad))
        row["wall_ns"] = time.monotonic_ns() - start
        if done.returncode not in (0, 1):
            raise Failure("ebb-bench ended with status %d" % done.returncode)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        row["cpu_ns"] = int(1e9 * (after.ru_utime + after.ru_stime
                                   - before.ru_utime - before.ru_stime))
        row["switches"] = after.ru_nivcsw - before.ru_nivcsw
        row["failed"], row["ended"] = done.returncode == 1, round(self.elapsed(), 3)
        self.failed |= row["failed"]
        self.done[row["name"]] = row
        with open(self.journal, "a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    def cost(self, job):
        """Seconds the job will take, by those that did the same; None if none did."""
        took = [row["wall_ns"] / 1e9 for name, row in self.done.items()
                if row["kind"] == job.kind and name.rsplit("-", 1)[1] == str(job.first)]
        return max(took) if took else None

    # ---- putting together ------------------------------------------------------

    def gather(self):
        """Writes the files of the folder from the parts; returns {file: schema}. slices.csv is
        not among them: pairs.keep_slices makes two of it."""
        rows = sorted(self.done.values(), key=lambda row: row["process"])
        columns = ("process", "kind", "layout", "pad", "started", "load", "wall_ns", "cpu_ns",
                   "switches")
        with open(os.path.join(self.folder, "processes.csv"), "w", encoding="utf-8") as file:
            file.write(",".join("job" if c == "kind" else c for c in columns) + "\n")
            for row in rows:
                file.write(",".join(str(row[c]) for c in columns) + "\n")
        schemas = {"processes.csv": "processes/1"}
        for suffix, name, numbered in ((".rounds", "rounds.csv", True),
                                       (".slices", "slices.csv", True),
                                       (".overhead", "overhead.csv", True),
                                       (".memory", "memory.csv", False)):
            if self.join(rows, suffix, name, numbered) and suffix != ".slices":
                if name == "rounds.csv":
                    results.compress(os.path.join(self.folder, name))
                    name += ".gz"
                schemas[name] = name.split(".")[0] + "/1"
        self.join_json(rows)
        schemas["gbench.json.gz"] = "gbench/2"
        return schemas

    def join(self, rows, suffix, name, numbered):
        """One CSV file from the parts; False if there are none."""
        heading, written = None, False
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as out:
            for row in rows:
                path = os.path.join(self.parts, row["name"] + suffix)
                if not os.path.exists(path):
                    continue
                with open(path, encoding="utf-8") as file:
                    first = file.readline()
                    if heading is None:
                        heading = first
                        out.write(("process," if numbered else "") + first)
                    for line in file:
                        out.write("%d,%s" % (row["process"], line) if numbered else line)
                written = True
        if not written:
            os.remove(os.path.join(self.folder, name))
        return written

    def join_json(self, rows):
        """Google Benchmark's JSON of the first processes, without the names of this machine and
        its folders."""
        context, benchmarks = None, []
        for row in rows:
            path = os.path.join(self.parts, row["name"] + ".json")
            if os.path.exists(path) and os.path.getsize(path):
                data = results.read_json(path)
                context = context or data["context"]
                benchmarks += data["benchmarks"]
        if not benchmarks:
            raise Failure("nothing was measured")
        context.pop("host_name", None)
        context["executable"] = os.path.basename(context["executable"])
        results.write_benchmarks(os.path.join(self.folder, "gbench.json"), context, benchmarks)
