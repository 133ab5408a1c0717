"""Which oracle said a sentence: what notices that a table is wrong."""
import re

# In this order; the first that matches.
ORACLES = (
    ("sanitizer", r"AddressSanitizer|runtime error|MemorySanitizer|LeakSanitizer|^sanitizer$"),
    ("assertion", r"Assertion|CHECK failed|^Aborted"),
    ("endless", r"^endless|timeout|ALARM"),
    ("crash", r"^Segmentation|^Floating|^Bus error|^Illegal|^Killed|deadly signal"),
    ("promise of bytes", r"promise of bytes"),
    ("promise of work", r"promise of work|moves more entries"),
    ("failed step changes nothing", r"reports no memory|created though"),
    ("allocator's count", r"allocator counts|still held"),
    ("model", r"the model|afterwards|answers|are visited|table says .* entries|checksum|comes? out of order"
              r"|not visited in the order"),
    ("another state", r"another state"),
)


def oracle_of(what):
    for name, pattern in ORACLES:
        if re.search(pattern, what):
            return name
    return "check()"
