"""What a report must say of the machine and the build: for env.json.

Everything is read from the system; what cannot be read is None.
"""
import json
import os
import platform
import re
import subprocess
import time

TABLE_SOURCE = "impl/whole/segment.c"  # every table is compiled as this one is


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return None


def output(*command):
    """The first line a command prints, or None."""
    try:
        out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                             check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return out.splitlines()[0] if out.strip() else None


def cpu():
    text = read("/proc/cpuinfo") or ""
    fields = dict(re.findall(r"^([\w ]+?)\s*: (.*)$", text, re.M))
    caches = {}
    base = "/sys/devices/system/cpu/cpu0/cache"
    for index in sorted(os.listdir(base)) if os.path.isdir(base) else []:
        level, kind = read(f"{base}/{index}/level"), read(f"{base}/{index}/type")
        if level and kind != "Instruction":
            caches["L" + level] = read(f"{base}/{index}/size")
    return {
        "model": fields.get("model name") or platform.processor() or None,
        "family": fields.get("cpu family"),
        "number": fields.get("model"),
        "stepping": fields.get("stepping"),
        "cpus": os.cpu_count(),
        "caches": caches,
        "hypervisor": "hypervisor" in text,
    }


def machine_id(about):
    """A short name from stable fields only, never from a clock rate."""
    parts = [platform.machine()]
    if about["family"]:
        parts.append("f%sm%ss%s" % (about["family"], about["number"], about["stepping"]))
    parts.append("%dcpu" % (about["cpus"] or 0))
    return "-".join(parts)


def debian_version(package):
    return output("dpkg-query", "-W", "-f", "${Version}", package)


def steal_ticks():
    """CPU time stolen by other guests so far, in ticks; None where unknown."""
    line = (read("/proc/stat") or "").splitlines()[:1]
    fields = line[0].split() if line else []
    return int(fields[8]) if len(fields) > 8 else None


def flags_used(folder):
    """What a table is compiled with, but for includes and warnings; None where no build says."""
    try:
        commands = json.loads(read(os.path.join(folder, "compile_commands.json")) or "[]")
    except ValueError:
        return None
    words = next((c["command"].split() for c in commands if c["file"].endswith(TABLE_SOURCE)), None)
    return " ".join(w for w in words if re.match("-[OgDfm]|-std=", w)) if words else None


def build(folder):
    """Compiler and flags, from what the build folder keeps of them."""
    cache = read(os.path.join(folder, "CMakeCache.txt")) or ""
    values = dict(re.findall(r"^(CMAKE_C_COMPILER|CMAKE_BUILD_TYPE|CMAKE_C_FLAGS_RELEASE):\w+=(.*)$",
                             cache, re.M))
    return {
        "compiler": output(values.get("CMAKE_C_COMPILER", "cc"), "--version"),
        "flags": flags_used(folder) or values.get("CMAKE_C_FLAGS_RELEASE"),
        "type": values.get("CMAKE_BUILD_TYPE"),
    }


def describe(folder):
    meminfo = dict(re.findall(r"^(\w+):\s+(\d+) kB$", read("/proc/meminfo") or "", re.M))
    about = cpu()
    return {
        "machine": machine_id(about),
        "cpu": about,
        "memory_kib": int(meminfo["MemTotal"]) if "MemTotal" in meminfo else None,
        "kernel": platform.release(),
        "system": output("sed", "-n", 's/^PRETTY_NAME="\\(.*\\)"/\\1/p', "/etc/os-release"),
        "huge_pages": read("/sys/kernel/mm/transparent_hugepage/enabled"),
        "libc": " ".join(platform.libc_ver()),
        "google_benchmark": debian_version("libbenchmark-dev"),
        "build": build(folder),
    }


def busy_share(seconds):
    """The share of all CPUs' time that others use, watched for so long while we sleep; None where
    unknown."""
    def ticks():
        line = (read("/proc/stat") or "").splitlines()[:1]
        fields = [int(f) for f in line[0].split()[1:9]] if line else []
        return (sum(fields), fields[3] + fields[4]) if len(fields) == 8 else None
    before = ticks()
    time.sleep(seconds)
    after = ticks()
    if not before or not after or after[0] == before[0]:
        return None
    return round(1 - (after[1] - before[1]) / (after[0] - before[0]), 3)
