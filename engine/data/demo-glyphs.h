// SPDX-License-Identifier: GPL-3.0-or-later
// Letters, digits and simple figures as our own outlines, and a small rasteriser for them: the demo depends on no font.
// A glyph is some ink a distance away from line segments (letters, digits) or inside closed polygons (figures); its
// coverage of a pixel follows from the signed distance at the pixel's centre, which antialiases at any size and angle.
#pragma once
#include <glib.h>

// How many there are: letters A-Z first, then digits 0-9, then figures.
int pct_demo_glyphs_get_count(void);
// "A", "7", "heart": identifiers, untranslated.
const char *pct_demo_glyph_get_name(int glyph);
// Width of a glyph's ink where its height is 1.
double pct_demo_glyph_get_aspect(int glyph);

// Draws a glyph of the given height (pixels, its ink included) about (x, y), turned clockwise by angle (radians).
// coverage (H,W), 0..1, becomes the larger of what it held and the glyph.
void pct_demo_glyph_draw(float *coverage, int height, int width, int glyph, double x, double y, double glyph_height,
                         double angle);
