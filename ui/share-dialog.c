// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "share-dialog.h"
#include <glib/gi18n.h>
#include <string.h>
#include "save-dialog.h"
#include "work/share.h"
#include "work/sharing.h"

struct _PctShareDialog {
  AdwWindow parent_instance;
  PctProject *project;
  GPtrArray *models;  // of PctModel
  GPtrArray *checks;  // of GtkCheckButton, one a model; borrowed
  GtkWidget *with, *without, *with_row, *without_row, *models_group;
};

G_DEFINE_FINAL_TYPE(PctShareDialog, pct_share_dialog, ADW_TYPE_WINDOW)

static const PctSaveFormat formats[] = { { PCT_SHARE_SUFFIX, N_("Shared workspace") } };

// Those that are ticked. Free with g_ptr_array_unref.
static GPtrArray *
list_chosen(PctShareDialog *self)
{
  GPtrArray *chosen = g_ptr_array_new();
  for (guint i = 0; i < self->checks->len; i++)
    if (gtk_check_button_get_active(self->checks->pdata[i]))
      g_ptr_array_add(chosen, self->models->pdata[i]);
  return chosen;
}

static void
show_sizes(PctShareDialog *self)
{
  g_autoptr(GPtrArray) chosen = list_chosen(self);
  g_autofree char *with = g_format_size(pct_project_measure_share(self->project, chosen, TRUE));
  g_autofree char *without = g_format_size(pct_project_measure_share(self->project, chosen, FALSE));
  g_autofree char *with_text = g_strdup_printf(_("%s. Opens anywhere, with its images and responses."), with);
  g_autofree char *without_text = g_strdup_printf(_("%s. Opens where the recording is already."), without);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(self->with_row), with_text);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(self->without_row), without_text);
  gtk_widget_action_set_enabled(GTK_WIDGET(self), "share.ask",
                                chosen->len > 0 || gtk_check_button_get_active(GTK_CHECK_BUTTON(self->with)));
}

static GtkWidget *
make_row(PctShareDialog *self, const char *title, const char *subtitle, GtkWidget *check, GtkWidget *list)
{
  GtkWidget *row = adw_action_row_new();
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
  if (subtitle)
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
  gtk_widget_set_valign(check, GTK_ALIGN_CENTER);
  adw_action_row_add_prefix(ADW_ACTION_ROW(row), check);
  adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), check);
  gtk_accessible_update_property(GTK_ACCESSIBLE(check), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  g_signal_connect_object(check, "toggled", G_CALLBACK(show_sizes), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add(ADW_PREFERENCES_GROUP(list), row);
  return row;
}

static GtkWidget *
make_content(PctShareDialog *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 18), *recording = adw_preferences_group_new();
  self->with = gtk_check_button_new();
  self->without = gtk_check_button_new();
  gtk_check_button_set_group(GTK_CHECK_BUTTON(self->without), GTK_CHECK_BUTTON(self->with));
  adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(recording), _("Recording"));
  self->with_row = make_row(self, _("With the recording"), "", self->with, recording);
  self->without_row = make_row(self, _("Without the recording"), "", self->without, recording);
  gtk_box_append(GTK_BOX(box), recording);
  self->models_group = adw_preferences_group_new();
  adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(self->models_group), _("Models"));
  if (self->models->len == 0)
    adw_preferences_group_set_description(ADW_PREFERENCES_GROUP(self->models_group), _("None is finished yet."));
  for (guint i = 0; i < self->models->len; i++) {
    PctModel *model = self->models->pdata[i];
    GtkWidget *check = gtk_check_button_new();
    gtk_check_button_set_active(GTK_CHECK_BUTTON(check), TRUE);
    g_ptr_array_add(self->checks, check);
    make_row(self, pct_model_get_name(model), pct_kind_get_title(pct_model_get_kind(model)), check, self->models_group);
  }
  gtk_box_append(GTK_BOX(box), self->models_group);
  GtkWidget *remark = gtk_label_new(_("Bookmarks, curves and receptive fields go along. The names of folders on this computer "
                                      "do not, nor do trainings that are not finished."));
  gtk_label_set_wrap(GTK_LABEL(remark), TRUE);
  // As tall as its lines are, where the dialog asks how tall it would be.
  gtk_label_set_max_width_chars(GTK_LABEL(remark), 56);
  gtk_label_set_xalign(GTK_LABEL(remark), 0);
  gtk_widget_add_css_class(remark, "dim-label");
  gtk_widget_add_css_class(remark, "small");
  gtk_box_append(GTK_BOX(box), remark);
  gtk_widget_set_margin_top(box, 12);
  gtk_widget_set_margin_bottom(box, 18);
  gtk_widget_set_margin_start(box, 18);
  gtk_widget_set_margin_end(box, 18);
  gtk_check_button_set_active(GTK_CHECK_BUTTON(self->with), TRUE);
  return box;
}

