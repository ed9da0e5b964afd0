# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the small foreign files that the readers are tried on, by the programs that others write theirs with:
/usr/bin/python3 tests/foreign/make-samples.py FOLDER. Array x of a shape has the values 0.5, 1.5, 2.5, ... in row-major
order, whole numbers 0, 1, 2, ...; so the tests know what must be read.
"""
import io
import os
import shutil
import struct
import sys

import h5py
import numpy as np
import scipy.io
import scipy.sparse
from PIL import Image


def counted(*shape, dtype="f4"):
    values = np.arange(np.prod(shape)).reshape(shape)
    return (values + (0.5 if np.dtype(dtype).kind == "f" else 0)).astype(dtype)


def cells(values, rows):
    out = np.empty((len(values), 1) if rows else (1, len(values)), object)
    for i, value in enumerate(values):
        out.flat[i] = value
    return out


def mat_contents():
    animals = np.zeros((3, 1), [("weight", "O"), ("name", "O"), ("patch", "O")])
    for i in range(3):
        animals[i, 0] = (np.array([[i + 0.5]]), f"mouse {i}", counted(2, 2, dtype="i2") + 4 * i)
    table = np.empty((2, 3), object)
    table.flat[:] = [f"r{i // 3}c{i % 3}" for i in range(6)]
    return {
        "resp": counted(5, 7), "istim": counted(5, 1, dtype="i4"), "stack": counted(3, 4, 2, dtype="u1"),
        "whole": counted(4, 4, dtype="f8") - 0.5, "flag": np.array([[True, False, True]]),
        "stim": {"resp": counted(5, 7, dtype="f8"), "deep": {"gain": np.array([[2.5]])}},
        "names": cells(["first", "second café", ""], True), "table": table,
        "frames": cells([counted(2, 3, dtype="f8") + 6 * i for i in range(4)], False),
        "uneven": cells([counted(2, 3), counted(3, 2)], False),
        "tiers": np.array(["train", "test", "validation"]), "title": "a session", "animals": animals,
        "imaginary": np.array([[1 + 2j]]), "thin": scipy.sparse.eye(4).tocsc(), "nothing": np.zeros((0, 3)),
        "big": np.array([[2 ** 60 + 1]], "i8"),
    }


def element(kind, data):
    return struct.pack("<II", kind, len(data)) + data + b"\0" * (-len(data) % 8)


def matrix(matlab_class, name, *parts, dims=(1, 1)):
    head = element(6, struct.pack("<II", matlab_class, 0)) + element(5, struct.pack(f"<{len(dims)}i", *dims))
    return element(14, head + element(1, name) + b"".join(parts))


MAT_HEADER = b"MATLAB 5.0 MAT-file, written for a test".ljust(124) + struct.pack("<H", 0x0100) + b"IM"


def write_matlab(folder):
    contents = mat_contents()
    scipy.io.savemat(f"{folder}/v5.mat", contents, do_compression=False)
    scipy.io.savemat(f"{folder}/v5-packed.mat", contents, do_compression=True)
    scipy.io.savemat(f"{folder}/v4.mat", {"resp": counted(5, 7, dtype="f8"), "istim": counted(5, 1, dtype="i4"),
                                          "title": "a session"}, format="4")
    number = matrix(6, b"x", element(9, struct.pack("<d", 4.5)))
    handle = matrix(16, b"handle", matrix(6, b"", element(9, struct.pack("<d", 1))))
    opaque = element(14, element(6, struct.pack("<II", 17, 0)) + element(1, b"when") + element(1, b"MCOS") +
                     element(1, b"datetime") + matrix(13, b"", element(6, struct.pack("<I", 7))))
    giant = matrix(6, b"giant", element(9, b"\0" * 64), dims=(40000, 40000))
    for name, parts in {"function": handle, "handle-and-number": handle + number, "opaque": opaque + number,
                        "giant": giant}.items():
        with open(f"{folder}/{name}.mat", "wb") as file:
            file.write(MAT_HEADER + parts)


def set_class(thing, matlab_class):
    """As MATLAB does: a text with its end marked, which h5py's own are not."""
    text = h5py.h5t.C_S1.copy()
    text.set_size(len(matlab_class))
    attribute = h5py.h5a.create(thing.id, b"MATLAB_class", text, h5py.h5s.create(h5py.h5s.SCALAR))
    attribute.write(np.array(matlab_class.encode()), mtype=text)


