// SPDX-License-Identifier: GPL-3.0-or-later
// An array in its role: which letters its dimensions have in the file, and its values turned to the order that the
// role's table names ("mt" in the file becomes "tm"). Dimensions of one that the role does not know are dropped.
// Invariant: an opened array is not empty, and no size of it is beyond an int.
#pragma once
#include "import/catalogue.h"
#include "import/plan.h"

typedef struct {
  PctImportRole role;
  const PctCatalogueEntry *entry;      // borrowed; NULL: nothing has this role
  char axes[PCT_NPY_MAX_DIMS + 1];     // a letter for each dimension of the file's, '1': dropped
  const char *form;                    // the letters once turned: "tm", "khwc"
} PctRoleArray;

// The forms that an array of a role may take once turned, NULL-terminated: "khw", "khwc".
const char *const *pct_role_get_forms(PctImportRole role);
// "trials × neurons": a form for a person. Free with g_free.
char *pct_role_describe_form(const char *form);
// "images (4500, 36, 64)" without its type. Free with g_free.
char *pct_role_describe_shape(const PctForeignArray *array);
// axes (an element a dimension, and a NUL) of an array nobody named axes of: the first form that fits once dimensions
// of one are dropped. FALSE: none does.
gboolean pct_role_fit_axes(PctImportRole role, const PctForeignArray *array, char *axes);

// What the plan says has the role; out->entry NULL where nothing has. FALSE with PCT_ERROR_SHAPE (the dimensions do not
// fit the role) or PCT_ERROR_FORMAT (no such array, empty).
gboolean pct_role_array_open(PctRoleArray *out, const PctCatalogue *catalogue, const PctImportPlan *plan,
                             PctImportRole role, GError **error);
// How many trials it lists: of "krm" each repeat of each image, one image's after another; 0: none, or beyond an int.
int pct_role_array_count_rows(const PctRoleArray *array);
// 1 for a letter that it lacks.
int pct_role_array_get_size(const PctRoleArray *array, char letter);
gboolean pct_role_array_is_text(const PctRoleArray *array);
// Whether the file has this letter first, so that pieces along it can be read.
gboolean pct_role_array_is_first(const PctRoleArray *array, char letter);

// All of it, turned to its form; items first .. first + n - 1 along its form's first letter, which must be the file's.
PctNpyArray *pct_role_array_read(const PctRoleArray *array, GError **error);
PctNpyArray *pct_role_array_read_part(const PctRoleArray *array, int first, int n, GError **error);
// All of it as numbers, (form); NULL with PCT_ERROR_FORMAT for text, or a reader's error. Free with g_free.
float *pct_role_array_read_floats(const PctRoleArray *array, GError **error);
double *pct_role_array_read_doubles(const PctRoleArray *array, GError **error);
// All of it as text, numbers as they are written shortest; NULL-terminated, free with g_strfreev.
char **pct_role_array_read_texts(const PctRoleArray *array, GError **error);

// Consumes array, whose dimensions are axes, and gives it in the order of form (its letters, each once in axes; the
// others are '1' and of one). NULL with PCT_ERROR_MEMORY. shown is for the sentence.
PctNpyArray *pct_npy_array_turn_take(PctNpyArray *array, const char *axes, const char *form, const char *shown,
                                     GError **error);
