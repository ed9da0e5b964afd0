// SPDX-License-Identifier: GPL-3.0-or-later
#include "recording-files.h"
#include <glib/gstdio.h>
#include <string.h>
#include <zip.h>
#include "data/npz-writer.h"
#include "data/recording-file.h"

char *files_folder;

static const char *const tier_words[N] = { "train", "train", "train", "validation", "test", "test" };
static const gint32 image_index[N] = { 0, 1, 2, 3, 4, 4 };

char *
files_in_folder(const char *name)
{
  return g_build_filename(files_folder, name, NULL);
}

static void
remove_tree(const char *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *inside = g_build_filename(path, name, NULL);
    remove_tree(inside);
  }
  g_remove(path);
}

void
files_spell(guint32 *text, const char *const *words, int n)
{
  memset(text, 0, sizeof(guint32) * 10 * (gsize)n);
  for (int i = 0; i < n; i++)
    for (int j = 0; words[i][j]; j++)
      text[i * 10 + j] = (guint32)words[i][j];
}

FilesContent
files_sound(void)
{
  FilesContent content = { NULL, K, N, N };
  for (int i = 0; i < K * H * W; i++)
    content.images[i] = (float)((i * 29) % 256);
  for (int i = 0; i < N * M; i++)
    content.responses[i] = (float)(i % 17) * 0.25f - 1;
  memcpy(content.index, image_index, sizeof image_index);
  files_spell(content.tiers, tier_words, N);
  return content;
}

char *
files_write_npz(const FilesContent *content, const char *name)
{
  const gsize images[] = { content->n_images, H, W }, responses[] = { content->n_trials, M };
  g_autoptr(PctNpzWriter) writer = pct_npz_writer_new();
  const char *out = content->leave_out ? content->leave_out : "";
  if (strcmp(out, "images") != 0)
    pct_npz_writer_add(writer, "images", PCT_NPY_FLOAT, 4, 3, images, content->images);
  if (strcmp(out, "responses") != 0)
    pct_npz_writer_add(writer, "responses", PCT_NPY_FLOAT, 4, 2, responses, content->responses);
  if (strcmp(out, "image_index") != 0)
    pct_npz_writer_add(writer, "image_index", PCT_NPY_INT, 4, 1, &content->n_trials, content->index);
  if (strcmp(out, "tiers") != 0)
    pct_npz_writer_add(writer, "tiers", PCT_NPY_UNICODE, 40, 1, &content->n_tiers, content->tiers);
  char *path = files_in_folder(name);
  g_autoptr(GError) error = NULL;
  pct_npz_writer_save(writer, path, NULL, &error);
  g_assert_no_error(error);
  return path;
}

// The same as a file tree, where every trial has an image of its own.
char *
files_write_tree(const FilesContent *content, const char *name)
{
  char *root = files_in_folder(name);
  const char *const folders[] = { "data/images", "data/responses", "meta/trials", "meta/neurons" };
  for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *path = g_build_filename(root, folders[i], NULL);
    g_assert_cmpint(g_mkdir_with_parents(path, 0755), ==, 0);
  }
  const gsize image[] = { 1, H, W }, m = M, n = N, position[] = { M, 3 };
  for (int i = 0; i < N; i++) {
    g_autofree char *file = g_strdup_printf("%s/data/images/%d.npy", root, i);
    g_assert_true(pct_npy_save(file, PCT_NPY_FLOAT, 4, 3, image, content->images + content->index[i] * H * W, NULL));
    g_autofree char *other = g_strdup_printf("%s/data/responses/%d.npy", root, i);
    g_assert_true(pct_npy_save(other, PCT_NPY_FLOAT, 4, 1, &m, content->responses + i * M, NULL));
  }
  gint64 ids[M], positions[M * 3];
  for (int i = 0; i < M * 3; i++)
    ids[i % M] = positions[i] = i + 100;
  g_autofree char *tiers = g_strdup_printf("%s/meta/trials/tiers.npy", root);
  g_assert_true(pct_npy_save(tiers, PCT_NPY_UNICODE, 40, 1, &n, content->tiers, NULL));
  g_autofree char *unit_ids = g_strdup_printf("%s/meta/neurons/unit_ids.npy", root);
  g_assert_true(pct_npy_save(unit_ids, PCT_NPY_INT, 8, 1, &m, ids, NULL));
  g_autofree char *cells = g_strdup_printf("%s/meta/neurons/cell_motor_coordinates.npy", root);
  g_assert_true(pct_npy_save(cells, PCT_NPY_INT, 8, 2, position, positions, NULL));
  return root;
}

static void
add_to_zip(zip_t *zip, const char *path, const char *name)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *child; dir && (child = g_dir_read_name(dir));) {
    g_autofree char *inside = g_build_filename(path, child, NULL), *inner = g_strdup_printf("%s/%s", name, child);
    add_to_zip(zip, inside, inner);
  }
  if (!dir) {
    zip_int64_t index = zip_file_add(zip, name, zip_source_file(zip, path, 0, 0), 0);
    g_assert_cmpint(index, >=, 0);
    zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_DEFLATE, 9);
  }
}

char *
files_zip_tree(const char *root, const char *name)
{
  char *path = files_in_folder(name);
  zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
  g_assert_nonnull(zip);
  add_to_zip(zip, root, "static1-2-3");
  g_assert_cmpint(zip_close(zip), ==, 0);
  return path;
}

PctRecording *
files_open(const char *path)
{
  g_autoptr(GError) error = NULL;
  PctRecording *recording = pct_recording_open(path, NULL, &error);
  g_assert_no_error(error);
  return recording;
}

void
files_put_text(const char *path, const char *name, const char *text)
{
  g_autofree char *file = g_build_filename(path, name, NULL);
  g_assert_true(g_file_set_contents(file, text, -1, NULL));
}

void
files_check(PctRecording *recording)
{
  FilesContent content = files_sound();
  float image[H * W], responses[M];
  g_assert_cmpint(pct_recording_get_n_images(recording), ==, K);
  g_assert_cmpint(pct_recording_get_n_trials(recording), ==, N);
  g_assert_cmpint(pct_recording_get_height(recording), ==, H);
  g_assert_cmpint(pct_recording_get_width(recording), ==, W);
  for (int i = 0; i < N; i++) {
    g_assert_cmpint(pct_recording_get_trial_image(recording, i), ==, image_index[i]);
    g_assert_cmpstr(pct_tier_get_name(pct_recording_get_trial_tier(recording, i)), ==, tier_words[i]);
    pct_recording_read_responses(recording, i, responses);
    g_assert_cmpmem(responses, sizeof responses, content.responses + i * M, sizeof responses);
    pct_recording_read_image(recording, image_index[i], image);
    g_assert_cmpmem(image, sizeof image, content.images + image_index[i] * H * W, sizeof image);
  }
  g_assert_false(pct_recording_is_averaged(recording));
}

static void
run_in_folder(gconstpointer data)
{
  files_folder = g_dir_make_tmp("percept-test-XXXXXX", NULL);
  g_assert_nonnull(files_folder);
  ((const FilesTest *)data)->func();
  remove_tree(files_folder);
  g_clear_pointer(&files_folder, g_free);
}

int
files_run(int argc, char **argv, const FilesTest *tests, guint n)
{
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < n; i++)
    g_test_add_data_func(tests[i].path, tests + i, run_in_folder);
  return g_test_run();
}
