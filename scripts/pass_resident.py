"""Resident memory, for the measurement's passes: which strategy gives memory back to the
system, under which allocator.

Runs ebb-resident (bench/pass/resident.c) for every allocator that is installed, and the program
of the article's complaint in the real interpreter beside the tables.
"""
import fnmatch
import os
import subprocess
import sys

from folder import compress, optional

FILES = {"resident.csv": "resident/1", "resident_samples.csv.gz": "resident_samples/1"}
# What is preloaded; glibc is always there. Their names are those of Debian's packages
# libjemalloc2, libmimalloc2.0 and libtcmalloc-minimal4.
LIBRARIES = {"jemalloc": "libjemalloc.so.2", "mimalloc": "libmimalloc.so.2",
             "tcmalloc": "libtcmalloc_minimal.so.4"}
# mode -> (workloads, tables, ms that a drained process is watched)
PLANS = {"default": (("fill_drain.random",), "dict/*", 1000),
         "full": (("fill_drain.random", "purge", "spike"), "[!p]*", 5000)}  # not the peers: pass_keep.py
ENTRIES = 1000000  # the article's
PROGRAM = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bench",
                       "pass", "dict_program.py")


def seconds(mode):
    """About how long the pass takes; 0 where it has none."""
    return {"default": 12, "full": 180}.get(mode, 0)


def allocators():
    """Those that the dynamic linker finds."""
    cache = subprocess.run(["/sbin/ldconfig", "-p"], stdout=subprocess.PIPE, text=True,
                           check=False).stdout
    return ["glibc"] + [name for name, library in LIBRARIES.items() if library in cache]


def programs(entries):
    """Arguments for the interpreter's dict: drained, then cleared, or replaced by its copy."""
    python = "python%d.%d" % sys.version_info[:2]
    return ["%s/%s=%s %s %s %d" % (python, what, sys.executable, PROGRAM, what, entries)
            for what in ("deleted", "cleared", "copied")]


def measure(build, workload, entries, tables, wait_ms, samples):
    """(CSV text of one workload, whether all went well); the samples go to a file."""
    command = [os.path.join(build, "ebb-resident"), workload, "--n", str(entries),
               "--table", tables, "--wait", str(wait_ms), "--allocators", ",".join(allocators()),
               "--samples", samples]
    if workload == "fill_drain.random":
        command += programs(entries)
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    return done.stdout, done.returncode == 0


def joined(texts):
    """CSV texts with one heading."""
    return texts[0] + "".join(t.split("\n", 1)[1] for t in texts[1:]) if texts else ""


def run(context):
    """Writes FILES into context.folder, none if none of its workloads is wanted; raises OSError
    if a process could not be measured."""
    workloads, tables, wait_ms = PLANS[context.mode]
    wanted = context.options.get("WORKLOAD", "*")
    chosen = [w for w in workloads if fnmatch.fnmatch(w, wanted) or
              fnmatch.fnmatch(w.split(".")[0], wanted)]
    tables = context.options.get("TABLE", tables)
    entries = int(context.options.get("N", ENTRIES))
    if not chosen:
        return
    figures, samples = [], []
    for i, workload in enumerate(chosen):
        context.progress(i, len(chosen), "resident memory, %s" % workload)
        path = os.path.join(context.folder, "samples.csv")
        text, good = measure(context.build, workload, entries, tables, wait_ms, path)
        if not good and not text:
            raise OSError("ebb-resident could not measure %s" % workload)
        with open(path, encoding="utf-8") as file:
            samples.append(file.read())
        os.remove(path)
        figures.append(text)
    with open(os.path.join(context.folder, "resident.csv"), "w", encoding="utf-8") as file:
        file.write(joined(figures))
    path = os.path.join(context.folder, "resident_samples.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write(joined(samples))
    compress(path)


def read(results, name):
    """[{column: text}] of one of FILES; [] where the run has none."""
    return optional(results.folder, results.files, name, FILES[name])
