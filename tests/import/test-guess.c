// SPDX-License-Identifier: GPL-3.0-or-later
// What is guessed of layouts that laboratories and archives have, and of arrays nobody has a layout for.
#include <math.h>
#include <string.h>
#include "base/error.h"
#include "import/guess.h"
#include "import/role-array.h"
#include "memory-source.h"

// Numbers that nothing can be told from but the shape: zeros of so many items are enough for most.
static void
add(PctArraySource *source, const char *name, guint n_dims, const gsize *shape)
{
  gsize n = 1;
  for (guint d = 0; d < n_dims; d++)
    n *= shape[d];
  g_autofree float *zeros = g_new0(float, MAX(n, 1));
  memory_source_add(source, name, PCT_NPY_FLOAT, 4, n_dims, shape, zeros);
}

#define ADD(source, name, ...) add(source, name, MEMORY_SHAPE(__VA_ARGS__))

// Whole numbers from first to last in turn.
static void
add_numbers(PctArraySource *source, const char *name, gsize n, int first, int last)
{
  g_autofree gint32 *numbers = g_new(gint32, n);
  for (gsize i = 0; i < n; i++)
    numbers[i] = first + (int)(i % (gsize)(last - first + 1));
  memory_source_add_ints(source, name, numbers, n);
}

static void
add_times(PctArraySource *source, const char *name, gsize n, double step)
{
  g_autofree double *times = g_new(double, n);
  for (gsize i = 0; i < n; i++)
    times[i] = step * (double)i;
  memory_source_add_doubles(source, name, times, n);
}

typedef struct {
  PctImportRole role;
  const char *array, *axes;
} Expected;

static PctImportGuess *
guess(const PctCatalogue *catalogue, const char *layout, const Expected *expected, gsize n)
{
  g_autoptr(GError) error = NULL;
  PctImportGuess *found = pct_import_guess(catalogue, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(found->layout, ==, layout);
  for (int r = 0; r < PCT_N_IMPORT_ROLES; r++) {
    const PctAssignment *assignment = &found->plan->roles[r];
    const Expected *wanted = NULL;
    for (gsize i = 0; i < n; i++)
      if (expected[i].role == (PctImportRole)r)
        wanted = &expected[i];
    g_test_message("%s: %s %s: %s", pct_import_role_get((PctImportRole)r)->name, assignment->array, assignment->axes,
                   found->reasons[r]);
    g_assert_cmpstr(assignment->array, ==, wanted ? wanted->array : NULL);
    if (wanted)
      g_assert_cmpstr(assignment->axes, ==, wanted->axes);
    g_assert_cmpint(found->reasons[r] != NULL, ==, assignment->array != NULL);
  }
  return found;
}

#define GUESS(catalogue, layout, ...) \
  guess(catalogue, layout, (const Expected[]){ __VA_ARGS__ }, \
        sizeof((const Expected[]){ __VA_ARGS__ }) / sizeof(Expected))

static void
test_plain(void)
{
  PctArraySource *source = memory_source_new("/nowhere/data.npz", "npz");
  ADD(source, "responses", 60, 21);
  ADD(source, "images", 40, 36, 64);
  add_numbers(source, "image_index", 60, 0, 39);
  add_numbers(source, "unit_ids", 21, 100, 120);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportGuess) found = GUESS(catalogue, NULL, { PCT_ROLE_RESPONSES, "data.npz/responses", "tm" },
    { PCT_ROLE_IMAGES, "data.npz/images", "khw" }, { PCT_ROLE_IMAGE_NUMBERS, "data.npz/image_index", "t" },
    { PCT_ROLE_UNIT_IDS, "data.npz/unit_ids", "m" });
  g_assert_cmpuint(found->missing->len, ==, 0);
  g_assert_cmpstr(found->plan->paths->pdata[0], ==, "/nowhere/data.npz");
  g_assert_nonnull(strstr(found->reasons[PCT_ROLE_RESPONSES], "60"));
}

