// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "train/train-page.h"
#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>
#include "train/kind-row.h"
#include "train/now-card.h"
#include "train/run-row.h"
#include "train/run-view.h"
#include "train/training-form.h"
#include "work/training.h"

struct _PctTrainPage {
  GtkWidget parent_instance;
  PctProject *project;
  PctSelection *selection;
  PctKind *kind;      // in hand; borrowed from the project
  PctModel *shown;    // the run in hand, of that kind; NULL: none
  GHashTable *jobs;   // PctModel -> PctJob: the trainings of this session, for their previews
  gboolean listing;   // the list of runs is being filled
  GSimpleAction *start, *stop, *resume, *choose;
  GtkWidget *box, *kinds, *title, *summary, *formula, *source, *start_button, *stop_button, *resume_button;
  GtkWidget *run, *options, *now, *runs;
};

G_DEFINE_FINAL_TYPE(PctTrainPage, pct_train_page, GTK_TYPE_WIDGET)

static gboolean
is_of_kind(PctTrainPage *self, PctModel *model)
{
  return g_strcmp0(pct_model_get_kind_name(model), pct_kind_get_name(self->kind)) == 0;
}

// The newest model of the kind in hand in this state; borrowed, NULL if there is none.
static PctModel *
find_model(PctTrainPage *self, PctModelState state, PctModel *except)
{
  GListModel *models = pct_project_get_models(self->project);
  for (guint i = g_list_model_get_n_items(models); i-- > 0;) {
    g_autoptr(PctModel) model = g_list_model_get_item(models, i);
    if (model != except && is_of_kind(self, model) && pct_model_get_state(model) == state)
      return model;
  }
  return NULL;
}

// The unfinished model that Resume goes on with: the run in hand, else the newest.
static PctModel *
find_resumable(PctTrainPage *self)
{
  if (self->shown != NULL && pct_model_get_state(self->shown) == PCT_MODEL_UNFINISHED)
    return self->shown;
  return find_model(self, PCT_MODEL_UNFINISHED, NULL);
}

static void
update_actions(PctTrainPage *self)
{
  PctModel *training = find_model(self, PCT_MODEL_TRAINING, NULL);
  PctJob *job = training != NULL ? pct_model_get_job(training) : NULL;
  gboolean resumable = training == NULL && find_resumable(self) != NULL;
  GtkWidget *form = gtk_stack_get_visible_child(GTK_STACK(self->options));
  const char *problem = form != NULL ? pct_training_form_get_problem(PCT_TRAINING_FORM(form)) : NULL;

  g_simple_action_set_enabled(self->start, training == NULL && problem == NULL);
  gtk_widget_set_tooltip_text(self->start_button,
                              problem != NULL ? problem : _("Train a new model with the options below"));
  g_simple_action_set_enabled(self->stop, job != NULL && !pct_job_is_cancelling(job));
  g_simple_action_set_enabled(self->resume, resumable);
  gtk_widget_set_visible(self->start_button, training == NULL);
  gtk_widget_set_visible(self->stop_button, training != NULL);
  gtk_widget_set_visible(self->resume_button, resumable);
}

// Another model may be what the kind in hand was waiting for.
static void
update_form(PctTrainPage *self)
{
  GtkWidget *form = gtk_stack_get_visible_child(GTK_STACK(self->options));
  if (form != NULL)
    pct_training_form_update(PCT_TRAINING_FORM(form));
}

static void
update_kinds(PctTrainPage *self)
{
  GtkListBoxRow *row;
  for (int i = 0; (row = gtk_list_box_get_row_at_index(GTK_LIST_BOX(self->kinds), i)) != NULL; i++)
    pct_kind_row_update(PCT_KIND_ROW(row));
}

