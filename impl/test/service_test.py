#!/usr/bin/env python3
"""What a fuzzing service would build and start, builds and starts: scripts/service-check.

Skipped where neither engine is installed.

usage: service_test.py BUILD_FOLDER
"""
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIPPED = 77
NEEDS = {"libfuzzer": ("clang", "zip"), "libfuzzer-19": ("clang-19", "zip"),
         "afl": ("afl-clang-fast++", "zip")}


def sanitizes(compiler):
    """Is its runtime there too? It is another package."""
    return subprocess.run([compiler, "-fsanitize=address", "-x", "c", "-", "-o", os.devnull],
                          input=b"int main(void) { return 0; }", stderr=subprocess.DEVNULL,
                          check=False).returncode == 0


def main():
    targets = [name[:-2] for name in os.listdir(os.path.join(ROOT, "fuzz", "target")) if name.endswith(".c")
               and name != "cpython_live.c"]  # needs an interpreter
    engines = [engine for engine, commands in NEEDS.items()
               if all(map(shutil.which, commands)) and sanitizes(commands[0])]
    if not engines:
        print("skipped: needs the Debian packages zip, and clang with libclang-rt-14-dev or afl++")
        return SKIPPED
    done = subprocess.run([os.path.join(ROOT, "scripts", "service-check")] + engines,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    print(done.stdout)
    assert done.returncode == 0
    for engine in engines:
        for target in targets:
            assert "%s: %s starts\n" % (engine, target) in done.stdout, (engine, target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