// Whichever way they lie, the list of images tells.
// Names that say nothing, and neurons first: the list of as many whole numbers as there are images tells.
static void
test_nameless_and_transposed(void)
{
  PctArraySource *source = memory_source_new("/nowhere/d.mat", "MATLAB 5");
  ADD(source, "X", 12, 60);
  add_numbers(source, "y", 60, 1, 20);
  PctArraySource *images = memory_source_new("/nowhere/scenes", "image folder");
  ADD(images, "", 20, 30, 40);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, images, NULL);
  const Expected expected[] = {
    { PCT_ROLE_RESPONSES, "d.mat/X", "mt" },
    { PCT_ROLE_IMAGES, "scenes", "khw" },
    { PCT_ROLE_IMAGE_NUMBERS, "d.mat/y", "t" },
  };
  g_autoptr(PctImportGuess) found = guess(catalogue, NULL, expected, G_N_ELEMENTS(expected));
  g_assert_cmpuint(found->missing->len, ==, 0);
}

static void
test_transposed(void)
{
  PctArraySource *source = memory_source_new("/nowhere/session.mat", "MATLAB 5");
  ADD(source, "data/resp", 21, 60);
  ADD(source, "data/img", 36, 64, 40);
  add_numbers(source, "data/stimID", 60, 1, 40);
  ADD(source, "data/xyz", 3, 21);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportGuess) found = GUESS(catalogue, NULL, { PCT_ROLE_RESPONSES, "session.mat/data/resp", "mt" },
    { PCT_ROLE_IMAGES, "session.mat/data/img", "hwk" }, { PCT_ROLE_IMAGE_NUMBERS, "session.mat/data/stimID", "t" },
    { PCT_ROLE_POSITIONS, "session.mat/data/xyz", "xm" });
  g_autoptr(GPtrArray) axes = pct_import_list_axes(catalogue, found->plan, PCT_ROLE_RESPONSES, "session.mat/data/resp");
  g_assert_cmpuint(axes->len, ==, 2);
  g_assert_cmpstr(axes->pdata[0], ==, "mt");
  g_assert_cmpstr(axes->pdata[1], ==, "tm");
  g_autoptr(GPtrArray) none = pct_import_list_axes(catalogue, found->plan, PCT_ROLE_IMAGES, "session.mat/data/resp");
  g_assert_cmpuint(none->len, ==, 0);
  g_autoptr(GPtrArray) images = pct_import_list_axes(catalogue, found->plan, PCT_ROLE_IMAGES, "session.mat/data/img");
  g_assert_cmpuint(images->len, ==, 6);
}

// Neurons, images, repeats: one array of three dimensions.
static void
test_repeats(void)
{
  PctArraySource *source = memory_source_new("/nowhere/s.mat", "MATLAB 5");
  ADD(source, "resp", 25, 40, 10);
  ADD(source, "imgs", 36, 64, 40);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportGuess) found = GUESS(catalogue, NULL, { PCT_ROLE_RESPONSES, "s.mat/resp", "mkr" },
    { PCT_ROLE_IMAGES, "s.mat/imgs", "hwk" });
  g_assert_cmpuint(found->missing->len, ==, 0);
}

// A newcomer: responses in a .mat, images in a folder, nothing else; a response an image.
static void
test_mat_and_folder(void)
{
  static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j" };
  PctArraySource *mat = memory_source_new("/nowhere/resp.mat", "MATLAB 5");
  PctArraySource *folder = memory_source_new("/nowhere/pictures", "image folder");
  ADD(mat, "R", 25, 10);
  ADD(folder, "", 10, 32, 48);
  memory_source_add_texts(folder, "names", names, 10);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(mat, folder, NULL);
  g_autoptr(PctImportGuess) found = GUESS(catalogue, NULL, { PCT_ROLE_RESPONSES, "resp.mat/R", "mt" },
    { PCT_ROLE_IMAGES, "pictures", "khw" }, { PCT_ROLE_IMAGE_NAMES, "pictures/names", "k" });
  g_assert_cmpuint(found->missing->len, ==, 0);
}

