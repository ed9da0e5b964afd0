# SPDX-License-Identifier: GPL-3.0-or-later
"""The README's list of decoders and options is what the program says of itself."""
import sys

from harness import main, read, run

README = sys.argv[2]


def test_kinds_are_current(folder):
    text = read(README).decode()
    begin, end = "<!-- percept-cli kinds --markdown -->\n", "<!-- end -->"
    assert text.count(begin) == 1 and text.count(end) == 1
    section = text[text.index(begin) + len(begin):text.index(end)]
    assert section.strip() == run("kinds", "--markdown").out.strip(), \
        "README.md is behind: run resources/update-readme"


if __name__ == "__main__":
    main(dict(globals()))
