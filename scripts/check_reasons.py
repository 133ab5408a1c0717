#!/usr/bin/env python3
"""Does every line that mutate_reasons and coverage_reasons give a reason for still stand in its file?
`make mutate` and `make coverage` say more, and take longer; make check calls this."""
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FILES = (("mutate_reasons", ""), ("coverage_reasons", "impl")) # name, folder of the files it names
TEXT = 2 # column of the line's text


def stale(name, folder):
    """The reasons of a file whose line is gone."""
    with open(os.path.join(ROOT, "scripts", name), encoding="utf-8") as reasons:
        for line in reasons:
            if line.startswith("#"):
                continue
            words = line.rstrip("\n").split("\t")
            with open(os.path.join(ROOT, folder, words[0]), encoding="utf-8") as source:
                if words[TEXT] not in (text.strip() for text in source):
                    yield "%s: %s has no line '%s' any more" % (name, words[0], words[TEXT])


def main():
    found = [message for file in FILES for message in stale(*file)]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