// The list of trials is a table of its own, and names the images.
static void
test_csv_and_folder(void)
{
  static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j" };
  const char *shown[30], *tiers[30];
  PctArraySource *responses = memory_source_new("/nowhere/responses.npy", "npy");
  PctArraySource *table = memory_source_new("/nowhere/trials.csv", "table");
  PctArraySource *folder = memory_source_new("/nowhere/pictures", "image folder");
  for (int i = 0; i < 30; i++) {
    shown[i] = names[i % 10];
    tiers[i] = i % 10 < 8 ? "train" : "test";
  }
  ADD(responses, "", 30, 25);
  memory_source_add_texts(table, "image", shown, 30);
  memory_source_add_texts(table, "set", tiers, 30);
  ADD(folder, "", 10, 32, 48);
  memory_source_add_texts(folder, "names", names, 10);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(responses, table, folder, NULL);
  g_autoptr(PctImportGuess) found = GUESS(catalogue, NULL, { PCT_ROLE_RESPONSES, "responses.npy", "tm" },
    { PCT_ROLE_IMAGES, "pictures", "khw" }, { PCT_ROLE_IMAGE_NAMES, "pictures/names", "k" },
    { PCT_ROLE_IMAGE_NUMBERS, "trials.csv/image", "t" }, { PCT_ROLE_TIERS, "trials.csv/set", "t" });
}

static void
test_natimg(void)
{
  PctArraySource *mat = memory_source_new("/nowhere/natimg2800_M170717.mat", "MATLAB 7.3");
  PctArraySource *pictures = memory_source_new("/nowhere/images_natimg2800_all.mat", "MATLAB 5");
  ADD(mat, "stim/resp", 58, 31);
  add_numbers(mat, "stim/istim", 58, 1, 29);
  ADD(mat, "stim/spont", 40, 31);
  ADD(mat, "med", 31, 3);
  ADD(pictures, "imgs", 68, 270, 28);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(mat, pictures, NULL);
  g_autoptr(PctImportGuess) found = GUESS(catalogue, "natimg",
    { PCT_ROLE_RESPONSES, "natimg2800_M170717.mat/stim/resp", "tm" },
    { PCT_ROLE_IMAGE_NUMBERS, "natimg2800_M170717.mat/stim/istim", "t" },
    { PCT_ROLE_POSITIONS, "natimg2800_M170717.mat/med", "mx" },
    { PCT_ROLE_IMAGES, "images_natimg2800_all.mat/imgs", "hwk" });
  // The number beyond the pictures is the grey screen.
  g_assert_cmpfloat(pct_import_plan_get(found->plan, "blank"), ==, 29);
  g_assert_cmpfloat(pct_import_plan_get(found->plan, "first_image"), ==, 2);
}

static void
test_static_hdf5(void)
{
  const char *tiers[30];
  for (int i = 0; i < 30; i++)
    tiers[i] = i % 10 < 8 ? "train" : "test";
  PctArraySource *source = memory_source_new("/nowhere/static.h5", "HDF5");
  ADD(source, "behavior", 30, 3);
  ADD(source, "images", 30, 1, 36, 64);
  ADD(source, "neurons/area", 12);
  ADD(source, "neurons/unit_ids", 12);
  ADD(source, "pupil_center", 30, 2);
  ADD(source, "responses", 30, 12);
  memory_source_add_texts(source, "tiers", tiers, 30);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportGuess) found = GUESS(catalogue, "static-hdf5", { PCT_ROLE_RESPONSES, "static.h5/responses", "tm" },
    { PCT_ROLE_IMAGES, "static.h5/images", "k1hw" }, { PCT_ROLE_TIERS, "static.h5/tiers", "t" },
    { PCT_ROLE_PUPIL_SIZE, "static.h5/behavior[:,0]", "t" }, { PCT_ROLE_SPEED, "static.h5/behavior[:,2]", "t" },
    { PCT_ROLE_PUPIL_POSITION, "static.h5/pupil_center", "tx" },
    { PCT_ROLE_UNIT_IDS, "static.h5/neurons/unit_ids", "m" }, { PCT_ROLE_AREAS, "static.h5/neurons/area", "m" });
  g_assert_cmpuint(found->missing->len, ==, 0);
}

