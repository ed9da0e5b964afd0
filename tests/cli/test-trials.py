# SPDX-License-Identifier: GPL-3.0-or-later
"""--trials: the same condition chooses the same trials in every subcommand, and what is made of them says so."""
import json
import os

from harness import HOME, main, misuses, read_npy, refuses, run

SHARED = {}
HALF = ("--trials", "trial >= 100")


def recording():
    """30 neurons, 200 trials, 12 x 16 pixels; the animal of the simulation runs."""
    if "recording" not in SHARED:
        SHARED["recording"] = os.path.join(HOME, "running.npz")
        run("simulate", "-o", SHARED["recording"], "--neurons", 30, "--trials", 200, "--repeats", 4, "--height", 12,
            "--width", 16)
    return SHARED["recording"]


def info(*arguments):
    return json.loads(run("info", recording(), "--json", *arguments).out)


def test_counts(folder):
    whole, half = info(), info(*HALF)
    assert whole["trials"] == 200 and "condition" not in whole
    assert half["trials"] == 100 and half["all_trials"] == 200 and half["condition"] == "trial >= 100"
    assert half["fingerprint"] == whole["fingerprint"] and half["images"] == whole["images"]
    other = info("--trials", "trial < 100")
    for tier in whole["tiers"]:
        assert whole["tiers"][tier]["trials"] == half["tiers"][tier]["trials"] + other["tiers"][tier]["trials"]
    running, resting = info("--trials", "speed > 1"), info("--trials", "not speed > 1")
    assert 0 < running["trials"] < 200 and running["trials"] + resting["trials"] == 200
    assert "trial >= 100" in run("info", recording(), *HALF).out
    assert info("--trials", " ")["trials"] == 200


def test_look(folder):
    """What was filtered away is no fault of the recording."""
    whole, half = (run("look", recording(), "--no-score", *trials).out for trials in ((), HALF))
    assert "200 trials" in whole and "100 trials" in half
    assert "shown in no trial" not in half


def test_refusals(folder):
    refuses("info", recording(), "--trials", "sped < 1", says="there is no “sped” of a trial")
    refuses("info", recording(), "--trials", "speed <", says="At character 8")
    refuses("info", recording(), "--trials", "speed < 0", says="none of them in the tier “train”")
    refuses("score", "-r", recording(), "--trials", "trial < 3", says="running.npz")
    misuses("reconstruct", "-m", "x", "-i", "x.npy", "-o", "y.npy", *HALF, says="--trials")
    workspace = os.path.join(folder, "w")
    run("train", "ridge", "-r", recording(), "-w", workspace)
    refuses("info", os.path.join(workspace, "models", "ridge-1"), *HALF, says="is no recording")


def test_train_score_reconstruct(folder):
    workspace = os.path.join(folder, "w")
    run("train", "ridge", "-r", recording(), "-w", workspace)
    run("train", "ridge", "-r", recording(), "-w", workspace, *HALF)
    models = [json.loads(run("info", os.path.join(workspace, "models", name), "--json").out)
              for name in ("ridge-1", "ridge-2")]
    assert "recording_trials" not in models[0] and models[1]["recording_trials"] == "trial >= 100"
    with open(os.path.join(workspace, "models", "ridge-2", "model.json"), encoding="utf-8") as file:
        assert json.load(file)["recording"]["trials"] == "trial >= 100"
    assert models[0]["validation_pixcorr"] != models[1]["validation_pixcorr"]
    # Both are models of this recording, whichever of its trials are looked at.
    whole = json.loads(run("score", "-r", recording(), "-w", workspace, "--json").out)
    half = json.loads(run("score", "-r", recording(), "-w", workspace, "--json", *HALF).out)
    assert "trials" not in whole and half["trials"] == "trial >= 100"
    assert {row["name"] for row in whole["rows"]} == {row["name"] for row in half["rows"]} >= {"ridge-1", "ridge-2"}
    assert "Only trials with trial >= 100" in run("score", "-r", recording(), "-w", workspace, *HALF).out
    pictures = []
    for trials in ((), HALF):
        out = os.path.join(folder, f"{len(trials)}.npy")
        run("reconstruct", "-m", "ridge-1", "-w", workspace, "-i", recording(), "-o", out, *trials)
        pictures.append(read_npy(out)[0][0])
    assert pictures == [info()["tiers"]["test"]["trials"], info(*HALF)["tiers"]["test"]["trials"]]


def test_resume_keeps_to_its_trials(folder):
    workspace = os.path.join(folder, "w")
    small = ["--set", "epochs=2", "--set", "width=4", "--set", "batch=16"]
    run("train", "cgan", "-r", recording(), "-w", workspace, *small, *HALF)
    path = os.path.join(workspace, "models", "cgan-1", "model.json")
    with open(path, encoding="utf-8") as file:
        model = json.load(file)
    model["state"] = "stopped"
    with open(path, "w", encoding="utf-8") as file:
        json.dump(model, file)
    for name in ("checkpoint.safetensors", "optimizer.safetensors"):
        with open(os.path.join(workspace, "models", "cgan-1", name), "ab"):
            pass
    refuses("train", "cgan", "-r", recording(), "-w", workspace, "--resume", says="begun with the trials of")
    refuses("train", "cgan", "-r", recording(), "-w", workspace, "--resume", "--trials", "trial >= 101",
            says="“trial >= 100”")


def test_curves(folder):
    workspace = os.path.join(folder, "w")
    curve = ["curves", "ridge", "-r", recording(), "-w", workspace, "--against", "neurons", "--points", "1"]
    paths = {json.dumps(trials): run(*curve, *trials) for trials in ((), HALF)}
    sidecars = sorted(name for name in os.listdir(os.path.join(workspace, "curves")) if name.endswith(".json"))
    assert len(sidecars) == 2 and len(paths) == 2
    found = []
    for name in sidecars:
        with open(os.path.join(workspace, "curves", name), encoding="utf-8") as file:
            found.append(json.load(file).get("trials"))
    assert found == [None, "trial >= 100"], found


if __name__ == "__main__":
    main(dict(globals()))
