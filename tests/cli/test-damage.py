# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong in the world: damaged recordings, folders that cannot be written, a full disk, Ctrl+C."""
import glob
import json
import os
import resource
import signal
import struct
import subprocess
import zlib

from harness import (ENVIRONMENT, HOME, INTERRUPTED, PROGRAM, Skip, main, npy, read, read_npy, refuses, rewrite_npz,
                     run)

SHARED = {}


def recording():
    if "recording" not in SHARED:
        SHARED["recording"] = os.path.join(HOME, "tiny.npz")
        run("simulate", "-o", SHARED["recording"], "--neurons", 30, "--trials", 130, "--repeats", 4, "--height", 16,
            "--width", 16)
    return SHARED["recording"]


def test_damaged_recordings(folder):
    def damaged(name, change):
        path = os.path.join(folder, name)
        rewrite_npz(recording(), path, change)
        return path

    def without(missing):
        return lambda name, content: None if name == missing else content

    def with_nan(name, content):
        # float16; the last response of the last trial.
        return content[:-2] + b"\x00\x7e" if name == "responses.npy" else content

    def with_fewer_trials(name, content):
        if name != "responses.npy":
            return content
        return npy((5, 30), [1.0] * 150)

    path = os.path.join(folder, "short.npz")
    with open(path, "wb") as file:
        file.write(read(recording())[:-2000])
    refuses("info", path, says="short.npz")
    refuses("info", damaged("a.npz", without("images.npy")), says=["a.npz", "images"])
    refuses("info", damaged("b.npz", without("responses.npy")), says=["b.npz", "responses"])
    refuses("info", damaged("c.npz", with_fewer_trials), says="c.npz")
    refuses("train", "ridge", "-r", damaged("d.npz", with_nan), "-w", folder, says=["d.npz", "neuron"])
    assert not os.path.exists(os.path.join(folder, "models"))


def test_one_tier_only(folder):
    info = json.loads(run("info", recording(), "--json").out)
    path = os.path.join(folder, "train-only.npz")
    tiers = npy((info["trials"],), [ord(c) for _ in range(info["trials"]) for c in "train".ljust(10, "\0")], "<U10", "I")
    rewrite_npz(recording(), path, lambda name, content: tiers if name == "tiers.npy" else content)
    # Nothing to validate or to test on: trained all the same, and said.
    result = run("train", "ridge", "-r", path, "-w", folder)
    assert "no validation trials" in result.err
    with open(os.path.join(result.last, "model.json")) as file:
        assert json.load(file)["validation"] == {"pixcorr": None, "ssim": None}
    run("train", "cgan", "-r", path, "-w", folder, "--set", "epochs=1", "--set", "width=4")
    refuses("score", "-r", path, "-w", folder, says="test tier")


def png(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes((x * 7 + y * 13) % 256 for x in range(width)) for y in range(height))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + \
        chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_folder_of_photographs(folder):
    photographs = os.path.join(folder, "photographs")
    os.mkdir(photographs)
    for i in range(4):
        with open(os.path.join(photographs, f"{i}.png"), "wb") as file:
            file.write(png(40 + i, 30))
    arguments = ["simulate", "-o", os.path.join(folder, "out.npz"), "--images", photographs, "--neurons", 8, "--trials",
                 40, "--repeats", 2, "--height", 12, "--width", 16]
    run(*arguments)
    with open(os.path.join(photographs, "notes.txt"), "w") as file:
        file.write("not a picture")
    refuses(*arguments, says="notes.txt")


def test_read_only_workspace(folder):
    in_the_way = os.path.join(folder, "file")
    open(in_the_way, "w").close()
    refuses("train", "ridge", "-r", recording(), "-w", os.path.join(in_the_way, "w"), says="workspace folder")
    closed = os.path.join(folder, "closed")
    os.makedirs(os.path.join(closed, "models"))
    os.chmod(os.path.join(closed, "models"), 0o555)
    how = {}
    if os.getuid() == 0:
        # root may write anywhere.
        try:
            subprocess.run([PROGRAM, "--version"], user=65534, stdout=subprocess.DEVNULL, check=True)
        except (OSError, subprocess.CalledProcessError):
            raise Skip("run as root, and nobody else may run percept-cli here")
        how["user"] = 65534
    refuses("train", "ridge", "-r", recording(), "-w", closed, says=["cannot be written", "Permission denied"], **how)
    assert os.listdir(os.path.join(closed, "models")) == []


