# SPDX-License-Identifier: GPL-3.0-or-later
"""Encoders and most exciting inputs on a tiny simulated recording: predict, mei, train, simulate --encoder, score, and
what is refused."""
import csv
import io
import json
import math
import os
import signal
import subprocess
import zipfile

from harness import (ENVIRONMENT, FAILED, HOME, INTERRUPTED, PROGRAM, Skip, main, misuses, npy, read, read_npy, refuses,
                     rewrite_npz, run)

SHARED = {}
NEURONS, HEIGHT, WIDTH = 24, 16, 20


def recording():
    if "recording" not in SHARED:
        SHARED["recording"] = os.path.join(HOME, "tiny.npz")
        run("simulate", "-o", SHARED["recording"], "--neurons", NEURONS, "--trials", 200, "--repeats", 4, "--height",
            HEIGHT, "--width", WIDTH)
    return SHARED["recording"]


SMALL = ["--set", "epochs=3", "layers=2", "channels=4", "input_kernel=5", "hidden_kernel=3"]


def workspace():
    """With ln-1, gaussian-1 and ridge-1."""
    if "workspace" not in SHARED:
        folder = os.path.join(HOME, "tiny-models")
        run("train", "ln", "-r", recording(), "-w", folder, "--set", "epochs=5")
        run("train", "gaussian", "-r", recording(), "-w", folder, *SMALL)
        run("train", "ridge", "-r", recording(), "-w", folder)
        SHARED["workspace"] = folder
    return SHARED["workspace"]


def model(name):
    return os.path.join(workspace(), "models", name)


def pictures(folder, n=3, height=HEIGHT, width=WIDTH, rank=3, name="images.npy"):
    path = os.path.join(folder, name)
    shape = (n, height, width) if rank == 3 else (n, 1, height, width)
    values = [float((i * 7919) % 256) for i in range(n * height * width)]
    with open(path, "wb") as file:
        file.write(npy(shape, values))
    return path


def array_of(path, name):
    """An array of an .npz file: shape and floats."""
    with zipfile.ZipFile(path) as archive, open(path + "-" + name, "wb") as file:
        file.write(archive.read(name + ".npy"))
    return read_npy(path + "-" + name)


def test_usage(folder):
    for command in ["predict", "mei"]:
        assert run(command, "--help").out.strip(), command
        misuses(command, "--bogus", says="--bogus")
        misuses(command, says="-e MODEL|WEIGHTS is missing")
    misuses("predict", "-e", "x", says="-i IMAGES.npy")
    misuses("mei", "-e", "x", says="-o MEIS.npz")
    misuses("mei", "-e", "x", "-o", "y", says="Mean and contrast")
    given = ["mei", "-e", model("ln-1"), "-o", os.path.join(folder, "x.npz"), "--set", "mean=100", "contrast=5"]
    misuses(*given, "-n", "3-1", says="“3-1”")
    for wrong in [",", "a", "1-", "-1", "1,,2", "0x3", "1-2-3", "99999999999999999999"]:
        misuses(*given, "--neurons=" + wrong, says=f"“{wrong}” is no choice of neurons")
    misuses(*given, "--set", "no_such_option=1", says="no_such_option")
    misuses(*given, "--seed", "many", says="“many”")
    misuses("predict", "-e", model("ln-1"), "-i", "x", "-o", "y", "--set", "linear=perhaps", says="“perhaps”")
    misuses("predict", "-e", model("ln-1"), "-i", "x", "-o", "y", "--set", "rate=1", says="“rate=1”")
    misuses("train", "ridge", "-r", recording(), "-e", model("ln-1"), says="needs no encoder")
    misuses("simulate", "-o", "x", "--encoder", model("ln-1"), "--neurons", 3, says="--neurons")