// The same in a folder of a zip file, as Sensorium's sessions are.
static void
test_in_a_folder(void)
{
  const char *tiers[30];
  for (int i = 0; i < 30; i++)
    tiers[i] = i % 10 < 8 ? "train" : "live_test";
  PctArraySource *source = memory_source_new("/nowhere/session.zip", "npz");
  ADD(source, "static1/data/behavior", 30, 3);
  ADD(source, "static1/data/images", 30, 1, 36, 64);
  ADD(source, "static1/data/responses", 30, 12);
  memory_source_add_texts(source, "static1/meta/trials/tiers", tiers, 30);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportGuess) found = GUESS(catalogue, "sensorium-2022",
    { PCT_ROLE_RESPONSES, "session.zip/static1/data/responses", "tm" },
    { PCT_ROLE_IMAGES, "session.zip/static1/data/images", "k1hw" },
    { PCT_ROLE_TIERS, "session.zip/static1/meta/trials/tiers", "t" },
    { PCT_ROLE_PUPIL_SIZE, "session.zip/static1/data/behavior[:,0]", "t" },
    { PCT_ROLE_SPEED, "session.zip/static1/data/behavior[:,2]", "t" });
}

static void
test_suite2p(void)
{
  PctArraySource *source = memory_source_new("/nowhere/plane0", "suite2p");
  PctArraySource *table = memory_source_new("/nowhere/stimuli.csv", "table");
  PctArraySource *pictures = memory_source_new("/nowhere/stack.npy", "npy");
  const float rate = 15.5f;
  ADD(source, "F", 20, 900);
  ADD(source, "Fneu", 20, 900);
  ADD(source, "spks", 20, 900);
  ADD(source, "iscell", 20, 2);
  memory_source_add(source, "ops/fs", PCT_NPY_FLOAT, 4, 0, NULL, &rate);
  ADD(source, "stat/med", 20, 2);
  add_times(table, "onset", 50, .9);
  add_numbers(table, "image", 50, 0, 9);
  ADD(pictures, "", 10, 32, 48);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, table, pictures, NULL);
  g_autoptr(PctImportGuess) found = GUESS(catalogue, "suite2p", { PCT_ROLE_TRACES, "plane0/spks", "mf" },
    { PCT_ROLE_CELLS, "plane0/iscell", "mp" },
    { PCT_ROLE_POSITIONS, "plane0/stat/med", "mx" }, { PCT_ROLE_ONSETS, "stimuli.csv/onset", "t" },
    { PCT_ROLE_IMAGE_NUMBERS, "stimuli.csv/image", "t" }, { PCT_ROLE_IMAGES, "stack.npy", "khw" });
  g_assert_cmpfloat(pct_import_plan_get(found->plan, "frame_rate"), ==, 15.5);
  g_assert_cmpuint(found->missing->len, ==, 0);
}

static void
test_nwb(void)
{
  PctArraySource *source = memory_source_new("/nowhere/session.nwb", "NWB");
  add_times(source, "units/spike_times", 400, .01);
  add_numbers(source, "units/spike_times_index", 8, 20, 27);
  add_numbers(source, "units/id", 8, 0, 7);
  add_times(source, "intervals/spontaneous_presentations/start_time", 3, 1);
  add_times(source, "intervals/natural_scenes_presentations/start_time", 50, 1);
  add_times(source, "intervals/natural_scenes_presentations/stop_time", 50, 1);
  add_numbers(source, "intervals/natural_scenes_presentations/frame", 50, -1, 9);
  ADD(source, "stimulus/templates/natural/data", 10, 36, 64);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportGuess) found = GUESS(catalogue, "nwb-spikes",
    { PCT_ROLE_SPIKE_TIMES, "session.nwb/units/spike_times", "s" },
    { PCT_ROLE_SPIKE_ENDS, "session.nwb/units/spike_times_index", "m" },
    { PCT_ROLE_UNIT_IDS, "session.nwb/units/id", "m" },
    { PCT_ROLE_ONSETS, "session.nwb/intervals/natural_scenes_presentations/start_time", "t" },
    { PCT_ROLE_OFFSETS, "session.nwb/intervals/natural_scenes_presentations/stop_time", "t" },
    { PCT_ROLE_IMAGE_NUMBERS, "session.nwb/intervals/natural_scenes_presentations/frame", "t" },
    { PCT_ROLE_IMAGES, "session.nwb/stimulus/templates/natural/data", "khw" });
  g_assert_cmpuint(found->missing->len, ==, 0);
}

