# SPDX-License-Identifier: GPL-3.0-or-later
"""A workspace given away as one file: share and unpack, with the recording and without, and what comes from strangers."""
import json
import os
import resource
import shutil
import signal
import stat
import zipfile

from harness import HOME, main, misuses, read, refuses, run

SHARED = {}


def recording():
    if "recording" not in SHARED:
        folder = os.path.join(HOME, "a place of mine")
        os.mkdir(folder)
        SHARED["recording"] = os.path.join(folder, "tiny.npz")
        run("simulate", "-o", SHARED["recording"], "--neurons", 24, "--trials", 160, "--repeats", 3, "--height", 16,
            "--width", 20)
    return SHARED["recording"]


def workspace():
    """ln-1, mei-1 of it, ridge-1, ridge-2, and lmmse-1, made with ln-1."""
    if "workspace" not in SHARED:
        folder = recording().replace(".npz", ".percept")
        run("train", "ln", "-r", recording(), "-w", folder, "--set", "epochs=4")
        run("train", "mei", "-r", recording(), "-w", folder, "-e", "ln-1", "--set", "steps=3")
        run("train", "ridge", "-r", recording(), "-w", folder)
        run("train", "ridge", "-r", recording(), "-w", folder, "--seed", 2, "--set", "penalty=100000")
        run("train", "lmmse", "-r", recording(), "-w", folder, "-e", "ln-1")
        # A training that was stopped, and one whose photographs and encoder came from elsewhere.
        half = os.path.join(folder, "models", "ln-2")
        shutil.copytree(os.path.join(folder, "models", "ln-1"), half)
        change_json(os.path.join(half, "model.json"), state="stopped")
        write(os.path.join(half, "optimizer.safetensors"), b"never read")
        described = os.path.join(folder, "models", "lmmse-1", "model.json")
        change_json(described, photographs=os.path.join(HOME, "my photographs"))
        SHARED["workspace"] = folder
    return SHARED["workspace"]


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


def change_json(path, **members):
    content = json.loads(read(path))
    content.update(members)
    write(path, json.dumps(content).encode())


def share(folder, *more, name="given.percept.zip", **how):
    path = os.path.join(folder, name)
    workspace()
    run("share", "-r", recording(), *more, "-o", path, **how)
    return path


def fingerprint(path):
    return json.loads(run("info", path, "--json").out)["fingerprint"]


def scores(path, folder):
    found = json.loads(run("score", "-r", path, "-w", folder, "-m", "ridge-1", "-m", "lmmse-1", "--json").out)
    assert len(found["rows"]) >= 4
    return found["fingerprint"], [{**row, "model": None} for row in found["rows"]]


def files_of(folder):
    return {os.path.relpath(os.path.join(at, name), folder): read(os.path.join(at, name))
            for at, _, names in os.walk(folder) for name in names}


def weights_of(folder):
    return {name: content for name, content in files_of(folder).items() if name.endswith((".safetensors", ".npz"))}


def test_round_trip(folder):
    path = share(folder)
    made = run("unpack", path).last
    assert made == os.path.join(folder, "given", "given.percept"), made
    again = os.path.join(folder, "given", "given.npz")
    assert fingerprint(again) == fingerprint(recording())
    mine, theirs = weights_of(workspace()), weights_of(made)
    mine = {name: content for name, content in mine.items() if not name.startswith("models/ln-2/")}
    assert len(mine) == 5 and mine == theirs, (sorted(mine), sorted(theirs))
    assert not os.path.exists(os.path.join(made, "models", "ln-2"))
    before, after = scores(recording(), workspace()), scores(again, made)
    assert before == after, [(a, b) for a, b in zip(before[1], after[1]) if a != b][:1]
    # What it says of itself leads to the recording beside it, wherever the folder goes.
    moved = os.path.join(folder, "elsewhere")
    os.rename(os.path.join(folder, "given"), moved)
    assert json.loads(read(os.path.join(moved, "given.percept", "workspace.json")))["recording"] == "given.npz"
    run("sweep", os.path.join(moved, "given.percept"), "-m", "ridge-1", "--image", 0, "--neuron", 0, "-o",
        os.path.join(folder, "x.npy"))


