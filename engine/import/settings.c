// SPDX-License-Identifier: GPL-3.0-or-later
// The settings of an import (plan.h).
#include "config.h"
#include <glib/gi18n-lib.h>
#include "import/plan.h"

static const char *const first_numbers[] = { "auto", "0", "1", NULL };
static const char *const time_units[] = { "auto", "seconds", "frames", NULL };
static const char *const summaries[] = { "mean", "maximum", "sum", NULL };
static const char *const fits[] = { "crop", "stretch", NULL };
static const char *const levels[] = { "auto", "as-they-are", "unit", "range", NULL };
static const char *const missing[] = { "refuse", "drop-trials", "drop-neurons", NULL };
static const char *const tiers[] = { "auto", "recorded", "by-image", NULL };
static const char *const truths[] = { "auto", "no", "yes", NULL };

static const PctOption options[] = {
  { .name = "first_image", .type = PCT_OPTION_CHOICE, .choices = first_numbers, .title = N_("Number of the first image"),
    .help = N_("MATLAB counts images from 1, Python from 0; auto tells them apart by the numbers that occur.") },
  { .name = "blank", .type = PCT_OPTION_REAL, .minimum = -1e9, .maximum = 1e9, .title = N_("Number of a blank"),
    .help = N_("Trials with this image number, and those that have none, showed no image and are left out.") },
  { .name = "times", .type = PCT_OPTION_CHOICE, .choices = time_units, .title = N_("Unit of onsets"),
    .help = N_("Whether onsets are seconds or frames of the traces; auto: frames where they are whole numbers and there are no frame times.") },
  { .name = "frame_rate", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 100000, .unit = N_("Hz"),
    .title = N_("Frame rate"), .help = N_("Of the traces, where there are no frame times; 0: unknown.") },
  { .name = "delay", .type = PCT_OPTION_REAL, .minimum = -10, .maximum = 60, .unit = N_("s"), .title = N_("Delay"),
    .help = N_("From an image’s onset to the beginning of its response.") },
  { .name = "window", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 60, .unit = N_("s"), .title = N_("Window"),
    .help = N_("How long a response is taken; 0: as long as the image was shown.") },
  { .name = "baseline", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 60, .unit = N_("s"), .title = N_("Baseline"),
    .help = N_("How long before the onset; its mean is subtracted. 0: none.") },
  { .name = "summary", .type = PCT_OPTION_CHOICE, .choices = summaries, .title = N_("Response"),
    .help = N_("What is taken of the window: the mean, the maximum or the sum. Of spikes, mean is their rate and sum their number.") },
  { .name = "neuropil", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1, .title = N_("Share of neuropil"),
    .help = N_("Subtracted from the traces, where neuropil is given.") },
  { .name = "cell_probability", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 1, .title = N_("Probability of a cell"),
    .help = N_("Neurons below it are left out, where the file has probabilities; 0: what the file calls a cell.") },
  { .name = "missing", .type = PCT_OPTION_CHOICE, .choices = missing, .title = N_("Missing responses"),
    .help = N_("What is done about responses that are not numbers: nothing is imported, their trials are left out, or their neurons.") },
  { .name = "averaged", .type = PCT_OPTION_CHOICE, .choices = truths, .title = N_("Means over repeats"),
    .help = N_("Whether a row is a mean over repeats, not a single trial; auto: yes where no image comes twice and nothing tells.") },
  { .name = "height", .type = PCT_OPTION_INTEGER, .minimum = 0, .maximum = 1024, .unit = N_("pixels"),
    .title = N_("Height"), .help = N_("Of the images in the recording; 0: as they are, or smaller if they are large.") },
  { .name = "width", .type = PCT_OPTION_INTEGER, .minimum = 0, .maximum = 1024, .unit = N_("pixels"),
    .title = N_("Width"), .help = N_("Of the images in the recording; 0: as they are, or smaller if they are large.") },
  { .name = "fit", .type = PCT_OPTION_CHOICE, .choices = fits, .title = N_("Other proportions"),
    .help = N_("Whether an image of other proportions is cropped to its middle or stretched.") },
  { .name = "levels", .type = PCT_OPTION_CHOICE, .choices = levels, .title = N_("Grey levels"),
    .help = N_("How pixel values become grey levels 0 to 255: as they are, from 0 to 1, or from their own least to greatest.") },
  { .name = "tiers", .type = PCT_OPTION_CHOICE, .choices = tiers, .title = N_("Tiers"),
    .help = N_("As recorded, or made here by image: all trials of an image are in one tier; auto: as recorded where given.") },
  { .name = "test", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = .9, .title = N_("Share of test images"),
    .help = N_("Of the images; repeated ones come first.") },
  { .name = "validation", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = .9, .title = N_("Share of validation images"),
    .help = N_("Of the images that are not for testing.") },
  { .name = "repeats_to_test", .type = PCT_OPTION_BOOLEAN, .title = N_("Repeated images are for testing"),
    .help = N_("All of them, if enough others are left to learn from.") },
  { .name = "seed", .type = PCT_OPTION_INTEGER, .minimum = 0, .maximum = 2147483647, .title = N_("Seed"),
    .help = N_("Of the choice of images for each tier."), .advanced = TRUE },
  { .name = "degrees_per_pixel", .type = PCT_OPTION_REAL, .minimum = 0, .maximum = 90, .unit = N_("°"),
    .title = N_("Degrees per pixel"), .help = N_("Of the images as they come, in visual angle; 0: unknown.") },
};
static const double default_values[] = { 0, -1, 0, 0, 0, 0, 0, 0, .7, 0, 0, 0, 0, 0, 0, 0, 0, .1, .1, 1, 1, 0 };
G_STATIC_ASSERT(G_N_ELEMENTS(default_values) == G_N_ELEMENTS(options));
static const PctPreset presets[] = { { "default", N_("Default"), default_values } };
static const PctOptionTable table = { options, G_N_ELEMENTS(options), presets, G_N_ELEMENTS(presets) };

const PctOptionTable *
pct_import_get_settings(void)
{
  return &table;
}
