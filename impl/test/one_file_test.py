#!/usr/bin/env python3
"""One file adds one thing, and no list is edited: in a copy of the tree.

A strategy, an engine, a workload and a peer are added as one file each; then they
are listed, tested, benchmarked and reported. A strategy whose hook the compiler
cannot fold is found by the check of the loops.

usage: one_file_test.py BUILD_FOLDER
"""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

STRATEGY = """/* halve: rebuilds when fewer than half of the usable slots are live. */
#include "on_request.h"

#define STRATEGY_NEEDS 0u

static size_t halve(struct view v)
{
    size_t slots = fit(v.live > v.reserved ? v.live : v.reserved);
    return v.live * 2 < v.usable && slots < v.slots ? slots : HT_KEEP;
}

static const char strategy_summary[] = "shrinks at one half";

static const struct strategy strategy = {
    .promise = {.shape = HT_PROMISE_FACTOR, .num = 1, .den = 3,
                .words = "at least a third of usable is live"},
    .make_room = rebuild_to_fit,
    .after_del = halve,
    .on_clear = back_to_floor,
    .on_copy = compact_tightly,
};
"""

INDIRECT = STRATEGY.replace(".after_del = halve", ".after_del = call_it").replace(
    "static const struct strategy strategy",
    "static size_t (*volatile chosen)(struct view) = halve;\n\n"
    "static size_t call_it(struct view v)\n{\n    return chosen(v);\n}\n\n"
    "static const struct strategy strategy")

WORKLOAD = """/* once: n puts. */
#include "workload.h"

static void generate(struct gen *g)
{
    for (uint64_t i = 0; i < g->n; i++)
        gen_put(g, i);
}

const struct workload workload_once = {
    .name = "once",
    .summary = "n puts",
    .hurts = "nobody",
    .generate = generate,
};
"""


# A peer in C++, with its own hash too: the standard library's set of operations on a map.
PEER = """/* tree: the C++ standard library's map again, as a peer of one file.
 *
 * own hash: std::hash
 */
#include "peer_cpp.h"

#include <unordered_map>

namespace {
using map = std::unordered_map<uint64_t, uint64_t, peer_hash_or<std::hash<uint64_t>>,
                               std::equal_to<>, peer_allocator<peer_entry>>;

map make(struct peer *p)
{
    return map(p);
}

void shrink(map &m)
{
    m.rehash(0);
}
} // namespace

#include "peer_map.h"

PEER_IMPL(tree, "a peer of one file", 0);
"""


def run(*command, cwd, status=0, **environment):
    done = subprocess.run(command, cwd=cwd, env=dict(os.environ, **environment),
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == status, "%s\n%s" % (command, done.stdout)
    return done.stdout


def write(folder, name, content):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(content)


def add_files(tree):
    write(tree, "impl/strategy/halve.h", STRATEGY)
    write(tree, "bench/workload/once.c", WORKLOAD)
    with open(os.path.join(tree, "impl/engine/linear.h"), encoding="utf-8") as file:
        engine = file.read()
    write(tree, "impl/engine/plain.h", engine.replace("EBB_LINEAR_H", "EBB_PLAIN_H"))
    with open(os.path.join(tree, "impl/peer/null.c"), encoding="utf-8") as file:
        peer = file.read()
    write(tree, "impl/peer/void.c", peer.replace("peer_null", "peer_void").replace(
        '"peer/null"', '"peer/void"').replace('"null"', '"void"'))
    write(tree, "impl/peer/tree.cc", PEER)
    write(tree, "impl/peer/absent.c", "/* absent\n *\n * pkg-config: no-such-module\n */\n")


def main():
    folder = tempfile.mkdtemp()
    tree = os.path.join(folder, "tree")
    try:
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns("build", ".git", "results", "traces"))
        add_files(tree)
        release = os.path.join(tree, "build", "release")
        run("cmake", "--preset", "bench", "-DEBB_LAYOUTS=1", "-DEBB_PEERS=void;absent;tree", cwd=tree)
        run("cmake", "--build", "--preset", "bench", cwd=tree)
        tables = run(os.path.join(release, "ebb"), "tables", cwd=tree)
        for name in ("linear/halve", "dict/halve", "linear_shift/halve", "plain/halve",
                     "plain/tombstone", "peer/void", "peer/tree", "peer/tree_own"):
            assert "\n%s\t" % name in "\n" + tables, name
        assert "# skipped peer/absent: pkg-config does not find no-such-module" in tables
        assert "once\t" in run(os.path.join(release, "ebb"), "gen", "--list", cwd=tree)
        run(os.path.join(release, "test", "test_replay_random"), cwd=tree)
        run(os.path.join(release, "test", "test_no_memory"), cwd=tree)
        out = run(sys.executable, "scripts/run_bench.py", cwd=tree, N="2000", PEERS="1")
        report = out.strip().splitlines()[-1].split(": ")[1]
        with open(os.path.join(tree, report), encoding="utf-8") as file:
            text = file.read()
        for name in ("halve", "plain", "once", "peer/void", "peer/tree_own", "peer/absent"):
            assert name in text, name

        loops = os.path.join(tree, "scripts", "no-indirect-calls")
        run(loops, release, cwd=tree)
        write(tree, "impl/strategy/halve.h", INDIRECT)
        run("cmake", "--build", "--preset", "bench", "--target", "tables", cwd=tree)
        assert "linear_halve.c.o: " in run(loops, release, cwd=tree, status=1)
    finally:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
