# SPDX-License-Identifier: GPL-3.0-or-later
"""percept-cli sweep on a tiny simulated recording: the pictures are those that reconstruct draws of the same responses,
what each is of stands beside them, and what is refused."""
import csv
import io
import json
import os

from harness import HOME, main, misuses, read, read_npy, refuses, run

SHARED = {}
HEIGHT, WIDTH, NEURONS = 16, 24, 40
PIXELS = HEIGHT * WIDTH


def made():
    """A recording, a workspace with a ridge and a cgan of it, and its responses: (image, trials)."""
    if not SHARED:
        SHARED["recording"] = os.path.join(HOME, "tiny.npz")
        SHARED["workspace"] = os.path.join(HOME, "tiny.percept")
        run("simulate", "-o", SHARED["recording"], "--neurons", NEURONS, "--trials", 200, "--repeats", 4,
            "--height", HEIGHT, "--width", WIDTH)
        run("train", "ridge", "-r", SHARED["recording"], "-w", SHARED["workspace"])
        run("train", "cgan", "-r", SHARED["recording"], "-w", SHARED["workspace"], "--set", "epochs=1", "width=4",
            "batch=16")
        SHARED["images"] = find_images()
    return SHARED["recording"], SHARED["workspace"]


def find_images():
    """Two images that four trials showed: those of the test tier, by asking for a trial that only they have."""
    found, image = [], 0
    while len(found) < 2:
        path = os.path.join(HOME, "probe.npy")
        arguments = ["sweep", SHARED["recording"], "-m", "ridge-1", "-w", SHARED["workspace"], "--image", image,
                     "--along-repeats", "-o", path]
        run(*arguments)
        if read_npy(path)[0][0] == 4:
            found.append(image)
        image += 1
    return found


def sweep(folder, *arguments, model="ridge-1", name="x.npy"):
    """Shape, pictures, rows of the CSV and provenance."""
    recording, workspace = made()
    path = os.path.join(folder, name)
    result = run("sweep", recording, "-m", model, "-w", workspace, "-o", path, *arguments)
    assert result.out.startswith(path), result.out
    base = os.path.splitext(path)[0]
    rows = list(csv.DictReader(io.StringIO(read(base + ".csv").decode())))
    shape, pixels = read_npy(path) if name.endswith(".npy") else (None, None)
    return shape, pixels, rows, json.loads(read(base + ".json"))


def differ(one, other):
    return max(abs(a - b) for a, b in zip(one, other))


def test_neuron(folder):
    made()
    a, _ = SHARED["images"]
    shape, pixels, rows, about = sweep(folder, "--image", a, "--neuron", 3, "--from", "-1.5", "--to", 4.5, "--steps", 4)
    assert tuple(shape) == (4, HEIGHT, WIDTH)
    assert [float(row["neuron_3"]) for row in rows] == [-1.5, 0.5, 2.5, 4.5]
    assert {row["n_averaged"] for row in rows} == {"4"}
    # A ridge is linear: equal steps of the response are equal steps of the picture.
    steps = [[q - p for p, q in zip(pixels[i * PIXELS:], pixels[(i + 1) * PIXELS:(i + 2) * PIXELS])] for i in range(3)]
    assert differ(steps[0], steps[2]) < 1e-2 and max(map(abs, steps[0])) > 0.01
    info = json.loads(run("info", SHARED["recording"], "--json").out)
    assert about["format"] == "percept-sweep-1" and about["sweep"] == "alone" and about["image"] == a
    assert about["fingerprint"] == info["fingerprint"]
    assert about["model"] == "ridge-1" and len(about["model_hash"]) == 64
    assert about["neurons"] == [{"neuron": 3, "from": -1.5, "to": 4.5, "steps": 4}] and about["changed"] == []
    assert about["z"] == "fixed" and about["trial"] == -1 and about["change"] > 0
    # As observed, where nothing is said; of one trial another range.
    _, _, whole, mean = sweep(folder, "--image", a, "--neuron", 3)
    _, _, _, single = sweep(folder, "--image", a, "--neuron", 3, "--repeat", 1)
    assert len(whole) == 13 and single["trial"] == 1
    assert single["neurons"][0]["to"] > mean["neurons"][0]["to"]
    # The others move along.
    _, along, _, about = sweep(folder, "--image", a, "--neuron", 3, "--companions", "--from", "-1.5", "--to", 4.5,
                               "--steps", 4)
    assert about["sweep"] == "companions" and differ(along, pixels) > 0.1


