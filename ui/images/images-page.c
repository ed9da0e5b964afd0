// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"
#include "images/images-page.h"
#include <glib/gi18n.h>
#include "images/image-detail.h"
#include "images/image-tile.h"
#include "images/score-order.h"
#include "measure-text.h"
#include "drop-down.h"
#include "page-actions.h"
#include "plots/number-text.h"
#include "tier-badge.h"
#include "work/command-line.h"

struct _PctImagesPage {
  GtkWidget parent_instance;
  PctProject *project;
  PctSelection *selection;
  GtkWidget *paned, *pills, *sort, *measure, *grid, *detail;
  GtkCustomFilter *filter;
  GtkCustomSorter *sorter;
  GtkSingleSelection *chosen;       // over the filtered and sorted items
  PctScoreOrder *scores;            // what a sort by a decoder's score goes by
  int tier;                         // shown; -1: all
  guint sorted_by;                  // SORT_NUMBER, SORT_MEAN_RESPONSE, N_PLAIN_SORTS: a decoder's score
  gboolean filling;                 // the choices of a sort are being made anew
  gboolean setting;                 // the grid is being told the selection, or the selection the grid's
  guint scrolling;                  // source that will bring the chosen image into view; 0: none
};

// What stands before the decoders in the choice of a sort, and their names for the action.
enum {
  SORT_NUMBER,
  SORT_MEAN_RESPONSE,
  N_PLAIN_SORTS
};

static const struct {
  const char *name, *title;
} plain_sorts[N_PLAIN_SORTS] = {
  { "number", N_("Number") },
  { "mean-response", N_("Mean response, strongest first") },
};

G_DEFINE_FINAL_TYPE(PctImagesPage, pct_images_page, GTK_TYPE_WIDGET)

static gboolean
is_shown(gpointer object, gpointer data)
{
  PctImagesPage *self = data;
  int tier = pct_image_item_get_tier(object);
  // An image without a trial is a find in a whole recording; in a filtered one it is what was filtered away.
  return self->tier < 0 ? tier >= 0 || !pct_project_get_trials(self->project) : tier == self->tier;
}

static int
compare_items(gconstpointer a, gconstpointer b, gpointer data)
{
  PctImagesPage *self = data;
  int first = pct_image_item_get_image((PctImageItem *)a), second = pct_image_item_get_image((PctImageItem *)b);
  if (self->sorted_by >= N_PLAIN_SORTS)
    return pct_score_order_compare(self->scores, first, second);
  if (self->sorted_by == SORT_MEAN_RESPONSE) {
    double one = pct_image_item_get_mean_response((PctImageItem *)a);
    double other = pct_image_item_get_mean_response((PctImageItem *)b);
    if (one != other)
      return one > other ? -1 : 1;
  }
  return first - second;
}

// Only after the grid has been laid out: before, GTK 4.8 remembers a place that it never fills.
static gboolean
scroll_to_chosen(gpointer data)
{
  PctImagesPage *self = data;
  guint chosen = gtk_single_selection_get_selected(self->chosen);

  if (chosen != GTK_INVALID_LIST_POSITION && gtk_widget_get_mapped(self->grid))
    gtk_widget_activate_action(self->grid, "list.scroll-to-item", "u", chosen);
  self->scrolling = 0;
  return G_SOURCE_REMOVE;
}

static void
queue_scroll(PctImagesPage *self)
{
  if (self->scrolling == 0)
    self->scrolling = g_idle_add_full(G_PRIORITY_LOW, scroll_to_chosen, self, NULL);
}

// The selection's image in the grid's terms, and the other way round.
static void
show_selection(PctImagesPage *self)
{
  GListModel *shown = G_LIST_MODEL(self->chosen);
  int image = pct_selection_get_image(self->selection);
  guint n = g_list_model_get_n_items(shown), found = GTK_INVALID_LIST_POSITION;

  if (self->setting)
    return;
  for (guint i = 0; i < n && found == GTK_INVALID_LIST_POSITION; i++) {
    g_autoptr(PctImageItem) item = g_list_model_get_item(shown, i);
    if (pct_image_item_get_image(item) == image)
      found = i;
  }
  self->setting = TRUE;
  gtk_single_selection_set_selected(self->chosen, found);
  self->setting = FALSE;
  queue_scroll(self);
}

static void
chosen_changed(PctImagesPage *self)
{
  PctImageItem *item = gtk_single_selection_get_selected_item(self->chosen);
  if (self->setting || item == NULL)
    return;
  self->setting = TRUE;
  pct_selection_set_image(self->selection, pct_image_item_get_image(item));
  self->setting = FALSE;
}