def test_says_nothing_of_here(folder):
    for more in [], ["--without-recording"]:
        path = share(folder, *more)
        with zipfile.ZipFile(path) as file:
            assert file.testzip() is None
            for entry in file.infolist():
                for secret in HOME, "a place of mine":
                    assert secret.encode() not in file.read(entry), (entry.filename, secret)
            names = file.namelist()
            about = json.loads(file.read("given.percept/workspace.json"))
            model = json.loads(file.read("given.percept/models/lmmse-1/model.json"))
        assert not any("optimizer" in name or "ln-2" in name for name in names), names
        assert ("given.npz" in names) == (not more)
        assert about["name"] == "tiny.npz" and about["neurons"] == 24 and about["fingerprint"] == fingerprint(recording())
        assert about.get("recording") == (None if more else "given.npz")
        assert model["photographs"] == "my photographs" and model["encoder"]["name"] == "ln-1"


def test_same_bytes(folder):
    os.mkdir(os.path.join(folder, "other"))
    assert read(share(folder)) == read(share(folder, name="other/given.percept.zip"))


def test_chosen_models(folder):
    path = share(folder, "-m", "ridge-2", "-m", "mei-1", "--without-recording")
    with zipfile.ZipFile(path) as file:
        models = {name.split("/")[2] for name in file.namelist() if name.count("/") == 3}
    assert models == {"ridge-2", "mei-1"}, models
    refuses("share", "-r", recording(), "-m", "ln-2", "-o", path, says="stopped before its end")
    refuses("share", "-r", recording(), "-m", "nobody-1", "-o", path, says="nobody-1")
    misuses("share", "-r", recording(), "-o", os.path.join(folder, "x.zip"), says=".percept.zip")


def test_nothing_is_touched(folder):
    path = share(folder)
    first = run("unpack", path).last
    write(os.path.join(first, "mine.txt"), b"of mine")
    before = files_of(os.path.join(folder, "given"))
    assert run("unpack", path).last == os.path.join(folder, "given 2", "given.percept")
    assert run("unpack", path, "-o", os.path.join(folder, "given")).last == os.path.join(folder, "given 3", "given.percept")
    os.mkdir(os.path.join(folder, "empty"))
    assert run("unpack", path, "-o", os.path.join(folder, "empty")).last == os.path.join(folder, "empty 2", "given.percept")
    assert files_of(os.path.join(folder, "given")) == before and os.listdir(os.path.join(folder, "empty")) == []
    assert not [name for name in os.listdir(folder) if name.startswith(".")]


def test_folder_not_writable(folder):
    path = share(folder)
    mine, how = os.path.join(HOME, "data"), {}
    os.makedirs(mine, exist_ok=True)
    if os.geteuid() == 0:
        # Root writes everywhere: somebody else does it.
        os.chmod(mine, 0o777)
        how["preexec_fn"] = lambda: os.setuid(65534)
    else:
        os.chmod(folder, 0o555)
    try:
        made = run("unpack", path, **how).last
    finally:
        os.chmod(folder, 0o755)
    assert made == os.path.join(mine, "percept", "given", "given.percept"), made
    assert os.listdir(folder) == ["given.percept.zip"]


def test_without_recording(folder):
    path = share(folder, "--without-recording")
    refuses("unpack", path, says=["“tiny.npz”", "24 neurons", "images", "trials", "-r RECORDING"])
    assert os.listdir(folder) == ["given.percept.zip"]
    other = os.path.join(folder, "other.npz")
    run("simulate", "-o", other, "--neurons", 24, "--trials", 160, "--height", 16, "--width", 20, "--seed", 9)
    refuses("unpack", path, "-r", other, says=["“tiny.npz”", "is another"])
    assert not os.path.exists(os.path.join(folder, "other.percept"))
    # Somebody who has the recording and a model of that name already.
    copy = os.path.join(folder, "theirs.npz")
    shutil.copy(recording(), copy)
    theirs = os.path.join(folder, "theirs.percept")
    run("train", "ln", "-r", copy, "-w", theirs, "--set", "epochs=1", "--seed", 5)
    shutil.copytree(os.path.join(workspace(), "models", "ridge-1"), os.path.join(theirs, "models", "ridge-7"))
    before = files_of(theirs)
    taken = run("unpack", path, "-r", copy).out.split("\n")[:-1]
    names = sorted(os.path.basename(name) for name in taken)
    assert names == ["lmmse-1", "ln-2", "mei-1", "ridge-2"], names
    after = files_of(theirs)
    assert {name: after[name] for name in before if name != "workspace.json"} == \
        {name: content for name, content in before.items() if name != "workspace.json"}
    assert read(os.path.join(theirs, "models", "ln-2", "weights.safetensors")) == \
        read(os.path.join(workspace(), "models", "ln-1", "weights.safetensors"))
    # What was made with the encoder says what it is called here.
    for model in "models/lmmse-1", "meis/mei-1":
        encoder = json.loads(read(os.path.join(theirs, model, "model.json")))["encoder"]
        assert encoder["name"] == "ln-2", encoder
    # Once is enough.
    assert run("unpack", path, "-r", copy).out == ""
    assert files_of(theirs) == after
    run("score", "-r", copy, "-w", theirs)


