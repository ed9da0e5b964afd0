// SPDX-License-Identifier: GPL-3.0-or-later
// A pickle that numpy wrote, read as inert data: numbers, texts, None, lists, tuples, dicts, and numpy's arrays and
// scalars, which stay descriptions of themselves. Nothing is run, imported or looked up: names are compared with those
// that numpy needs, and every other is refused by a sentence that says it. Nothing recurses, and memory is bounded by
// the pickle's length and a number of values.
#pragma once
#include "nn/pickle-machine.h"
#include "data/npy.h"

// Reads all; the value, which lives until the machine is cleared. The machine must have been set up. NULL with
// PCT_ERROR_FORMAT (damaged), _UNSUPPORTED (asks for something else) or _MEMORY.
const PctPickleValue *pct_numpy_pickle_read(PctPickleMachine *machine);

// The items of an object array (a list, without its shape); NULL if it is none.
const PctPickleValue *pct_numpy_pickle_get_objects(const PctPickleValue *array);
// An array of numbers or text, or a scalar (without dimensions). NULL with PCT_ERROR_FORMAT or _UNSUPPORTED.
PctNpyArray *pct_numpy_pickle_dup_array(const PctPickleValue *value, const char *shown, GError **error);
