/*
 * Events: prefixes, fields, categories, global events, and which lines are logged.
 */
#include "tap.h"

#include "io/log-sink.h"
#include "lib.h"
#include "str.h"

static char logged[512];
static unsigned int lines, formatted;

static void keep(const char *file ATTR_UNUSED, int level ATTR_UNUSED, const char *text,
                 void *context ATTR_UNUSED)
{
    (void)i_strocpy(logged, text, sizeof logged);
    lines++;
}

static const char *formatting(void)
{
    formatted++;
    return "expensive";
}

struct user {
    struct event *event;
};

static void test_prefixes(void)
{
    struct user user = {event_create(NULL)};
    struct event *box = event_create(user.event), *mail = event_create(box);

    event_set_append_log_prefix(user.event, "user(joe): ");
    event_set_append_log_prefix(box, "Mailbox INBOX: ");
    e_error(user.event, "over %s", "quota");
    is_str(logged, "user(joe): over quota", "a line has its event's prefix");
    e_info(mail, "saved");
    is_str(logged, "user(joe): Mailbox INBOX: saved", "after those of its parents");
    event_set_append_log_prefix(mail, "UID 1: ");
    event_drop_parent_log_prefixes(mail, 1);
    e_info(mail, "saved");
    is_str(logged, "user(joe): UID 1: saved", "the nearest of which can be dropped");
    event_replace_log_prefix(box, "box: ");
    event_drop_parent_log_prefixes(mail, 0);
    e_info(mail, "saved");
    is_str(logged, "box: UID 1: saved", "or replaced, with all above it");
    i_set_failure_prefix("process: ");
    e_info(mail, "saved");
    is_str(logged, "box: UID 1: saved", "and with the process's");
    i_unset_failure_prefix();
    event_unref(&mail);
    event_unref(&box);
    event_unref(&user.event);
    ok(user.event == NULL, "unref forgets the pointer");
}

static const char *number_prefix(int *number)
{
    return t_strdup_printf("%d: ", ++*number);
}

static const char *shout(char *mark, enum log_type type, const char *message)
{
    return t_strdup_printf("%s%s%s", t_str_ucase(message), mark,
                           type == LOG_TYPE_ERROR ? mark : "");
}

static void test_callbacks(void)
{
    int number = 0;
    char mark[] = "!";
    struct event *parent = event_create(NULL), *child = event_create(parent);

    event_set_log_prefix_callback(parent, FALSE, number_prefix, &number);
    e_info(child, "a");
    e_info(child, "b");
    is_str(logged, "2: b", "a prefix can be made when it is needed");
    event_set_log_message_callback(parent, shout, &mark[0]);
    e_error(child, "help");
    is_str(logged, "3: HELP!!", "and the text changed by a parent");
    event_replace_log_prefix(child, "child: ");
    e_error(child, "help");
    is_str(logged, "child: help", "but not by one whose prefix was replaced");
    event_unref(&child);
    event_unref(&parent);
}

static void test_levels(void)
{
    struct event *event = event_create(NULL), *child;

    lines = 0;
    e_debug(event, "%s", formatting());
    is_int(lines + formatted, 0, "an unwanted debug line is not even formatted");
    event_set_forced_debug(event, FALSE);
    ok(!event_want_debug(event), "forcing with FALSE does nothing");
    event_set_forced_debug(event, TRUE);
    child = event_create(event);
    e_debug(child, "%s", formatting());
    is_int(lines, 1, "forced debug is logged, and inherited");
    event_unset_forced_debug(child);
    ok(!event_want_debug(child), "it can be taken back");
    storage_log_debug(TRUE);
    ok(event_want_debug(child), "the host can want all");
    storage_log_debug(FALSE);
    event_set_min_log_level(child, LOG_TYPE_ERROR);
    e_warning(child, "quiet");
    e_log(child, LOG_TYPE_INFO, "quiet");
    is_int(lines, 1, "lines below the least level are not logged");
    e_log(child, LOG_TYPE_ERROR, "loud");
    is_int(lines, 2, "those from it on are");
    event_set_always_log_source(child);
    e_error(child, "where?");
    ok(strstr(logged, "events.c:") != NULL && strstr(logged, ": where?") != NULL,
       "a line can say where it comes from");
    event_unref(&child);
    event_unref(&event);
}

