"""A table outside this tree: built beside the others, and tried before anything is timed."""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Failure(Exception):
    """One line for the user, and the exit status."""

    def __init__(self, message, status=2):
        super().__init__(message)
        self.status = status


def quiet(command, blame):
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout)
        raise Failure(blame)


def table_names(ebb):
    out = subprocess.run([ebb, "tables"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return [line.split("\t")[0] for line in out.splitlines() if line and not line.startswith("#")]


def build_outside(path):
    """Builds everything once more with the table in `path`, and tries its manners."""
    full = os.path.abspath(path)
    if not os.path.isfile(full):
        raise Failure("TABLE_FILE=%s: no such file" % path)
    if not full.endswith((".c", ".cc", ".cpp")):
        raise Failure("TABLE_FILE=%s: not a C or C++ source (.c, .cc, .cpp)" % path)
    folder = os.path.join(ROOT, "build", "outside")
    quiet(["cmake", "--preset", "bench", "-B", folder, "-DEBB_LAYOUTS=1", "-DEBB_TABLE_FILE=" + full],
          "TABLE_FILE=%s: configuring failed; see above" % path)
    quiet(["cmake", "--build", folder, "--target", "outside"],
          "TABLE_FILE=%s does not build; the compiler's words are above" % path)
    quiet(["cmake", "--build", folder, "--target", "ebb", "ebb-bench"],
          "TABLE_FILE=%s does not link: it must define `const struct ht_table ht_table_outside` "
          "(HT_IMPL in impl/define.h) and nothing else that is visible" % path)
    ebb = os.path.join(folder, "ebb")
    added = set(table_names(ebb)) - set(table_names(os.path.join(ROOT, "build/release/ebb")))
    if len(added) != 1:
        raise Failure("TABLE_FILE=%s: its name must be one that no table here has" % path)
    check_manners(ebb, added.pop(), path)
    return folder


def check_manners(ebb, name, path):
    """Replays every small workload against the model before anything is timed."""
    listed = subprocess.run([ebb, "gen", "--list"], stdout=subprocess.PIPE, text=True,
                            check=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        trace = os.path.join(folder, "trace")
        for line in listed.splitlines():
            workload = line.split("\t")[0]
            subprocess.run([ebb, "gen", workload, "--n", "300", "--text", "--output", trace],
                           check=True)
            done = subprocess.run([ebb, "replay", "--table", name, trace], cwd=folder,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                  check=False)
            if "keeps no order" in done.stderr:
                continue
            if done.returncode:
                sys.stderr.write(done.stderr)
                how = "is killed by signal %d" % -done.returncode if done.returncode < 0 else \
                    "breaks the rules"
                raise Failure("TABLE_FILE=%s: %s %s on `ebb gen %s --n 300`" %
                              (path, name, how, workload), 1)