def write_matlab_73(path):
    with h5py.File(path, "w", userblock_size=512) as file:
        def put(group, name, value, matlab_class, **more):
            dataset = group.create_dataset(name, data=np.asarray(value).T, **more)
            set_class(dataset, matlab_class)
            return dataset

        def put_text(group, name, text):
            value = np.frombuffer(text.encode("utf-16-le"), "u2")[None]
            put(group, name, value, "char").attrs["MATLAB_int_decode"] = np.int32(2)

        def put_cells(name, values, write):
            group = file.require_group("#refs#")
            references = np.empty((len(values), 1), h5py.ref_dtype)
            for i, value in enumerate(values):
                write(group, f"{name}{i}", value)
                references[i, 0] = group[f"{name}{i}"].ref
            put(file, name, references, "cell", dtype=h5py.ref_dtype)

        put(file, "resp", counted(5, 7), "single", chunks=(4, 3), compression="gzip")
        put(file, "stack", counted(3, 4, 2, dtype="u1"), "uint8")
        stim = file.create_group("stim")
        set_class(stim, "struct")
        put(stim, "istim", counted(5, 1, dtype="f8") - 0.5, "double")
        put_text(file, "title", "a session")
        put_cells("names", ["first", "second café", "third"], put_text)
        put_cells("frames", [counted(2, 3, dtype="f8") + 6 * i for i in range(4)],
                  lambda group, name, value: put(group, name, value, "double"))
        flag = put(file, "flag", np.array([[1, 0, 1]], "u1"), "logical")
        flag.attrs["MATLAB_int_decode"] = np.int32(1)
    with open(path, "r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64, written for a test HDF5 schema 1.00 .".ljust(124) +
                   struct.pack("<H", 0x0200) + b"IM")


def write_hdf5(path):
    with h5py.File(path, "w") as file:
        for dtype in ["i1", "u1", "<i2", ">u2", ">i4", "<u4", "<u8", ">i8", "<f2", ">f4", "<f8"]:
            file.create_dataset(f"types/{dtype.strip('<>')}", data=counted(2, 3, dtype=dtype))
        file.create_dataset("packed/resp", data=counted(50, 7), chunks=(8, 7), compression="gzip", shuffle=True)
        file["packed/resp"].attrs.update({"unit": "dF/F", "description": np.bytes_("responses of cells")})
        file["flag"] = np.array([True, False, True])
        file["kind"] = np.array([2, 1], h5py.enum_dtype({"a": 1, "b": 2}, "u1"))
        file["fixed"] = np.array([b"train", b"test"], "S8")
        file.create_dataset("names", data=["first", "second café", ""], dtype=h5py.string_dtype())
        file["title"] = "a session"
        file["number"] = 4.5
        file["records"] = np.zeros(3, [("a", "f4"), ("b", "i4")])
        file.create_dataset("references", data=[file["names"].ref], dtype=h5py.ref_dtype)
        file["empty"] = np.zeros((0, 3), "f4")
        file["another/name"] = file["packed/resp"]
        file["packed/loop"] = file["/"]
        file["a soft link"] = h5py.SoftLink("/packed/resp")
        file["a dead link"] = h5py.SoftLink("/nowhere")
        file["elsewhere"] = h5py.ExternalLink("other.h5", "/x")
        file["through"] = h5py.SoftLink("/elsewhere/x")


def write_nwb(path):
    with h5py.File(path, "w") as file:
        file.attrs["nwb_version"] = "2.6.0"
        file["session_description"] = "images were shown"
        running = file.create_group("processing/behavior/running")
        running["data"] = counted(6)
        running["data"].attrs["unit"] = "cm/s"
        start = running.create_dataset("starting_time", data=2.0)
        start.attrs["rate"] = np.float32(4)
        traces = file.create_group("processing/ophys/DfOverF")
        traces["data"] = counted(8, 3)
        traces["timestamps"] = np.arange(8) / 10
        units = file.create_group("units")
        units["spike_times"] = np.arange(9) / 8
        units["spike_times_index"] = np.array([4, 6, 9], "u4")
        units["id"] = np.arange(3)
        units["spike_times_index"].attrs["target"] = units["spike_times"].ref
        units.create_dataset("electrodes", data=[units.ref] * 3, dtype=h5py.ref_dtype)
        shown = file.create_group("intervals/natural_images")
        shown["start_time"] = np.array([1, 2, 3.5])
        shown.create_dataset("image", data=["a", "b", "a"], dtype=h5py.string_dtype())


