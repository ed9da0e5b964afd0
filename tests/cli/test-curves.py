# SPDX-License-Identifier: GPL-3.0-or-later
"""percept-cli curves on a tiny simulated recording: points, files, going on after a stop, and what is refused."""
import csv
import io
import json
import os
import signal
import subprocess
import time

from harness import DONE, ENVIRONMENT, HOME, INTERRUPTED, PROGRAM, main, misuses, read, refuses, run

SHARED = {}


def recording():
    """40 neurons, 120 train images, 16 x 24 pixels."""
    if "recording" not in SHARED:
        SHARED["recording"] = os.path.join(HOME, "tiny.npz")
        run("simulate", "-o", SHARED["recording"], "--neurons", 40, "--trials", 200, "--repeats", 4, "--height", 16,
            "--width", 24)
    return SHARED["recording"]


def rows(path):
    return list(csv.DictReader(io.StringIO(read(path).decode())))


def figure(row, name):
    return float(row[name])


def test_neurons(folder):
    result = run("curves", "ridge", "-r", recording(), "-w", folder, "--against", "neurons")
    path = os.path.join(folder, "curves", "ridge-1.csv")
    assert result.last == path and max(map(len, result.out.splitlines()[:-1])) <= 120
    table = rows(path)
    # 1/32 of 40 is one neuron.
    assert [row["count"] for row in table] == ["1", "3", "5", "10", "20", "40"], table
    assert figure(table[-1], "averaged_mse_full") < figure(table[0], "averaged_mse_full")
    for row in table:
        for mode in ("single", "averaged"):
            low, value, high = (figure(row, f"{mode}_pixcorr_full{part}") for part in ("_low", "", "_high"))
            assert low <= value <= high
    about = json.loads(read(os.path.join(folder, "curves", "ridge-1.json")))
    info = json.loads(run("info", recording(), "--json").out)
    assert about["kind"] == "ridge" and about["against"] == "neurons" and about["tier"] == "test"
    assert about["fingerprint"] == info["fingerprint"] and about["options"]["penalty"] == "0" and about["seed"] == "1"
    # All neurons: what train and score come to.
    run("train", "ridge", "-r", recording(), "-w", folder)
    score = json.loads(run("score", "-r", recording(), "-w", folder, "--json").out)
    for row in score["rows"]:
        if row["role"] == "model":
            for measure in ("mse", "pixcorr", "identification"):
                assert abs(row["full"][measure] - figure(table[-1], f"{row['mode']}_{measure}_full")) < 1e-5 * abs(row["full"][measure])
    # The same again: nothing to do, the same file, the same bytes.
    before = read(path)
    again = json.loads(run("curves", "ridge", "-r", recording(), "-w", folder, "--against", "neurons", "--json").out)
    assert again["path"] == path and read(path) == before and len(again["points"]) == 6
    assert again["points"][-1]["single"]["full"]["pixcorr_interval"][0] < again["points"][-1]["single"]["full"]["pixcorr"]


def test_images_and_points(folder):
    out = os.path.join(folder, "images.csv")
    common = ["curves", "ridge", "-r", recording(), "-w", folder, "--against", "images", "-o", out]
    train = json.loads(run("info", recording(), "--json").out)["tiers"]["train"]["images"]
    run(*common, "--points", "0.5,1/4,7", "--set", "penalty=100")
    assert [int(row["count"]) for row in rows(out)] == [7, int(train / 4 + 0.5), int(train / 2 + 0.5)]
    assert not os.path.exists(os.path.join(folder, "curves"))
    # More points of the same; of something else, never.
    kept = {row["count"]: row for row in rows(out)}
    run(*common, "--points", "1", "--set", "penalty=100")
    table = rows(out)
    assert int(table[-1]["count"]) == train and all(row == kept[row["count"]] for row in table[:-1])
    refuses(*common, "--points", "1", "--set", "penalty=10", says=["images.csv", "images.json"])
    assert rows(out) == table
    refuses("curves", "ridge", "-r", recording(), "-w", folder, "--against", "images", "--points", 100000,
            says=["100000", str(train)])


