// SPDX-License-Identifier: GPL-3.0-or-later
// percept-import from outside: the one place that starts it, listens, and decides that it has gone wrong. It may crash,
// loop, eat memory or talk nonsense; what comes of it here is one sentence. It gets its plan on stdin and says one JSON
// object a line: {"progress", "phase"} while it works, then {"result"} or {"error"}.
#pragma once
#include "base/run.h"
#include "import/plan.h"

typedef enum {
  PCT_IMPORT_LIST,     // which arrays the plan's paths hold, and what they may be: {"catalogue", "guess"}
  PCT_IMPORT_PREVIEW,  // carries the plan out and keeps nothing but out/preview.npz, what a person looks at
  PCT_IMPORT_MAKE,     // carries it out and writes the recording to out
} PctImportVerb;

typedef struct {
  guint64 memory;      // bytes of address space; 0: three quarters of the machine's memory
  guint seconds;       // of processor time
  guint silence;       // seconds without a line after which it is taken to loop
} PctImportLimits;
#define PCT_IMPORT_LIMITS_DEFAULT { 0, 1800, 180 }

// The program that was built or installed with this one. Free with g_free.
char *pct_import_process_locate(void);

// Runs program to its end. out: NULL for PCT_IMPORT_LIST. Returns the result; free with json_node_unref. NULL with what
// the importer said, PCT_ERROR_IO (it could not be started, or died), _MEMORY (it asked for more than it may) or
// _CANCELLED: the importer is then gone. Any thread, several at once.
JsonNode *pct_import_process_run(const char *program, PctImportVerb verb, const PctImportPlan *plan, const char *out,
                                 const PctImportLimits *limits, const PctRun *run, GError **error);
