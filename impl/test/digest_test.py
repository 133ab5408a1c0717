#!/usr/bin/env python3
"""ebb digest: this build does with the corpus what the sanitizers' build does, another
corpus gives another number, and bad folders are refused.

usage: digest_test.py BUILD_FOLDER
"""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EBB = os.path.join(os.path.abspath(sys.argv[1]), "ebb")
SANITIZED = os.path.join(ROOT, "build", "asan", "ebb")
SKIPPED = 77


def digest(program, folder):
    done = subprocess.run([program, "digest", "--good-hash", folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_corpus_matters():
    """One step more in one trace, and every table's number is another."""
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "regress"))
        path = os.path.join(folder, "regress", "one.trace")
        numbers = []
        for trace in ("put 1\n", "put 1\n", "put 1\nput 2\n", "put 1\nput 2\nfrob\n"):
            with open(path, "w", encoding="utf-8") as file:
                file.write(trace)
            numbers.append(digest(EBB, folder))
        assert numbers[0][0] == 0 and numbers[0] == numbers[1], numbers
        lines = list(zip(numbers[0][1].splitlines(), numbers[2][1].splitlines()))
        same = [a for a, b in lines if a.split()[-5] == b.split()[-5]]
        assert len(same) == 1 and same[0].startswith("the readers of traces"), same
        assert numbers[3][0] == 2 and "one.trace:3" in numbers[3][2], numbers[3]


def test_other_version():
    """An input of another version is reported and left alone."""
    with tempfile.TemporaryDirectory() as folder:
        seeds = os.path.join(folder, "seed", "differential")
        os.makedirs(seeds)
        stored = os.path.join(ROOT, "corpus", "seed", "differential")
        shutil.copy(os.path.join(stored, sorted(os.listdir(stored))[0]), seeds)
        before = digest(EBB, folder)
        with open(os.path.join(seeds, "old"), "wb") as file:
            file.write(b"\xff" * 20)
        after = digest(EBB, folder)
        assert before[0] == 0 and after[0] == 0 and before[1] == after[1]
        assert "old: of another version: left out" in after[2], after[2]


def main():
    status, _, err = digest(EBB, "/nonexistent")
    assert status == 2 and "no inputs" in err, err
    test_corpus_matters()
    test_other_version()
    if not os.path.exists(SANITIZED):
        print("build/asan is not built: nothing to compare with")
        return SKIPPED
    corpus = os.path.join(ROOT, "corpus")
    here, there = digest(EBB, corpus), digest(SANITIZED, corpus)
    assert here[0] == 0 and there[0] == 0, there[2]
    assert here[1] == there[1], "\n" + here[1] + there[1]
    print(here[1].splitlines()[-1])
    return 0


if __name__ == "__main__":
    sys.exit(main())
