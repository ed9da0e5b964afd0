// SPDX-License-Identifier: GPL-3.0-or-later
// How foreign files become a recording: which array is what, along which axes, and the settings. A plan is all that an
// import needs besides the files: the assistant edits one, percept-import carries one out, the result keeps it.
// Invariant: names of arrays are not checked here (the catalogue may change); settings are always within their table.
#pragma once
#include <json-glib/json-glib.h>
#include "base/options.h"
#include "import/roles.h"

typedef struct {
  char *array;  // a name in the catalogue, UTF-8; NULL: nothing has this role
  char *axes;   // the letters of the array's dimensions in the file's order ("mt"); '1': a dimension of one, 'c': colours;
                // NULL: as the role says
} PctAssignment;

typedef struct {
  GPtrArray *paths;  // of char *: files and folders, in order
  PctAssignment roles[PCT_N_IMPORT_ROLES];
  PctOptionValues *settings;
  char *name;        // of the recording, for a person; NULL: from the first path
} PctImportPlan;

// The settings that a plan may have; for `--set`, the assistant's rows and the README.
const PctOptionTable *pct_import_get_settings(void);

PctImportPlan *pct_import_plan_new(void);
PctImportPlan *pct_import_plan_copy(const PctImportPlan *plan);
void pct_import_plan_free(PctImportPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PctImportPlan, pct_import_plan_free)

// array, axes: NULL allowed; copied.
void pct_import_plan_assign(PctImportPlan *plan, PctImportRole role, const char *array, const char *axes);
// The letters of an assigned role: its own, or the role's.
const char *pct_import_plan_get_axes(const PctImportPlan *plan, PctImportRole role);
// A setting by its name, which must be in the table.
double pct_import_plan_get(const PctImportPlan *plan, const char *setting);

// {"paths": [...], "name": ..., "roles": {"responses": {"array", "axes"}}, "settings": {"delay": "0.1"}}: settings that
// differ from their default, as text.
JsonNode *pct_import_plan_to_json(const PctImportPlan *plan);
// shown names it in messages. NULL with PCT_ERROR_FORMAT or _UNSUPPORTED.
PctImportPlan *pct_import_plan_from_json(JsonNode *node, const char *shown, GError **error);
