"""The corpora of the fuzz targets: filled, merged to the fewest inputs that reach every
edge, and what was found, explained.

build/corpus/TARGET is what the engines work on; corpus/seed/TARGET is what is kept;
build/findings/TARGET holds inputs that crash until they are mended: nothing here
deletes one.
"""
import glob
import os
import re
import shutil
import subprocess

from fuzz_engines import BUILD, Failure, ROOT, build, max_input, program

FORMAT = 1 # the first byte of an input of steps (fuzz/input.h)


def seed_folder(target):
    """Where a target's inputs are kept."""
    return os.path.join(ROOT, "corpus", "seed", target)


def findings_folder(target):
    """Where inputs that crash a target are put; made if need be."""
    folder = os.path.join(BUILD, "findings", target)
    os.makedirs(folder, exist_ok=True)
    return folder


def reads_steps(target):
    """Are its inputs steps, with a format of their own?"""
    return not target.startswith("trace_")


def unknown(target):
    """Names in the seed folder of a format that this version does not read."""
    if not reads_steps(target):
        return set()
    names = set()
    for path in glob.glob(os.path.join(seed_folder(target), "*")):
        with open(path, "rb") as file:
            if file.read(1) != bytes([FORMAT]):
                names.add(os.path.basename(path))
    return names


def frozen(target):
    """Names in the seed folder that corpus/frozen keeps for the hunt."""
    with open(os.path.join(ROOT, "corpus", "frozen"), encoding="utf-8") as file:
        lines = [line.strip() for line in file if not line.startswith("#")]
    return {os.path.basename(line) for line in lines if line.startswith(target + "/")}


def fill(folder, *sources):
    """Copies files into a folder that is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for source in sources:
        for path in glob.glob(os.path.join(source, "*")):
            if os.path.isfile(path) and os.path.getsize(path):
                shutil.copy(path, folder)
    if not os.listdir(folder):
        with open(os.path.join(folder, "first"), "wb") as file:
            file.write(bytes([FORMAT]) + b"\0\0\0\0\0\0\1\5\1")
    return folder


def start(target):
    """The folder that the engines work on, filled with what is kept. A target without
    inputs of its own begins with those of differential."""
    sources = [seed_folder(target)]
    if reads_steps(target) and not os.path.isdir(sources[0]):
        sources = [seed_folder("differential")]
    shared = os.path.join(os.environ.get("SHARED") or os.devnull, target)
    sources += glob.glob(os.path.join(shared, "*", "queue"))
    for path in glob.glob(os.path.join(shared, "*", "crashes", "id*")):
        name = "%s-%s" % (path.split(os.sep)[-3], os.path.basename(path).replace(":", "-"))
        shutil.copy(path, os.path.join(findings_folder(target), name))
    return fill(os.path.join(BUILD, "corpus", target), *sources)


def coverage(text):
    """(edges, features) of libFuzzer's last line."""
    found = re.findall(r"cov: (\d+) ft: (\d+)", text)
    return tuple(map(int, found[-1])) if found else (0, 0)


def smallest_cover(target, corpus, *flags):
    """A folder with the fewest inputs that cover what the corpus covers."""
    merged = os.path.join(BUILD, "corpus", target + ".merged")
    shutil.rmtree(merged, ignore_errors=True)
    os.makedirs(merged)
    done = subprocess.run([program("libfuzzer", "plain", target), "-set_cover_merge=1",
                           "-max_len=%d" % max_input(target), *flags,
                           "-artifact_prefix=" + findings_folder(target) + os.sep, merged, corpus],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if done.returncode or not os.listdir(merged):
        raise Failure("merging %s failed; its corpus is in %s" % (target, corpus))
    return merged


def merge(target, corpus):
    """Brings the fewest inputs that reach every edge back into the seed folder; returns
    how many are new and kept, and the coverage of what is kept. What is new is there
    before what is old goes."""
    seed = seed_folder(target)
    merged = smallest_cover(target, corpus, "-use_counters=0")
    names = set(os.listdir(merged))
    before = set(os.listdir(seed)) if os.path.isdir(seed) else set()
    os.makedirs(seed, exist_ok=True)
    for name in sorted(names - before):
        shutil.copy(os.path.join(merged, name), os.path.join(seed, name + ".part"))
        os.replace(os.path.join(seed, name + ".part"), os.path.join(seed, name))
    gone = filter(re.compile("[0-9a-f]{40}").fullmatch, before - names)  # not what `make regress` named
    for name in sorted(set(gone) - unknown(target) - frozen(target)):
        os.unlink(os.path.join(seed, name))
    return len(names - before), len(names), measure(target, seed)


def told_by_git(target):
    """How many inputs git sees come and go in the seed folder, and how to take that back; "" outside a
    clone, or where nothing changed."""
    done = subprocess.run(["git", "-C", ROOT, "status", "--porcelain", "-uall", "--", seed_folder(target)],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    lines = done.stdout.splitlines()
    gone = sum("D" in line[:2] for line in lines)
    if not lines:
        return ""
    place = os.path.relpath(seed_folder(target), ROOT)
    return "%-14s %-10s %10d new, %d gone since the last commit; to take it back: git checkout %s && git" \
        " clean -fdq %s\n" % (target, "in git", len(lines) - gone, gone, place, place)


def measure(target, folder):
    """(edges, features) that the inputs of a folder reach."""
    said = subprocess.run([program("libfuzzer", "plain", target), "-runs=0", folder],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False).stderr
    return coverage(said.decode(errors="replace"))


FINDERS = ("explore", "hard")  # the fast one; what only assertions or sanitizers see


def build_finders():
    for preset in FINDERS:
        build(preset, "finding")


def shown(target, path):
    """What `finding` says of an input, in the first of its builds where it shows something."""
    for preset in FINDERS:
        done = subprocess.run([os.path.join(BUILD, preset, "finding"), target, path, path],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode == 0:
            break
    return done.stdout


def explain(target):
    """Writes what each finding shows beside it: a trace and a C program of the fewest
    steps, or for the readers the smallest bytes. Returns (name, sentence) of each."""
    findings = []
    for path in sorted(glob.glob(os.path.join(findings_folder(target), "*"))):
        if path.endswith((".txt", ".min", ".trace", ".c")):
            continue
        if reads_steps(target):
            said = shown(target, path)
        else:
            subprocess.run([program("libfuzzer", "plain", target), "-minimize_crash=1", "-runs=20000",
                            "-exact_artifact_path=" + path + ".min", path],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            said = subprocess.run([program("libfuzzer", "plain", target), path],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False).stderr
        with open(path + ".txt", "wb") as file:
            file.write(said)
        lines = said.decode(errors="replace").strip().splitlines()
        findings.append((os.path.relpath(path, ROOT), lines[-1] if lines else "says nothing"))
    return findings


def keep_witnesses(corpus):
    """The worst that the search found, into corpus/witness; what is there takes part."""
    folder = os.path.join(ROOT, "corpus", "witness")
    os.makedirs(folder, exist_ok=True)
    done = subprocess.run([os.path.join(BUILD, "release", "witness"), folder, corpus],
                          stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()