def test_recording_that_may_not_be_read(folder):
    closed = os.path.join(folder, "closed")
    os.mkdir(closed)
    os.chmod(closed, 0o000)
    how = {}
    if os.getuid() == 0:
        try:
            subprocess.run([PROGRAM, "--version"], user=65534, stdout=subprocess.DEVNULL, check=True)
        except (OSError, subprocess.CalledProcessError):
            raise Skip("run as root, and nobody else may run percept-cli here")
        how["user"] = 65534
    refuses("info", closed, says=["closed", "Permission denied"], **how)


def test_responses_next_to_nothing(folder):
    # So small that their inverse is no number: a sentence or a model that draws numbers, never one that draws none.
    path = os.path.join(folder, "faint.npz")
    info = json.loads(run("info", recording(), "--json").out)
    n, m = info["trials"], info["neurons"]
    faint = npy((n, m), [1e-44 * (i * 7919 % 13 % 2) for i in range(n * m)])
    rewrite_npz(recording(), path, lambda name, content: faint if name == "responses.npy" else content)
    refuses("train", "cgan", "-r", path, "-w", folder, says="not finite")
    assert glob.glob(os.path.join(folder, "models", "*")) == []
    model, pictures = run("train", "ridge", "-r", path, "-w", folder).last, os.path.join(folder, "pictures.npy")
    run("reconstruct", "-m", model, "-i", path, "-o", pictures)
    assert all(abs(value) < 1e6 for value in read_npy(pictures)[1])


# Long enough that it can be interrupted, small enough for a test.
TRAINING = ["train", "cgan", "-r", "RECORDING", "--set", "epochs=30", "--set", "width=4", "--set", "batch=16",
            "--set", "features=6"]


def training(*more):
    return [recording() if word == "RECORDING" else word for word in TRAINING] + list(more)


def interrupt_after_two_epochs(workspace):
    process = subprocess.Popen([PROGRAM, *training("-w", workspace, "--json")], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    for line in process.stderr:
        if json.loads(line).get("epoch") == 2:
            process.send_signal(signal.SIGINT)
            break
    out, err = process.communicate(timeout=240)
    assert process.returncode == INTERRUPTED, (process.returncode, out, err)
    assert out == "" and "error" in json.loads(err.strip().splitlines()[-1])
    return os.path.join(workspace, "models", "cgan-1")


def test_interrupt_full_disk_resume(folder):
    whole = run(*training("-w", os.path.join(folder, "whole"))).last
    workspace = os.path.join(folder, "interrupted")
    model = interrupt_after_two_epochs(workspace)
    with open(os.path.join(model, "model.json")) as file:
        assert json.load(file)["state"] == "stopped"
    assert not os.path.exists(os.path.join(model, "weights.safetensors"))
    refuses("reconstruct", "-m", model, "-i", recording(), "-o", os.path.join(folder, "x.npy"), says="--resume")
    # The disk fills up during the next checkpoint: the last one stays as it was, and nothing half-written beside it.
    checkpoint = os.path.join(model, "optimizer.safetensors")
    before, names = read(checkpoint), sorted(os.listdir(model))
    limit = len(before) // 2
    refuses("train", "cgan", "-r", recording(), "-w", workspace, "--resume", says=["optimizer.safetensors", "File too large"],
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert read(checkpoint) == before and sorted(os.listdir(model)) == names
    assert run("train", "cgan", "-r", recording(), "-w", workspace, "--resume").last == model
    assert read(os.path.join(model, "weights.safetensors")) == read(os.path.join(whole, "weights.safetensors"))
    assert read(os.path.join(model, "curves.csv")) == read(os.path.join(whole, "curves.csv"))
    assert not os.path.exists(checkpoint)
    refuses("train", "cgan", "-r", recording(), "-w", workspace, "--resume", says="no unfinished")


def test_interrupt_before_a_checkpoint(folder):
    # The first report of the training comes long before the first checkpoint can.
    process = subprocess.Popen([PROGRAM, *training("-w", folder, "--json")], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=240)
    assert process.returncode == INTERRUPTED
    assert glob.glob(os.path.join(folder, "models", "*")) == []


def test_full_disk_at_the_end(folder):
    refuses("train", "ridge", "-r", recording(), "-w", folder, says=["weights.safetensors", "File too large"],
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)))
    assert glob.glob(os.path.join(folder, "models", "*")) == []


def test_results_that_nobody_takes(folder):
    if not os.path.exists("/dev/full"):
        raise Skip("there is no /dev/full here")
    with open("/dev/full", "w") as full:
        done = subprocess.run([PROGRAM, "kinds"], stdout=full, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    assert done.returncode == 1 and "could not be written" in done.stderr, (done.returncode, done.stderr)


if __name__ == "__main__":
    main(dict(globals()))
