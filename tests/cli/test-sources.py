# SPDX-License-Identifier: GPL-3.0-or-later
"""What a model is made with: an encoder, a set of most exciting inputs, photographs. Told by train's options, kept in
model.json, shown by info, checked when it is resumed. Goes through every kind that needs something."""
import hashlib
import json
import os
import shutil
import zipfile

from harness import HOME, main, misuses, npy, read, refuses, rewrite_npz, run

SHARED = {}
NEURONS, HEIGHT, WIDTH = 24, 16, 20
# For speed, of these what a kind has.
SMALL = {"epochs": 2, "width": 4, "batch": 16, "steps": 3, "hidden": 8, "features": 12, "latent": 4, "copies": 0,
         "passes": 1}


def recording():
    if "recording" not in SHARED:
        SHARED["recording"] = os.path.join(HOME, "tiny.npz")
        run("simulate", "-o", SHARED["recording"], "--neurons", NEURONS, "--trials", 120, "--repeats", 2, "--height",
            HEIGHT, "--width", WIDTH)
    return SHARED["recording"]


def workspace():
    """With ln-1 and ln-2, mei-1 of ln-1 and mei-2 of ln-2."""
    if "workspace" not in SHARED:
        folder = os.path.join(HOME, "tiny-models")
        for settings in [["epochs=6"], ["epochs=1", "rate=0.0001"]]:
            run("train", "ln", "-r", recording(), "-w", folder, "--set", *settings)
        for encoder in ["ln-1", "ln-2"]:
            run("train", "mei", "-r", recording(), "-w", folder, "-e", encoder, "--set", "steps=3")
        SHARED["workspace"] = folder
    return SHARED["workspace"]


def begin(kind, *more, how=run, **rest):
    return how("train", kind, "-r", recording(), "-w", workspace(), *more, **rest)


def described(folder):
    with open(os.path.join(folder, "model.json")) as file:
        return json.load(file)


def kinds():
    if "kinds" not in SHARED:
        SHARED["kinds"] = json.loads(run("kinds", "--json").out)
    return SHARED["kinds"]


def needy(what):
    """Kinds that need what (“encoder”, “meis”), with settings that make them need it and keep them small."""
    for kind in kinds():
        if not kind["needs_" + what]:
            continue
        names = {option["name"]: option for option in kind["options"]}
        settings = [f"{name}={min(max(value, names[name]['minimum']), names[name]['maximum']):g}"
                    for name, value in SMALL.items() if names.get(name, {}).get("type") in ("integer", "real")]
        if not kind["always_needs_" + what]:
            if "pretrain" not in names:
                continue
            settings.append("pretrain=1")
        yield kind, ["--set", *settings] if settings else []


def hash_of(path):
    return hashlib.sha256(read(path)).hexdigest()


def best_encoder():
    folders = [os.path.join(workspace(), "models", name) for name in ["ln-1", "ln-2"]]
    return os.path.basename(max(folders, key=lambda folder: described(folder)["validation"]["correlation"]))


def weights_of(name):
    return os.path.join(workspace(), "models", name, "weights.safetensors")


def images_of(name):
    return os.path.join(workspace(), "meis", name, "meis.npz")


def test_best_and_newest(folder):
    tried = 0
    for what, best, path in [("encoder", best_encoder(), weights_of(best_encoder())), ("meis", "mei-2", images_of("mei-2"))]:
        for kind, settings in needy(what):
            made = begin(kind["kind"], *settings).last
            assert described(made)[what] == {"name": best, "hash": hash_of(path)}, kind["kind"]
            info = json.loads(run("info", made, "--json").out)
            assert (info[what], info[what + "_hash"]) == (best, hash_of(path)), kind["kind"]
            shown = run("info", made).out
            assert best in shown and hash_of(path) in shown
            shutil.rmtree(made)
            tried += 1
    assert tried >= 1


