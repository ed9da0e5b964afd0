// SPDX-License-Identifier: GPL-3.0-or-later
// A fuzz target is one function that takes any bytes and may not crash, leak or hang. libFuzzer calls it, or
// run-seeds.c in the ordinary test suite.
#pragma once
#include <glib.h>

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);

// A target may also say how its input is best changed: bytes in place, n of them with room for max; how many there are
// then. It may call LLVMFuzzerMutate, which changes any bytes.
gsize LLVMFuzzerCustomMutator(guint8 *bytes, gsize n, gsize max, guint seed) __attribute__((weak));
gsize LLVMFuzzerMutate(guint8 *bytes, gsize n, gsize max);
