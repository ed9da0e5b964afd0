// SPDX-License-Identifier: GPL-3.0-or-later
// A small experiment in arrays, for tests of its assembly: each response and pixel is a function of where it stands.
#pragma once
#include "import/assemble.h"
#include "memory-source.h"

enum { N = 30, M = 7, K = 12, H = 5, W = 9 };

float small_response(int trial, int neuron);
guint8 small_pixel(int image, int y, int x);
// Images 0 to 10 are shown two or three times each, image 11 never.
int small_image_of(int trial);
// responses (N,M), images (K,H,W), numbers (N,), from 0.
void small_fill(float *responses, guint8 *images, gint32 *numbers);
// Responses "resp", images "images" and their numbers "numbers" in "s.mat".
PctImportPlan *small_plan(void);
// Which must succeed.
PctImportResult *small_assemble(const PctCatalogue *catalogue, const PctImportPlan *plan);
