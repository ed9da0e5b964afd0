# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses in hand: reconstruct, contribute, sweep and lesion start from an image's responses with some of them set to
other values; neurons and images list what the window's pages list."""
import csv
import io
import json
import os

from harness import HOME, main, misuses, read, read_npy, refuses, run

SHARED = {}
NEURONS, HEIGHT, WIDTH = 30, 16, 24


def made():
    """A recording beside its own workspace, with ridge-1, cgan-1 and ln-1."""
    if not SHARED:
        path = SHARED["recording"] = os.path.join(HOME, "tiny.npz")
        run("simulate", "-o", path, "--neurons", NEURONS, "--trials", 200, "--repeats", 4, "--height", HEIGHT, "--width",
            WIDTH)
        run("train", "ridge", "-r", path)
        run("train", "cgan", "-r", path, "--set", "epochs=1", "width=4", "batch=16")
        run("train", "ln", "-r", path, "--set", "epochs=3")
    return SHARED["recording"]


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def images(*more):
    return rows(run("images", made(), "--csv", *more).out)


def draw(folder, *more, model="ridge-1", name="x.npy"):
    path = os.path.join(folder, name)
    run("reconstruct", "-i", made(), "-w", made().replace(".npz", ".percept"), "-m", model, *more, "-o", path)
    return read_npy(path)


def far(one, other):
    return max(abs(a - b) for a, b in zip(one, other))


def repeated():
    """An image of the test tier, shown more than once."""
    return next(int(row["image"]) for row in images("--tier", "test") if int(row["trials"]) > 1)


def test_reconstruct_an_image(folder):
    image = repeated()
    shape, mean = draw(folder, "--image", image)
    assert shape == (1, HEIGHT, WIDTH)
    _, first = draw(folder, "--image", image, "--repeat", 0)
    assert far(mean, first) > 0.01
    _, moved = draw(folder, "--image", image, "--response", "3=9.5", "--response", "4=-1")
    assert far(mean, moved) > 0.01
    # A sweep of that neuron to that response, with the other held there too, is the same picture.
    strip = os.path.join(folder, "strip.npy")
    run("sweep", made(), "-m", "ridge-1", "--image", image, "--response", "4=-1", "--neuron", 3, "--from=9.5", "--to=9.5",
        "--steps", 1, "-o", strip)
    assert far(read_npy(strip)[1], moved) < 1e-3
    about = json.loads(read(strip.replace(".npy", ".json")))
    assert "-1" in json.dumps(about), about


def test_z(folder):
    image = repeated()
    _, zero = draw(folder, "--image", image, model="cgan-1")
    _, one = draw(folder, "--image", image, "--z-seed", 5, model="cgan-1")
    _, again = draw(folder, "--image", image, "--z-seed", 5, model="cgan-1")
    assert far(zero, one) > 1e-4 and one == again
    # The first draw of that seed.
    _, drawn = draw(folder, "--image", image, "--draws", 1, "--seed", 5, model="cgan-1")
    assert far(drawn, one) < 1e-4
    strip = os.path.join(folder, "strip.npy")
    run("sweep", made(), "-m", "cgan-1", "--image", image, "--response", "3=2", "--z-seed", 5, "--neuron", 3, "--from=2",
        "--to=2", "--steps", 1, "-o", strip)
    _, there = draw(folder, "--image", image, "--response", "3=2", "--z-seed", 5, model="cgan-1")
    assert far(read_npy(strip)[1], there) < 1e-3


def test_contribute(folder):
    image = repeated()
    plain = rows(run("contribute", made(), "-m", "ridge-1", "--image", image, "--csv").out)
    moved = rows(run("contribute", made(), "-m", "ridge-1", "--image", image, "--response", "3=100", "--csv").out)
    assert moved[0]["neuron"] == "3" != plain[0]["neuron"] or abs(float(moved[0]["contribution"])) > \
        abs(float(plain[0]["contribution"]))