static void
publish_order(PctImagesPage *self)
{
  GListModel *shown = G_LIST_MODEL(self->chosen);
  guint n = g_list_model_get_n_items(shown);
  g_autofree int *order = g_new(int, MAX(n, 1));

  for (guint i = 0; i < n; i++) {
    g_autoptr(PctImageItem) item = g_list_model_get_item(shown, i);
    order[i] = pct_image_item_get_image(item);
  }
  pct_selection_set_order(self->selection, order, n);
}

static void
arrange(PctImagesPage *self, gboolean filter, gboolean sort)
{
  // The grid must not pick another image because the chosen one is filtered away.
  self->setting = TRUE;
  if (filter)
    gtk_filter_changed(GTK_FILTER(self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  if (sort)
    gtk_sorter_changed(GTK_SORTER(self->sorter), GTK_SORTER_CHANGE_DIFFERENT);
  self->setting = FALSE;
  publish_order(self);
  show_selection(self);
}

// The choices that there are, with what is sorted by chosen among them.
static void
fill_sorts(PctImagesPage *self)
{
  g_auto(GStrv) decoders = pct_score_order_dup_decoders(self->scores);
  g_autoptr(GStrvBuilder) titles = g_strv_builder_new();
  guint chosen = self->sorted_by;
  for (guint i = 0; i < N_PLAIN_SORTS; i++)
    g_strv_builder_add(titles, _(plain_sorts[i].title));
  for (guint i = 0; decoders[i]; i++) {
    // Translators: a sort, by how well this decoder drew the images.
    g_autofree char *title = g_strdup_printf(_("Score of %s, best first"), decoders[i]);
    g_strv_builder_add(titles, title);
    if (self->sorted_by >= N_PLAIN_SORTS && g_strcmp0(decoders[i], pct_score_order_get_decoder(self->scores)) == 0)
      chosen = N_PLAIN_SORTS + i;
  }
  g_auto(GStrv) texts = g_strv_builder_end(titles);
  self->filling = TRUE;
  pct_drop_down_show(GTK_DROP_DOWN(self->sort), (const char *const *)texts, chosen);
  self->filling = FALSE;
}

static void
scores_changed(PctImagesPage *self)
{
  if (self->sorted_by >= N_PLAIN_SORTS)
    arrange(self, FALSE, TRUE);
}

static void
set_sort(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctImagesPage *self = data;
  const char *name = g_variant_get_string(state, NULL);
  guint sort = 0;
  while (sort < N_PLAIN_SORTS && !g_str_equal(plain_sorts[sort].name, name))
    sort++;
  if (!pct_score_order_set_decoder(self->scores, sort < N_PLAIN_SORTS ? NULL : name))
    return;
  self->sorted_by = sort;
  g_simple_action_set_state(action, state);
  gtk_widget_set_visible(self->measure, sort >= N_PLAIN_SORTS);
  fill_sorts(self);
  arrange(self, FALSE, TRUE);
}

static void
set_measure(GSimpleAction *action, GVariant *state, gpointer data)
{
  PctImagesPage *self = data;
  PctMeasure measure;
  if (!pct_table_measure_from_name(g_variant_get_string(state, NULL), &measure))
    return;
  g_simple_action_set_state(action, state);
  self->filling = TRUE;
  for (guint i = 0; i < PCT_N_TABLE_MEASURES; i++)
    if (pct_table_measures[i] == measure)
      gtk_drop_down_set_selected(GTK_DROP_DOWN(self->measure), i);
  self->filling = FALSE;
  pct_score_order_set_measure(self->scores, measure);
}

static void
activate_state(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_action_change_state(G_ACTION(action), parameter);
}

// sort: "number", "mean-response", or a decoder of the project.
static const GActionEntry entries[] = {
  { "sort", activate_state, "s", "'number'", set_sort },
  { "measure", activate_state, "s", "'pixcorr'", set_measure },
};

static void
sort_chosen(PctImagesPage *self)
{
  guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->sort));
  g_auto(GStrv) decoders = pct_score_order_dup_decoders(self->scores);
  if (self->filling || chosen >= N_PLAIN_SORTS + g_strv_length(decoders))
    return;
  gtk_widget_activate_action(GTK_WIDGET(self), "images.sort", "s",
                             chosen < N_PLAIN_SORTS ? plain_sorts[chosen].name : decoders[chosen - N_PLAIN_SORTS]);
}