def test_not_unpacked(folder):
    path = share(folder)
    for command in ["score", "-r", path], ["images", path], ["neurons", path], \
            ["sweep", path, "-m", "ridge-1", "--image", 0, "--neuron", 0, "-o", os.path.join(folder, "x.npy")]:
        refuses(*command, says="percept-cli unpack")
    assert os.listdir(folder) == ["given.percept.zip"]


def test_demo(folder):
    path = os.path.join(folder, "demo.percept.zip")
    run("share", "-r", "demo", "--without-recording", "-o", path)
    assert run("unpack", path, "-r", "demo").out == "", "those that come with Percept are there already"
    run("share", "-r", "demo", "-m", "gaussian", "-o", path)
    made = run("unpack", path).last
    assert fingerprint(os.path.join(folder, "demo", "demo.npz")) == fingerprint("demo")
    assert os.listdir(os.path.join(made, "models")) == ["gaussian"]


def hostile(folder, change, name="bad.percept.zip", recording=True):
    """The shared file with change(zip, entries) made to it; entries: of (ZipInfo, content)."""
    good = share(folder, *([] if recording else ["--without-recording"]), name="good.percept.zip")
    path = os.path.join(folder, name)
    with zipfile.ZipFile(good) as old:
        entries = [(info, old.read(info)) for info in old.infolist()]
    with zipfile.ZipFile(path, "w") as new:
        for info, content in change(entries):
            new.writestr(info, content)
    os.remove(good)
    return path


def plus(name, content=b"x", mode=0o100644):
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return lambda entries: entries + [(info, content)]


def assert_refused(folder, path, says):
    before = set(os.listdir(folder))
    outside = set(os.listdir(HOME))
    refuses("unpack", path, says=says)
    assert set(os.listdir(folder)) == before and set(os.listdir(HOME)) == outside
    os.remove(path)


def test_hostile_names(folder):
    for name, says in [("/tmp/percept-absolute", "leads elsewhere"), ("../escape", "leads elsewhere"),
                       ("good.percept/../../escape", "leads elsewhere"), ("good.percept/./x", "leads elsewhere"),
                       ("good.percept//x", "leads elsewhere"), ("good.percept\\x", "leads elsewhere"),
                       ("C:x", "leads elsewhere"), ("good.percept/a\nb", "no text"),
                       ("good.percept/" + "a" * 250, "too long"), ("a/b/c/d/e/f/g/h", "too deep"),
                       ("GOOD.percept/workspace.JSON", "twice"), ("Good.NPZ", "twice")]:
        assert_refused(folder, hostile(folder, plus(name)), says)
    assert_refused(folder, hostile(folder, plus("good.percept/models/link", b"/etc", stat.S_IFLNK | 0o777)), "a link")
    assert_refused(folder, hostile(folder, plus("good.percept/pipe", b"", stat.S_IFIFO | 0o644)), "a link")
    assert_refused(folder, hostile(folder, lambda entries: entries + [(zipfile.ZipInfo(f"x/{i}"), b"") for i in
                                                                      range(20001)]), "at most 20000 entries")


def replaced(name, content):
    return lambda entries: [(info, content if info.filename == name else old) for info, old in entries]


def test_hostile_description(folder):
    name = "good.percept/workspace.json"
    good = {"format": 1, "recording": "good.npz", "fingerprint": "0" * 64, "name": "x", "neurons": 2, "images": 2, "trials": 2}
    for change in [{"recording": "/etc/passwd"}, {"recording": "../x.npz"}, {"recording": "bad.npz"}, {"fingerprint": "x"},
                   {"neurons": -1}, {"neurons": "2"}, {"trials": 1e300}, {"name": 3}, {"name": ""}, {"images": None}]:
        assert_refused(folder, hostile(folder, replaced(name, json.dumps({**good, **change}).encode())),
                       "which recording it belongs to")
    for content in [b"[" * 5000, b"\xff\xfe", b"", b"[]", b"{"]:
        assert_refused(folder, hostile(folder, replaced(name, content)), "which recording it belongs to")
    assert_refused(folder, hostile(folder, replaced(name, b" " * 100000)), "larger than any")
    assert_refused(folder, hostile(folder, lambda entries: [e for e in entries if e[0].filename != name]),
                   "not a shared workspace")
    assert_refused(folder, hostile(folder, plus("second.percept/workspace.json")), "not a shared workspace")
    # The file may be called as anybody likes; what other programs put beside stays in the zip.
    path = hostile(folder, plus("__MACOSX/x"), name="renamed.zip")
    assert sorted(os.listdir(os.path.dirname(run("unpack", path).last))) == ["good.npz", "good.percept"]


