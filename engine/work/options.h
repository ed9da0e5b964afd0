// SPDX-License-Identifier: GPL-3.0-or-later
// The option tables of the models, for views: the one part of base/ that a view needs, re-exported.
#pragma once
#include "base/options.h"