def test_silenced(folder):
    run("train", "ridge", "-r", recording(), "-w", folder)
    common = ["curves", "ridge", "-r", recording(), "-w", folder, "--against", "neurons", "--silence", "--points", "1/4,1"]
    of_model = rows(run(*common, "-m", "ridge-1").last)
    fitted = rows(run(*common).last)
    for one, other in zip(of_model, fitted):
        assert {**one, "seconds": 0} == {**other, "seconds": 0}
    retrained = rows(run("curves", "ridge", "-r", recording(), "-w", folder, "--against", "neurons", "--retrain", "--points",
                         "1/4,1").last)
    assert {**retrained[1], "seconds": 0} == {**fitted[1], "seconds": 0}
    # Whoever learned without the others misses them less.
    assert figure(retrained[0], "averaged_mse_full") < figure(fitted[0], "averaged_mse_full")
    abouts = [json.loads(read(os.path.join(folder, "curves", f"ridge-{n}.json"))) for n in (1, 2, 3)]
    assert [about["against"] for about in abouts] == ["silenced", "silenced", "neurons"]
    assert abouts[0]["model"] == "ridge-1" and len(abouts[0]["model_hash"]) == 64 and "model" not in abouts[1]


def test_stopped(folder):
    """Ctrl+C between points: those that are there stay, and the same command goes on from them."""
    arguments = ["curves", "cgan", "-r", recording(), "-w", folder, "--against", "images", "--points", "0.1,0.2,1",
                 "--set", "epochs=3", "width=4", "batch=16"]
    stopped = os.path.join(folder, "stopped.csv")
    process = subprocess.Popen([PROGRAM, *arguments, "-o", stopped], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=ENVIRONMENT)
    deadline = time.monotonic() + 200
    while not os.path.exists(stopped) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=200)
    # It may have been quicker than the signal.
    assert process.returncode in (INTERRUPTED, DONE), process.returncode
    before = rows(stopped)
    assert before
    run(*arguments, "-o", stopped)
    whole = rows(run(*arguments).last)
    after = rows(stopped)
    assert after[:len(before)] == before and len(after) == 3
    assert [{**row, "seconds": 0} for row in after] == [{**row, "seconds": 0} for row in whole]


def test_refusals(folder):
    common = ["curves", "ridge", "-r", recording(), "-w", folder]
    misuses("curves", says="KIND is missing")
    misuses("curves", "ridge", says="-r RECORDING")
    misuses(*common, says="--against neurons|images")
    misuses(*common, "--against", "time", says="“time”")
    misuses(*common, "--against", "silenced", says="“silenced”")
    misuses(*common, "--against", "images", "--silence", says="--silence is for neurons")
    misuses(*common, "--against", "neurons", "--silence", "--retrain", says="exclude each other")
    misuses(*common, "--against", "neurons", "-m", "ridge-1", says="--silence")
    misuses(*common, "--against", "neurons", "--silence", "-m", "ridge-1", "--seed", 2, says="its own options")
    misuses("curves", "bogus", "-r", recording(), "--against", "neurons", says="no kind “bogus”")
    misuses("curves", "gaussian", "-r", recording(), "--against", "neurons", says="no decoder")
    for points in ("", "0", "-1", "1.5", "1/0", "x", "1/4,", "1/4/2", "nan", "inf"):
        misuses(*common, "--against", "neurons", "--points", points, says="neither a share")
    misuses(*common, "--against", "neurons", "--tier", "all", says="“all”")
    misuses(*common, "--against", "neurons", "--set", "bogus=1", says="no option “bogus”")
    refuses(*common, "--against", "neurons", "--silence", "-m", "bogus", says="bogus")
    refuses(*common, "--against", "neurons", "-o", os.path.join(folder, "no", "where.csv"), says="where.csv")


if __name__ == "__main__":
    main(dict(globals()))
