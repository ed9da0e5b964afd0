# SPDX-License-Identifier: GPL-3.0-or-later
"""percept-cli import: a recording written as others write theirs comes back as it was, trial by trial, and what is wrong
with files is said in a sentence."""
import json
import os
import sys

try:
    import layouts
except ImportError:
    # The distribution's python has the writers' modules where another one, first in the path, has not.
    if os.path.exists("/usr/bin/python3") and os.path.realpath(sys.executable) != os.path.realpath("/usr/bin/python3") \
            and not os.environ.get("PCT_PYTHON"):
        os.environ["PCT_PYTHON"] = "1"
        os.execv("/usr/bin/python3", ["/usr/bin/python3", "-B", *sys.argv])
    print("1..0 # SKIP no numpy, scipy, h5py or PIL here")
    sys.exit(0)

import numpy
import scipy.io
from harness import HOME, Skip, main, misuses, refuses, run

SHARED = {}


def simulated():
    """A small recording, as arrays."""
    if "simulated" not in SHARED:
        SHARED["simulated"] = os.path.join(HOME, "simulated.npz")
        run("simulate", "-o", SHARED["simulated"], "--neurons", 20, "--trials", 130, "--repeats", 4, "--height", 18,
            "--width", 32)
    return layouts.load(SHARED["simulated"])


def real(name, **how):
    path = os.path.join(os.environ.get("PCT_TEST_DATA", ""), name)
    if not os.path.exists(path):
        raise Skip("no recordings beside the project")
    return layouts.load(path, **how)


def fingerprint(path):
    return json.loads(run("info", path, "--json").out)["fingerprint"]


def comes_back(recording, write, place):
    """Written, imported by its own guess, and the same trial by trial: image shown, tier, responses."""
    paths, flags = write(recording, place)
    flags += ["--set", "averaged=yes"] if "averaged" in recording else []
    imported = os.path.join(place, "imported.npz")
    run("import", *paths, "-o", imported, *flags)
    with numpy.load(imported) as file:
        assert numpy.array_equal(file["responses"].astype(numpy.float32), recording["responses"]), "responses differ"
        shown = file["image_index"] if "image_index" in file else numpy.arange(len(recording["tiers"]))
        assert numpy.array_equal(file["images"][shown], recording["images"][recording["image_index"]]), "images differ"
        assert list(file["tiers"]) == list(recording["tiers"]), "tiers differ"
    assert fingerprint(imported) == fingerprint(layouts.save(recording, os.path.join(place, "original.npz")))
    return imported


def add_round_trip(write, label, make):
    def test(place):
        comes_back(make(), write, place)
    test.__name__ = f"test_{label}_as_{write.__name__}"
    globals()[test.__name__] = test


for writer in layouts.ALL:
    add_round_trip(writer, "simulated", simulated)
    # All of it in the two layouts that hold it as it is; spikes, traces and a file a trial are many: fewer are as good.
    few = {} if writer in (layouts.natimg, layouts.hdf5) else {"neurons": 60} if writer is layouts.nwb else \
        {"neurons": 400, "trials": 4} if writer in (layouts.tree, layouts.pictures) else {"neurons": 400}
    add_round_trip(writer, "twin", lambda few=few: real("twin.npz", **few))
    fewer = {"trials": 4} if writer is layouts.tree else {}
    add_round_trip(writer, "mouse", lambda fewer=fewer: real("mouse-v1-allen-616886391.npz", **fewer))
    if writer is not layouts.nwb:  # its responses are means, and no counts
        add_round_trip(writer, "macaque", lambda: real("macaque-v4-201025.npz"))


def look(path):
    """The first look without what tells one file from another."""
    seen = json.loads(run("look", path, "--json").out)
    for name in ["recording", "remarks"]:
        seen.pop(name, None)
    # A stimulus table knows when its trials were, an array of responses only their order.
    seen["course"].pop("order")
    return seen


