// SPDX-License-Identifier: GPL-3.0-or-later
// Layouts that many laboratories and archives share, as tables: which name has which role. A layout is recognised where
// everything it cannot do without is there; what it leaves open (images in another file) is guessed as ever.
#include "config.h"
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>
#include "import/guess-private.h"

typedef struct {
  PctImportRole role;
  const char *pattern;  // of the name within its source, '*' and '?' as in a shell
  const char *axes;     // dimensions of one may come between them; NULL: as sizes tell
  gboolean needed;      // the layout is not recognised without
  int column;           // 1: column 0 of the array, 2: column 1, ..; 0: the array
} Place;

typedef struct {
  const char *name, *title;
  const char *no[2];       // patterns that must not be there
  const char *settings[4]; // "name", "value", ..
  Place places[16];
} Layout;

#define COLUMN(n) ((n) + 1)
#define MOST_FOLDERS 64  // that are looked into for a layout

static const Layout layouts[] = {
  { "natimg", N_("MouseLand’s natural images"), { NULL }, { NULL }, {
    { PCT_ROLE_RESPONSES, "stim/resp", "tm", TRUE, 0 },
    { PCT_ROLE_IMAGE_NUMBERS, "stim/istim", NULL, TRUE, 0 },
    { PCT_ROLE_IMAGES, "imgs", "hwk", FALSE, 0 },
    { PCT_ROLE_POSITIONS, "med", "mx", FALSE, 0 },
    { PCT_ROLE_SPEED, "stim/runspeed", NULL, FALSE, 0 },
  } },
  { "sensorium-2022", N_("the Sensorium file tree"), { NULL }, { "missing", "drop-trials" }, {
    { PCT_ROLE_IMAGES, "data/images", "khw", TRUE, 0 },
    { PCT_ROLE_RESPONSES, "data/responses", "tm", TRUE, 0 },
    { PCT_ROLE_TIERS, "meta/trials/tiers", "t", TRUE, 0 },
    { PCT_ROLE_PUPIL_SIZE, "data/behavior", "t", FALSE, COLUMN(0) },
    { PCT_ROLE_SPEED, "data/behavior", "t", FALSE, COLUMN(2) },
    { PCT_ROLE_PUPIL_POSITION, "data/pupil_center", "tx", FALSE, 0 },
    { PCT_ROLE_UNIT_IDS, "meta/neurons/unit_ids", "m", FALSE, 0 },
    { PCT_ROLE_POSITIONS, "meta/neurons/cell_motor_coordinates", "mx", FALSE, 0 },
    { PCT_ROLE_AREAS, "meta/neurons/area", "m", FALSE, 0 },
    { PCT_ROLE_LAYERS, "meta/neurons/layer", "m", FALSE, 0 },
  } },
  { "static-hdf5", N_("neuralpredictors’ static layout"), { "image_index*" }, { NULL }, {
    { PCT_ROLE_IMAGES, "images", "khw", TRUE, 0 },
    { PCT_ROLE_RESPONSES, "responses", "tm", TRUE, 0 },
    { PCT_ROLE_TIERS, "tiers", "t", TRUE, 0 },
    { PCT_ROLE_PUPIL_SIZE, "behavior", "t", FALSE, COLUMN(0) },
    { PCT_ROLE_SPEED, "behavior", "t", FALSE, COLUMN(2) },
    { PCT_ROLE_PUPIL_POSITION, "pupil_center", "tx", FALSE, 0 },
    { PCT_ROLE_UNIT_IDS, "neurons/unit_ids", "m", FALSE, 0 },
    { PCT_ROLE_POSITIONS, "neurons/cell_motor_coordinates", "mx", FALSE, 0 },
    { PCT_ROLE_AREAS, "neurons/area", "m", FALSE, 0 },
    { PCT_ROLE_LAYERS, "neurons/layer", "m", FALSE, 0 },
  } },
  { "suite2p", N_("suite2p’s output"), { NULL }, { NULL }, {
    { PCT_ROLE_TRACES, "spks", "mf", FALSE, 0 },
    { PCT_ROLE_TRACES, "F", "mf", TRUE, 0 },
    { PCT_ROLE_CELLS, "iscell", NULL, TRUE, 0 },
    { PCT_ROLE_NEUROPIL, "Fneu", "mf", FALSE, 0 },
    { PCT_ROLE_POSITIONS, "stat/med", "mx", FALSE, 0 },
  } },
  { "allen-visual-coding", N_("the Allen Institute’s Visual Coding"), { NULL }, { "times", "frames" }, {
    { PCT_ROLE_TRACES, "processing/brain_observatory_pipeline/DfOverF/imaging_plane_1/data", "mf", TRUE, 0 },
    { PCT_ROLE_FRAME_TIMES, "processing/brain_observatory_pipeline/DfOverF/imaging_plane_1/timestamps", NULL, TRUE, 0 },
    { PCT_ROLE_IMAGE_NUMBERS, "stimulus/presentation/natural_scenes_stimulus/data", NULL, TRUE, 0 },
    { PCT_ROLE_ONSETS, "stimulus/presentation/natural_scenes_stimulus/frame_duration", "t", TRUE, COLUMN(0) },
    { PCT_ROLE_OFFSETS, "stimulus/presentation/natural_scenes_stimulus/frame_duration", "t", FALSE, COLUMN(1) },
    { PCT_ROLE_IMAGES, "stimulus/templates/natural_scenes_image_stack/data", "khw", FALSE, 0 },
    { PCT_ROLE_UNIT_IDS, "processing/brain_observatory_pipeline/ImageSegmentation/cell_specimen_ids", NULL, FALSE, 0 },
    { PCT_ROLE_SPEED, "processing/brain_observatory_pipeline/BehavioralTimeSeries/running_speed/data", NULL, FALSE, 0 },
    { PCT_ROLE_BEHAVIOUR_TIMES, "processing/brain_observatory_pipeline/BehavioralTimeSeries/running_speed/timestamps",
      NULL, FALSE, 0 },
  } },
  { "nwb-spikes", N_("NWB with sorted units"), { NULL }, { NULL }, {
    { PCT_ROLE_SPIKE_TIMES, "units/spike_times", NULL, TRUE, 0 },
    { PCT_ROLE_SPIKE_ENDS, "units/spike_times_index", NULL, TRUE, 0 },
    { PCT_ROLE_ONSETS, "intervals/*/start_time", NULL, TRUE, 0 },
    { PCT_ROLE_UNIT_IDS, "units/id", NULL, FALSE, 0 },
    { PCT_ROLE_AREAS, "units/location", NULL, FALSE, 0 },
    { PCT_ROLE_DEPTHS, "units/depth", NULL, FALSE, 0 },
    { PCT_ROLE_IMAGES, "stimulus/templates/*/data", NULL, FALSE, 0 },
    { PCT_ROLE_IMAGES, "stimulus/presentation/*/data", NULL, FALSE, 0 },
  } },
  { "nwb-traces", N_("NWB with fluorescence"), { NULL }, { NULL }, {
    { PCT_ROLE_TRACES, "processing/ophys/*DfOverF*/data", NULL, FALSE, 0 },
    { PCT_ROLE_FRAME_TIMES, "processing/ophys/*DfOverF*/timestamps", NULL, FALSE, 0 },
    { PCT_ROLE_TRACES, "processing/ophys/*/data", NULL, TRUE, 0 },
    { PCT_ROLE_FRAME_TIMES, "processing/ophys/*/timestamps", NULL, FALSE, 0 },
    { PCT_ROLE_ONSETS, "intervals/*/start_time", NULL, TRUE, 0 },
    { PCT_ROLE_IMAGES, "stimulus/templates/*/data", NULL, FALSE, 0 },
    { PCT_ROLE_IMAGES, "stimulus/presentation/*/data", NULL, FALSE, 0 },
  } },
};