static void test_fields(void)
{
    struct event *parent = event_create(NULL), *event = event_create(parent), *copy;
    const struct event_add_field added[] = {{.key = "a", .value = "text"},
                                            {.key = "b", .value_intmax = 7},
                                            {.key = "c", .value_timeval = {12, 34}},
                                            {.key = NULL}};
    unsigned int count;

    event_add_str(parent, "user", "joe");
    event_add_int(event, "uid", 4294967296);
    event_add_str(event, "nothing", NULL);
    is_str(event_find_field_recursive_str(event, "uid"), "4294967296", "numbers are fields");
    is_str(event_find_field_recursive_str(event, "user"), "joe", "parents' fields are seen");
    ok(event_find_field_nonrecursive(event, "user") == NULL, "but not as one's own");
    ok(event_find_field_recursive(event, "nothing") == NULL, "NULL adds nothing");
    event_add_str(event, "user", "jane");
    is_str(event_find_field_recursive_str(event, "user"), "jane", "a field hides its parent's");
    event_field_clear(event, "user");
    is_str(event_find_field_recursive_str(event, "user"), "", "also when cleared");
    event_add_fields(event, added);
    is_str(event_find_field_recursive_str(event, "c"), "12.000034", "times are fields");
    event_inc_int(event, "b", 3);
    event_inc_int(event, "new", 5);
    event_add_int_nonzero(event, "zero", 0);
    is_str(event_find_field_recursive_str(event, "b"), "10", "numbers can be added to");
    is_str(event_find_field_recursive_str(event, "new"), "5", "even if they are not there");
    event_strlist_append(event, "list", "x");
    event_strlist_append(event, "list", "y");
    event_strlist_append(event, "list", "x");
    is_str(event_find_field_recursive_str(event, "list"), "x,y", "a list has each value once");
    event_strlist_replace(event, "list", (const char *const[]){"z"}, 1);
    event_strlist_append(parent, "list", "p");
    is_str(event_find_field_recursive_str(event, "list"), "z", "a list can be replaced");
    event_strlist_copy_recursive(parent, event, "list");
    is_str(event_find_field_recursive_str(parent, "list"), "p,z", "or gathered");
    copy = event_dup(event);
    ok(event_has_all_fields(copy, event) && event_has_all_fields(event, copy), "a copy has all");
    event_add_int(event, "uid", 1);
    ok(!event_has_all_fields(copy, event), "until one changes");
    (void)event_get_fields(event, &count);
    is_int(count, 7, "fields can be listed");
    event_unref(&copy);
    event_unref(&event);
    event_unref(&parent);
}

static struct event_category mail_category = {.name = "mail"};
static struct event_category same_mail_category = {.name = "mail"};
static struct event_category sub_category = {.parent = &mail_category, .name = "sub"};

static void test_categories(void)
{
    struct event *event = event_create(NULL), *other = event_create(NULL);
    unsigned int count;

    event_add_category(event, &mail_category);
    event_add_category(event, &same_mail_category);
    event_add_categories(event, (struct event_category *const[]){&sub_category, NULL});
    (void)event_get_categories(event, &count);
    is_int(count, 2, "a category counts once, whoever defined it");
    event_add_category(other, &same_mail_category);
    ok(event_has_all_categories(event, other), "they are compared by name");
    ok(!event_has_all_categories(other, event), "all of them");
    event_copy_categories(other, event);
    ok(event_has_all_categories(other, event), "and can be copied");
    event_unref(&event);
    event_unref(&other);
}