static void
test_nwb_traces(void)
{
  PctArraySource *source = memory_source_new("/nowhere/session.nwb", "NWB");
  ADD(source, "processing/ophys/DfOverF/RoiResponseSeries/data", 700, 8);
  add_times(source, "processing/ophys/DfOverF/RoiResponseSeries/timestamps", 700, .1);
  add_times(source, "intervals/trials/start_time", 50, 1);
  add_numbers(source, "intervals/trials/image", 50, 0, 9);
  ADD(source, "stimulus/templates/images/data", 10, 36, 64);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportGuess) found = GUESS(catalogue, "nwb-traces",
    { PCT_ROLE_TRACES, "session.nwb/processing/ophys/DfOverF/RoiResponseSeries/data", "fm" },
    { PCT_ROLE_FRAME_TIMES, "session.nwb/processing/ophys/DfOverF/RoiResponseSeries/timestamps", "f" },
    { PCT_ROLE_ONSETS, "session.nwb/intervals/trials/start_time", "t" },
    { PCT_ROLE_IMAGE_NUMBERS, "session.nwb/intervals/trials/image", "t" },
    { PCT_ROLE_IMAGES, "session.nwb/stimulus/templates/images/data", "khw" });
}

#define PIPELINE "processing/brain_observatory_pipeline/"
#define SCENES "stimulus/presentation/natural_scenes_stimulus/"

static void
test_allen(void)
{
  PctArraySource *source = memory_source_new("/nowhere/616886391.nwb", "NWB");
  ADD(source, PIPELINE "DfOverF/imaging_plane_1/data", 9, 800);
  add_times(source, PIPELINE "DfOverF/imaging_plane_1/timestamps", 800, .033);
  add_numbers(source, SCENES "data", 59, -1, 11);
  ADD(source, SCENES "frame_duration", 59, 2);
  ADD(source, "stimulus/templates/natural_scenes_image_stack/data", 12, 91, 117);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportGuess) found = GUESS(catalogue, "allen-visual-coding",
    { PCT_ROLE_TRACES, "616886391.nwb/" PIPELINE "DfOverF/imaging_plane_1/data", "mf" },
    { PCT_ROLE_FRAME_TIMES, "616886391.nwb/" PIPELINE "DfOverF/imaging_plane_1/timestamps", "f" },
    { PCT_ROLE_IMAGE_NUMBERS, "616886391.nwb/" SCENES "data", "t" },
    { PCT_ROLE_ONSETS, "616886391.nwb/" SCENES "frame_duration[:,0]", "t" },
    { PCT_ROLE_OFFSETS, "616886391.nwb/" SCENES "frame_duration[:,1]", "t" },
    { PCT_ROLE_IMAGES, "616886391.nwb/stimulus/templates/natural_scenes_image_stack/data", "khw" });
  g_assert_cmpfloat(pct_import_plan_get(found->plan, "times"), ==, 2);
}

// Speed measured with every frame, and a pupil nobody has times of.
static void
test_behaviour_times(void)
{
  PctArraySource *source = memory_source_new("/nowhere/s.h5", "HDF5");
  ADD(source, "dff", 800, 700);
  add_times(source, "frame_times", 700, .1);
  add_times(source, "onsets", 50, 1);
  add_numbers(source, "image_id", 50, 0, 9);
  ADD(source, "images", 10, 36, 64);
  ADD(source, "running_speed", 700);
  ADD(source, "pupil_area", 333);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportGuess) found = GUESS(catalogue, NULL, { PCT_ROLE_TRACES, "s.h5/dff", "mf" },
    { PCT_ROLE_FRAME_TIMES, "s.h5/frame_times", "f" }, { PCT_ROLE_ONSETS, "s.h5/onsets", "t" },
    { PCT_ROLE_IMAGE_NUMBERS, "s.h5/image_id", "t" }, { PCT_ROLE_IMAGES, "s.h5/images", "khw" },
    { PCT_ROLE_SPEED, "s.h5/running_speed", "b" }, { PCT_ROLE_BEHAVIOUR_TIMES, "s.h5/frame_times", "b" });
}