// Whether an array is called as a place says, perhaps in the folder or group that prefix names ("session1/"); one that is
// all of its file is called by it ("F.npy").
static gboolean
fits(const char *pattern, const char *prefix, const PctCatalogueEntry *entry)
{
  if (entry->own)
    return FALSE;
  g_autofree char *base = g_path_get_basename(entry->name);
  char *dot = strrchr(base, '.');
  if (dot && entry->array->name[0] == 0)
    *dot = 0;
  const char *name = entry->array->name[0] ? entry->array->name : base;
  return g_pattern_match_simple(pattern, name) ||
         (*prefix && g_str_has_prefix(name, prefix) && g_pattern_match_simple(pattern, name + strlen(prefix)));
}

static const PctCatalogueEntry *
find(const PctCatalogue *catalogue, const char *pattern, const char *prefix)
{
  const PctCatalogueEntry *best = NULL;
  for (guint i = 0; i < catalogue->entries->len; i++) {
    const PctCatalogueEntry *entry = catalogue->entries->pdata[i];
    if (!fits(pattern, prefix, entry))
      continue;
    // Of several intervals those of pictures, not those of gratings or spontaneous activity.
    gboolean natural = strstr(entry->array->name, "natural") || strstr(entry->array->name, "image");
    if (!best || (natural && !strstr(best->array->name, "natural") && !strstr(best->array->name, "image")))
      best = entry;
  }
  return best;
}

