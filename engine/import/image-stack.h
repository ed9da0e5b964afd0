// SPDX-License-Identifier: GPL-3.0-or-later
// The images as they came, and as the recording has them: grey (Rec. 601 luma of colours), of the recording's size
// (averaged over areas), in grey levels 0 to 255. Images that nobody showed are not read into memory.
#pragma once
#include "import/assembly.h"

typedef struct {
  PctRoleArray array;
  int n_images, height, width, colours;  // as they came; colours 1 to 4
} PctImageStack;

// FALSE with PCT_ERROR_UNSUPPORTED (no images) or what an array's role says.
gboolean pct_image_stack_open(PctImageStack *stack, const PctAssembly *assembly, GError **error);

// Reads the images that rows showed into data (n_images, height, width, image_floats; degrees_per_pixel), renumbers
// assembly->image, and fills the preview's pictures. *source_image (data->n_images,): the number of each as it came;
// *same (data->n_images,): a number that pictures of equal pixels share. Where rows tell their images by their order
// alone, equal pictures become one image.
gboolean pct_image_stack_read(const PctImageStack *stack, PctAssembly *assembly, PctRecordingData *data,
                              gint32 **source_image, gint32 **same, GError **error);

// The recording's size of images of height x width under the plan's settings.
void pct_image_stack_choose_size(const PctImportPlan *plan, int height, int width, int *out_height, int *out_width);