def test_kinds(folder):
    kinds = json.loads(run("kinds", "--json").out)
    roles = {kind["kind"]: kind["role"] for kind in kinds}
    assert roles["gaussian"] == roles["ln"] == roles["factorized"] == "encoder" and roles["ridge"] == "decoder"
    assert roles["mei"] == "mei-set"
    needy = [kind["kind"] for kind in kinds if kind["needs_encoder"]]
    assert needy[0] == "mei" and not [kind for kind in kinds if kind["kind"] in needy and kind["role"] == "encoder"]
    assert all(kind["needs_" + what] for kind in kinds for what in ["encoder", "meis"] if kind["always_needs_" + what])
    assert kinds[3]["always_needs_encoder"] and not kinds[3]["needs_meis"] and not kinds[3]["takes_photographs"]
    assert "Needs a trained encoder" in run("kinds", "mei").out and "Needs" not in run("kinds", "ln").out
    markdown = run("kinds", "--markdown").out
    assert markdown.index("### Encoders") < markdown.index("### Most exciting") < markdown.index("### Decoders")


def test_train(folder):
    with open(os.path.join(model("ln-1"), "model.json")) as file:
        described = json.load(file)
    assert described["state"] == "finished" and described["validation"]["correlation"] > 0
    assert described["validation"]["pixcorr"] is None and "encoder" not in described
    assert sorted(os.listdir(model("ln-1"))) == ["curves.csv", "model.json", "weights.safetensors"]
    again = run("train", "ln", "-r", recording(), "-w", folder, "--set", "epochs=5", "--json").last
    assert read(os.path.join(again, "weights.safetensors")) == read(os.path.join(model("ln-1"), "weights.safetensors"))


