"""A results folder: written whole, and refused if it is not what was measured.

results/README.md says what is in it. Anything wrong is an OSError with the file's path and a
reason a person can act on.
"""
import errno
import gzip
import hashlib
import json
import lzma
import os
import zlib

SCHEMA = 3
MANIFEST = "manifest.json"


def refused(path, why):
    """The error for a file that is there but cannot be used."""
    return OSError(errno.EINVAL, why, path)


# ---- writing ----------------------------------------------------------------------


def compress(path, suffix=".gz"):
    """Replaces a file by path.gz or path.xz, whose bytes depend on its content alone."""
    with open(path, "rb") as file:
        content = file.read()
    with open(path + suffix, "wb") as file:
        file.write(gzip.compress(content, 6, mtime=0) if suffix == ".gz" else
                   lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))
    os.remove(path)


def write_lines(path, lines):
    """A text file, plain, .gz or .xz, by its name."""
    plain, suffix = os.path.splitext(path)
    packed = suffix in (".gz", ".xz")
    with open(plain if packed else path, "w", encoding="utf-8") as file:
        file.writelines(line + "\n" for line in lines)
    if packed:
        compress(plain, suffix)


def write_json(path, data):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(data, file, indent=1)
        file.write("\n")


def write_benchmarks(path, context, benchmarks):
    """Google Benchmark's JSON, one benchmark a line instead of thirty, as path.gz."""
    with open(path, "w", encoding="utf-8") as file:
        file.write('{"context": %s,\n"benchmarks": [\n' % json.dumps(context))
        file.write(",\n".join(json.dumps(b, separators=(",", ":")) for b in benchmarks))
        file.write("\n]}\n")
    compress(path)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def seal(folder, schemas):
    """Writes the manifest. schemas: {file: "what/1"}; every one must be there."""
    files = {}
    for name in sorted(schemas):
        path = os.path.join(folder, name)
        files[name] = {"schema": schemas[name], "bytes": os.path.getsize(path),
                       "sha256": digest(path)}
    with open(os.path.join(folder, MANIFEST), "w", encoding="utf-8") as file:
        json.dump({"schema": SCHEMA, "files": files}, file, indent=1, sort_keys=True)
        file.write("\n")


# ---- reading ----------------------------------------------------------------------


def opened(path):
    """A text file, plain, .gz or .xz, to be read."""
    how = {".gz": gzip.open, ".xz": lzma.open}.get(os.path.splitext(path)[1], open)
    return how(path, "rt", encoding="utf-8")


def read_json(path):
    """What the file holds, plain or .gz; OSError if it is not complete."""
    with opened(path) as file:
        try:
            return json.load(file)
        except (ValueError, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise refused(path, "not complete: %s" % error) from error


def read_manifest(folder):
    """{file: {"schema", "bytes", "sha256"}}, without a look at the files."""
    path = os.path.join(folder, MANIFEST)
    if not os.path.exists(path):
        raise OSError(errno.ENOENT, "missing: the folder is incomplete, or was made before there "
                      "were manifests; measure anew with `make bench`", path)
    data = read_json(path)
    if not isinstance(data, dict) or not isinstance(data.get("files"), dict):
        raise refused(path, "not complete: it lists no files")
    if data.get("schema") != SCHEMA:
        raise refused(path, "it has schema version %s, this tree reads version %d; measure anew, or"
                      " check out the commit that made it" % (data.get("schema"), SCHEMA))
    return data["files"]


def verify(folder, known):
    """The manifest's files, after a look at every one of them.

    known: {file: schema} that the reader must find as it is; other files are only checked
    against their sums.
    """
    files = read_manifest(folder)
    for name in sorted(set(known) | set(files)):
        path = os.path.join(folder, name)
        if name not in files:
            raise refused(path, "the manifest does not list it: the folder is incomplete")
        if not os.path.exists(path):
            raise OSError(errno.ENOENT, "missing: the folder is incomplete", path)
        about = files[name]
        if not isinstance(about, dict) or not {"schema", "bytes", "sha256"} <= set(about):
            raise refused(os.path.join(folder, MANIFEST), "not complete: says too little of " + name)
        if name in known and about["schema"] != known[name]:
            raise refused(path, "it is written as %s, this tree reads %s" %
                          (about["schema"], known[name]))
        if os.path.getsize(path) != about["bytes"] or digest(path) != about["sha256"]:
            raise refused(path, "not as it was measured: its SHA-256 is not the manifest's")
    return files


def headed(path):
    """(heading, the lines behind it) of a text file, plain, .gz or .xz, as lists of words split at
    commas."""
    def split():
        with opened(path) as file:
            for line in file:
                if not line.endswith("\n"):
                    raise refused(path, "not complete: a line is cut short")
                yield line[:-1].split(",")
    found = split()
    heading = next(found, None)
    if heading is None:
        raise refused(path, "not complete: it is empty")

    def checked():
        for words in found:
            if len(words) != len(heading):
                raise refused(path, "not complete: a line has %d fields, not %d" %
                              (len(words), len(heading)))
            yield words
    return heading, checked()


def lines(path):
    """The lines behind the heading, each as {column: word}."""
    heading, found = headed(path)
    for words in found:
        yield dict(zip(heading, words))


def optional(folder, files, name, schema):
    """The lines of a file that not every run has; [] where the manifest does not list it.

    files: of the manifest
    """
    if name not in files:
        return []
    path = os.path.join(folder, name)
    if files[name]["schema"] != schema:
        raise refused(path, "it is written as %s, this tree reads %s" % (files[name]["schema"],
                                                                         schema))
    return list(lines(path))
