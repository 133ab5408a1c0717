#!/usr/bin/env python3
"""scripts/setup: asks the package manager for what is missing, and for nothing else.

The package manager is a stand-in: a folder of small scripts is the whole PATH.

usage: setup_test.py BUILD_FOLDER
"""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SETUP = os.path.join(ROOT, "scripts", "setup")
TOOLS = ("sh", "tr", "sort", "sed", "id", "tail", "mktemp", "rm", "cat", "env", "awk")


def path_with(folder, **scripts):
    """A folder to be PATH: the tools that setup needs, and these scripts."""
    os.makedirs(folder)
    for tool in TOOLS:
        os.symlink(shutil.which(tool), os.path.join(folder, tool))
    for name, body in scripts.items():
        path = os.path.join(folder, name.replace("_", "-"))
        if os.path.lexists(path):
            os.unlink(path)
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + body + "\n")
        os.chmod(path, 0o755)
    return folder


def setup(path, *words):
    done = subprocess.run([shutil.which("sh"), SETUP] + list(words), env={"PATH": path},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def main():
    folder = tempfile.mkdtemp()
    log = os.path.join(folder, "log")
    try:
        elsewhere = path_with(os.path.join(folder, "elsewhere"))
        status, _, err = setup(elsewhere, "bench")
        assert status == 1 and "not a Debian system" in err and "\n  libbenchmark-dev\n" in err, err

        complete = path_with(os.path.join(folder, "complete"), dpkg_query="echo installed",
                             apt_get="echo called >>%s" % log)
        assert setup(complete, "bench", "test", "check") == (0, "", "")
        assert not os.path.exists(log)

        both = path_with(os.path.join(folder, "both"), dpkg_query="echo 'installed installed '",
                         apt_get="echo called >>%s" % log)
        assert setup(both, "bench") == (0, "", ""), "of two architectures"
        assert not os.path.exists(log)

        half = "case $4 in libzstd-dev) exit 1;; *) echo installed;; esac"
        lacking = path_with(os.path.join(folder, "lacking"), dpkg_query=half, id="echo 0",
                            apt_get="echo $* >>%s" % log)
        status, out, _ = setup(lacking, "build")
        assert status == 0 and out == "setup: installing from Debian's packages: libzstd-dev\n", out
        with open(log, encoding="utf-8") as file:
            asked = file.read().splitlines()
        assert asked == ["update", "install --yes --no-install-recommends libzstd-dev"], asked

        foreign = path_with(os.path.join(folder, "foreign"), id="echo 0",
                            dpkg_query="case $4 in *:arm64) exit 1;; *) echo installed;; esac",
                            apt_get="echo $* >>%s" % log, dpkg="echo dpkg $* >>%s" % log)
        os.unlink(log)
        status, _, _ = setup(foreign, "aarch64")
        with open(log, encoding="utf-8") as file:
            asked = file.read().splitlines()
        assert status == 0 and asked[:2] == ["dpkg --add-architecture arm64", "update"], asked
        assert asked[2].endswith(" libxxhash-dev:arm64 libzstd-dev:arm64"), asked

        plain = path_with(os.path.join(folder, "plain"), dpkg_query=half, id="echo 1000",
                          apt_get="exit 9")
        status, _, err = setup(plain, "build")
        assert status == 1 and "run as root (or install sudo): apt-get install libzstd-dev" in err

        broken = path_with(os.path.join(folder, "broken"), dpkg_query=half, id="echo 0",
                           apt_get="echo no network; exit 100")
        status, _, err = setup(broken, "build")
        assert status == 1 and "no network" in err and "apt-get failed" in err, err

        status, _, err = setup(complete, "frob")
        assert status == 2 and "unknown stage 'frob' (known: build bench test fuzz " in err
    finally:
        shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