def damaged_size(path, name, size):
    """As if the entry called name were of another size, in the central directory and before its bytes."""
    content = bytearray(read(path))
    for signature, at_size, at_name in (b"PK\x01\x02", 24, 46), (b"PK\x03\x04", 22, 30):
        at = -1
        while (at := content.find(signature, at + 1)) >= 0:
            if content[at + at_name:at + at_name + len(name)] == name.encode():
                content[at + at_size:at + at_size + 4] = size.to_bytes(4, "little")
    write(path, bytes(content))


def test_hostile_sizes(folder):
    weights = "good.percept/models/ridge-1/weights.safetensors"
    for size, says in (4_000_000_000, "than its packed bytes can hold"), (7, "damaged"):
        path = hostile(folder, lambda entries: entries)
        damaged_size(path, weights, size)
        assert_refused(folder, path, says)
    # A bomb: so much of nothing that the disk could not hold it, said before a byte is written.
    bomb = zipfile.ZipInfo("good.percept/zeros.npz")
    bomb.compress_type = zipfile.ZIP_DEFLATED
    path = hostile(folder, lambda entries: entries + [(bomb, bytes(1 << 20))])
    damaged_size(path, bomb.filename, 1_000_000)
    assert_refused(folder, path, "damaged")
    # Cut short, or with a byte turned round.
    path = hostile(folder, lambda entries: entries)
    content = bytearray(read(path))
    at = content.find(b"weights.safetensors") + 4000
    content[at] ^= 1
    write(path, bytes(content))
    assert_refused(folder, path, "damaged")
    path = hostile(folder, lambda entries: entries)
    write(path, read(path)[:-2000])
    assert_refused(folder, path, "zip")
    refuses("unpack", os.path.join(folder, "nowhere.percept.zip"), says="nowhere.percept.zip")


def test_hostile_models(folder):
    copy = os.path.join(folder, "theirs.npz")
    shutil.copy(recording(), copy)
    theirs = os.path.join(folder, "theirs.percept")
    path = hostile(folder, replaced("good.percept/models/ridge-1/model.json", b'{"format": 3}'), recording=False)
    refuses("unpack", path, "-r", copy, says="model.json")
    assert not os.path.exists(theirs)
    # A folder that is called as nobody calls one gets a name of ours.
    path = hostile(folder, lambda entries: [(rename(info), content) for info, content in entries], recording=False)
    taken = sorted(os.path.basename(name) for name in run("unpack", path, "-r", copy).out.split("\n")[:-1])
    assert taken == ["lmmse-1", "ln-1", "mei-1", "ridge-1", "ridge-2"], taken


def rename(info):
    info.filename = info.filename.replace("models/ridge-1/", "models/-rf ridge/")
    return info


def limited(n):
    return lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN), resource.setrlimit(resource.RLIMIT_FSIZE, (n, n)))


def test_full_disk(folder):
    path = share(folder)
    refuses("unpack", path, says="Could not write", preexec_fn=limited(6000))
    assert os.listdir(folder) == ["given.percept.zip"]
    before = read(path)
    refuses("share", "-r", recording(), "-o", path, says="Could not write", preexec_fn=limited(20000))
    refuses("share", "-r", recording(), "--without-recording", "-o", path, says="Could not write", preexec_fn=limited(20000))
    assert os.listdir(folder) == ["given.percept.zip"] and read(path) == before
    copy = os.path.join(folder, "theirs.npz")
    shutil.copy(recording(), copy)
    path = share(folder, "--without-recording")
    refuses("unpack", path, "-r", copy, says="Could not write", preexec_fn=limited(6000))
    assert sorted(os.listdir(folder)) == ["given.percept.zip", "theirs.npz"]


if __name__ == "__main__":
    main(dict(globals()))
