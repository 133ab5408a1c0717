#!/usr/bin/env python3
"""One file adds one thing, and no list is edited: in a copy of the tree.

A strategy, an engine, a workload and a peer are added as one file each; then they
are listed, tested, benchmarked and reported. A strategy whose hook the compiler
cannot fold is found by the check of the loops. Peers that abort, leak or run out of memory
fail their own rows of a benchmark, by name and trace, and the rest of it is measured.

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


# name: (what its make() does first, what its hash does first, what is said of it)
FAILING = {
    "aborts": ("", "if (++calls > 100) std::abort();", "killed by signal 6 (Aborted)"),
    "leaks": ("(void)peer_alloc(p, 100);", "", "112 bytes are still held"),
    "starves": ("", "if (++calls > 100) throw std::bad_alloc();", "killed by signal 6 (Aborted)"),
}


def failing(name):
    """The peer of one file, with a defect."""
    making, hashing, _ = FAILING[name]
    hash_of = "struct defect {\n    std::size_t operator()(uint64_t key) const\n    {\n        " \
        "static int calls;\n        (void)calls;\n        %s\n        return ht_mix(key);\n    }" \
        "\n};\n" % hashing
    text = PEER.replace(" * own hash: std::hash\n", "").replace("tree", name)
    text = text.replace("namespace {\n", "namespace {\n" + hash_of)
    text = text.replace("peer_hash_or<std::hash<uint64_t>>", "defect").replace(
        "    return map(p);", "    %s\n    return map(p);" % making)
    return text.replace("<unordered_map>", "<cstdlib>\n#include <unordered_map>")


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


def failing_peers(tree, release):
    """Each fails its own rows, and the run says so and goes on."""
    for name in FAILING:
        write(tree, "impl/peer/%s.cc" % name, failing(name))
    run("cmake", "--preset", "bench", "-DEBB_PEERS=tree;" + ";".join(FAILING), cwd=tree)
    run("cmake", "--build", "--preset", "bench", "--target", "ebb-bench", "ebb", cwd=tree)
    out = run(sys.executable, "scripts/run_bench.py", cwd=tree, status=1, QUICK="1", PEERS="1",
              WORKLOAD="purge", TABLE="peer/*")
    with open(os.path.join(tree, out.strip().splitlines()[-1].split(": ")[1]),
              encoding="utf-8") as file:
        lines = file.read().splitlines()
    for name, (_, _, said) in FAILING.items():
        told = [line for line in lines if line.startswith("> **Failed:** `peer/%s`" % name)]
        assert told and said in told[0], (name, told)
        if "signal" in said:
            assert "on: ebb gen purge --n " in told[0], told
    assert [line for line in lines if line.startswith("| peer/tree ") or "`peer/tree`" in line], \
        "what does not fail is measured"


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

        failing_peers(tree, release)
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
