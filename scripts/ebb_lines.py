"""What a verb of ebb measures table by table, each in a process of its own, one line each
(tool/subject.h): for the passes that run one.
"""
import os
import subprocess


def measure(context, verb, what, *sizes):
    """Writes VERB.tsv into context.folder, with as many entries each time as `sizes` has, unless N
    says otherwise; OSError if it could not be measured."""
    if "N" in context.options:
        sizes = [context.options["N"]]
    command = [os.path.join(context.build, "ebb"), verb]
    if "TABLE" in context.options:
        command += ["--table", context.options["TABLE"]]
    with open(os.path.join(context.folder, verb + ".tsv"), "w", encoding="utf-8") as file:
        for i, n in enumerate(sizes):
            context.progress(i, len(sizes), what)
            done = subprocess.run(command + ["--n", str(n)], stdout=subprocess.PIPE, text=True,
                                  check=False)
            if done.returncode not in (0, 1):
                raise OSError("ebb %s could not measure" % verb)
            file.writelines(done.stdout.splitlines(True)[i > 0:])  # one heading


def read(folder, verb, columns):
    """[(table, n, its words, or None, and then why it failed)]; [] where the run has none."""
    try:
        with open(os.path.join(folder, verb + ".tsv"), encoding="utf-8") as file:
            lines = [line.rstrip("\n").split("\t") for line in file][1:]
    except FileNotFoundError:
        return []
    return [(words[0], int(words[1]), words[2:] if len(words) == 2 + columns else None, words[-1])
            for words in lines]
