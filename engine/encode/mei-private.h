// SPDX-License-Identifier: GPL-3.0-or-later
// What the files of most exciting inputs share.
#pragma once
#include "encode/mei-ascent.h"
#include "encode/mei.h"

// options of pct_mei_kind, mean and contrast resolved.
PctMeiRecipe pct_mei_recipe_of(const PctOptionValues *options, int height, int width);
