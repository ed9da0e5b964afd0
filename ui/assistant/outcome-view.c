// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "assistant/outcome-view.h"
#include <glib/gi18n.h>
#include <math.h>
#include "picture-view.h"
#include "plot-view.h"
#include "plots/curves.h"

#define N_SHOWN 4  // pictures in a row

struct _PctOutcomeView {
  GtkWidget parent_instance;
  PctImport *import;
  GtkWidget *box;
  GtkWidget *spinner, *phase, *working;  // what is being done
  GtkWidget *error, *error_text;
  GtkWidget *found;                      // all below, of the last look
  GtkWidget *sentences, *remarks;
  GtkWidget *picture_box, *full_title, *picture_title;
  GtkWidget *full[N_SHOWN], *pictures[N_SHOWN];
  GtkWidget *peri_title, *peri;
  GPtrArray *no_pictures;                // empty
};

G_DEFINE_FINAL_TYPE(PctOutcomeView, pct_outcome_view, GTK_TYPE_WIDGET)

static GtkWidget *
new_text(const char *class)
{
  GtkWidget *label = gtk_label_new(NULL);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_selectable(GTK_LABEL(label), TRUE);
  if (class)
    gtk_widget_add_css_class(label, class);
  return label;
}

static GtkWidget *
new_title(const char *text)
{
  GtkWidget *label = new_text("panel-title");
  gtk_label_set_label(GTK_LABEL(label), text);
  gtk_label_set_selectable(GTK_LABEL(label), FALSE);
  gtk_widget_set_margin_top(label, 6);
  return label;
}

static void
clear_box(GtkWidget *box)
{
  for (GtkWidget *child; (child = gtk_widget_get_first_child(box)) != NULL;)
    gtk_box_remove(GTK_BOX(box), child);
}

static void
add_line(GtkWidget *box, const char *icon, const char *text)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8), *label = new_text(NULL);
  GtkWidget *image = gtk_image_new_from_icon_name(icon);
  gtk_widget_set_valign(image, GTK_ALIGN_START);
  gtk_widget_add_css_class(image, "accent");
  gtk_box_append(GTK_BOX(line), image);
  gtk_label_set_label(GTK_LABEL(label), text);
  gtk_widget_set_hexpand(label, TRUE);
  gtk_box_append(GTK_BOX(line), label);
  gtk_box_append(GTK_BOX(box), line);
}

static void
show_remarks(PctOutcomeView *self, const PctImportOutcome *outcome)
{
  const PctImportListing *listing = pct_import_get_listing(self->import);
  clear_box(self->remarks);
  for (guint i = 0; outcome && i < outcome->remarks->len; i++)
    add_line(self->remarks, "dialog-information-symbolic", outcome->remarks->pdata[i]);
  // What a guess lacks is said until a person has filled it in.
  gboolean guessed = !outcome && listing && !pct_import_has_choices(self->import);
  for (guint i = 0; guessed && i < listing->guess->missing->len; i++)
    add_line(self->remarks, "dialog-information-symbolic", listing->guess->missing->pdata[i]);
}

static void
show_picture(GtkWidget *view, GPtrArray *pictures, guint i, const char *label)
{
  gboolean there = i < pictures->len;
  gtk_widget_set_visible(view, there);
  if (!there)
    return;
  const PctPicture *picture = pictures->pdata[i];
  pct_picture_view_set_pixels(PCT_PICTURE_VIEW(view), pct_picture_get_pixels(picture), pct_picture_get_height(picture),
                              pct_picture_get_width(picture));
  pct_picture_view_set_label(PCT_PICTURE_VIEW(view), label);
}

static char *
dup_size_title(const char *format, GPtrArray *pictures)
{
  const PctPicture *first = pictures->pdata[0];
  return g_strdup_printf(format, pct_picture_get_width(first), pct_picture_get_height(first));
}

static gboolean
same_size(const PctPicture *a, const PctPicture *b)
{
  return pct_picture_get_height(a) == pct_picture_get_height(b) && pct_picture_get_width(a) == pct_picture_get_width(b);
}