static GtkWidget *
make_header(void)
{
  GtkWidget *header = adw_header_bar_new(), *cancel = gtk_button_new_with_mnemonic(_("_Cancel"));
  GtkWidget *save = gtk_button_new_with_mnemonic(_("_Save…"));
  adw_header_bar_set_show_start_title_buttons(ADW_HEADER_BAR(header), FALSE);
  adw_header_bar_set_show_end_title_buttons(ADW_HEADER_BAR(header), FALSE);
  gtk_widget_add_css_class(save, "suggested-action");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(cancel), "window.close");
  gtk_actionable_set_action_name(GTK_ACTIONABLE(save), "share.ask");
  adw_header_bar_pack_start(ADW_HEADER_BAR(header), cancel);
  adw_header_bar_pack_end(ADW_HEADER_BAR(header), save);
  return header;
}

// "twin.npz" -> "twin.percept.zip".
static void
ask(GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autofree char *stem = g_path_get_basename(pct_project_get_name(PCT_SHARE_DIALOG(widget)->project));
  char *dot = strrchr(stem, '.');
  if (dot && dot != stem)
    *dot = '\0';
  g_autofree char *name = g_strconcat(stem, PCT_SHARE_SUFFIX, NULL);
  pct_save_dialog_ask(widget, _("Share the Workspace"), name, formats, G_N_ELEMENTS(formats), "share.save");
}

static void
save(GtkWidget *widget, const char *action, GVariant *parameter)
{
  PctShareDialog *self = PCT_SHARE_DIALOG(widget);
  g_autoptr(GPtrArray) chosen = list_chosen(self);
  GVariantBuilder names;
  g_variant_builder_init(&names, G_VARIANT_TYPE("as"));
  for (guint i = 0; i < chosen->len; i++)
    g_variant_builder_add(&names, "s", pct_model_get_name(chosen->pdata[i]));
  g_action_group_activate_action(G_ACTION_GROUP(gtk_window_get_transient_for(GTK_WINDOW(self))), "share-to",
                                 g_variant_new("(sbas)", g_variant_get_string(parameter, NULL),
                                               gtk_check_button_get_active(GTK_CHECK_BUTTON(self->with)), &names));
  gtk_window_destroy(GTK_WINDOW(self));
}

static void
pct_share_dialog_finalize(GObject *object)
{
  PctShareDialog *self = PCT_SHARE_DIALOG(object);
  g_clear_object(&self->project);
  g_clear_pointer(&self->models, g_ptr_array_unref);
  g_clear_pointer(&self->checks, g_ptr_array_unref);
  G_OBJECT_CLASS(pct_share_dialog_parent_class)->finalize(object);
}

static void
pct_share_dialog_class_init(PctShareDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  G_OBJECT_CLASS(klass)->finalize = pct_share_dialog_finalize;
  gtk_widget_class_install_action(widget_class, "share.ask", NULL, ask);
  gtk_widget_class_install_action(widget_class, "share.save", "s", save);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
pct_share_dialog_init(PctShareDialog *self)
{
  self->checks = g_ptr_array_new();
}

GtkWidget *
pct_share_dialog_new(PctMainWindow *parent, PctProject *project, GPtrArray *models)
{
  PctShareDialog *self = g_object_new(PCT_TYPE_SHARE_DIALOG, "transient-for", parent, "modal", TRUE, "title", _("Share"),
                                      "default-width", 480, NULL);
  self->project = g_object_ref(project);
  self->models = g_ptr_array_ref(models);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0), *scroller = gtk_scrolled_window_new();
  gtk_box_append(GTK_BOX(box), make_header());
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height(GTK_SCROLLED_WINDOW(scroller), TRUE);
  gtk_scrolled_window_set_max_content_height(GTK_SCROLLED_WINDOW(scroller), 560);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), make_content(self));
  gtk_box_append(GTK_BOX(box), scroller);
  adw_window_set_content(ADW_WINDOW(self), box);
  show_sizes(self);
  return GTK_WIDGET(self);
}
