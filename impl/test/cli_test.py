#!/usr/bin/env python3
"""The command line: what it prints, and one clear line for every bad input.

usage: cli_test.py BUILD_FOLDER
"""
import os
import signal
import subprocess
import sys
import tempfile
import time

EBB = os.path.join(os.path.abspath(sys.argv[1]), "ebb")


def ebb(*words, stdin=b"", cwd=None, stdout=subprocess.PIPE):
    done = subprocess.run([EBB] + list(words), input=stdin, stdout=stdout,
                          stderr=subprocess.PIPE, cwd=cwd, check=False)
    return done.returncode, (done.stdout or b"").decode(), done.stderr.decode()


def refused(*words, says, lines=1, **more):
    """The command exits with 2, prints nothing but a heading, and says what is wrong."""
    status, out, err = ebb(*words, **more)
    assert status == 2, (words, status, err)
    assert not out or out.startswith("table ") and out.count("\n") == 1, (words, out)
    assert says in err, (words, err)
    assert err.startswith("ebb: ") and err.count("\n") == lines, (words, err)


def names(command):
    return [line.split("\t")[0] for line in command.splitlines()
            if line and not line.startswith("#")]


def test_help():
    status, out, _ = ebb("--help")
    assert status == 0
    verbs = [line.split()[0] for line in out.splitlines() if line.startswith("  ")]
    assert {"tables", "gen", "show", "replay", "article", "pack"} <= set(verbs), verbs
    for verb in verbs:
        status, out, err = ebb(verb, "--help")
        assert status == 0 and out.startswith("usage: ebb " + verb) and not err, verb
    assert ebb()[0] == 2
    assert ebb("--version")[1].startswith("ebb ")


def test_article():
    status, out, _ = ebb("article")
    assert status == 0
    assert out.splitlines()[:8] == [
        "new\t240", "filled\t41943144", "drained\t41943144", "dict(a)\t240", "copy.copy(a)\t240",
        "copy.deepcopy(a)\t240", "new\t240", "cleared\t72"]
    figures = [line.split("\t")[1] for line in ebb("article", "--cpython", "3.11")[1].splitlines()[:8]]
    assert figures == ["64", "41943128", "41943128", "64", "64", "64", "64", "64"]
    small = ebb("article", "--n", "5")[1].splitlines()
    assert small[1] == "filled\t240" and small[2] == "drained\t240"
    for table in names(ebb("tables")[1]):
        told = any(line.startswith(table + " drained\t") for line in out.splitlines())
        ours = not table.startswith("peer/") or table == "peer/cpython_dict"
        assert told == (ours and table != "dict/cpython"), table


def test_life():
    lines = ebb("life", "--n", "1600", "--table", "linear/[st]*")[1].splitlines()
    assert all(len(line.split("\t")) == 2 + 3 * 7 for line in lines) and len(lines) == 4, lines
    refused("life", "--table", "nobody/*", says="unknown table")
    refused("life", "--n", "10", says="--n")


def test_keep():
    lines = ebb("keep", "--n", "1000", "--table", "linear/[st]*")[1].splitlines()
    heads, rows = lines[0].split("\t"), [line.split("\t") for line in lines[1:]]
    assert all(len(row) == len(heads) for row in rows), lines
    inserted = {row[0]: float(row[heads.index("insert")]) for row in rows}
    assert inserted["linear/shrink"] * 10 < inserted["linear/tombstone"], lines
    refused("keep", "--table", "nobody/*", says="unknown table")
    refused("keep", "--n", "10", says="--n")


def test_many():
    lines = ebb("many", "--n", "1000")[1].splitlines()
    rows = {line.split("\t")[0]: line.split("\t")[2:] for line in lines}
    assert all(len(row) == 4 for row in rows.values()), lines
    assert {"linear/tombstone", "segment/follow"} <= set(rows) and "linear/shrink" not in rows, lines
    assert all("-" not in row for name, row in rows.items() if not name.startswith("peer/")), lines
    status, out, _ = ebb("many", "--n", "1", "--table", "linear/s*", "--at-once", "3")
    rows = [line.split("\t") for line in out.splitlines()]
    assert status == 0 and [row[0] for row in rows[1:]] == ["linear/shrink", "linear/static_empty"]
    assert all(float(word) > 0 for row in rows[1:] for word in row[2:]) and len(rows[1]) == 6, out
    refused("many", "--table", "nobody/*", says="unknown table")
    refused("many", "--at-once", "33", says="--at-once")