def test_grid(folder):
    made()
    a, _ = SHARED["images"]
    shape, pixels, rows, _ = sweep(folder, "--image", a, "--neurons", "3,7", "--from", "0,1", "--to", "2,4",
                                   "--steps", "2,3")
    assert tuple(shape) == (6, HEIGHT, WIDTH)
    grid = [(i, j) for i in ("0", "2") for j in ("1", "2.5", "4")]
    assert [(row["neuron_3"], row["neuron_7"]) for row in rows] == grid
    _, line, _, _ = sweep(folder, "--image", a, "--neurons", "3,7", "--from", "2,4", "--to", "2,4", "--steps", "1,1")
    assert differ(line, pixels[5 * PIXELS:]) < 1e-3


def test_walk(folder):
    """Between two images; its ends are what reconstruct draws of their mean responses."""
    made()
    a, b = SHARED["images"]
    shape, there, rows, about = sweep(folder, "--image", a, "--to-image", b, "--steps", 5)
    assert tuple(shape) == (5, HEIGHT, WIDTH) and [row["share"] for row in rows] == ["0", "0.25", "0.5", "0.75", "1"]
    assert about["to_image"] == b
    _, back, _, _ = sweep(folder, "--image", b, "--to-image", a, "--steps", 5)
    for i in range(5):
        assert differ(there[i * PIXELS:(i + 1) * PIXELS], back[(4 - i) * PIXELS:(5 - i) * PIXELS]) < 1e-2
    # The ends are the pictures of the means.
    path = os.path.join(folder, "means.npy")
    run("reconstruct", "-m", "ridge-1", "-w", SHARED["workspace"], "-i", SHARED["recording"], "--average", "-o", path)
    _, means = read_npy(path)
    rows_of = [means[i:i + PIXELS] for i in range(0, len(means), PIXELS)]
    for end in (there[:PIXELS], there[4 * PIXELS:]):
        assert min(differ(end, row) for row in rows_of) < 1e-2
    # Exchanged one by one: the same ends, five vectors of four trials.
    shape, exchanged, rows, about = sweep(folder, "--image", a, "--to-image", b, "--along-repeats")
    assert shape[0] == 5 and [row["exchanged"] for row in rows] == list("01234") and about["sweep"] == "repeats"
    assert differ(exchanged[:PIXELS], there[:PIXELS]) < 1e-2
    assert differ(exchanged[4 * PIXELS:], there[4 * PIXELS:]) < 1e-2
    shape, own, rows, _ = sweep(folder, "--image", a, "--along-repeats")
    assert shape[0] == 4 and [row["n_averaged"] for row in rows] == ["1"] * 4
    _, third, _, _ = sweep(folder, "--image", a, "--repeat", 2, "--to-image", b, "--steps", 1)
    assert differ(own[2 * PIXELS:3 * PIXELS], third) < 1e-2


def test_latent(folder):
    made()
    common = ["--image", SHARED["images"][0], "--neuron", 3, "--steps", 3]
    _, fixed, _, about = sweep(folder, *common, model="cgan-1")
    assert about["z"] == "fixed" and about["z_seed"] == "0" and "spread" not in about
    _, redrawn, _, _ = sweep(folder, *common, "--z", "redrawn", model="cgan-1")
    _, again, _, _ = sweep(folder, *common, "--z", "redrawn", "--seed", 1, model="cgan-1")
    _, other, _, _ = sweep(folder, *common, "--z", "redrawn", "--seed", 2, model="cgan-1")
    assert redrawn == again and redrawn != other and redrawn != fixed
    _, _, rows, about = sweep(folder, *common, "--z", "averaged", "--draws", 5, model="cgan-1", name="y.npy")
    shape, spread = read_npy(os.path.join(folder, "y-spread.npy"))
    assert tuple(shape) == (3, HEIGHT, WIDTH) and min(spread) >= 0 and about["draws"] == 5
    for i, row in enumerate(rows):
        square = sum(value * value for value in spread[i * PIXELS:(i + 1) * PIXELS]) / PIXELS
        assert abs(square ** 0.5 - float(row["spread"])) < 1e-4
    refuses("sweep", SHARED["recording"], "-m", "ridge-1", "-w", SHARED["workspace"], *common, "--z", "averaged", "-o",
            os.path.join(folder, "z.npy"), says="no z to draw")
    assert not os.path.exists(os.path.join(folder, "z.npy"))