static gboolean
recognise(const PctCatalogue *catalogue, const Layout *layout, const char *prefix)
{
  for (guint i = 0; i < G_N_ELEMENTS(layout->no) && layout->no[i]; i++)
    if (find(catalogue, layout->no[i], prefix))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS(layout->places) && layout->places[i].pattern; i++)
    if (layout->places[i].needed && !find(catalogue, layout->places[i].pattern, prefix))
      return FALSE;
  return TRUE;
}

// In which folder or group the layout lies: "" is the file itself; NULL: in none. Free with g_free.
static char *
find_prefix(const PctCatalogue *catalogue, const Layout *layout)
{
  const char *first = NULL;
  for (guint i = 0; !first; i++)
    first = layout->places[i].needed ? layout->places[i].pattern : NULL;
  if (recognise(catalogue, layout, ""))
    return g_strdup("");
  g_autofree char *ending = g_strconcat("/", first, NULL);
  for (guint i = 0, tried = 0; i < catalogue->entries->len && tried < MOST_FOLDERS; i++) {
    const char *name = ((const PctCatalogueEntry *)catalogue->entries->pdata[i])->array->name;
    g_autofree char *prefix = g_str_has_suffix(name, ending) ? g_strndup(name, strlen(name) - strlen(first)) : NULL;
    if (prefix && recognise(catalogue, layout, prefix))
      return g_steal_pointer(&prefix);
    tried += prefix != NULL;
  }
  return NULL;
}

static void
assign(PctGuesser *guesser, const Layout *layout, const Place *place, const char *prefix)
{
  const PctCatalogueEntry *entry = find(guesser->catalogue, place->pattern, prefix);
  if (!entry || pct_guesser_has(guesser, place->role))
    return;
  if (place->column > 0) {
    g_autofree char *name = g_strdup_printf("%s[:,%d]", entry->name, place->column - 1);
    entry = entry->array->n_dims == 2 ? pct_catalogue_find(guesser->catalogue, name) : NULL;
  }
  if (entry)
    pct_guesser_assign(guesser, place->role, entry, place->axes,
                       g_strdup_printf(_("This is its place in %s."), _(layout->title)));
}

