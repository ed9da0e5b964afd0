// SPDX-License-Identifier: GPL-3.0-or-later
// A fuzz target is one function that takes any bytes and may not crash, leak or hang. libFuzzer calls it, or
// run-seeds.c in the ordinary test suite.
#pragma once
#include <glib.h>

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize n);
