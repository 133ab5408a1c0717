"""How far long work has come: a line written over on a terminal, one a minute in a log."""
import sys
import time

A_LINE_EVERY = 60  # seconds, where nothing can be written over

last_line = time.monotonic()


def show(done, total, what, left=None):
    """`left`: seconds, or None where nobody knows."""
    global last_line
    told = "%d of %d, %s" % (done, total, what)
    if left is not None:
        told += ", about %d s left" % left
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K" + told)
    elif time.monotonic() - last_line >= A_LINE_EVERY:
        last_line = time.monotonic()
        sys.stderr.write(told + "\n")
    sys.stderr.flush()


def clear():
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
        sys.stderr.flush()
