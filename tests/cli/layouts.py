# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording written as others write theirs: MATLAB 5, HDF5, NWB with spike times, suite2p with a stimulus table, a file
tree, NumPy and CSV with a folder of PNG images. Each writer takes the arrays of an .npz recording and a folder, and says
what to give to `percept-cli import`, with the flags that a person would have to add.

Needs numpy, scipy, h5py and PIL for the layouts that are theirs.
"""
import os

import h5py
import numpy
import scipy.io
from PIL import Image


def load(path, neurons=None, trials=None):
    """Images (K,H,W) uint8, responses (N,M) float32, image_index (N,), tiers (N,) text; only those of the first neurons and
    of every so-manieth trial where said so."""
    with numpy.load(path) as file:
        responses = numpy.asarray(file["responses"], numpy.float32)
        index = numpy.asarray(file["image_index"]) if "image_index" in file else numpy.arange(len(responses))
        recording = {"images": file["images"], "responses": responses, "image_index": index.astype(numpy.int32),
                     "tiers": file["tiers"]}
    rows = slice(None, None, trials or 1)
    for name in ["responses", "image_index", "tiers"]:
        recording[name] = recording[name][rows]
    recording["responses"] = numpy.ascontiguousarray(recording["responses"][:, :neurons])
    used, recording["image_index"] = numpy.unique(recording["image_index"], return_inverse=True)
    recording["images"] = numpy.ascontiguousarray(recording["images"][used])
    recording["image_index"] = recording["image_index"].astype(numpy.int32)
    return recording


def save(recording, path):
    numpy.savez(path, trial_repeat=numpy.zeros(len(recording["tiers"]), numpy.int32), **recording)
    return path


def matlab(recording, folder):
    """One file; images height x width x number, counted from 1, tiers a cell array."""
    path = os.path.join(folder, "session.mat")
    tiers = numpy.empty((len(recording["tiers"]), 1), dtype=object)
    tiers[:, 0] = [str(tier) for tier in recording["tiers"]]
    scipy.io.savemat(path, {"resp": recording["responses"], "images": recording["images"].transpose(1, 2, 0),
                            "istim": (recording["image_index"] + 1).astype(numpy.float64)[:, None], "tiers": tiers},
                     do_compression=True)
    return [path], []


def natimg(recording, folder):
    """MouseLand's: stim.resp and stim.istim in one file, the images in another; tiers beside them."""
    responses, images = os.path.join(folder, "natimg_session.mat"), os.path.join(folder, "images_natimg.mat")
    scipy.io.savemat(responses, {"stim": {"resp": recording["responses"],
                                          "istim": (recording["image_index"] + 1).astype(numpy.uint16)[:, None]},
                                 "med": numpy.random.default_rng(1).random((recording["responses"].shape[1], 2)) * 500})
    scipy.io.savemat(images, {"imgs": recording["images"].transpose(1, 2, 0)})
    tiers = os.path.join(folder, "tiers.csv")
    with open(tiers, "w", encoding="utf-8") as file:
        file.write("tier\n" + "".join(f"{tier}\n" for tier in recording["tiers"]))
    return [responses, images, tiers], []


def hdf5(recording, folder):
    """neuralpredictors' static layout: an image for every trial."""
    path = os.path.join(folder, "static.h5")
    with h5py.File(path, "w") as file:
        file.create_dataset("images", data=recording["images"][recording["image_index"]][:, None], chunks=(64, 1) + recording["images"].shape[1:],
                            compression="gzip", compression_opts=1)
        file.create_dataset("responses", data=recording["responses"])
        file.create_dataset("tiers", data=recording["tiers"].astype("S10"))
    return [path], []