static void
measure_chosen(PctImagesPage *self)
{
  guint chosen = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->measure));
  if (!self->filling && chosen < PCT_N_TABLE_MEASURES)
    gtk_widget_activate_action(GTK_WIDGET(self), "images.measure", "s",
                               pct_measure_get_name(pct_table_measures[chosen]));
}

static void
build_sorts(PctImagesPage *self)
{
  g_autoptr(GtkStringList) titles = gtk_string_list_new(NULL);
  for (guint i = 0; i < PCT_N_TABLE_MEASURES; i++)
    gtk_string_list_append(titles, pct_measure_get_title(pct_table_measures[i]));
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->measure), G_LIST_MODEL(titles));
  self->scores = pct_score_order_new(self->project);
  pct_page_actions_new(GTK_WIDGET(self), "images", entries, G_N_ELEMENTS(entries), self);
  fill_sorts(self);
  g_signal_connect_object(self->scores, "changed", G_CALLBACK(scores_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->scores, "decoders-changed", G_CALLBACK(fill_sorts), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->sort, "notify::selected", G_CALLBACK(sort_chosen), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->measure, "notify::selected", G_CALLBACK(measure_chosen), self, G_CONNECT_SWAPPED);
}

static void
pill_toggled(GtkToggleButton *pill, PctImagesPage *self)
{
  if (!gtk_toggle_button_get_active(pill))
    return;
  self->tier = GPOINTER_TO_INT(g_object_get_data(G_OBJECT(pill), "tier"));
  pct_score_order_set_tier(self->scores, self->tier);
  arrange(self, TRUE, FALSE);
}

static GtkWidget *
add_pill(PctImagesPage *self, GtkWidget *group, const char *label, int tier)
{
  GtkWidget *pill = gtk_toggle_button_new_with_label(label);
  g_object_set_data(G_OBJECT(pill), "tier", GINT_TO_POINTER(tier));
  gtk_widget_add_css_class(pill, "pill-toggle");
  gtk_widget_add_css_class(pill, "numeric");
  if (group != NULL)
    gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(pill), GTK_TOGGLE_BUTTON(group));
  else
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(pill), TRUE);
  g_signal_connect_object(pill, "toggled", G_CALLBACK(pill_toggled), self, 0);
  gtk_box_append(GTK_BOX(self->pills), pill);
  return pill;
}

static void
add_pills(PctImagesPage *self)
{
  GListModel *images = pct_project_get_images(self->project);
  int n_shown = 0;
  for (guint i = 0; i < g_list_model_get_n_items(images); i++) {
    g_autoptr(GObject) item = g_list_model_get_item(images, i);
    n_shown += is_shown(item, self);
  }
  g_autofree char *n = pct_number_text(n_shown, 0);
  g_autofree char *all = g_strdup_printf(_("All %s"), n);
  GtkWidget *group = add_pill(self, NULL, all, -1);

  for (int tier = 0; tier < PCT_N_TIERS; tier++) {
    int n_images = pct_project_get_n_tier_images(self->project, (PctTier)tier);
    int n_trials = pct_project_get_n_tier_trials(self->project, (PctTier)tier);
    if (n_images == 0)
      continue;
    g_autofree char *shown = pct_number_text(n_images, 0), *trials = pct_number_text(n_trials, 0);
    // Translators: a tier, its images and, where they are more, its trials.
    g_autofree char *label = n_trials > n_images
      ? g_strdup_printf(_("%s · %s in %s trials"), pct_tier_get_title((PctTier)tier), shown, trials)
      : g_strdup_printf(_("%s · %s"), pct_tier_get_title((PctTier)tier), shown);
    add_pill(self, group, label, tier);
  }
}

static void
tile_setup(GtkSignalListItemFactory *factory, GtkListItem *list_item, PctImagesPage *self)
{
  gtk_list_item_set_child(list_item, pct_image_tile_new());
}

static void
tile_bind(GtkSignalListItemFactory *factory, GtkListItem *list_item, PctImagesPage *self)
{
  PctImageItem *item = gtk_list_item_get_item(list_item);
  g_autoptr(PctPicture) picture = pct_project_dup_picture(self->project, pct_image_item_get_image(item));
  pct_image_tile_show(PCT_IMAGE_TILE(gtk_list_item_get_child(list_item)), item, picture);
}