// The score to beat: the best ridge's, but not on ridge's own page. NAN: there is none.
static double
find_reference(PctTrainPage *self)
{
  GListModel *models = pct_project_get_models(self->project);
  double best = NAN;

  if (g_str_equal(pct_kind_get_name(self->kind), "ridge") || pct_kind_get_role(self->kind) != PCT_ROLE_DECODER)
    return NAN;
  for (guint i = 0; i < g_list_model_get_n_items(models); i++) {
    g_autoptr(PctModel) model = g_list_model_get_item(models, i);
    if (g_strcmp0(pct_model_get_kind_name(model), "ridge") == 0 && pct_model_get_state(model) == PCT_MODEL_FINISHED)
      best = fmax(best, pct_model_get_validation_pixcorr(model));
  }
  return best;
}

static void
show_run(PctTrainPage *self)
{
  PctJob *job = self->shown != NULL ? g_hash_table_lookup(self->jobs, self->shown) : NULL;
  pct_run_view_set_run(PCT_RUN_VIEW(self->run), self->shown, job,
                       find_model(self, PCT_MODEL_FINISHED, self->shown), find_reference(self), _("ridge"));
  pct_now_card_set_job(PCT_NOW_CARD(self->now), job);
}

static void
training_finished(PctJob *job, PctTrainPage *self)
{
  if (pct_job_get_state(job) == PCT_JOB_FAILED && gtk_widget_get_root(GTK_WIDGET(self)) != NULL) {
    GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self))),
                                               _("The training failed"), pct_job_get_error(job)->message);
    adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "close", _("_Close"));
    gtk_window_present(GTK_WINDOW(dialog));
  }
  // What was just made is what one wants to see on the other pages.
  if (pct_job_get_state(job) == PCT_JOB_DONE && pct_model_get_role(pct_training_get_model(job)) == PCT_ROLE_DECODER)
    pct_selection_set_model(self->selection, pct_model_get_name(pct_training_get_model(job)));
  update_kinds(self);
  update_actions(self);
  show_run(self);
}