def test_pictures(folder):
    made()
    common = ["--image", SHARED["images"][0], "--neurons", "3,7", "--steps", "2,3", "--scale", 2]
    sweep(folder, *common, name="g.webp")
    content = read(os.path.join(folder, "g.webp"))
    assert content[:4] == b"RIFF" and content[8:16] == b"WEBPVP8X" and b"ANIM" in content
    sweep(folder, *common, name="g.png")
    content = read(os.path.join(folder, "g.png"))
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    # Three columns of 48 pixels and two gaps of 4; two rows of 32 and one.
    assert int.from_bytes(content[16:20], "big") == 3 * 48 + 8 and int.from_bytes(content[20:24], "big") == 2 * 32 + 4


def test_refusals(folder):
    made()
    out = os.path.join(folder, "x.npy")
    base = ["sweep", SHARED["recording"], "-m", "ridge-1", "-w", SHARED["workspace"]]
    common = [*base, "--image", SHARED["images"][0], "-o", out]
    misuses("sweep", says="RECORDING is missing")
    misuses("sweep", SHARED["recording"], says="-m MODEL")
    misuses(*base, "-o", out, says="--image N")
    misuses(*base, "--image", 0, says="-o X.webp")
    misuses(*common, says="A sweep is over one")
    misuses(*common, "--neuron", 1, "--to-image", 2, says="A sweep is over one")
    misuses(*common, "--neurons", "1", says="two numbers")
    misuses(*common, "--neurons", "1,2,3", says="two numbers")
    misuses(*common, "--neuron", "1.5", says="numbered from 0")
    misuses(*common, "--neuron", "x", says="“x”")
    misuses(*common, "--neuron", 1, "--from", "nan", says="“nan”")
    misuses(*common, "--neurons", "1,2", "--companions", says="--companions is for")
    misuses(*common, "--to-image", 1, "--from", 2, says="--from and --to")
    misuses(*common, "--along-repeats", "--steps", 2, says="as many steps")
    misuses(*common, "--along-repeats", "--repeat", 2, says="not one")
    for steps in ("0", "-1", "1.5", "2000"):
        misuses(*common, "--neuron", 1, "--steps", steps, says="whole numbers")
    misuses(*common, "--neurons", "1,2", "--steps", "40,40", says="at most 1024")
    misuses(*common, "--neuron", 1, "--z", "random", says="“random”")
    misuses(*common, "--neuron", 1, "--draws", 3, says="--z averaged")
    misuses(*common, "--neuron", 1, "--z", "averaged", "--draws", 1, says="2 to 1000")
    misuses(*common, "--neuron", 1, "--scale", 0, says="1 to 256")
    misuses(*common, "--neuron", 1, "--rate", 0, says="frames a second")
    misuses(*base, "--image", 0, "--neuron", 1, "-o", "x.gif", says="x.gif")
    refuses(*common, "--neuron", NEURONS, says=[str(NEURONS), "tiny"])
    refuses(*base, "--image", 9999, "--neuron", 1, "-o", out, says="no image 9999")
    refuses(*common, "--to-image", 9999, says="no image 9999")
    refuses(*common, "--neuron", 1, "--repeat", 4, says=["4 trials", "no trial 4"])
    refuses("sweep", SHARED["recording"], "-m", "bogus", "-w", SHARED["workspace"], "--image", 0, "--neuron", 1, "-o",
            out, says="bogus")
    refuses(*base, "--image", 0, "--neuron", 1, "-o", os.path.join(folder, "no", "x.npy"), says="x.npy")
    refuses(*common[:-1], os.path.join(folder, "x.webp"), "--neuron", 1, "--scale", 256, "--steps", 1000,
            says="enlarge less")
    assert os.listdir(folder) == []


if __name__ == "__main__":
    main(dict(globals()))