def test_chosen(folder):
    """By name, by folder, and as a file alone, which is kept by its path."""
    copies = {"encoder": os.path.join(folder, "copy.safetensors"), "meis": os.path.join(folder, "copy.npz")}
    shutil.copy(weights_of("ln-1"), copies["encoder"])
    shutil.copy(images_of("mei-1"), copies["meis"])
    other = os.path.join(folder, "elsewhere")
    shutil.copytree(os.path.join(workspace(), "models", "ln-1"), other)
    for what, option, name, path in [("encoder", "-e", "ln-1", weights_of("ln-1")),
                                     ("meis", "--meis", "mei-1", images_of("mei-1"))]:
        ways = [(name, name), (os.path.dirname(path), name), (copies[what], copies[what])]
        if what == "encoder":
            ways.append((other, other))
        for kind, settings in needy(what):
            for given, kept in ways:
                made = begin(kind["kind"], option, given, *settings).last
                assert described(made)[what] == {"name": kept, "hash": hash_of(path)}, (kind["kind"], given)
                shutil.rmtree(made)


def test_none_there(folder):
    for what, says in [("encoder", "percept-cli train gaussian"), ("meis", "percept-cli train mei")]:
        for kind, settings in needy(what):
            empty = os.path.join(folder, what + kind["kind"])
            given = ["-e", weights_of("ln-1")] if what == "meis" and kind["always_needs_encoder"] else []
            refuses("train", kind["kind"], "-r", recording(), "-w", empty, *given, *settings, says=says)
            for inside in os.listdir(empty):
                path = os.path.join(empty, inside)
                assert not os.path.isdir(path) or os.listdir(path) == [], (kind["kind"], inside)
    # One of another recording is not taken unasked.
    other = os.path.join(folder, "other.npz")
    run("simulate", "-o", other, "--neurons", 5, "--trials", 40, "--repeats", 2, "--height", 12, "--width", 12)
    refuses("train", "mei", "-r", other, "-w", workspace(), says="percept-cli train gaussian")
    refuses("train", "mei", "-r", other, "-w", workspace(), "-e", "ln-1", says=["ln-1", "12 × 12", "5 neurons"])


def test_demo_has_what_is_shipped(folder):
    """One kind each: how it is found is the same for all, and a fit to the demo takes a while."""
    for what, name in [("encoder", "gaussian"), ("meis", "mei")]:
        for kind, settings in needy(what):
            if not kind["iterative"]:
                own = os.path.join(folder, what + kind["kind"])
                made = run("train", kind["kind"], "-r", "demo", "-w", own, *settings).last
                assert described(made)[what]["name"] == name, kind["kind"]
                break


def test_usage(folder):
    misuses("train", "ridge", "-r", recording(), "-e", "x", says="“ridge” needs no encoder")
    misuses("train", "ridge", "-r", recording(), "--meis", "x", says="“ridge” needs no most exciting inputs")
    misuses("train", "mei", "-r", recording(), "--meis", "x", says="“mei” needs no most exciting inputs")
    misuses("train", "ridge", "-r", recording(), "--photographs", folder, says="“ridge” has no use for photographs")
    for option in ["-e", "--meis", "--photographs"]:
        misuses("train", "mei", "-r", recording(), "--resume", option, "x", says="keeps its own")
    for kind in kinds():
        name = kind["kind"]
        for what, option in [("encoder", "-e"), ("meis", "--meis")]:
            if not kind["needs_" + what]:
                misuses("train", name, "-r", recording(), option, "x", says=f"“{name}” needs no")
        if not kind["takes_photographs"]:
            misuses("train", name, "-r", recording(), "--photographs", folder, says="no use for photographs")
            continue
        if not any(option["name"] == "pretrain" for option in kind["options"]):
            continue
        misuses("train", name, "-r", recording(), "--photographs", folder, "--set", "pretrain=0", says="pretrain=EPOCHS")
        if not kind["always_needs_encoder"]:
            misuses("train", name, "-r", recording(), "-e", "x", "--set", "pretrain=0", says="with these options")


