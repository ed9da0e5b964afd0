// SPDX-License-Identifier: GPL-3.0-or-later
// Changes a pickle as a fuzzer does, but whole instructions at a time: a changed byte nearly always leaves nonsense that
// the first check refuses, while an instruction more, less or elsewhere gets far.
#pragma once
#include <glib.h>

// Changes bytes (n of them, room for max) in place; the number of bytes after. The same seed changes the same way.
gsize pickle_mutate(guint8 *bytes, gsize n, gsize max, guint seed);