// One picture more than there are is how natimg's lists call the grey screen.
static void
find_blank(PctGuesser *guesser)
{
  PctImportPlan *plan = guesser->guess->plan;
  PctRoleArray images;
  const char *numbers = plan->roles[PCT_ROLE_IMAGE_NUMBERS].array;
  const PctCatalogueEntry *entry = numbers ? pct_catalogue_find(guesser->catalogue, numbers) : NULL;
  gsize n;
  g_autofree double *values = entry ? pct_guesser_read_vector(entry, &n) : NULL;
  if (!values || !pct_role_array_open(&images, guesser->catalogue, plan, PCT_ROLE_IMAGES, NULL) || !images.entry)
    return;
  double most = 0;
  for (gsize i = 0; i < n; i++)
    most = MAX(most, values[i]);
  pct_option_values_set(plan->settings, "first_image", "1", NULL);
  if (most == pct_role_array_get_size(&images, 'k') + 1)
    pct_option_values_set_number(plan->settings, "blank", most, NULL);
}

// Frames a second, where suite2p's options or another array of one value say so.
static void
find_frame_rate(PctGuesser *guesser)
{
  static const char *const patterns[] = { "ops/fs", "*/ops/fs", "*/imaging_rate", "*/frame_rate", "frame_rate", "fs" };
  for (guint p = 0; p < G_N_ELEMENTS(patterns); p++) {
    const PctCatalogueEntry *entry = find(guesser->catalogue, patterns[p], "");
    gsize n;
    g_autofree double *values = entry ? pct_guesser_read_vector(entry, &n) : NULL;
    if (values && n == 1 && values[0] > 0 &&
        pct_option_values_set_number(guesser->guess->plan->settings, "frame_rate", values[0], NULL))
      return;
  }
}

// The other columns of the table of intervals that has the onsets.
static void
assign_intervals(PctGuesser *guesser)
{
  static const struct {
    PctImportRole role;
    const char *name;
  } columns[] = {
    { PCT_ROLE_OFFSETS, "stop_time" }, { PCT_ROLE_IMAGE_NUMBERS, "image" }, { PCT_ROLE_IMAGE_NUMBERS, "image_index" },
    { PCT_ROLE_IMAGE_NUMBERS, "image_id" }, { PCT_ROLE_IMAGE_NUMBERS, "frame" },
    { PCT_ROLE_IMAGE_NUMBERS, "image_name" },
    { PCT_ROLE_IMAGE_NUMBERS, "stimulus_name" }, { PCT_ROLE_TIERS, "tier" }, { PCT_ROLE_TIERS, "split" },
  };
  const char *onsets = guesser->guess->plan->roles[PCT_ROLE_ONSETS].array;
  if (!onsets || !g_str_has_suffix(onsets, "/start_time"))
    return;
  g_autofree char *table = g_path_get_dirname(onsets);
  for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
    g_autofree char *name = g_strconcat(table, "/", columns[i].name, NULL);
    const PctCatalogueEntry *entry = pct_catalogue_find(guesser->catalogue, name);
    if (entry && !pct_guesser_has(guesser, columns[i].role))
      pct_guesser_assign(guesser, columns[i].role, entry, NULL,
                         g_strdup_printf(_("It is a column of the same table as “%s”."), onsets));
  }
}

void
pct_guess_known_layout(PctGuesser *guesser)
{
  for (guint i = 0; i < G_N_ELEMENTS(layouts) && !guesser->guess->layout; i++) {
    const Layout *layout = &layouts[i];
    g_autofree char *prefix = find_prefix(guesser->catalogue, layout);
    if (!prefix)
      continue;
    guesser->guess->layout = layout->name;
    for (guint p = 0; p < G_N_ELEMENTS(layout->places) && layout->places[p].pattern; p++)
      assign(guesser, layout, &layout->places[p], prefix);
    for (guint s = 0; s + 1 < G_N_ELEMENTS(layout->settings) && layout->settings[s]; s += 2)
      pct_option_values_set(guesser->guess->plan->settings, layout->settings[s], layout->settings[s + 1], NULL);
    assign_intervals(guesser);
    if (g_str_equal(layout->name, "natimg"))
      find_blank(guesser);
  }
  find_frame_rate(guesser);
}