static void
build_grid(PctImagesPage *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  GtkFilterListModel *filtered;
  GtkSortListModel *sorted;

  g_signal_connect_object(factory, "setup", G_CALLBACK(tile_setup), self, 0);
  g_signal_connect_object(factory, "bind", G_CALLBACK(tile_bind), self, 0);
  self->filter = gtk_custom_filter_new(is_shown, self, NULL);
  self->sorter = gtk_custom_sorter_new(compare_items, self, NULL);
  filtered = gtk_filter_list_model_new(g_object_ref(pct_project_get_images(self->project)),
                                       GTK_FILTER(g_object_ref(self->filter)));
  sorted = gtk_sort_list_model_new(G_LIST_MODEL(filtered), GTK_SORTER(g_object_ref(self->sorter)));
  self->chosen = gtk_single_selection_new(G_LIST_MODEL(sorted));
  gtk_single_selection_set_autoselect(self->chosen, FALSE);
  gtk_single_selection_set_can_unselect(self->chosen, TRUE);
  gtk_single_selection_set_selected(self->chosen, GTK_INVALID_LIST_POSITION);
  g_signal_connect_object(self->chosen, "notify::selected", G_CALLBACK(chosen_changed), self, G_CONNECT_SWAPPED);
  gtk_grid_view_set_factory(GTK_GRID_VIEW(self->grid), factory);
  gtk_grid_view_set_model(GTK_GRID_VIEW(self->grid), GTK_SELECTION_MODEL(self->chosen));
  g_object_unref(factory);
}

static void
pct_images_page_dispose(GObject *object)
{
  PctImagesPage *self = PCT_IMAGES_PAGE(object);
  g_clear_handle_id(&self->scrolling, g_source_remove);
  if (self->filter != NULL) {  // the models may outlive the page, and what they call may not
    gtk_custom_filter_set_filter_func(self->filter, NULL, NULL, NULL);
    gtk_custom_sorter_set_sort_func(self->sorter, NULL, NULL, NULL);
  }
  gtk_widget_dispose_template(GTK_WIDGET(self), PCT_TYPE_IMAGES_PAGE);
  if (self->scores != NULL)
    g_signal_handlers_disconnect_by_data(self->scores, self);
  g_clear_object(&self->scores);
  g_clear_object(&self->chosen);
  g_clear_object(&self->filter);
  g_clear_object(&self->sorter);
  g_clear_object(&self->project);
  g_clear_object(&self->selection);
  G_OBJECT_CLASS(pct_images_page_parent_class)->dispose(object);
}

static void
pct_images_page_class_init(PctImagesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = pct_images_page_dispose;
  g_type_ensure(PCT_TYPE_IMAGE_DETAIL);
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource(widget_class, "/org/percept/Percept/ui/images/images-page.ui");
  gtk_widget_class_bind_template_child(widget_class, PctImagesPage, paned);
  gtk_widget_class_bind_template_child(widget_class, PctImagesPage, pills);
  gtk_widget_class_bind_template_child(widget_class, PctImagesPage, sort);
  gtk_widget_class_bind_template_child(widget_class, PctImagesPage, measure);
  gtk_widget_class_bind_template_child(widget_class, PctImagesPage, grid);
  gtk_widget_class_bind_template_child(widget_class, PctImagesPage, detail);
}

static void
pct_images_page_init(PctImagesPage *self)
{
  self->tier = -1;
  gtk_widget_init_template(GTK_WIDGET(self));
}

GtkWidget *
pct_images_page_new(PctProject *project, PctSelection *selection)
{
  PctImagesPage *self = g_object_new(PCT_TYPE_IMAGES_PAGE, NULL);

  self->project = g_object_ref(project);
  self->selection = g_object_ref(selection);
  build_sorts(self);
  build_grid(self);
  add_pills(self);
  pct_image_detail_set_project(PCT_IMAGE_DETAIL(self->detail), project, selection);
  g_signal_connect_object(selection, "notify::image", G_CALLBACK(show_selection), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->grid, "map", G_CALLBACK(queue_scroll), self, G_CONNECT_SWAPPED);
  publish_order(self);
  show_selection(self);
  return GTK_WIDGET(self);
}

char *
pct_images_page_dup_command(GtkWidget *page, GError **error)
{
  PctImagesPage *self = PCT_IMAGES_PAGE(page);
  PctCommandLine *line = pct_command_line_new("images");
  pct_command_line_add_recording(line, NULL, self->project);
  if (self->tier >= 0)
    pct_command_line_add(line, "--tier", pct_tier_get_name((PctTier)self->tier), NULL);
  if (self->sorted_by >= N_PLAIN_SORTS)
    pct_command_line_add(line, "-m", pct_score_order_get_decoder(self->scores), "--measure",
                         pct_measure_get_name(pct_score_order_get_measure(self->scores)), "--sort", "score", NULL);
  else
    pct_command_line_add(line, "--sort", plain_sorts[self->sorted_by].name, NULL);
  return pct_command_line_free(line);
}
