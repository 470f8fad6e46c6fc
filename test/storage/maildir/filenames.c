/*
 * Names of files in a Maildir.
 */
#include "lib.h"

#include "maildir/filename.h"
#include "tap.h"

static const char *again(const char *name)
{
    struct maildir_info info;
    string_t *text = t_str_new(64);

    maildir_info_parse(name, &info);
    str_append_data(text, name, maildir_base_length(name));
    maildir_info_append(text, &info);
    return str_c(text);
}

static const char *changed(const char *name, uint8_t flags, uint32_t letters)
{
    struct maildir_info info;
    string_t *text = t_str_new(64);

    maildir_info_parse(name, &info);
    str_append_data(text, name, maildir_base_length(name));
    maildir_info_append_changed(text, &info, flags, letters);
    return str_c(text);
}

static void names_are_kept(void)
{
    static const char *const names[] = {"1.M2P3.host,S=4,W=5", "1.host:2,",    "1.host:2,FS",
                                        "1.host:2,Sac",        "1.host:2,SF",  "1.host:2,XS",
                                        "1.host:2,S,rest",     "1.host:1,exp", "1.host:2,SS"};

    for (unsigned int i = 0; i < N_ELEMENTS(names); i++)
        is_str(again(names[i]), names[i], "%s is read and written as it is", names[i]);
}

static void flags_are_read(void)
{
    struct maildir_info info;

    maildir_info_parse("1.host:2,DFRSTac", &info);
    is_int(info.flags, MAIL_FLAGS_NONRECENT, "all flags are read");
    is_int(info.letters, 5, "and letters of keywords");
    maildir_info_parse("1.host,S=9", &info);
    ok(!info.present && info.flags == 0, "a name without info has none");
}

static void changes_keep_the_rest(void)
{
    is_str(changed("1.host", MAIL_SEEN, 0), "1.host:2,S", "flags are added");
    is_str(changed("1.host:2,S", MAIL_SEEN | MAIL_DRAFT | MAIL_ANSWERED, 3), "1.host:2,DRSab",
           "in ASCII order");
    is_str(changed("1.host:2,XSZ,rest", MAIL_FLAGGED, 0), "1.host:2,FXZ,rest",
           "what is not known stays");
    is_str(changed("1.host:2,Sab", 0, 0), "1.host:2,", "flags are removed");
    is_str(changed("1.host:1,exp", MAIL_SEEN, 0), "1.host:2,S", "another format gives way");
}

static void sizes_are_read(void)
{
    uoff_t size;

    ok(maildir_base_size("1.host,S=12,W=34", 'S', &size) && size == 12, "a size is read");
    ok(maildir_base_size("1.host,S=12,W=34", 'W', &size) && size == 34, "and the other");
    ok(maildir_base_size("1.host,S=12:2,S", 'S', &size) && size == 12, "before the flags");
    ok(!maildir_base_size("1.host,S=12", 'W', &size), "one that is not there is not");
    ok(!maildir_base_size("1.host,S=1x", 'S', &size), "nor one that is no number");
    ok(!maildir_base_size("1.host,S=", 'S', &size), "nor an empty one");
    ok(!maildir_base_size("1.host:2,S=12", 'S', &size), "nor one among the flags");
}

static void bases_are_unique(void)
{
    const char *before = "", *base;
    bool ascend = TRUE;

    for (unsigned int i = 0; i < 1000; i++) {
        base = maildir_base_generate();
        ascend = ascend && maildir_base_compare(before, base) < 0;
        before = base;
    }
    ok(ascend, "each new base is later than the one before");
    ok(maildir_base_is_valid(before), "and valid");
    ok(!maildir_base_is_valid("a/b") && !maildir_base_is_valid("a:b") &&
           !maildir_base_is_valid("a,b") && !maildir_base_is_valid(".a") &&
           !maildir_base_is_valid(""),
       "what would not be a base is none");
    ok(maildir_base_compare("9.M10P1.a", "10.M1P1.a") < 0, "seconds are compared as numbers");
    ok(maildir_base_compare("9.M9P1.a", "9.M10P1.a") < 0, "and microseconds");
}

int main(void)
{
    lib_init();
    T_BEGIN
    {
        names_are_kept();
        flags_are_read();
        changes_keep_the_rest();
        sizes_are_read();
        bases_are_unique();
    }
    T_END;
    lib_deinit();
    return done();
}