// What is not there is said.
static void
test_missing(void)
{
  PctArraySource *source = memory_source_new("/nowhere/x.mat", "MATLAB 5");
  add_numbers(source, "notes", 3, 0, 2);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_autoptr(PctImportGuess) found = pct_import_guess(catalogue, NULL, NULL);
  g_assert_cmpuint(found->missing->len, ==, 2);
  PctArraySource *lone = memory_source_new("/nowhere/y.mat", "MATLAB 5");
  ADD(lone, "resp", 60, 21);
  ADD(lone, "images", 40, 36, 64);
  g_autoptr(PctCatalogue) unlisted = memory_catalogue_new(lone, NULL);
  g_autoptr(PctImportGuess) without = pct_import_guess(unlisted, NULL, NULL);
  g_assert_cmpuint(without->missing->len, ==, 1);
  g_assert_nonnull(strstr(without->missing->pdata[0], "which image"));
}

// Thousands of arrays, most of them nothing.
static void
test_many(void)
{
  PctArraySource *source = memory_source_new("/nowhere/many.h5", "HDF5");
  for (int i = 0; i < 5000; i++) {
    g_autofree char *name = g_strdup_printf("trial_%d/x", i);
    ADD(source, name, 6, 5);
  }
  ADD(source, "responses", 60, 21);
  ADD(source, "images", 40, 36, 64);
  add_numbers(source, "image_index", 60, 0, 39);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  g_test_timer_start();
  g_autoptr(PctImportGuess) found = GUESS(catalogue, NULL, { PCT_ROLE_RESPONSES, "many.h5/responses", "tm" },
    { PCT_ROLE_IMAGES, "many.h5/images", "khw" }, { PCT_ROLE_IMAGE_NUMBERS, "many.h5/image_index", "t" });
  g_test_message("%.2f s", g_test_timer_elapsed());
}

// A role's first form is what its table says.
static void
test_forms(void)
{
  for (int r = 0; r < PCT_N_IMPORT_ROLES; r++)
    g_assert_cmpstr(pct_role_get_forms((PctImportRole)r)[0], ==, pct_import_role_get((PctImportRole)r)->dimensions);
}

static gboolean
stop(const PctProgress *progress, gpointer data)
{
  return FALSE;
}

static void
test_cancel(void)
{
  PctArraySource *source = memory_source_new("/nowhere/x.mat", "MATLAB 5");
  ADD(source, "resp", 60, 21);
  g_autoptr(PctCatalogue) catalogue = memory_catalogue_new(source, NULL);
  PctRun run = { stop, NULL, NULL };
  g_autoptr(GError) error = NULL;
  g_assert_null(pct_import_guess(catalogue, &run, &error));
  g_assert_error(error, PCT_ERROR, PCT_ERROR_CANCELLED);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/guess/plain", test_plain);
  g_test_add_func("/guess/transposed", test_transposed);
  g_test_add_func("/guess/nameless-and-transposed", test_nameless_and_transposed);
  g_test_add_func("/guess/repeats", test_repeats);
  g_test_add_func("/guess/mat-and-folder", test_mat_and_folder);
  g_test_add_func("/guess/csv-and-folder", test_csv_and_folder);
  g_test_add_func("/guess/natimg", test_natimg);
  g_test_add_func("/guess/static-hdf5", test_static_hdf5);
  g_test_add_func("/guess/in-a-folder", test_in_a_folder);
  g_test_add_func("/guess/suite2p", test_suite2p);
  g_test_add_func("/guess/nwb", test_nwb);
  g_test_add_func("/guess/nwb-traces", test_nwb_traces);
  g_test_add_func("/guess/allen", test_allen);
  g_test_add_func("/guess/behaviour-times", test_behaviour_times);
  g_test_add_func("/guess/missing", test_missing);
  g_test_add_func("/guess/many", test_many);
  g_test_add_func("/guess/forms", test_forms);
  g_test_add_func("/guess/cancel", test_cancel);
  return g_test_run();
}