def write_numpy(folder):
    np.savez_compressed(f"{folder}/some.npz", resp=counted(5, 7), images=counted(3, 4, 2, dtype="u1"),
                        tiers=np.array(["train", "test"]))
    np.save(f"{folder}/one.npy", counted(5, 7))
    for name, shape in {"pictures": (1, 2, 3), "answers": (4,)}.items():
        os.makedirs(f"{folder}/trials/shown/{name}")
        for i in range(3):
            np.save(f"{folder}/trials/shown/{name}/{i}.npy", counted(*shape) + np.prod(shape) * i)
    np.save(f"{folder}/trials/shown/tiers.npy", np.array(["train", "test", "train"]))
    np.save(f"{folder}/trials/turned.npy", np.asfortranarray(counted(5, 7)))


def write_images(folder):
    os.makedirs(f"{folder}/images")
    for i in [1, 2, 10]:
        Image.fromarray(counted(4, 6, dtype="u1") + i).save(f"{folder}/images/img{i}.png")
    Image.fromarray(counted(8, 14, dtype="u1")).save(f"{folder}/images/img3.png")
    colours = np.zeros((4, 6, 3), "u1")
    colours[..., 0] = 100
    Image.fromarray(colours).save(f"{folder}/images/img4.tif")
    with open(f"{folder}/images/notes.md", "w") as file:
        file.write("not an image\n")
    pages = [Image.fromarray(counted(4, 6, dtype="u2") * 1000 + i) for i in range(3)]
    pages[0].save(f"{folder}/stack.tif", save_all=True, append_images=pages[1:])
    Image.fromarray(counted(4, 6)).save(f"{folder}/float.tif", compression="tiff_deflate")
    Image.fromarray(np.full((16, 16), 77, "u1")).save(f"{folder}/photo.jpg", quality=95)


def write_tables(folder):
    conditions = ['"b, ""quoted"""', "a"]
    rows = "".join(f"{i + 0.5},{i},{conditions[i % 2]},\n" for i in range(4))
    tables = {"trials.csv": "onset,image,condition,note\n" + rows,
              "numbers.csv": "1,2,3\n4.5,,nan\n-7e2,8,9\n",
              "german.csv": "onset;image\n0,5;1\n1,25;2\n",
              "tabs.tsv": "\ufeffonset\tname\r\n1\tfirst\r\n2\tsecond café\r\n",
              "short.csv": "a,b,c\n1,2,3\n4,5\n6,7,8\n"}
    for name, text in tables.items():
        with open(f"{folder}/{name}", "w", encoding="utf-8", newline="") as file:
            file.write(text)


class Harm:
    def __reduce__(self):
        return os.system, ("true",)


def write_suite2p(folder):
    plane = f"{folder}/suite2p/plane0"
    os.makedirs(plane)
    np.save(f"{plane}/F.npy", counted(3, 6))
    np.save(f"{plane}/iscell.npy", np.array([[1, 0.9], [0, 0.2], [1, 0.7]]))
    stat = np.empty(3, object)
    for i in range(3):
        stat[i] = {"ypix": np.arange(4 + i), "lam": np.ones(4 + i, "f4"), "med": [10 + i, 20 + i], "npix": 4 + i,
                   "radius": np.float64(1.5 + i), "overlap": np.zeros(4 + i, bool), "footprint": np.float32(i),
                   "soma": np.bool_(i == 1), "neuropil": None, "iplane": np.int64(2 ** 40 + i)}
    np.save(f"{plane}/stat.npy", stat)
    ops = {"fs": 7.5, "nplanes": 1, "tau": np.float32(1.25), "Ly": 512, "data_path": ["/a", "/b"], "roidetect": True,
           "meanImg": counted(4, 5), "yrange": [2, 510], "version": "0.14", "nested": {"deep": 1}, "missing": None,
           "big": 2 ** 70}
    np.save(f"{plane}/ops.npy", ops)
    np.save(f"{folder}/harm.npy", np.array([Harm()], object), allow_pickle=True)


def main():
    folder = sys.argv[1]
    if os.path.isdir(folder):
        shutil.rmtree(folder)
    os.makedirs(folder)
    write_matlab(folder)
    write_matlab_73(f"{folder}/v73.mat")
    write_hdf5(f"{folder}/plain.h5")
    write_nwb(f"{folder}/session.nwb")
    write_numpy(folder)
    write_images(folder)
    write_tables(folder)
    write_suite2p(folder)


if __name__ == "__main__":
    main()