static void
model_changed(PctModel *model, PctTrainPage *self)
{
  PctJob *job = pct_model_get_job(model);

  if (job != NULL && g_hash_table_lookup(self->jobs, model) != job) {
    g_hash_table_insert(self->jobs, g_object_ref(model), g_object_ref(job));
    g_signal_connect_object(job, "notify::progress", G_CALLBACK(update_kinds), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(job, "notify::cancelling", G_CALLBACK(update_actions), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(job, "finished", G_CALLBACK(training_finished), self, 0);
  }
  update_kinds(self);
  update_form(self);
  update_actions(self);
  if (model == self->shown)
    show_run(self);
}

static void
set_shown(PctTrainPage *self, PctModel *model)
{
  g_set_object(&self->shown, model);
  update_actions(self);
  show_run(self);
}

// Newest first; the run in hand stays in hand where it still exists.
static void
list_runs(PctTrainPage *self, PctModel *wanted)
{
  GListModel *models = pct_project_get_models(self->project);
  GtkListBoxRow *chosen = NULL;
  GtkWidget *row;

  self->listing = TRUE;
  while ((row = GTK_WIDGET(gtk_list_box_get_row_at_index(GTK_LIST_BOX(self->runs), 0))) != NULL)
    gtk_list_box_remove(GTK_LIST_BOX(self->runs), row);
  for (guint i = g_list_model_get_n_items(models); i-- > 0;) {
    g_autoptr(PctModel) model = g_list_model_get_item(models, i);
    if (!is_of_kind(self, model))
      continue;
    row = pct_run_row_new(model);
    gtk_list_box_append(GTK_LIST_BOX(self->runs), row);
    if (chosen == NULL || model == wanted)
      chosen = GTK_LIST_BOX_ROW(row);
  }
  gtk_list_box_select_row(GTK_LIST_BOX(self->runs), chosen);
  self->listing = FALSE;
}

static void
models_changed(GListModel *models, guint position, guint removed, guint added, PctTrainPage *self)
{
  for (guint i = position; i < position + added; i++) {
    g_autoptr(PctModel) model = g_list_model_get_item(models, i);
    g_signal_handlers_disconnect_by_func(model, model_changed, self);
    g_signal_connect_object(model, "changed", G_CALLBACK(model_changed), self, 0);
    model_changed(model, self);
  }
  PctModel *training = find_model(self, PCT_MODEL_TRAINING, NULL);
  update_form(self);
  list_runs(self, training != NULL ? training : self->shown);
  PctRunRow *row = (PctRunRow *)gtk_list_box_get_selected_row(GTK_LIST_BOX(self->runs));
  set_shown(self, row != NULL ? pct_run_row_get_model(row) : NULL);
  update_kinds(self);
}

static void
run_selected(GtkListBox *list, GtkListBoxRow *row, PctTrainPage *self)
{
  if (self->listing || row == NULL)
    return;
  PctModel *model = pct_run_row_get_model(PCT_RUN_ROW(row));
  if (pct_model_get_state(model) == PCT_MODEL_FINISHED && pct_model_get_role(model) == PCT_ROLE_DECODER)
    pct_selection_set_model(self->selection, pct_model_get_name(model));
  set_shown(self, model);
}

static void
kind_selected(GtkListBox *list, GtkListBoxRow *row, PctTrainPage *self)
{
  if (row == NULL)
    return;
  self->kind = pct_kind_row_get_kind(PCT_KIND_ROW(row));
  gtk_label_set_label(GTK_LABEL(self->title), pct_kind_get_title(self->kind));
  gtk_label_set_label(GTK_LABEL(self->summary), pct_kind_get_summary(self->kind));
  gtk_label_set_label(GTK_LABEL(self->formula), pct_kind_get_formula(self->kind));
  gtk_label_set_label(GTK_LABEL(self->source), pct_kind_get_source(self->kind));
  const char *name = pct_kind_get_name(self->kind);
  g_simple_action_set_state(self->choose, g_variant_new_string(name));
  if (gtk_stack_get_child_by_name(GTK_STACK(self->options), name) == NULL) {
    GtkWidget *form = pct_training_form_new(self->project, self->kind);
    g_signal_connect_object(form, "changed", G_CALLBACK(update_actions), self, G_CONNECT_SWAPPED);
    gtk_stack_add_named(GTK_STACK(self->options), form, name);
  }
  gtk_stack_set_visible_child_name(GTK_STACK(self->options), name);
  update_form(self);

  list_runs(self, find_model(self, PCT_MODEL_TRAINING, NULL));
  PctRunRow *run = (PctRunRow *)gtk_list_box_get_selected_row(GTK_LIST_BOX(self->runs));
  set_shown(self, run != NULL ? pct_run_row_get_model(run) : NULL);
}

static void
train(PctTrainPage *self, PctModel *resume)
{
  PctTrainingForm *form = PCT_TRAINING_FORM(gtk_stack_get_visible_child(GTK_STACK(self->options)));
  g_autoptr(GError) error = NULL;
  g_autoptr(PctJob) job = pct_training_form_train(form, resume, &error);
  if (job == NULL) {
    GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self))),
                                               _("The training could not start"), error->message);
    adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "close", _("_Close"));
    gtk_window_present(GTK_WINDOW(dialog));
    return;
  }
  model_changed(pct_training_get_model(job), self);
  list_runs(self, pct_training_get_model(job));
  set_shown(self, pct_training_get_model(job));
}

static void
start_activated(GSimpleAction *action, GVariant *parameter, PctTrainPage *self)
{
  train(self, NULL);
}

static void
resume_activated(GSimpleAction *action, GVariant *parameter, PctTrainPage *self)
{
  train(self, find_resumable(self));
}

static void
choose_requested(GSimpleAction *action, GVariant *value, PctTrainPage *self)
{
  GtkListBoxRow *row;
  for (int i = 0; (row = gtk_list_box_get_row_at_index(GTK_LIST_BOX(self->kinds), i)) != NULL; i++)
    if (g_str_equal(pct_kind_get_name(pct_kind_row_get_kind(PCT_KIND_ROW(row))), g_variant_get_string(value, NULL)))
      gtk_list_box_select_row(GTK_LIST_BOX(self->kinds), row);
}

