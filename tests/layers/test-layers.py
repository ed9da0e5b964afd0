# SPDX-License-Identifier: GPL-3.0-or-later
"""What a compiler does not check: which layer may include which, how long a file is, whose it is, and that every visible
string is translated. Speaks TAP; the checks are themselves checked on lines that must be found at fault.
"""
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.abspath(sys.argv[1])
LONGEST = 500

# What the headers of a layer may be included by. "ui" sees work/ alone of the engine; the window's program sees ui and
# work; percept-cli all of the engine but foreign/, whose libraries were not made for hostile files: percept-import is
# the one program that may die of them.
BELOW = {
    "base": set(),
    "nn": {"base"},
    "data": {"base"},
    "measure": {"base", "data"},
    "import": {"base", "data", "nn", "model"},
    "foreign": {"base", "data", "nn", "model", "import"},
    "model": {"base", "data", "nn"},
    "encode": {"base", "data", "nn", "model", "measure"},
    "decode": {"base", "data", "nn", "model", "measure", "encode"},
    "work": {"base", "data", "nn", "model", "measure", "encode", "decode", "import"},
    "ui": {"work"},
    "app": {"ui", "work"},
    "cli": {"base", "data", "nn", "model", "measure", "encode", "decode", "import", "work"},
    "percept-import": {"base", "data", "nn", "model", "import", "foreign"},
}
ENGINE = ["base", "nn", "data", "model", "import", "foreign", "measure", "encode", "decode", "work"]
TOOLKIT = re.compile(r"^(gtk|gdk/|gsk/|adwaita|libadwaita|graphene|pango|cairo)")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.MULTILINE)


def sources(*folders, endings=(".c", ".h")):
    """Paths from the root, with '/'."""
    for folder in folders:
        for path, names, files in os.walk(os.path.join(ROOT, folder)):
            names[:] = sorted(name for name in names if not name.startswith((".", "__")))
            for name in sorted(files):
                if name.endswith(endings):
                    yield os.path.relpath(os.path.join(path, name), ROOT).replace(os.sep, "/")


def text_of(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def layer_of(path):
    parts = path.split("/")
    if parts[0] == "engine":
        return parts[1]
    return {"cli": "cli", "import": "percept-import"}.get(parts[1], "app") if parts[0] == "app" else parts[0]


def layer_of_header(path, header):
    """The layer that a quoted or bracketed name belongs to; None: a library's."""
    first = header.split("/")[0]
    if "/" in header and first in ENGINE:
        return first
    if header == "config.h":
        return None
    beside = os.path.normpath(os.path.join(os.path.dirname(path), header)).replace(os.sep, "/")
    for candidate in [beside, "ui/" + header, "engine/" + header, "app/" + header]:
        if os.path.exists(os.path.join(ROOT, candidate)):
            return layer_of(candidate)
    return None


def breaches(path, text):
    layer = layer_of(path)
    for header in INCLUDE.findall(text):
        other = layer_of_header(path, header)
        if other and other != layer and other not in BELOW[layer]:
            yield f"{path} includes {header}: {layer} may not use {other}"
        if layer in ENGINE + ["cli", "percept-import"] and TOOLKIT.match(header):
            yield f"{path} includes {header}: there is no window here"
        if path.startswith("ui/plots/") and re.match(r"^(gtk|adwaita|gdk/)", header):
            yield f"{path} includes {header}: figures are drawn without GTK"


def faults_of_form(path, text):
    lines = text.splitlines()
    if len(lines) > LONGEST:
        yield f"{path} has {len(lines)} lines, more than {LONGEST}"
    if not any("SPDX-License-Identifier: GPL-3.0-or-later" in line for line in lines[:3]):
        yield f"{path} does not begin with its licence (SPDX-License-Identifier)"


VISIBLE = re.compile(r'\b(?:N?C?_|ngettext|g_dngettext)\s*\(\s*"|translatable="(?:yes|true)"')


def holds_visible_text(path, text):
    return VISIBLE.search(re.sub(r"^\s*//.*|(?<=[;,{}])\s*//.*", "", text, flags=re.MULTILINE)) is not None


def translatable_files():
    return [path for path in sources("app", "ui", "engine", "resources", endings=(".c", ".h", ".ui"))
            if holds_visible_text(path, text_of(path))]


def test_no_layer_looks_up():
    return [fault for path in sources("app", "ui", "engine") for fault in breaches(path, text_of(path))]


def test_the_check_of_layers_can_fail():
    must = [("engine/nn/x.c", '#include "data/npy.h"'), ("engine/base/x.c", '#include "nn/graph.h"'),
            ("engine/measure/x.c", '#include "decode/decoder.h"'), ("ui/x.c", '#include "decode/decoder.h"'),
            ("ui/slide/x.c", '  #  include "base/blas.h"'), ("engine/work/x.c", "#include <gtk/gtk.h>"),
            ("engine/data/x.c", '#include "work/job.h"'), ("engine/model/x.c", '#include "encode/encoder.h"'),
            ("engine/encode/x.c", '#include "decode/decoder.h"'), ("engine/measure/x.c", '#include "model/fit.h"'),
            ("app/x.c", '#include "base/run.h"'),
            ("engine/work/x.c", '#include "foreign/foreign.h"'), ("app/cli/x.c", '#include "foreign/foreign.h"'),
            ("app/cli/x.c", "#include <adwaita.h>"), ("app/cli/x.c", '#include "../../ui/main-window.h"'),
            ("ui/plots/x.c", "#include <gtk/gtk.h>")]
    may = [("engine/decode/x.c", '#include "measure/score.h"'), ("engine/encode/x.c", '#include "model/fit.h"'),
           ("ui/x.c", '#include "work/job.h"'), ("app/import/x.c", '#include "foreign/foreign.h"'),
           ("app/cli/x.c", '#include "decode/decoder.h"'), ("ui/x.c", "#include <gtk/gtk.h>")]
    return [f"not found: {path}: {line}" for path, line in must if not list(breaches(path, line))] + \
        [f"wrongly found: {path}: {line}" for path, line in may if list(breaches(path, line))]


def test_files_are_short_and_ours():
    places = ["app", "ui", "engine", "tests"]
    return [fault for path in sources(*places, endings=(".c", ".h", ".py")) for fault in faults_of_form(path, text_of(path))]


def test_the_check_of_form_can_fail():
    assert list(faults_of_form("x.c", "int x;\n" * 501)) and len(list(faults_of_form("x.c", "int x;\n" * 501))) == 2
    return []


def test_every_visible_string_is_offered_for_translation():
    listed = [line.strip() for line in text_of("po/POTFILES").splitlines() if line.strip() and not line.startswith("#")]
    wanted = translatable_files()
    return [f"{path} holds visible text and is not in po/POTFILES" for path in wanted if path not in listed] + \
        [f"po/POTFILES lists {path}, which has none" for path in listed if path not in wanted] + \
        (["po/POTFILES is not sorted"] if listed != sorted(listed) else [])


def entries(po):
    """(text, translations, fuzzy, obsolete) of the entries of a .po file."""
    for block in re.split(r"\n\s*\n", po):
        lines = [line for line in block.splitlines() if not line.startswith("#~")]
        fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in lines)
        fields, last = {}, None
        for line in lines:
            match = re.match(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) "(.*)"$', line)
            if match:
                last = match[1]
                fields[last] = match[2]
            elif last and re.match(r'"(.*)"$', line):
                fields[last] += line[1:-1]
        if "msgid" in fields:
            yield fields, fuzzy