def test_lesion(folder):
    path = os.path.join(folder, "cut.csv")
    arguments = ["lesion", made(), "-m", "ridge-1", "--neurons", "3,17,4", "-o", path]
    run(*arguments, "--image", repeated())
    lines = rows(read(path).decode())
    assert [line["count"] for line in lines] == ["0", "1", "2", "3"]
    assert float(lines[0]["pixcorr_full"]) != float(lines[3]["pixcorr_full"])
    run(*arguments, "--tier", "test", "--average", "--others")
    lines = rows(read(path).decode())
    assert [int(line["silenced"]) for line in lines] == [NEURONS - k for k in range(4)]
    assert json.loads(read(path.replace(".csv", ".json")))["tier"] == "test"
    refuses(*arguments[:4], "--neurons", NEURONS, "--image", 0, "-o", path, says="no neuron")
    misuses(*arguments, says="--image")
    misuses(*arguments[:4], "--neurons", "3,3", "--image", 0, "-o", path, says="different")
    misuses(*arguments, "--tier", "test", "--image", 0, says="whole tier")


def test_refusals(folder):
    base = ["reconstruct", "-i", made(), "-w", made().replace(".npz", ".percept"), "-m", "ridge-1", "-o",
            os.path.join(folder, "x.npy")]
    misuses(*base, "--response", "3=1", says="--image")
    for wrong in "3", "3=", "=1", "x=1", "3=nan", "-1=2", "3=1e40", "3=1x":
        misuses(*base, "--image", 0, "--response", wrong, says="--response takes")
    misuses(*base, "--image", 0, "--tier", "test", says="without --tier")
    misuses(*base, "--image", 0, "--z-seed", 0, says="seed of z")
    misuses(*base, "--image", 0, "--z-seed", 3, "--draws", 2, says="--draws")
    refuses(*base, "--image", 0, "--response", f"{NEURONS}=1", says="no neuron")
    refuses(*base, "--image", 99999, says="no image")


def test_images(folder):
    listed = images()
    assert [int(row["image"]) for row in listed] == list(range(len(listed)))
    by_response = images("--sort", "mean-response", "--tier", "test")
    responses = [float(row["mean_response"]) for row in by_response]
    assert responses == sorted(responses, reverse=True) and {row["tier"] for row in by_response} == {"test"}
    for measure, best_first in ("pixcorr", True), ("mse", False):
        scored = images("--tier", "test", "-m", "ridge-1", "--measure", measure, "--sort", "score")
        values = [float(row[measure]) for row in scored]
        assert values == sorted(values, reverse=best_first) and len(values) == len(by_response)
    # Their mean is what score says.
    scored = images("--tier", "test", "-m", "ridge-1")
    told = json.loads(run("score", "-r", made(), "-m", "ridge-1", "--json").out)["rows"]
    mean = next(row for row in told if row["name"] == "ridge-1" and row["mode"] == "averaged")["full"]["pixcorr"]
    assert abs(sum(float(row["pixcorr"]) for row in scored) / len(scored) - mean) < 1e-5
    misuses("images", made(), "--sort", "score", says="-m NAME")
    refuses("images", made(), "-m", "ln-1", says="ln-1")


def test_neurons(folder):
    everyone = rows(run("neurons", made(), "--csv").out)
    assert len(everyone) == NEURONS and "correlation" in everyone[0] and "reliability" in everyone[0]
    limit = sorted(float(row["mean"]) for row in everyone)[NEURONS // 2]
    some = rows(run("neurons", made(), "--filter", f"mean > {limit!r}", "--sort", "reliability", "--descending", "--csv").out)
    assert 0 < len(some) < NEURONS
    values = [float(row["reliability"]) for row in some if row["reliability"]]
    assert values == sorted(values, reverse=True)
    only = rows(run("neurons", made(), "--only", "5,2,9", "--csv").out)
    assert [row["number"] for row in only] == ["2", "5", "9"]
    assert len(run("neurons", made(), "--only", "5,2").out.splitlines()) == 3
    misuses("neurons", made(), "--sort", "charm", says="charm")
    refuses("neurons", made(), "--filter", "charm > 3", says="charm")
    refuses("neurons", made(), "-e", "ridge-1", says="ridge-1")


if __name__ == "__main__":
    main(dict(globals()))