def test_interrupted_training_resumes(folder):
    settings = ["-r", recording(), "--set", "epochs=400", "layers=2", "channels=4", "input_kernel=5", "hidden_kernel=3",
                "batch=20", "patience=100"]
    whole = run("train", "gaussian", "-w", os.path.join(folder, "whole"), *settings).last
    process = subprocess.Popen([PROGRAM, "train", "gaussian", "-w", os.path.join(folder, "part"), "--json", *settings],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
    for line in process.stderr:
        if json.loads(line).get("epoch") == 3:
            process.send_signal(signal.SIGINT)
            break
    out, err = process.communicate(timeout=240)
    assert process.returncode == INTERRUPTED and out == "", (process.returncode, out, err)
    part = os.path.join(folder, "part", "models", "gaussian-1")
    refuses("predict", "-e", part, "-i", pictures(folder), "-o", os.path.join(folder, "x.npy"), says="--resume")
    assert run("train", "gaussian", "-r", recording(), "-w", os.path.join(folder, "part"), "--resume").last == part
    for name in ["weights.safetensors", "curves.csv"]:
        assert read(os.path.join(part, name)) == read(os.path.join(whole, name)), name
    assert not os.path.exists(os.path.join(part, "optimizer.safetensors"))


def test_predict(folder):
    out, again = os.path.join(folder, "out.npy"), os.path.join(folder, "again.npy")
    run("predict", "-e", "gaussian-1", "-w", workspace(), "-i", pictures(folder), "-o", out)
    shape, responses = read_npy(out)
    assert shape == (3, NEURONS) and all(math.isfinite(value) for value in responses) and len(set(responses)) > NEURONS
    # By the model's folder, by its weights alone, with a channel of images, from an .npz file.
    run("predict", "-e", model("gaussian-1"), "-i", pictures(folder, rank=4, name="channel.npy"), "-o", again)
    assert read(out) == read(again)
    packed = os.path.join(folder, "images.npz")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("images.npy", read(pictures(folder)))
    run("predict", "-e", os.path.join(model("gaussian-1"), "weights.safetensors"), "-i", packed, "-o", again)
    assert read_npy(again)[0] == (3, NEURONS)
    # An image's answer is its own.
    run("predict", "-e", model("gaussian-1"), "-i", pictures(folder, n=1), "-o", again)
    assert max(abs(a - b) for a, b in zip(read_npy(again)[1], responses)) < 1e-5
    run("predict", "-e", model("gaussian-1"), "-i", pictures(folder, n=0), "-o", again)
    assert read_npy(again)[0] == (0, NEURONS)


def test_predict_refuses(folder):
    out = os.path.join(folder, "out.npy")
    common = ["predict", "-e", model("gaussian-1"), "-o", out]
    make = lambda name, content: open(os.path.join(folder, name), "wb").write(content) and os.path.join(folder, name)
    refuses(*common, "-i", pictures(folder, height=HEIGHT + 1), says=[f"{WIDTH} × {HEIGHT}", f"{WIDTH} × {HEIGHT + 1}"])
    refuses(*common, "-i", make("flat.npy", npy((2, 40), [1.0] * 80)), says=["flat.npy", "(2, 40)"])
    refuses(*common, "-i", make("colour.npy", npy((1, 3, 2, 2), [1.0] * 12)), says=["colour.npy", "(1, 3, 2, 2)"])
    pixels = [1.0] * (2 * HEIGHT * WIDTH)
    pixels[-1] = math.nan
    refuses(*common, "-i", make("nan.npy", npy((2, HEIGHT, WIDTH), pixels)), says=["nan.npy", "image 1"])
    refuses(*common, "-i", make("text.npz", b"no zip file"), says="text.npz")
    refuses(*common, "-i", os.path.join(folder, "missing.npy"), says="missing.npy")
    images = pictures(folder)
    refuses("predict", "-e", model("ridge-1"), "-i", images, "-o", out, says=["ridge-1", "is a decoder", "needs an encoder"])
    refuses("predict", "-e", "bogus", "-i", images, "-o", out, says="bogus")
    refuses("predict", "-e", recording(), "-i", images, "-o", out, says="tiny.npz")
    weights = read(os.path.join(model("gaussian-1"), "weights.safetensors"))
    refuses("predict", "-e", make("half.safetensors", weights[:len(weights) // 2]), "-i", images, "-o", out,
            says="half.safetensors")
    refuses("predict", "-e", os.path.join(model("ridge-1"), "weights.safetensors"), "-i", images, "-o", out,
            says="weights.safetensors")
    assert not os.path.exists(out)
    # And an encoder where a decoder is wanted.
    refuses("reconstruct", "-m", model("ln-1"), "-i", recording(), "-o", out, says=["ln-1", "is an encoder", "needs a decoder"])


def test_mei(folder):
    out, few = os.path.join(folder, "all.npz"), os.path.join(folder, "few.npz")
    common = ["mei", "-e", model("ln-1"), "--seed", 4, "--set", "contrast=6", "mean=120", "steps=5"]
    run(*common, "-o", out)
    shape, values = array_of(out, "meis")
    assert shape == (NEURONS, HEIGHT, WIDTH)
    pixels = HEIGHT * WIDTH
    for i in range(NEURONS):
        image = values[i * pixels:(i + 1) * pixels]
        mean = sum(image) / pixels
        spread = math.sqrt(sum((value - mean) ** 2 for value in image) / pixels)
        assert abs(mean - 120) < 0.5 and abs(spread - 6) < 0.1, (i, mean, spread)
    # A neuron's image depends on no other; the file keeps the order asked for.
    run(*common, "-o", few, "-n", "7,2-4,0")
    shape, some = array_of(few, "meis")
    assert shape == (5, HEIGHT, WIDTH)
    for row, neuron in enumerate([7, 2, 3, 4, 0]):
        assert some[row * pixels:(row + 1) * pixels] == values[neuron * pixels:(neuron + 1) * pixels], neuron
    # What it says of the response is what the encoder predicts: with one scale a neuron, whatever the image.
    chosen, ratios = [7, 2, 3, 4, 0], []
    images, predicted = os.path.join(folder, "meis.npy"), os.path.join(folder, "predicted.npy")
    for contrast in (6, 9):
        path = os.path.join(folder, f"{contrast}.npz")
        run(*common, f"contrast={contrast}", "-o", path, "-n", "7,2-4,0")
        activation = array_of(path, "activation")[1]
        with zipfile.ZipFile(path) as archive, open(images, "wb") as file:
            file.write(archive.read("meis.npy"))
        run("predict", "-e", model("ln-1"), "-i", images, "-o", predicted)
        answers = read_npy(predicted)[1]
        ratios.append([answers[row * NEURONS + neuron] / activation[row] for row, neuron in enumerate(chosen)])
    assert all(abs(one / other - 1) < 1e-3 for one, other in zip(*ratios)), ratios
    weights = os.path.join(model("ln-1"), "weights.safetensors")
    info = json.loads(run("info", out, "--json").out)
    assert (info["type"], info["neurons"], info["ready"]) == ("mei-set", NEURONS, NEURONS) and info["gain"] > 0
    # Mean and contrast of a recording.
    run("mei", "-e", weights, "-r", recording(), "-n", "1", "--set", "steps=2", "-o", few)
    assert array_of(few, "meis")[0] == (1, HEIGHT, WIDTH)


def test_mei_refuses(folder):
    out = os.path.join(folder, "out.npz")
    common = ["mei", "-o", out, "--set", "contrast=6", "mean=120", "steps=2"]
    refuses(*common, "-e", model("ln-1"), "-n", "9999999", says=["9999999", f"0 to {NEURONS - 1}"])
    refuses(*common, "-e", model("ln-1"), "-n", f"0-{NEURONS}", says=[str(NEURONS), f"0 to {NEURONS - 1}"])
    refuses(*common, "-e", model("ln-1"), "-n", "1,0-3", says="Neuron 1")
    refuses(*common, "-e", model("ridge-1"), says=["ridge-1", "needs an encoder"])
    refuses(*common, "-e", model("ln-1"), "--resume", says="out.npz")
    other = os.path.join(folder, "other.npz")
    run("simulate", "-o", other, "--neurons", 4, "--trials", 40, "--repeats", 2, "--height", 12, "--width", 12)
    refuses(*common, "-e", model("ln-1"), "-r", other, says=["ln-1", "12 × 12"])
    assert not os.path.exists(out)
    run(*common, "-e", model("ln-1"), "-n", "0-3")
    refuses(*common, "-e", model("ln-1"), "-n", "0-4", "--resume", says="out.npz")
    refuses("mei", "-o", os.path.join(folder, "no", "x.npz"), "-e", model("ln-1"), "-n", "0", "--set", "contrast=6",
            "mean=120", "steps=2", says="x.npz")


def test_mei_goes_on(folder):
    """As after Ctrl+C: a file in which some rows are not ready."""
    whole, part = os.path.join(folder, "whole.npz"), os.path.join(folder, "part.npz")
    common = ["mei", "-e", model("ln-1"), "--set", "contrast=6", "mean=120", "steps=5"]
    run(*common, "-o", whole)
    pixels = HEIGHT * WIDTH
    values = array_of(whole, "meis")[1]

    def undo(name, content):
        if name == "ready.npy":
            return None
        if name == "meis.npy":
            # Rows that are not ready hold anything.
            changed = [7.0 if k // pixels % 2 else value for k, value in enumerate(values)]
            return npy((NEURONS, HEIGHT, WIDTH), changed)
        return content

    rewrite_npz(whole, part, undo)
    with zipfile.ZipFile(part, "a") as archive:
        archive.writestr("ready.npy", npy((NEURONS,), [1 - i % 2 for i in range(NEURONS)], "|u1", "B"))
    assert json.loads(run("info", part, "--json").out)["ready"] == NEURONS // 2
    for other in (["--set", "contrast=7"], ["--seed", 2], ["-n", "0-22"]):
        refuses(*common, "-o", part, "--resume", *other, says="part.npz")
    run(*common, "-o", part, "--resume")
    assert json.loads(run("info", part, "--json").out)["ready"] == NEURONS
    assert array_of(part, "meis")[1] == values


def test_mei_interrupted(folder):
    out = os.path.join(folder, "out.npz")
    arguments = ["mei", "-e", model("gaussian-1"), "-r", recording(), "--set", "steps=500", "-o", out]
    process = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env=ENVIRONMENT)
    for line in process.stderr:
        if "exciting" in line:
            process.send_signal(signal.SIGINT)
            break
    process.communicate(timeout=240)
    if process.returncode == 0:
        raise Skip("it was done before it could be interrupted")
    assert process.returncode == INTERRUPTED, process.returncode
    begun = ["--resume"] if os.path.exists(out) else []
    run(*arguments, *begun)
    again = os.path.join(folder, "again.npz")
    run(*arguments[:-1], again)
    assert array_of(out, "meis") == array_of(again, "meis")


def test_train_mei(folder):
    refuses("train", "mei", "-r", recording(), "-w", folder, says="percept-cli train gaussian")
    assert os.listdir(os.path.join(folder, "meis")) == []
    result = run("train", "mei", "-r", recording(), "-w", workspace(), "--set", "steps=3")
    folder_of_set = os.path.join(workspace(), "meis", "mei-1")
    assert result.last == folder_of_set and sorted(os.listdir(folder_of_set)) == ["meis.npz", "model.json"]
    with open(os.path.join(folder_of_set, "model.json")) as file:
        described = json.load(file)
    # The better of the two encoders.
    correlations = {name: json.loads(run("info", model(name), "--json").out)["validation_correlation"]
                    for name in ["ln-1", "gaussian-1"]}
    best = max(correlations, key=correlations.get)
    assert described["encoder"]["name"] == best and len(described["encoder"]["hash"]) == 64
    assert float(described["options"]["contrast"]) > 0 and float(described["options"]["mean"]) > 0
    info = json.loads(run("info", folder_of_set, "--json").out)
    assert (info["role"], info["ready"], info["encoder"]) == ("mei-set", NEURONS, best)
    assert "mei-1" in json.loads(run("info", workspace(), "--json").out)["models"]
    # With another encoder, by name, and with weights alone, by their path.
    other = min(correlations, key=correlations.get)
    weights = os.path.join(model(other), "weights.safetensors")
    for encoder, name in [(other, other), (weights, weights)]:
        made = run("train", "mei", "-r", recording(), "-w", workspace(), "-e", encoder, "--set", "steps=3").last
        assert json.loads(run("info", made, "--json").out)["encoder"] == name
    refuses("train", "mei", "-r", recording(), "-w", workspace(), "-e", "ridge-1", says=["ridge-1", "needs an encoder"])
    refuses("reconstruct", "-m", folder_of_set, "-i", recording(), "-o", os.path.join(folder, "x.npy"),
            says=["mei-1", "a set of most exciting inputs"])


def test_simulate_encoder(folder):
    out, again = os.path.join(folder, "out.npz"), os.path.join(folder, "again.npz")
    sizes = ["--trials", 60, "--repeats", 2, "--height", HEIGHT, "--width", WIDTH]
    run("simulate", "-o", out, "--encoder", "gaussian-1", "-w", workspace(), "--noise", "none", *sizes)
    info = json.loads(run("info", out, "--json").out)
    assert (info["neurons"], info["height"], info["width"], info["position_dimensions"]) == (NEURONS, HEIGHT, WIDTH, 0)
    run("simulate", "-o", again, "--encoder", model("gaussian-1"), "--noise", "none", *sizes)
    assert json.loads(run("info", again, "--json").out)["fingerprint"] == info["fingerprint"]
    run("simulate", "-o", again, "--encoder", model("gaussian-1"), *sizes)
    assert json.loads(run("info", again, "--json").out)["fingerprint"] != info["fingerprint"]
    # Without noise it is the encoder itself, which then predicts it perfectly.
    rows = json.loads(run("score", "-r", out, "-m", model("gaussian-1"), "--json").out)["encoders"]
    assert rows[1]["role"] == "model" and rows[1]["single"] > 0.99, rows
    refuses("simulate", "-o", out + "x", "--encoder", model("gaussian-1"), "--trials", 60, "--repeats", 2, "--height", 12,
            "--width", 12, says=["gaussian-1", "12 × 12"])
    refuses("simulate", "-o", out + "x", "--encoder", model("ridge-1"), *sizes, says="needs an encoder")
    assert not os.path.exists(out + "x")


def test_score(folder):
    result = json.loads(run("score", "-r", recording(), "-w", workspace(), "--json").out)
    # Decoders as ever, encoders in a table of their own.
    assert {row["name"] for row in result["rows"] if row["role"] == "model"} == {"ridge-1"}
    rows = {row["name"]: row for row in result["encoders"]}
    assert [row["role"] for row in result["encoders"]] == ["floor"] + ["model", "shuffled"] * 2
    floor, ln, shuffled = rows["mean training response"], rows["ln-1"], rows["ln-1, images shuffled"]
    assert floor["single"] is None and floor["averaged"] is None
    assert ln["single"] > shuffled["single"] and ln["averaged"] > shuffled["averaged"]
    assert ln["averaged"] > ln["single"] and ln["repeated_images"] == 8
    alone = json.loads(run("score", "-r", recording(), "-w", workspace(), "-m", "ln-1", "--json").out)
    assert alone["rows"] == [] and alone["encoders"][1] == ln
    table = list(csv.DictReader(io.StringIO(run("score", "-r", recording(), "-w", workspace(), "-m", "ln-1", "--csv").out)))
    assert [line["role"] for line in table] == ["floor", "model", "shuffled"]
    assert abs(float(table[1]["single"]) - ln["single"]) < 1e-5 and table[0]["single"] == ""
    text = run("score", "-r", recording(), "-w", workspace(), "-m", "ln-1").out
    assert "FEVE" in text and "PixCorr" not in text
    both = run("score", "-r", recording(), "-w", workspace()).out
    assert "FEVE" in both and "PixCorr" in both
    smaller = os.path.join(folder, "smaller.npz")
    run("simulate", "-o", smaller, "--neurons", 7, "--trials", 60, "--repeats", 2, "--height", HEIGHT, "--width", WIDTH)
    refuses("score", "-r", smaller, "-m", model("ln-1"), says=["ln-1", str(NEURONS), "7 neurons"])


def test_nowhere_to_write(folder):
    """Told before anything is computed, and nothing is said to be kept."""
    nowhere = os.path.join(folder, "nowhere", "x")
    said = refuses("mei", "-e", model("ln-1"), "-o", nowhere + ".npz", "--set", "mean=100", "contrast=5", says="nowhere")
    assert "kept" not in said.err
    images = os.path.join(workspace(), "..", "no-images.npz")
    refuses("predict", "-e", model("ln-1"), "-i", images, "-o", os.path.join(folder, "o.npy"), says="No such file")
    refuses("predict", "-e", model("ln-1"), "-i", recording(), "-o", nowhere + ".npy", says="nowhere")


def test_info(folder):
    info = json.loads(run("info", model("gaussian-1"), "--json").out)
    assert info["role"] == "encoder" and -1 < info["validation_correlation"] < 1 and "validation_pixcorr" not in info
    weights = json.loads(run("info", os.path.join(model("gaussian-1"), "weights.safetensors"), "--json").out)
    assert weights["design"] == "encoder" and (weights["neurons"], weights["layers"]) == (NEURONS, 2)
    assert (weights["channels"], weights["input_kernel"], weights["hidden_kernel"]) == (4, 5, 3)
    assert weights["readout"] == "point" and weights["tensors"]["core.features.layer0.conv.weight"] == "(4, 1, 5, 5)"
    assert "design" not in json.loads(run("info", os.path.join(model("ridge-1"), "weights.safetensors"), "--json").out)
    path = os.path.join(folder, "cut.pt")
    with open(path, "wb") as file:
        file.write(b"PK\x03\x04 and no more")
    refuses("info", path, says="cut.pt")


if __name__ == "__main__":
    main(dict(globals()))