def test_sets_that_do_not_fit(folder):
    def change(name, content):
        return npy((2, 4, 4), [1.0] * 32) if name == "meis.npy" else \
            npy((2,), [1.0, 1.0]) if name in ("activation.npy", "baseline.npy") else \
            npy((2,), [0, 3], "<i4", "i") if name == "neuron.npy" else content

    def foreign(name, content):
        return npy((NEURONS,), list(range(1, NEURONS + 1)), "<i4", "i") if name == "neuron.npy" else content

    def few(name, content):
        return npy((2, HEIGHT, WIDTH), [float(k % 255) for k in range(2 * HEIGHT * WIDTH)]) if name == "meis.npy" else \
            change(name, content)

    frame, others, lacking = [os.path.join(folder, name) for name in ["frame.npz", "others.npz", "lacking.npz"]]
    for path, how in [(frame, change), (others, foreign), (lacking, few)]:
        rewrite_npz(images_of("mei-1"), path, how)
    for kind, settings in needy("meis"):
        name = kind["kind"]
        begin(name, "--meis", frame, *settings, how=refuses, says=["frame.npz", "4 × 4", f"{WIDTH} × {HEIGHT}"])
        begin(name, "--meis", others, *settings, how=refuses, says=["others.npz", f"{NEURONS} neurons"])
        begin(name, "--meis", "ln-1", *settings, how=refuses, says=["ln-1", "a set of most exciting inputs"])
        begin(name, "--meis", "bogus", *settings, how=refuses, says="bogus")
        shutil.rmtree(begin(name, "--meis", lacking, *settings).last)


def test_resumed_with_what_it_began_with(folder):
    """A set that was stopped goes on; not when the encoder it was begun with has become another."""
    own = os.path.join(folder, "own")
    shutil.copytree(workspace(), own)
    made = os.path.join(own, "meis", "mei-1")
    whole = read(os.path.join(made, "meis.npz"))

    def stop():
        content = described(made)
        content["state"] = "stopped"
        with open(os.path.join(made, "model.json"), "w") as file:
            json.dump(content, file)
        rewrite_npz(os.path.join(own, "meis", "mei-2", "meis.npz"), os.path.join(made, "meis.npz"),
                    lambda name, content: content)
        with zipfile.ZipFile(os.path.join(made, "meis.npz"), "a") as archive:
            archive.writestr("ready.npy", npy((NEURONS,), [0] * NEURONS, "|u1", "B"))

    stop()
    assert run("train", "mei", "-r", recording(), "-w", own, "--resume").last == made
    assert read(os.path.join(made, "meis.npz")) == whole
    stop()
    shutil.copy(weights_of("ln-2"), os.path.join(own, "models", "ln-1", "weights.safetensors"))
    refuses("train", "mei", "-r", recording(), "-w", own, "--resume", says=["mei-1", "another encoder", "ln-1"])
    shutil.rmtree(os.path.join(own, "models", "ln-1"))
    refuses("train", "mei", "-r", recording(), "-w", own, "--resume", says="ln-1")


def test_resumed_decoder(folder):
    """What was stopped and what it was begun with are asked for before the checkpoint is."""
    for what, file in [("encoder", weights_of(best_encoder())), ("meis", images_of("mei-2"))]:
        for kind, settings in needy(what):
            if not kind["iterative"]:
                continue
            own = os.path.join(folder, what + kind["kind"])
            shutil.copytree(workspace(), own)
            made = run("train", kind["kind"], "-r", recording(), "-w", own, *settings).last
            content = described(made)
            content["state"] = "stopped"
            with open(os.path.join(made, "model.json"), "w") as description:
                json.dump(content, description)
            with open(os.path.join(made, "optimizer.safetensors"), "wb") as checkpoint:
                checkpoint.write(b"never read")
            changed = os.path.join(own, os.path.relpath(file, workspace()))
            shutil.copy(file.replace("ln-1", "ln-9").replace("ln-2", "ln-1").replace("ln-9", "ln-2")
                        if what == "encoder" else images_of("mei-1"), changed)
            refuses("train", kind["kind"], "-r", recording(), "-w", own, "--resume",
                    says=[os.path.basename(made), os.path.basename(os.path.dirname(file)), "than what"])
            assert described(made) == content


def test_photographs(folder):
    pretrained = [kind for kind in kinds() if kind["takes_photographs"]]
    for kind, settings in needy("encoder"):
        if kind not in pretrained:
            continue
        begin(kind["kind"], "--photographs", os.path.join(folder, "nowhere"), *settings, how=refuses, says="nowhere")


if __name__ == "__main__":
    main(dict(globals()))
