# SPDX-License-Identifier: GPL-3.0-or-later
"""percept-cli look: facts and a first score of a tiny simulated recording, a leak that is planted and told, what is
refused."""
import json
import os
import struct
import zipfile

from harness import HOME, main, misuses, refuses, rewrite_npz, run

SHARED = {}
NEURONS, HEIGHT, WIDTH = 24, 16, 20


def recording():
    if "recording" not in SHARED:
        SHARED["recording"] = os.path.join(HOME, "tiny.npz")
        run("simulate", "-o", SHARED["recording"], "--neurons", NEURONS, "--trials", 200, "--repeats", 4, "--height",
            HEIGHT, "--width", WIDTH)
    return SHARED["recording"]


def look(path, *options):
    return json.loads(run("look", path, "--json", *options).out)


def names(found):
    return [remark["name"] for remark in found["remarks"]]


def body(content):
    """Where an array's numbers begin."""
    return 10 + struct.unpack("<H", content[8:10])[0]


def test_text(folder):
    out = run("look", recording()).out
    for part in [f"{NEURONS} neurons", f"{WIDTH} × {HEIGHT} pixels", "shown 4 times", "Reliability",
                 "Noise correlations", "Drift", "single trials", "means of up to 4 trials", "Mean image", "Nearest neighbour",
                 "Ridge regression", "simulated responses of mouse V1"]:
        assert part in out, part


def test_json(folder):
    found, told = look(recording()), json.loads(run("info", recording(), "--json").out)
    assert found["fingerprint"] == told["fingerprint"] and found["neurons"] == NEURONS
    for tier in ["train", "validation", "test"]:
        for figure in ["trials", "images", "repeats_most"]:
            assert found["tiers"][tier][figure] == told["tiers"][tier][figure], (tier, figure)
    pairs = NEURONS * (NEURONS - 1) // 2
    assert found["noise_correlation"]["pairs"] == pairs
    assert sum(found["noise_correlation"]["histogram"]["counts"]) == pairs
    assert sum(found["reliability"]["histogram"]["counts"]) == NEURONS
    assert -1 < found["reliability"]["median"] < 1
    assert found["duplicates"]["shared"]["test_in_train"] == 0
    rows = {(row["name"], row["mode"]): row for row in found["score"]["rows"]}
    assert len(rows) == 8
    for mode in ["single", "averaged"]:
        ridge, mean = rows["ridge", mode]["full"], rows["mean-image", mode]["full"]
        assert ridge["pixcorr"] > mean["pixcorr"] and ridge["identification"] > 0.6, (ridge, mean)
        low, high = ridge["pixcorr_interval"]
        assert low < ridge["pixcorr"] < high
    assert 0 < found["expected"]["pixcorr"] < 1


def test_score_is_that_of_a_model(folder):
    workspace = os.path.join(folder, "models")
    run("train", "ridge", "-r", recording(), "-w", workspace)
    scored = json.loads(run("score", "-r", recording(), "-w", workspace, "--json").out)["rows"]
    looked = look(recording())["score"]["rows"]
    for mode in ["single", "averaged"]:
        one = next(row for row in scored if row["role"] == "model" and row["mode"] == mode)
        other = next(row for row in looked if row["name"] == "ridge" and row["mode"] == mode)
        assert abs(one["full"]["pixcorr"] - other["full"]["pixcorr"]) < 1e-5
        assert abs(one["full"]["mse"] - other["full"]["mse"]) < 0.1


def test_condition(folder):
    found = look(recording(), "--no-score", "--trials", "trial >= 100")
    whole = look(recording(), "--no-score")
    assert found["condition"] == "trial >= 100" and found["trials"] == 100 and found["all_trials"] == whole["trials"]
    assert "condition" not in whole and found["fingerprint"] == whole["fingerprint"]
    assert "Only trials with trial >= 100" in run("look", recording(), "--no-score", "--trials", "trial >= 100").out
    refuses("look", recording(), "--trials", "sped < 1", says="there is no “sped” of a trial")


def test_no_score(folder):
    found = look(recording(), "--no-score")
    assert "score" not in found and "score_problem" not in found
    assert "Ridge regression" not in run("look", recording(), "--no-score").out


def planted_leak(target):
    """The first test image gets the pixels of the first train image."""
    with zipfile.ZipFile(recording()) as archive:
        tiers, index = archive.read("tiers.npy"), archive.read("image_index.npy")
    start, n = body(index), (len(index) - body(index)) // 4
    images = struct.unpack(f"<{n}i", index[start:])
    width = (len(tiers) - body(tiers)) // n
    places = [body(tiers) + i * width for i in range(n)]
    words = [tiers[at:at + width].decode("utf-32-le").rstrip("\0") for at in places]
    one, other = images[words.index("test")], images[words.index("train")]

    def change(name, content):
        if name != "images.npy":
            return content
        size = HEIGHT * WIDTH * ((len(content) - body(content)) // (HEIGHT * WIDTH) // (max(images) + 1))
        at = [body(content) + i * size for i in (one, other)]
        return content[:at[0]] + content[at[1]:at[1] + size] + content[at[0] + size:]

    rewrite_npz(recording(), target, change)
    return one, other


def test_leak(folder):
    path = os.path.join(folder, "leak.npz")
    one, other = planted_leak(path)
    assert "leak-test-train" not in names(look(recording(), "--no-score"))
    found = look(path, "--no-score")
    assert names(found)[0] == "leak-test-train" or found["remarks"][0]["grave"]
    assert "leak-test-train" in names(found)
    assert found["duplicates"]["shared"]["test_in_train"] == 1
    pair = found["duplicates"]["examples"][0]
    assert {pair["image"], pair["other"]} == {one, other}, pair
    assert f"{one} = {other}" in run("look", path, "--no-score").out


def test_nothing_held_out(folder):
    path = os.path.join(folder, "train.npz")

    def change(name, content):
        if name != "tiers.npy":
            return content
        n = (len(content) - body(content)) // 40
        return content[:body(content)] + "train".ljust(10, "\0").encode("utf-32-le") * n

    rewrite_npz(recording(), path, change)
    found = look(path)
    assert "score" not in found and "“train.npz”" in found["score_problem"], found.get("score_problem")
    assert "no-test" in names(found) and "no-validation" in names(found)


def test_refused(folder):
    nothing = os.path.join(folder, "nothing.npz")
    with open(nothing, "wb") as file:
        file.write(b"no zip")
    refuses("look", nothing, says="nothing.npz")
    refuses("look", os.path.join(folder, "absent.npz"), says="absent.npz")
    misuses("look", says="RECORDING")
    misuses("look", "demo", "--score", says="--score")


main(dict(globals()))