def test_beside():
    lines = ebb("beside", "--n", "1000", "--rounds", "2", "--sizes", "1", "--base", "linear/tombstone", "--table",
                "linear/s*")[1].splitlines()
    heads, rows = lines[0].split("\t"), [line.split("\t") for line in lines[1:]]
    assert [row[0] for row in rows] == ["linear/tombstone", "linear/shrink", "linear/static_empty"]
    assert all(len(row) == len(heads) for row in rows), lines
    assert rows[0][heads.index("hit_ratio")] == "1.000", lines
    left = [float(row[heads.index("left")]) for row in rows]
    assert left[1] * 10 < left[0] == left[2], lines
    refused("beside", "--base", "nobody/here", says="unknown table")
    refused("beside", "--base", "linear/shrink", "--table", "nobody/*", says="matches no table")
    refused("beside", "--rounds", "0", says="--rounds")
    refused("beside", "--base", "peer/null", says="unknown table")
    refused("beside", "--base", "linear/shrink", "--table", "linear/shrink", says="matches no table")
    lines = ebb("beside", "--n", "100", "--sizes", "2", "--rounds", "1", "--base", "dict/shrink")[1]
    sizes = [line.split("\t")[1] for line in lines.splitlines()[1:]]
    # The base, group, segment; and Boost's map with its own hash, where Boost is installed.
    each = 3 + ("peer/boost_unordered_flat_map_own" in names(ebb("tables")[1]))
    assert sizes == ["100"] * each + ["141"] * each, sizes


def test_unknown():
    refused("frob", says="unknown verb 'frob' (known: ")
    refused("gen", "frob", says="unknown workload 'frob' (known: ")
    refused("count", "--workload", "frob", says="unknown workload 'frob' (known: ")
    refused("show", "--frob", "x", says="takes no option, got --frob")
    refused("replay", "--sizes", "--csv", "x", "-", says="choose one")
    refused("replay", "/tmp", says="/tmp: Is a directory")
    refused("gen", "purge", "--n", "0", says="--n 0: not a whole number from 1")
    refused("gen", "purge", "--n", "many", says="--n many: not a whole number")
    refused("gen", "purge", "--keys", "odd", says="known: random sequential pointer")
    refused("gen", "purge", "--frob", says="unknown option --frob (known: ")
    refused("gen", "purge", "--n", says="--n needs a value")
    refused("replay", "--table", "frob", "-", says="unknown table 'frob' (known: dict/")
    refused("replay", "--check", "odd", "-", says="known: steps blocks")
    refused("article", "--cpython", "3.14", says="untested")
    refused("article", "--cpython", "2.7", says="unknown version")
    refused("replay", "-", says="standard input can be replayed on one table only")
    refused("show", "/nowhere/trace", says="/nowhere/trace: No such file")
    refused("gen", "purge", "--output", "/nowhere/trace", says="/nowhere/trace: No such file")