static void
show_pictures(PctOutcomeView *self, const PctImportOutcome *outcome)
{
  gboolean any = outcome->pictures->len > 0;
  // As they came only where that is something else.
  gboolean both = any && outcome->full->len > 0 && !same_size(outcome->full->pdata[0], outcome->pictures->pdata[0]);
  gtk_widget_set_visible(self->picture_box, any);
  gtk_widget_set_visible(self->full_title, both);
  if (!any)
    return;
  g_autofree char *title = dup_size_title(_("In the recording (%d × %d pixels)"), outcome->pictures);
  g_autofree char *full_title = both ? dup_size_title(_("As they came (%d × %d pixels)"), outcome->full) : NULL;
  gtk_label_set_label(GTK_LABEL(self->picture_title), title);
  gtk_label_set_label(GTK_LABEL(self->full_title), full_title ? full_title : "");
  for (guint i = 0; i < N_SHOWN; i++) {
    show_picture(self->pictures[i], outcome->pictures, i, _("An image as the recording has it"));
    show_picture(self->full[i], both ? outcome->full : self->no_pictures, i, _("The same image as it came"));
  }
}

// A figure and the numbers that it borrows.
typedef struct {
  PctCurvesPlot plot;
  PctCurve curves[3];
  double *numbers;  // (4,n)
} Peri;

static void
peri_free(gpointer data)
{
  Peri *peri = data;
  g_free(peri->numbers);
  g_free(peri);
}

static void
show_peri(PctOutcomeView *self, const PctImportOutcome *outcome)
{
  gsize n = outcome->n_times;
  gtk_widget_set_visible(self->peri, n > 0);
  gtk_widget_set_visible(self->peri_title, n > 0);
  if (!n)
    return;
  Peri *peri = g_new0(Peri, 1);
  const double *rows[] = { outcome->times, outcome->mean, outcome->low, outcome->high };
  peri->numbers = g_new(double, 4 * n);
  for (guint i = 0; i < 4; i++)
    memcpy(peri->numbers + i * n, rows[i], n * sizeof(double));
  for (guint i = 0; i < 3; i++)
    peri->curves[i] = (PctCurve){ .title = i == 0 ? _("mean of the best neurons") : i == 1 ? _("± standard deviation over them") : NULL,
                                  .x = peri->numbers, .y = peri->numbers + (i + 1) * n, .n = n, .dim = i > 0 };
  peri->plot = PCT_CURVES_PLOT_DEFAULT;
  peri->plot.curves = peri->curves;
  peri->plot.n_curves = 3;
  peri->plot.x_title = _("seconds from onset");
  peri->plot.band_low = outcome->delay;
  peri->plot.band_high = outcome->delay + outcome->window;
  pct_plot_view_take_figure(PCT_PLOT_VIEW(self->peri), peri, peri_free);
  g_autofree char *text = g_strdup_printf(_("The response is taken from %.2f to %.2f seconds after the onset."),
                                          outcome->delay, outcome->delay + outcome->window);
  pct_plot_view_describe(PCT_PLOT_VIEW(self->peri), _("Response around the onset"), text);
}

static void
show_found(PctOutcomeView *self, const PctImportOutcome *outcome)
{
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < outcome->sentences->len; i++)
    g_string_append_printf(text, "%s%s", i ? "\n" : "", (const char *)outcome->sentences->pdata[i]);
  gtk_label_set_label(GTK_LABEL(self->sentences), text->str);
  show_pictures(self, outcome);
  show_peri(self, outcome);
}

static void
progressed(PctOutcomeView *self)
{
  PctJob *job = pct_import_get_job(self->import);
  const char *phase = job ? pct_job_get_phase(job) : NULL;
  if (job)
    gtk_label_set_label(GTK_LABEL(self->phase), phase ? phase : pct_job_get_title(job));
}

