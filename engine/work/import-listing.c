// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "work/import-listing.h"
#include <glib/gi18n-lib.h>
#include "base/error.h"
#include "model/json-file.h"

void
pct_import_listing_free(PctImportListing *listing)
{
  if (!listing)
    return;
  pct_catalogue_free(listing->catalogue);
  pct_import_guess_free(listing->guess);
  g_free(listing);
}

GPtrArray *
pct_import_result_dup_texts(JsonObject *object, const char *name)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
  JsonNode *node = json_object_get_member(object, name);
  JsonArray *array = node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
  for (guint i = 0; array && i < json_array_get_length(array); i++) {
    const char *text = pct_json_node_get_text(json_array_get_element(array, i));
    if (text)
      g_ptr_array_add(texts, g_strdup(text));
  }
  return texts;
}

static PctImportGuess *
parse_guess(JsonObject *object, GError **error)
{
  JsonNode *plan = json_object_get_member(object, "plan"), *reasons = json_object_get_member(object, "reasons");
  PctImportPlan *parsed = plan ? pct_import_plan_from_json(plan, _("The guess"), error) : NULL;
  if (!parsed)
    return NULL;
  PctImportGuess *guess = g_new0(PctImportGuess, 1);
  guess->plan = parsed;
  guess->layout = g_intern_string(pct_json_get_text(object, "layout"));
  guess->missing = pct_import_result_dup_texts(object, "missing");
  for (int i = 0; reasons && JSON_NODE_HOLDS_OBJECT(reasons) && i < PCT_N_IMPORT_ROLES; i++) {
    const char *name = pct_import_role_get((PctImportRole)i)->name;
    guess->reasons[i] = g_strdup(pct_json_node_get_text(json_object_get_member(json_node_get_object(reasons), name)));
  }
  return guess;
}

PctImportListing *
pct_import_listing_new(const char *program, const PctImportPlan *plan, const PctImportLimits *limits,
                       const PctRun *run, GError **error)
{
  g_autoptr(JsonNode) result = pct_import_process_run(program, PCT_IMPORT_LIST, plan, NULL, limits, run, error);
  if (!result)
    return NULL;
  JsonObject *object = json_node_get_object(result);
  JsonNode *catalogue = json_object_get_member(object, "catalogue"), *guess = json_object_get_member(object, "guess");
  if (!catalogue || !guess || !JSON_NODE_HOLDS_OBJECT(guess)) {
    g_set_error(error, PCT_ERROR, PCT_ERROR_FORMAT, _("The list of arrays is not what it should be."));
    return NULL;
  }
  g_autoptr(PctImportListing) listing = g_new0(PctImportListing, 1);
  listing->catalogue = pct_catalogue_from_json(catalogue, error);
  listing->guess = listing->catalogue ? parse_guess(json_node_get_object(guess), error) : NULL;
  return listing->guess ? g_steal_pointer(&listing) : NULL;
}
