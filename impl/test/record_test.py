#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs scripts/record-malloc on small commands, and compares the traces with what they did.

usage: record_test.py BUILD_FOLDER, or record_test.py EBB LIBRARY
"""
import collections
import os
import pathlib
import subprocess
import sys
import tempfile

RECORD = pathlib.Path(__file__).resolve().parents[2] / "scripts/record-malloc"

# Calls the allocator in a known order, and prints the records that this should make. The sizes
# are large, so that the interpreter's own blocks do not come to lie at the same addresses.
KNOWN = """
import ctypes, os, signal, sys, threading
c = ctypes.CDLL(None, use_errno=True)
for name in "malloc calloc realloc reallocarray memalign aligned_alloc valloc pvalloc".split():
    getattr(c, name).restype = ctypes.c_size_t
W = ctypes.c_size_t
M = 1 << 20
def say(kind, address):
    os.write(1, b"%s %d\\n" % (kind, address))
    return address
def put(address): return say(b"put", address)
def free(address):
    say(b"del", address)
    c.free(W(address))
def resize(old, new):
    if old != new:
        say(b"del", old)
        put(new)
    return new
a = put(c.malloc(W(3 * M)))
b = put(c.calloc(W(3), W(M)))
c.free(None)
a = resize(a, c.realloc(W(a), W(3 * M - 9)))
for n in range(4, 40, 3):
    a = resize(a, c.realloc(W(a), W(n * M)))
assert c.realloc(W(a), W(1 << 62)) == 0
assert c.reallocarray(W(a), W(1 << 62), W(16)) == 0
assert c.malloc(W(1 << 62)) == 0
p = W(1 << 40)
assert c.posix_memalign(ctypes.byref(p), W(3), W(M)) != 0
assert c.posix_memalign(ctypes.byref(p), W(1 << 16), W(M)) == 0
put(p.value)
rest = [put(c.memalign(W(1 << 17), W(M))), put(c.aligned_alloc(W(64), W(2 * M))),
        put(c.valloc(W(M))), put(c.pvalloc(W(M + 1))), put(c.reallocarray(None, W(9), W(M)))]
free(b)
thread = threading.Thread(target=free, args=(p.value,))
thread.start()
thread.join()
free(rest.pop(0))
say(b"del", a)
assert c.realloc(W(a), W(0)) == 0
put(c.malloc(W(5 * M)))
END
"""


class Test:
    def __init__(self, ebb, library):
        self.ebb = ebb
        self.env = dict(os.environ, EBB=ebb, EBB_RECORD_LIB=library, PYTHONMALLOC="malloc")

    def record(self, folder, command, *options, stdin=""):
        return subprocess.run(
            [sys.executable, str(RECORD), "--output", str(folder), *options, "--", *command],
            env=self.env, input=stdin, capture_output=True, text=True, check=False)

    def steps(self, path):
        shown = subprocess.run([self.ebb, "show", str(path)], capture_output=True, text=True,
                               check=True)
        return [line for line in shown.stdout.splitlines() if line[0] != "#"]

    def known(self, folder, ending, status):
        """The known order, in a process that ends in some way; its steps."""
        code = KNOWN.replace("END", ending)
        done = self.record(folder, [sys.executable, "-c", code])
        assert done.returncode == status, (done.returncode, done.stderr)
        (path,) = folder.iterdir()  # one trace, nothing unfinished
        assert path.name.endswith(".ebt.zst"), path
        want = done.stdout.splitlines()
        addresses = {line.split()[1] for line in want}
        steps = self.steps(path)
        got = [step for step in steps if step.split()[1] in addresses]
        assert got == want, f"got {got}, want {want}"
        assert f"put {1 << 40}" not in steps  # what the failed call left alone
        live = set()
        for step in steps:
            kind, address = step.split()
            assert (kind == "put") != (address in live), step
            live ^= {address}
        return steps

    def endings(self, folder):
        """No way to end loses records."""
        for number, (ending, status) in enumerate([
                ("", 0), ("sys.exit(9)", 9), ("os._exit(8)", 8), ("os.abort()", 134),
                ("os.kill(os.getpid(), signal.SIGKILL)", 137),
                ("os.closerange(3, 1000); [put(c.malloc(W(n))) for n in [7 * M] * 9]", 0)]):
            assert len(self.known(folder / str(number), ending, status)) > 1000

    def fork(self, folder):
        """A child writes a trace of its own, without what its parent did."""
        code = KNOWN.replace("END", "if os.fork(): os.wait()\nelse: free(rest.pop()); "
                                    "put(c.malloc(W(40 * M))); os._exit(0)")
        done = self.record(folder, [sys.executable, "-c", code], "--min-steps", "1")
        want = done.stdout.splitlines()
        parent, child = sorted((self.steps(path) for path in folder.iterdir()), key=len,
                               reverse=True)
        assert want[-1] in child and want[-2] not in child, want[-2:]
        assert len(child) < 1000 < len(parent), (len(child), len(parent))
        assert not set(want[:4]) & set(child)
        assert set(want[:-2]) <= set(parent) and want[-1] not in parent

    def processes(self, folder):
        """Every process is recorded; input, output and status are the command's own."""
        done = self.record(folder, ["/bin/sh", "-c", "cat; (exec ls /) >&2; exit 7"],
                           "--min-steps", "1", stdin="through\n")
        assert done.returncode == 7 and done.stdout == "through\n", done
        names = collections.Counter(path.name.split("-")[0] for path in folder.iterdir())
        assert {"sh", "cat", "ls"} <= set(names), names
        twice = folder / "exec"  # two images of one process
        done = self.record(twice, ["/bin/sh", "-c", "exec /bin/sh -c :"], "--min-steps", "1")
        assert len(list(twice.iterdir())) == 2, done
        done = self.record(folder / "none", ["/bin/sh", "-c", ":"], "--min-steps", "100000")
        assert "left out sh-" in done.stderr and not list((folder / "none").iterdir()), done

    def errors(self, folder):
        done = self.record(folder, ["no-such-command"])
        assert done.returncode == 127 and "not found" in done.stderr, done
        assert not list(folder.iterdir())
        (folder / "file").write_text("")
        done = self.record(folder / "file", ["/bin/true"])
        assert done.returncode == 125 and "--output" in done.stderr, done
        there = dict(self.env)
        self.env["EBB"] = "/bin/false"
        done = self.record(folder, ["/bin/ls"], "--min-steps", "1")
        assert done.returncode == 125 and "/bin/false" in done.stderr, done
        self.env["EBB_RECORD_LIB"] = str(folder / "none.so")
        done = self.record(folder, ["/bin/true"])
        assert done.returncode == 125 and "none.so does not exist" in done.stderr, done
        assert [path.name for path in folder.iterdir()] == ["file"]
        self.env = there
        env = dict(there, LD_PRELOAD=there["EBB_RECORD_LIB"], EBB_RECORD_DIR=str(folder / "no"))
        done = subprocess.run(["/bin/ls", "/"], env=env, capture_output=True, text=True,
                              check=False)
        assert done.returncode == 0 and done.stderr.count("unrecorded") == 1, done


def main():
    paths = [os.path.abspath(word) for word in sys.argv[1:]]
    if len(paths) == 1:
        paths = [os.path.join(paths[0], name) for name in ("ebb", "librecord_malloc.so")]
    test = Test(*paths)
    for part in (test.endings, test.fork, test.processes, test.errors):
        with tempfile.TemporaryDirectory() as folder:
            part(pathlib.Path(folder))
            print(f"{part.__name__}: good")


if __name__ == "__main__":
    main()