static void
stop_activated(GSimpleAction *action, GVariant *parameter, PctTrainPage *self)
{
  PctModel *training = find_model(self, PCT_MODEL_TRAINING, NULL);
  if (training != NULL && pct_model_get_job(training) != NULL)
    pct_job_cancel(pct_model_get_job(training));
}

// The commands are the window's while the page is in it, so that menus, keys and D-Bus find them from any page.
static void
pct_train_page_root(GtkWidget *widget)
{
  PctTrainPage *self = PCT_TRAIN_PAGE(widget);
  GtkRoot *root;

  GTK_WIDGET_CLASS(pct_train_page_parent_class)->root(widget);
  root = gtk_widget_get_root(widget);
  if (!G_IS_ACTION_MAP(root))
    return;
  g_action_map_add_action(G_ACTION_MAP(root), G_ACTION(self->start));
  g_action_map_add_action(G_ACTION_MAP(root), G_ACTION(self->stop));
  g_action_map_add_action(G_ACTION_MAP(root), G_ACTION(self->resume));
  g_action_map_add_action(G_ACTION_MAP(root), G_ACTION(self->choose));
}

static void
pct_train_page_unroot(GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root(widget);
  if (G_IS_ACTION_MAP(root)) {
    g_action_map_remove_action(G_ACTION_MAP(root), "train.start");
    g_action_map_remove_action(G_ACTION_MAP(root), "train.stop");
    g_action_map_remove_action(G_ACTION_MAP(root), "train.resume");
    g_action_map_remove_action(G_ACTION_MAP(root), "train.kind");
  }
  GTK_WIDGET_CLASS(pct_train_page_parent_class)->unroot(widget);
}

// Releasing the project may be what ends its jobs, and they tell of their end: not to a page that is half gone.
static void
unwatch(PctTrainPage *self)
{
  GHashTableIter iter;
  gpointer model, job;

  if (self->project == NULL)
    return;
  GListModel *models = pct_project_get_models(self->project);
  g_signal_handlers_disconnect_by_data(models, self);
  for (guint i = 0; i < g_list_model_get_n_items(models); i++) {
    g_autoptr(PctModel) listed = g_list_model_get_item(models, i);
    g_signal_handlers_disconnect_by_data(listed, self);
  }
  g_hash_table_iter_init(&iter, self->jobs);
  while (g_hash_table_iter_next(&iter, &model, &job)) {
    g_signal_handlers_disconnect_by_data(model, self);
    g_signal_handlers_disconnect_by_data(job, self);
  }
}

static void
pct_train_page_dispose(GObject *object)
{
  PctTrainPage *self = PCT_TRAIN_PAGE(object);
  unwatch(self);
  gtk_widget_dispose_template(GTK_WIDGET(self), PCT_TYPE_TRAIN_PAGE);
  g_clear_pointer(&self->jobs, g_hash_table_unref);
  g_clear_object(&self->shown);
  g_clear_object(&self->start);
  g_clear_object(&self->stop);
  g_clear_object(&self->resume);
  g_clear_object(&self->choose);
  g_clear_object(&self->project);
  g_clear_object(&self->selection);
  G_OBJECT_CLASS(pct_train_page_parent_class)->dispose(object);
}

