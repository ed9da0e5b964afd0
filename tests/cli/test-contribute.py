# SPDX-License-Identifier: GPL-3.0-or-later
"""percept-cli contribute on a tiny simulated recording: its numbers against pictures drawn by reconstruct, and what is
refused."""
import csv
import io
import json
import math
import os

from harness import HOME, main, misuses, npy, read_npy, refuses, run

SHARED = {}
X, Y, WIDTH, HEIGHT = 5, 3, 6, 4


def world():
    """Recording (40 neurons, 16 x 24 pixels) and workspace with a ridge."""
    if not SHARED:
        SHARED["recording"] = os.path.join(HOME, "tiny.npz")
        SHARED["workspace"] = os.path.join(HOME, "tiny.percept")
        run("simulate", "-o", SHARED["recording"], "--neurons", 40, "--trials", 200, "--repeats", 4, "--height", 16,
            "--width", 24)
        SHARED["folder"] = run("train", "ridge", "-r", SHARED["recording"], "-w", SHARED["workspace"]).last
    return SHARED["recording"], SHARED["workspace"]


def contribute(*arguments, model="ridge-1"):
    recording, workspace = world()
    return run("contribute", recording, "-w", workspace, "-m", model, *arguments)


def find_image():
    """The number of an image of the test tier, which has four trials."""
    if "image" not in SHARED:
        for image in range(200):
            if json.loads(contribute("--image", image, "--json").out)["n_averaged"] == 4:
                SHARED["image"] = image
                break
    return SHARED["image"]


def draw(folder, rows, averaged):
    """The pictures of responses, each a flat list."""
    path, out = os.path.join(folder, "rows.npy"), os.path.join(folder, "pictures.npy")
    with open(path, "wb") as file:
        file.write(npy((len(rows), len(rows[0])), [value for row in rows for value in row]))
    run("reconstruct", "-m", SHARED["folder"], "-i", path, "--averaged-over", averaged, "-o", out)
    shape, values = read_npy(out)
    pixels = shape[1] * shape[2]
    return [values[i * pixels:(i + 1) * pixels] for i in range(shape[0])]


def region_mean(picture):
    return sum(picture[y * 24 + x] for y in range(Y, Y + HEIGHT) for x in range(X, X + WIDTH)) / (WIDTH * HEIGHT)


def test_numbers(folder):
    image, region = find_image(), ["--region", f"{X},{Y},{WIDTH},{HEIGHT}"]
    ranked = {measure: json.loads(contribute("--image", image, "--measure", measure, "--json",
                                             *([] if measure == "silencing" else region)).out)
              for measure in ("contribution", "sensitivity", "silencing")}
    neurons = sorted(ranked["contribution"]["neurons"], key=lambda row: row["neuron"])
    assert [row["neuron"] for row in neurons] == list(range(40))
    now, usual = [row["response"] for row in neurons], [row["response_mean"] for row in neurons]
    without = [now[:i] + [usual[i]] + now[i + 1:] for i in range(40)]
    pictures = draw(folder, [now, usual, *without], 4)
    assert abs(ranked["contribution"]["change"] - (region_mean(pictures[0]) - region_mean(pictures[1]))) < 1e-3
    for measure, table in ranked.items():
        values = [row["value"] for row in table["neurons"]]
        assert table["measure"] == measure and table["image"] == image and table["tier"] == "test"
        assert "trial" not in table and table["kind"] == "ridge" and len(table["model_hash"]) == 64
        assert len(table["fingerprint"]) == 64
        assert table.get("region") == (None if measure == "silencing" else [X, Y, WIDTH, HEIGHT])
        assert all(abs(a) >= abs(b) for a, b in zip(values, values[1:])) and abs(values[0]) > 0
        for row in table["neurons"]:
            i = row["neuron"]
            by_region = region_mean(pictures[0]) - region_mean(pictures[2 + i])
            if measure == "contribution":
                assert abs(row["value"] - by_region) < 1e-3, row
            elif measure == "sensitivity":
                assert abs(row["value"] * (now[i] - usual[i]) - by_region * row["response_std"]) < 1e-3, row
            else:
                squares = [(a - b) ** 2 for a, b in zip(pictures[0], pictures[2 + i])]
                assert abs(row["value"] - math.sqrt(sum(squares) / len(squares))) < 1e-3, row
    assert abs(ranked["contribution"]["gap"]) < 1e-3 and ranked["contribution"]["derivatives"] == 3


def test_formats(folder):
    image = find_image()
    table = list(csv.DictReader(io.StringIO(contribute("--image", image, "--csv").out)))
    parsed = json.loads(contribute("--image", image, "--json").out)
    assert len(table) == 40 and list(table[0]) == ["neuron", "unit_id", "contribution", "response", "response_mean",
                                                   "response_std"]
    for one, other in zip(table, parsed["neurons"]):
        assert int(one["neuron"]) == other["neuron"] and abs(float(one["contribution"]) - other["value"]) < 1e-6
    # For a person the strongest twenty, or as many as asked for.
    strongest = [str(row["neuron"]) for row in parsed["neurons"]]
    text = contribute("--image", image).out
    assert [line.split()[0] for line in text.splitlines()[4:24]] == strongest[:20], text
    assert "whole picture" in text and "mean of 4 trials" in text and max(map(len, text.splitlines())) <= 150
    assert len(json.loads(contribute("--image", image, "-n", 3, "--json").out)["neurons"]) == 3
    # One trial is another question than the mean of all.
    one = json.loads(contribute("--image", image, "--repeat", 2, "--json").out)
    assert one["trial"] == 2 and one["n_averaged"] == 1 and one["neurons"] != parsed["neurons"]


def test_refusals(folder):
    recording, workspace = world()
    common = ["contribute", recording, "-w", workspace, "-m", "ridge-1", "--image", find_image()]
    misuses("contribute", says="RECORDING is missing")
    misuses("contribute", recording, "--image", 0, says="-m MODEL")
    misuses("contribute", recording, "-m", "ridge-1", says="--image N")
    misuses(*common, "--measure", "influence", says="“influence”")
    misuses(*common, "--json", "--csv", says="exclude each other")
    misuses(*common, "--measure", "silencing", "--region", "0,0,4,4", says="whole picture")
    for region in ("", "1,2,3", "1,2,3,4,5", "a,b,c,d", "-1,0,4,4", "0,0,0,4", "0,0,4,4x", "99999999999,0,4,4"):
        misuses(*common, "--region", region, says=f"“{region}”")
    for region in ("20,0,5,4", "0,13,4,4", "24,0,1,1"):
        refuses(*common, "--region", region, says="not inside the picture of 24 × 16 pixels")
    misuses(*common, "--repeat", -2, says="from 0")
    refuses(*common, "--repeat", 4, says=["4 trials", "no trial 4"])
    refuses(*common[:-1], 100000, says=["no image 100000", "tiny"])
    refuses(*common[:4], "-m", "bogus", "--image", 0, says="bogus")
    other = os.path.join(folder, "other.npz")
    run("simulate", "-o", other, "--neurons", 30, "--trials", 60, "--repeats", 2, "--height", 16, "--width", 24)
    refuses("contribute", other, "-m", SHARED["folder"], "--image", 0, says=["40", "30"])


if __name__ == "__main__":
    main(dict(globals()))