def test_translations_are_complete():
    faults = []
    for language in text_of("po/LINGUAS").split():
        po = text_of(f"po/{language}.po")
        for fields, fuzzy in entries(po):
            if fields["msgid"] == "":
                continue
            if fuzzy or any(key.startswith("msgstr") and value == "" for key, value in fields.items()):
                faults.append(f"po/{language}.po: {'fuzzy' if fuzzy else 'not translated'}: “{fields['msgid'][:70]}”")
    return faults


def test_no_string_is_cut():
    """xgettext ends a string at a macro such as G_GSIZE_FORMAT, and what is left is never looked up: %zu does it."""
    cut = re.compile(r'\b_\((?:\s*"(?:[^"\\]|\\.)*")+\s*G_G[A-Z0-9]+_FORMAT')
    return [f"{path}: {' '.join(found.split())[:100]}" for path in translatable_files() for found in cut.findall(text_of(path))]


def test_translations_know_every_string():
    """What xgettext finds in the sources is in the .po file, as it stands now."""
    if not shutil.which("xgettext") or not shutil.which("msgfmt"):
        return None
    found = subprocess.run(
        ["xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2", "--keyword=NC_:1c,2",
         "--keyword=g_dngettext:2,3", "--files-from=po/POTFILES", "--output=-", "--no-location"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True)
    wanted = {(fields.get("msgctxt"), fields["msgid"]) for fields, _ in entries(found.stdout.decode()) if fields["msgid"]}
    faults = []
    for language in text_of("po/LINGUAS").split():
        known = {(fields.get("msgctxt"), fields["msgid"]) for fields, _ in entries(text_of(f"po/{language}.po"))}
        faults += [f"po/{language}.po lacks “{text[:70]}”" for _, text in sorted(wanted - known, key=str)]
        checked = subprocess.run(["msgfmt", "--check", "--output-file=/dev/null", f"po/{language}.po"], cwd=ROOT,
                                 stderr=subprocess.PIPE, text=True)
        if checked.returncode:
            faults.append(checked.stderr.strip())
    return faults


def main():
    tests = [(name, test) for name, test in globals().items() if name.startswith("test_")]
    print(f"1..{len(tests)}")
    failed = False
    for i, (name, test) in enumerate(tests, 1):
        faults = test()
        for fault in faults or []:
            print(f"# {fault}")
        failed = failed or bool(faults)
        print(f"{'not ok' if faults else 'ok'} {i} {name}{' # SKIP no gettext here' if faults is None else ''}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
