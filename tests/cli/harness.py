# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of percept-cli share: running it, reading and writing .npy, and speaking TAP.

Needs Python alone, no numpy. Every test has a folder of its own; the demo's cache and the user's folders are elsewhere
than the user's own. A test is a function whose name begins with "test_"; an exception is its failure.
"""
import ast
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import traceback
import zipfile

PROGRAM = os.path.abspath(sys.argv[1])
DONE, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


class Skip(Exception):
    pass


def environment(home):
    kept = {k: v for k, v in os.environ.items() if not k.startswith("XDG_")}
    kept.update(HOME=home, XDG_CACHE_HOME=os.path.join(home, "cache"), XDG_DATA_HOME=os.path.join(home, "data"),
                LC_ALL="C.UTF-8", LANGUAGE="en", G_DEBUG="fatal-criticals,fatal-warnings")
    return kept


HOME = tempfile.mkdtemp(prefix="percept-cli-")
os.chmod(HOME, 0o755)
ENVIRONMENT = environment(HOME)


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def last(self):
        return self.out.strip().splitlines()[-1] if self.out.strip() else ""

    @property
    def sentence(self):
        return self.err.strip().splitlines()[-1] if self.err.strip() else ""


def run(*arguments, expect=DONE, cwd=None, **how):
    done = subprocess.run([PROGRAM, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=ENVIRONMENT, cwd=cwd, timeout=240, **how)
    assert done.returncode == expect, \
        f"{' '.join(map(str, arguments))}: exit {done.returncode} instead of {expect}\n{done.stdout}\n{done.stderr}"
    return Result(done.returncode, done.stdout, done.stderr)


def refuses(*arguments, says, **how):
    """The world says no: exit 1, nothing on stdout, the last line of stderr one sentence that says all of `says`."""
    result = run(*arguments, expect=FAILED, **how)
    assert result.out == "", result.out
    assert result.sentence.startswith("percept-cli: ") and result.sentence.endswith("."), result.sentence
    for part in [says] if isinstance(says, str) else says:
        assert part in result.sentence, f"“{part}” is not in: {result.sentence}"
    return result


def misuses(*arguments, says):
    """Wrong usage: exit 2, a sentence and the way to help."""
    result = run(*arguments, expect=USAGE)
    assert result.out == "" and "--help" in result.sentence, result.err
    assert says in result.err, f"“{says}” is not in: {result.err}"


def read_npy(path):
    """Shape and numbers of a little-endian float32 array."""
    with open(path, "rb") as file:
        content = file.read()
    assert content[:6] == b"\x93NUMPY"
    length = struct.unpack("<H", content[8:10])[0]
    header = ast.literal_eval(content[10:10 + length].decode("latin1"))
    assert header["descr"] == "<f4" and not header["fortran_order"], header
    count = (len(content) - 10 - length) // 4
    return header["shape"], struct.unpack(f"<{count}f", content[10 + length:])


def npy(shape, values, descr="<f4", letter="f"):
    header = repr({"descr": descr, "fortran_order": False, "shape": tuple(shape)})
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + \
        struct.pack(f"<{len(values)}{letter}", *values)


def rewrite_npz(source, target, change):
    """change(name, content): another content, or None to leave the array out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def main(tests):
    names = [name for name in tests if name.startswith("test_")]
    print(f"1..{len(names)}", flush=True)
    failures = 0
    for i, name in enumerate(names, 1):
        folder = tempfile.mkdtemp(dir=HOME)
        os.chmod(folder, 0o755)
        try:
            tests[name](folder)
            print(f"ok {i} {name}", flush=True)
        except Skip as reason:
            print(f"ok {i} {name} # SKIP {reason}", flush=True)
        except Exception:
            failures += 1
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
            print(f"not ok {i} {name}", flush=True)
    shutil.rmtree(HOME, ignore_errors=True)
    sys.exit(1 if failures else 0)