def test_malformed(folder):
    def text(content):
        path = os.path.join(folder, "bad.trace")
        with open(path, "wb") as file:
            file.write(content)
        return path

    one = ("replay", "--table", "linear/shrink")
    for content, says in ((b"put 1\nfrob\n", "bad.trace:2: unknown step 'frob'"),
                          (b"put 1\nput\n", "bad.trace:2: 'put' needs a number"),
                          (b"\0\1\2\n", "bad.trace:1: the line holds a zero byte")):
        status, _, err = ebb(*one, text(content))
        assert status == 2 and says in err, err
    path = os.path.join(folder, "whole.ebt")
    assert ebb("gen", "churn", "--n", "3000", "--output", path)[0] == 0
    with open(path, "rb") as file:
        whole = file.read()
    status, _, err = ebb(*one, text(whole[:len(whole) // 2]))
    assert status == 2 and "truncated" in err, err
    broken = bytearray(whole)
    broken[len(whole) // 2] ^= 4
    status, _, err = ebb(*one, text(bytes(broken)))
    assert status == 2 and "damaged" in err, err
    popping = text(b"put 1\npop\n")
    refused("replay", "--table", "linear/shrink", popping, says="keeps no order")
    refused("replay", "--table", "peer/null", popping, says="answers nothing")
    assert ebb("replay", "--table", "dict/shrink", popping)[0] == 0
    status, out, err = ebb("replay", popping, cwd=folder)
    assert status == 0 and "linear/shrink" in out and "skipped: it keeps no order" in out, (out, err)
    refused("replay", "--table", "dict/shrink", "--csv", popping, popping, says="that is the trace")
    refused("replay", "--table", "dict/shrink", text(b"put " + b"1" * 5000 + b"\n"),
            says="longer than 4096")
    big = os.path.join(folder, "big.ebt")
    assert ebb("pack", "--output", big, text(b"reserve 9223372036854775808\nput 1\n"))[0] == 0
    for check in ("steps", "blocks"):
        status, out, _ = ebb("replay", "--check", check, "--table", "dict/shrink", big)
        assert status == 0 and "1 allocations refused" in out, out


def test_forms(folder):
    plain, packed = os.path.join(folder, "a.trace"), os.path.join(folder, "a.ebt.zst")
    assert ebb("gen", "lru", "--n", "200", "--text", "--output", plain)[0] == 0
    assert ebb("pack", "--output", packed, plain)[0] == 0
    shown = ebb("show", packed)[1]
    with open(plain, encoding="utf-8") as file:
        assert shown == "".join(line for line in file if not line.startswith("#"))
    for path in (plain, packed):
        for check in ("steps", "blocks"):
            assert ebb("replay", "--check", check, path)[0] == 0
    assert ebb("replay", "--table", "dict/shrink", "-", stdin=shown.encode())[0] == 0
    status, out, _ = ebb("replay", "--csv", "-", "--table", "dict/shrink", plain)
    assert status == 0 and out.startswith("table,step,live,") and out.count("\n") > 5
    assert all(line.count(",") == 7 for line in out.splitlines())
    sizes = ebb("replay", "--sizes", "--cpython", "3.7.3", plain)[1].splitlines()
    assert sizes[0] == "0\t240" or sizes[0].endswith("\t240"), sizes[0]


def test_full_disk(folder):
    if os.path.exists("/dev/full"):
        with open("/dev/full", "wb") as full:
            status, _, err = ebb("gen", "churn", "--n", "10000", stdout=full)
        assert status == 2 and "No space left" in err, err
    assert not [name for name in os.listdir(folder) if name.endswith(".unfinished")]


def test_interrupted(folder):
    """What was not complete when it was told to stop goes."""
    path = os.path.join(folder, "stopped.ebt")
    for number in (signal.SIGINT, signal.SIGTERM):
        running = subprocess.Popen([EBB, "gen", "blink", "--n", "1000000000", "--output", path])
        while not os.path.exists(path + ".unfinished") and running.poll() is None:
            time.sleep(0.01)
        running.send_signal(number)
        assert running.wait() == -number, running.returncode
        assert not [name for name in os.listdir(folder) if name.startswith("stopped")], number


def test_special_files(folder):
    """Pipes are written to and links are followed; neither is replaced."""
    link, target = os.path.join(folder, "link"), os.path.join(folder, "target")
    os.symlink(target, link)
    with open(target, "w", encoding="utf-8"):
        pass
    assert ebb("gen", "blink", "--n", "3", "--text", "--output", link)[0] == 0
    assert os.path.islink(link) and os.path.getsize(target) > 0
    pipe = os.path.join(folder, "pipe")
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE)
    assert ebb("gen", "blink", "--n", "3", "--text", "--output", pipe)[0] == 0
    assert reader.communicate()[0].count(b"\n") == 7
    assert os.path.exists(pipe) and not os.path.isfile(pipe)


def test_memory(folder):
    """A trace of 10^7 steps (160 MB in memory) is streamed: replaying it takes a few MB."""
    path = os.path.join(folder, "long.ebt")
    assert ebb("gen", "blink", "--n", "5000000", "--keys", "sequential", "--output", path)[0] == 0
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(write, 1)
        os.execv(EBB, [EBB, "replay", "--table", "linear/shrink", path])
    os.close(write)
    with os.fdopen(read) as out:
        out.read()
    _, status, usage = os.wait4(pid, 0)
    assert status == 0
    assert usage.ru_maxrss < 16 * 1024, usage.ru_maxrss


def main():
    test_help()
    test_article()
    test_life()
    test_keep()
    test_many()
    test_beside()
    test_unknown()
    with tempfile.TemporaryDirectory() as folder:
        test_malformed(folder)
        test_forms(folder)
        test_full_disk(folder)
        test_interrupted(folder)
        test_special_files(folder)
        test_memory(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