static void test_passthrough(void)
{
    struct event *parent = event_create(NULL);

    event_set_append_log_prefix(parent, "box: ");
    e_info(event_create_passthrough(parent)
               ->set_name("mail_moved")
               ->append_log_prefix("UID 3: ")
               ->add_str("key", "value")
               ->add_int("uid", 3)
               ->event(),
           "moved");
    is_str(logged, "box: UID 3: moved", "a passthrough event is made for one line");
    e_debug(event_create_passthrough(parent)->set_name("x")->event(), "not wanted");
    is_str(logged, "box: UID 3: moved", "and freed even if the line is not wanted");
    event_unref(&parent);
}

static void test_event_log(void)
{
    struct event *user = event_create(NULL), *box = event_create(user), *mail = event_create(box);
    string_t *text = t_str_new(16);
    struct event_log_params params = {.log_type = LOG_TYPE_INFO,
                                      .base_event = box,
                                      .base_str_out = text,
                                      .base_send_prefix = "[sent] ",
                                      .base_str_prefix = "[text] "};

    event_set_append_log_prefix(user, "user: ");
    event_set_append_log_prefix(box, "box: ");
    event_set_append_log_prefix(mail, "mail: ");
    event_log(mail, &params, "a message that is longer than what the string held at first, %d", 1);
    is_str(logged,
           "user: box: [sent] mail: a message that is longer than what the string held at first, 1",
           "a prefix can be put at the base event");
    is_str(str_c(text),
           "[text] mail: a message that is longer than what the string held at first, 1",
           "and a line shared with somebody who shall not see what is above it");
    str_truncate(text, 0);
    lines = 0;
    params.no_send = TRUE;
    event_log(mail, &params, "again");
    is_int(lines, 0, "it need not be logged at all");
    is_str(str_c(text), "[text] mail: again", "for that");
    event_unref(&mail);
    event_unref(&box);
    event_unref(&user);
}

static void test_reasons(void)
{
    struct event *event = event_create(NULL);
    struct event_reason *outer, *inner;

    is_str(event_reason_code("trash", "Clean Up-now"), "trash:clean_up_now", "reasons are spelled");
    is_str(event_reason_code_prefix("trash", "auto_", "Clean"), "trash:auto_clean", "alike");
    outer = event_reason_begin("trash:clean");
    inner = event_reason_begin("trash:delete");
    is_str(event_find_field_recursive_str(event, EVENT_REASON_CODE), "trash:delete",
           "the newest reason is seen from every event");
    event_strlist_copy_recursive(event, event_get_global(), EVENT_REASON_CODE);
    is_str(event_find_field_recursive_str(event, EVENT_REASON_CODE), "trash:delete,trash:clean",
           "and all can be kept");
    event_reason_end(&inner);
    event_reason_end(&outer);
    ok(event_get_global() == NULL, "they end");
    event_unref(&event);
}

static void bad_reason(void)
{
    (void)event_reason_code("Trash", "x");
}

static void pop_in_wrong_order(void)
{
    struct event *first = event_create(NULL), *second = event_create(NULL);

    event_push_global(first);
    event_push_global(second);
    event_pop_global(first);
}

static void test_pointers_and_times(void)
{
    struct event *event = event_create(NULL);
    struct timeval tv;
    uintmax_t usecs;
    int value;

    event_set_ptr(event, "key", &value);
    ok(event_get_ptr(event, "key") == &value, "an event keeps pointers");
    ok(event_get_ptr(event, "other") == NULL, "by name");
    ok(!event_get_last_send_time(event, &tv), "nothing was sent yet");
    event_get_last_duration(event, &usecs);
    is_int((intmax_t)usecs, 0, "so it took no time");
    e_info(event, "sent");
    ok(event_get_last_send_time(event, &tv) && tv.tv_sec > 0, "then it was");
    event_unref(&event);
}

int main(void)
{
    lib_init();
    storage_log_to(keep, NULL);
    test_prefixes();
    test_callbacks();
    test_levels();
    test_fields();
    test_categories();
    test_passthrough();
    test_event_log();
    test_reasons();
    ok(panics(bad_reason), "a misspelled reason panics");
    ok(panics(pop_in_wrong_order), "global events are popped in order");
    test_pointers_and_times();
    lib_deinit();
    return done();
}
