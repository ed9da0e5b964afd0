// SPDX-License-Identifier: GPL-3.0-or-later
// Errors of the world (files, memory, shapes, a person who presses Stop) travel as GError in PCT_ERROR.
// The message is one sentence that names the file, what was expected and what was found: it is shown to a
// person as it is, so it is translated where it is made. Errors of the programmer are g_return_* and never come here.
#pragma once
#include <glib.h>

#define PCT_ERROR (pct_error_quark())

typedef enum {
  PCT_ERROR_FORMAT,       // a file is not what it claims to be
  PCT_ERROR_SHAPE,        // arrays do not fit each other
  PCT_ERROR_IO,           // reading or writing failed
  PCT_ERROR_MEMORY,       // more memory than there is, or than can be meant
  PCT_ERROR_DIVERGED,     // a loss became NaN or infinite
  PCT_ERROR_CANCELLED,    // somebody said stop; nothing is half-written
  PCT_ERROR_UNSUPPORTED,  // understood, but not done here
} PctError;

GQuark pct_error_quark(void);
