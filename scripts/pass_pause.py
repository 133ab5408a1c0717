"""Pauses, for the measurement's passes: the time of single operations and of a hundred, and
the entries that each moves.

Runs ebb-pause (bench/pass/pause.c), which prints what it finds as CSV.
"""
import fnmatch
import os
import subprocess

from folder import optional

FILES = {"pauses.csv": "pauses/1", "pauses_work.csv": "pauses_work/1"}
OURS = "[!p]*"  # the peers' pauses: pass_keep.py
# mode -> [(workload, entries, replays)]
PLANS = {"default": [("fill_drain.random", 100000, 3)],
         "full": [("fill_drain.random", 1000000, 3), ("churn", 100000, 5),
                  ("sawtooth.half", 100000, 5)]}


def seconds(mode):
    """About how long the pass takes; 0 where it has none."""
    return {"default": 8, "full": 120}.get(mode, 0)


def chosen(plan, wanted):
    """Those of the plan whose workload a glob of the user's names."""
    return [step for step in plan if fnmatch.fnmatch(step[0], wanted) or
            fnmatch.fnmatch(step[0].split(".")[0], wanted)]


def append(path, text):
    """Adds CSV text to a file; its heading only to an empty one."""
    with open(path, "a", encoding="utf-8") as file:
        file.write(text if file.tell() == 0 else text.split("\n", 1)[1])


def run(context):
    """Writes FILES into context.folder, none if none of its workloads is wanted; raises OSError
    if nothing could be measured."""
    plan = chosen(PLANS[context.mode], context.options.get("WORKLOAD", "*"))
    if not plan:
        return
    times, work = (os.path.join(context.folder, name) for name in FILES)
    aside = os.path.join(context.folder, "work.csv")
    for path in (times, work):
        with open(path, "w", encoding="utf-8"):
            pass
    for i, (workload, entries, repeats) in enumerate(plan):
        context.progress(i, len(plan), "pauses, %s" % workload)
        done = subprocess.run(
            [os.path.join(context.build, "ebb-pause"), workload, "--n",
             context.options.get("N", str(entries)), "--table", context.options.get("TABLE", OURS),
             "--repeats", str(repeats), "--work", aside], stdout=subprocess.PIPE, text=True,
            check=False)
        if done.returncode:
            raise OSError("ebb-pause could not measure %s" % workload)
        append(times, done.stdout)
        with open(aside, encoding="utf-8") as file:
            append(work, file.read())
        os.remove(aside)


def read(results, name):
    """[{column: text}] of one of FILES; [] where the run has none."""
    return optional(results.folder, results.files, name, FILES[name])
