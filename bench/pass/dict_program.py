"""The program of the complaint, in the real interpreter: fills a dict and deletes all.

usage: dict_program.py WHAT N ALLOCATOR     WHAT: deleted, cleared or copied

Speaks with its parent as bench/pass/resident.h says: a byte when it has done what it was told,
a byte when it shall go on.
"""
import ctypes
import os
import sys


def tell(what):
    """Says that this is done; returns when told to go on, False if not to."""
    os.write(1, what)
    return bool(os.read(0, 1))


def trim(library, allocator):
    """What a program would call by hand, under whichever allocator serves it."""
    if allocator == "jemalloc":
        library.mallctl(b"arena.4096.purge", None, None, None, ctypes.c_size_t(0))
    elif allocator == "mimalloc":
        library.mi_collect(True)
    elif allocator == "tcmalloc":
        library.MallocExtension_ReleaseFreeMemory()
    else:
        library.malloc_trim(0)


def main(what, entries, allocator):
    """Returns the exit status."""
    library = ctypes.CDLL(None)
    if not tell(b"r"):
        return 1
    table = {}
    for key in range(entries):
        table[key] = key
    for key in range(entries):
        del table[key]
    if what == "cleared":
        table.clear()
    elif what == "copied":
        table = dict(table)
    if tell(b"d"):
        for _ in range(1000):
            bytes(1000)  # beyond what the interpreter's own allocator serves
        if tell(b"n"):
            trim(library, allocator)
            tell(b"t")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