def nwb(recording, folder):
    """NWB 2: units with spike times, a table of presentations, the images as a template. Responses are counts: those of
    the recording, rounded up, are what comes back."""
    counts = numpy.ceil(recording["responses"]).clip(0).astype(int)
    n, m = counts.shape
    starts = 2.0 + 1.0 * numpy.arange(n)
    random = numpy.random.default_rng(2)
    spikes, ends = [], numpy.zeros(m, numpy.int64)
    for j in range(m):
        shown = numpy.repeat(starts, counts[:, j]) + 0.01 + 0.48 * random.random(counts[:, j].sum())
        between = starts[::3] + 0.6 + 0.3 * random.random(len(starts[::3]))
        times = numpy.sort(numpy.concatenate([shown, between]))
        spikes.append(times)
        ends[j] = len(times) + (ends[j - 1] if j else 0)
    path = os.path.join(folder, "session.nwb")
    with h5py.File(path, "w") as file:
        file.attrs["nwb_version"] = "2.5.0"
        units = file.create_group("units")
        units.create_dataset("spike_times", data=numpy.concatenate(spikes))
        units.create_dataset("spike_times_index", data=ends)
        units.create_dataset("id", data=numpy.arange(m) + 100)
        table = file.create_group("intervals/natural_scenes_presentations")
        table.create_dataset("start_time", data=starts)
        table.create_dataset("stop_time", data=starts + 0.5)
        table.create_dataset("frame", data=recording["image_index"])
        table.create_dataset("tier", data=recording["tiers"].astype("S10"))
        file.create_dataset("stimulus/templates/natural_scenes/data", data=recording["images"])
    recording["responses"] = counts.astype(numpy.float32)
    return [path], ["--tiers", "session.nwb/intervals/natural_scenes_presentations/tier", "--set", "summary=sum"]


def suite2p(recording, folder):
    """Traces, of which a trial's two frames hold its responses, and neurons that are no cells between those that are."""
    plane = os.path.join(folder, "suite2p", "plane0")
    os.makedirs(plane)
    n, m = recording["responses"].shape
    traces = numpy.zeros((2 * m, 10 + 4 * n), numpy.float32)
    onsets = 5 + 4 * numpy.arange(n)
    for frame in [0, 1]:
        traces[::2, onsets + frame] = recording["responses"].T
    traces[1::2] = 1000
    cells = numpy.zeros((2 * m, 2), numpy.float32)
    cells[::2] = [1, 0.9]
    cells[1::2] = [0, 0.1]
    numpy.save(os.path.join(plane, "F.npy"), traces)
    numpy.save(os.path.join(plane, "Fneu.npy"), numpy.zeros_like(traces))
    numpy.save(os.path.join(plane, "iscell.npy"), cells)
    stat = numpy.array([{"med": [float(i), 2.0 * i], "npix": 30 + i} for i in range(2 * m)], dtype=object)
    numpy.save(os.path.join(plane, "stat.npy"), stat, allow_pickle=True)
    numpy.save(os.path.join(plane, "ops.npy"), {"fs": 10.0, "nplanes": 1, "tau": 1.0}, allow_pickle=True)
    table, images = os.path.join(folder, "stimuli.csv"), os.path.join(folder, "images.npy")
    with open(table, "w", encoding="utf-8") as file:
        file.write("onset_frame,image,tier\n")
        for onset, image, tier in zip(onsets, recording["image_index"], recording["tiers"]):
            file.write(f"{onset},{image},{tier}\n")
    numpy.save(images, recording["images"])
    return [os.path.join(folder, "suite2p"), table, images], ["--set", "window=0.2"]


def tree(recording, folder):
    """A file tree, as of Lurz et al. 2021 and Sensorium 2022."""
    top = os.path.join(folder, "tree")
    for part in ["data/images", "data/responses", "meta/trials", "meta/neurons"]:
        os.makedirs(os.path.join(top, part))
    for i, image in enumerate(recording["image_index"]):
        numpy.save(os.path.join(top, f"data/images/{i}.npy"), recording["images"][image][None].astype(numpy.float32))
        numpy.save(os.path.join(top, f"data/responses/{i}.npy"), recording["responses"][i])
    numpy.save(os.path.join(top, "meta/trials/tiers.npy"), recording["tiers"])
    numpy.save(os.path.join(top, "meta/neurons/unit_ids.npy"), numpy.arange(recording["responses"].shape[1]))
    return [top], []


def pictures(recording, folder):
    """Responses with neurons first as .npy, a table, and the images as PNG files that it names."""
    responses, table = os.path.join(folder, "responses.npy"), os.path.join(folder, "trials.csv")
    images = os.path.join(folder, "pictures")
    os.makedirs(images)
    numpy.save(responses, numpy.ascontiguousarray(recording["responses"].T))
    for i, image in enumerate(recording["images"]):
        Image.fromarray(image).save(os.path.join(images, f"scene{i}.png"))
    with open(table, "w", encoding="utf-8") as file:
        file.write("image,tier\n")
        for image, tier in zip(recording["image_index"], recording["tiers"]):
            file.write(f"scene{image}.png,{tier}\n")
    return [responses, table, images], []


ALL = [matlab, natimg, hdf5, nwb, suite2p, tree, pictures]