static void
pct_train_page_class_init(PctTrainPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = pct_train_page_dispose;
  widget_class->root = pct_train_page_root;
  widget_class->unroot = pct_train_page_unroot;
  g_type_ensure(PCT_TYPE_RUN_VIEW);
  g_type_ensure(PCT_TYPE_NOW_CARD);
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource(widget_class, "/org/percept/Percept/ui/train/train-page.ui");
  gtk_widget_class_bind_template_child(widget_class, PctTrainPage, box);
  gtk_widget_class_bind_template_child(widget_class, PctTrainPage, kinds);
  gtk_widget_class_bind_template_child(widget_class, PctTrainPage, title);
  gtk_widget_class_bind_template_child(widget_class, PctTrainPage, summary);
  gtk_widget_class_bind_template_child(widget_class, PctTrainPage, formula);
  gtk_widget_class_bind_template_child(widget_class, PctTrainPage, source);
  gtk_widget_class_bind_template_child(widget_class, PctTrainPage, start_button);
  gtk_widget_class_bind_template_child(widget_class, PctTrainPage, stop_button);
  gtk_widget_class_bind_template_child(widget_class, PctTrainPage, resume_button);
  gtk_widget_class_bind_template_child(widget_class, PctTrainPage, run);
  gtk_widget_class_bind_template_child(widget_class, PctTrainPage, options);
  gtk_widget_class_bind_template_child(widget_class, PctTrainPage, now);
  gtk_widget_class_bind_template_child(widget_class, PctTrainPage, runs);
}

static void
pct_train_page_init(PctTrainPage *self)
{
  GtkWidget *placeholder = gtk_label_new(_("None yet. Press Train to make one."));

  gtk_widget_init_template(GTK_WIDGET(self));
  gtk_widget_add_css_class(placeholder, "dim-label");
  gtk_widget_add_css_class(placeholder, "fact");
  gtk_list_box_set_placeholder(GTK_LIST_BOX(self->runs), placeholder);
  self->jobs = g_hash_table_new_full(NULL, NULL, g_object_unref, g_object_unref);
  self->start = g_simple_action_new("train.start", NULL);
  self->stop = g_simple_action_new("train.stop", NULL);
  self->resume = g_simple_action_new("train.resume", NULL);
  self->choose = g_simple_action_new_stateful("train.kind", G_VARIANT_TYPE_STRING, g_variant_new_string(""));
  g_signal_connect_object(self->choose, "change-state", G_CALLBACK(choose_requested), self, 0);
  g_signal_connect_object(self->start, "activate", G_CALLBACK(start_activated), self, 0);
  g_signal_connect_object(self->stop, "activate", G_CALLBACK(stop_activated), self, 0);
  g_signal_connect_object(self->resume, "activate", G_CALLBACK(resume_activated), self, 0);
  gtk_list_box_set_header_func(GTK_LIST_BOX(self->kinds), pct_kind_row_update_header, NULL, NULL);
  g_signal_connect_object(self->kinds, "row-selected", G_CALLBACK(kind_selected), self, 0);
  g_signal_connect_object(self->runs, "row-selected", G_CALLBACK(run_selected), self, 0);
}

GtkWidget *
pct_train_page_new(PctProject *project, PctSelection *selection)
{
  PctTrainPage *self = g_object_new(PCT_TYPE_TRAIN_PAGE, NULL);
  GListModel *kinds = pct_project_get_kinds(project), *models = pct_project_get_models(project);

  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  for (guint i = 0; i < g_list_model_get_n_items(kinds); i++) {
    g_autoptr(PctKind) kind = g_list_model_get_item(kinds, i);
    if (i == 0)
      self->kind = kind;
    gtk_list_box_append(GTK_LIST_BOX(self->kinds), pct_kind_row_new(project, kind));
  }
  g_signal_connect_object(models, "items-changed", G_CALLBACK(models_changed), self, 0);
  models_changed(models, 0, 0, g_list_model_get_n_items(models), self);
  gtk_list_box_select_row(GTK_LIST_BOX(self->kinds), gtk_list_box_get_row_at_index(GTK_LIST_BOX(self->kinds), 0));
  return GTK_WIDGET(self);
}

char *
pct_train_page_dup_command(GtkWidget *page, GError **error)
{
  GtkWidget *form = gtk_stack_get_visible_child(GTK_STACK(PCT_TRAIN_PAGE(page)->options));
  return pct_training_form_dup_command(PCT_TRAINING_FORM(form));
}
