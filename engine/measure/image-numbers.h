// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures by the image they are of: several rows of a score may show one image, and count as one where images do.
#pragma once
#include <glib.h>

// out (n,): which of the different ones each of images (n,) is, numbered from 0 in order of first appearance. Returns how
// many different ones there are.
gsize pct_number_images(const int *images, gsize n, gsize *out);