def same_look(name, writers, place, averaged=False):
    recording, original = real(name), None
    if averaged:  # what no layout tells, and a person does
        recording["averaged"] = numpy.bool_(True)
    for write in writers:
        layout = os.path.join(place, write.__name__)
        os.makedirs(layout)
        written = dict(recording)
        imported = look(comes_back(written, write, layout))
        # Of spikes the responses are counts; the original is then what was written.
        if written["responses"] is not recording["responses"]:
            assert imported == look(os.path.join(layout, "original.npz")), write.__name__
            continue
        original = original or look(os.path.join(layout, "original.npz"))
        assert imported == original, write.__name__


def test_mouse_looks_the_same_in_every_layout(place):
    """First look and ridge score, every number of them."""
    same_look("mouse-v1-allen-616886391.npz", layouts.ALL, place)


def test_macaque_looks_the_same_in_every_layout(place):
    same_look("macaque-v4-201025.npz", [write for write in layouts.ALL if write is not layouts.nwb], place,
              averaged=True)


def test_a_table_one_row_short(place):
    recording = simulated()
    numpy.save(os.path.join(place, "responses.npy"), recording["responses"])
    numpy.save(os.path.join(place, "images.npy"), recording["images"])
    numpy.save(os.path.join(place, "image_index.npy"), recording["image_index"][:-1])
    n = len(recording["responses"])
    refuses("import", *[os.path.join(place, name) for name in ["responses.npy", "images.npy", "image_index.npy"]], "-o",
            os.path.join(place, "out.npz"), "--image-numbers", "image_index.npy", "--responses", "responses.npy",
            says=[f"{n - 1:,}" if n > 999 else str(n - 1), str(n)])
    assert not os.path.exists(os.path.join(place, "out.npz"))


def test_an_image_past_the_end(place):
    recording = simulated()
    recording["image_index"][7] = len(recording["images"]) + 3
    numpy.save(os.path.join(place, "responses.npy"), recording["responses"])
    numpy.save(os.path.join(place, "images.npy"), recording["images"])
    numpy.save(os.path.join(place, "image_index.npy"), recording["image_index"])
    refuses("import", *[os.path.join(place, name) for name in ["responses.npy", "images.npy", "image_index.npy"]], "-o",
            os.path.join(place, "out.npz"), "--image-numbers", "image_index.npy", "--set", "first_image=0",
            says=[str(len(recording["images"]) + 3), str(len(recording["images"]))])


def test_a_header_that_declares_ten_gigabytes(place):
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (50000, 50000), }"
    header += b" " * (118 - len(header)) + b"\n"
    path = os.path.join(place, "giant.npy")
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + b"\0" * 1000)
    refuses("import", path, "--list", says="giant.npy")


def test_a_stat_file_that_would_run_something(place):
    numpy.save(os.path.join(place, "F.npy"), numpy.zeros((3, 40), numpy.float32))
    numpy.save(os.path.join(place, "iscell.npy"), numpy.ones((3, 2), numpy.float32))
    witness = os.path.join(place, "witness")

    class Hostile:
        def __reduce__(self):
            return os.system, (f"touch {witness}",)
    numpy.save(os.path.join(place, "stat.npy"), numpy.array([Hostile()], dtype=object), allow_pickle=True)
    listed = run("import", place, "--list").out
    assert "system" in listed and "stat.npy" in listed, listed
    assert not os.path.exists(witness)


def test_a_function_handle_in_a_mat_file(place):
    """What scipy cannot write, MATLAB does: an element of class 16, within a file that is otherwise whole."""
    path = os.path.join(place, "handle.mat")
    scipy.io.savemat(path, {"resp": simulated()["responses"], "f": numpy.array([[1.0]])})
    with open(path, "rb") as file:
        content = bytearray(file.read())
    at = content.rindex(b"\x06\x00\x00\x00\x08\x00\x00\x00\x06")  # the flags of the last array: class 6, double
    content[at + 8] = 16
    with open(path, "wb") as file:
        file.write(content)
    listed = run("import", path, "--list")
    assert "handle.mat/resp" in listed.out, listed.out


def test_usage(place):
    misuses("import", says="PATH")
    misuses("import", simulated() and SHARED["simulated"], says="-o OUT.npz")
    refuses("import", os.path.join(HOME, "not-there.mat"), "--list", says="not-there.mat")


if __name__ == "__main__":
    main(globals())