static void
changed(PctOutcomeView *self)
{
  PctJob *job = pct_import_get_job(self->import);
  const PctImportOutcome *outcome = pct_import_get_outcome(self->import);
  const char *files_error = pct_import_get_files_error(self->import), *error = pct_import_get_error(self->import);
  const char *sentence = files_error ? files_error : error;
  gtk_widget_set_visible(self->working, job != NULL);
  gtk_spinner_set_spinning(GTK_SPINNER(self->spinner), job != NULL);
  if (job) {
    g_signal_connect_object(job, "notify::phase", G_CALLBACK(progressed), self, G_CONNECT_SWAPPED);
    progressed(self);
  }
  gtk_widget_set_visible(self->error, sentence != NULL && !job);
  gtk_label_set_label(GTK_LABEL(self->error_text), sentence ? sentence : "");
  gtk_widget_set_visible(self->found, outcome != NULL);
  gtk_widget_set_opacity(self->found, job ? 0.5 : 1);
  if (outcome)
    show_found(self, outcome);
  show_remarks(self, outcome);
}

static GtkWidget *
add_picture_row(PctOutcomeView *self, GtkWidget **views)
{
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_set_homogeneous(GTK_BOX(row), TRUE);
  for (guint i = 0; i < N_SHOWN; i++) {
    views[i] = pct_picture_view_new();
    pct_picture_view_set_size(PCT_PICTURE_VIEW(views[i]), 60, 90, TRUE);
    gtk_box_append(GTK_BOX(row), views[i]);
  }
  return row;
}

static void
build_found(PctOutcomeView *self)
{
  self->found = gtk_box_new(GTK_ORIENTATION_VERTICAL, 10);
  self->sentences = new_text(NULL);
  self->picture_box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  self->full_title = new_title("");
  self->picture_title = new_title("");
  gtk_box_append(GTK_BOX(self->picture_box), self->picture_title);
  gtk_box_append(GTK_BOX(self->picture_box), add_picture_row(self, self->pictures));
  gtk_box_append(GTK_BOX(self->picture_box), self->full_title);
  gtk_box_append(GTK_BOX(self->picture_box), add_picture_row(self, self->full));
  self->peri_title = new_title(_("Response around the onset, in standard deviations of what lies before it"));
  self->peri = pct_plot_view_new(pct_curves_plot_draw, 240, 150);
  GtkWidget *parts[] = { self->sentences, self->picture_box, self->peri_title, self->peri };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(self->found), parts[i]);
}

static void
pct_outcome_view_dispose(GObject *object)
{
  PctOutcomeView *self = PCT_OUTCOME_VIEW(object);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_pointer(&self->no_pictures, g_ptr_array_unref);
  g_clear_object(&self->import);
  G_OBJECT_CLASS(pct_outcome_view_parent_class)->dispose(object);
}

static void
pct_outcome_view_class_init(PctOutcomeViewClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = pct_outcome_view_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
pct_outcome_view_init(PctOutcomeView *self)
{
  self->no_pictures = g_ptr_array_new();
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  self->working = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  self->spinner = gtk_spinner_new();
  self->phase = new_text("dim-label");
  gtk_box_append(GTK_BOX(self->working), self->spinner);
  gtk_box_append(GTK_BOX(self->working), self->phase);
  self->error = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *image = gtk_image_new_from_icon_name("dialog-error-symbolic");
  gtk_widget_add_css_class(image, "error");
  gtk_widget_set_valign(image, GTK_ALIGN_START);
  self->error_text = new_text(NULL);
  gtk_box_append(GTK_BOX(self->error), image);
  gtk_box_append(GTK_BOX(self->error), self->error_text);
  self->remarks = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  build_found(self);
  GtkWidget *title = new_title(_("What comes of it")), *parts[] = { title, self->working, self->error, self->remarks,
                                                                    self->found };
  for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
    gtk_box_append(GTK_BOX(self->box), parts[i]);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

GtkWidget *
pct_outcome_view_new(PctImport *import)
{
  PctOutcomeView *self = g_object_new(PCT_TYPE_OUTCOME_VIEW, NULL);
  self->import = g_object_ref(import);
  g_signal_connect_object(import, "outcome-changed", G_CALLBACK(changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(import, "files-changed", G_CALLBACK(changed), self, G_CONNECT_SWAPPED);
  changed(self);
  return GTK_WIDGET(self);
}
