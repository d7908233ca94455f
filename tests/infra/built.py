"""Servers that no package of the system brings: built once into the cache, from pinned sources."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from server import Failed, cache, forget_old


def built(name, sources, make, also=""):
    """The folder with what make(folder) left there; made again when one of the sources (files; `also`: text)
    has changed. Raises what make raises. Others that want the same meanwhile wait."""
    digest = hashlib.sha256(also.encode())
    for source in sorted(sources):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    folder = cache / f"{name}-{digest.hexdigest()[:16]}"
    if folder.exists():
        os.utime(folder)
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / f"{name}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return folder
        print(f"Building the {name} server for tests (once; takes a minute or two)", file=sys.stderr, flush=True)
        fresh = cache / f"{name}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        make(fresh)
        fresh.rename(folder)
    forget_old(name)
    return folder


def tool(words, folder, limit=900, **environment):
    """Runs a compiler or package manager; what it printed. Raises Failed with the end of what it said."""
    try:
        done = subprocess.run(["setpriv", "--pdeathsig", "KILL", "--", *map(str, words)], cwd=folder, timeout=limit,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env=os.environ | {k: str(v) for k, v in environment.items()})
    except subprocess.TimeoutExpired:
        raise Failed(f"{words[0]} did not end within {limit} s") from None
    if done.returncode:
        told = (done.stdout + done.stderr).strip().splitlines()[-15:]
        raise Failed(f"{' '.join(map(str, words[:3]))} ended with {done.returncode}:\n" + "\n".join(told))
    return done.stdout


here = Path(__file__).resolve().parent
