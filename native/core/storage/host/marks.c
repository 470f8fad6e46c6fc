/*
 * Flags by their names in IMAP (RFC 9051 section 2.3.2).
 */
#include "host/marks.h"

#include "array.h"
#include "imap-util.h"
#include "mail-storage.h"

int marks_read(struct operation *operation, enum mail_flags *flags_r,
               const char *const **keywords_r)
{
    const char *const *names = value_texts(&operation->arguments, "flags");
    ARRAY(const char *) keywords;

    *flags_r = 0;
    t_array_init(&keywords, 4);
    for (; *names != NULL; names++) {
        enum mail_flags flag = **names == '\\' ? imap_parse_system_flag(*names) : 0;

        if (**names == '\\' && (flag == 0 || flag == MAIL_RECENT))
            return operation_fail(operation, MAIL_ERROR_PARAMS, "%s is no flag that can be set",
                                  *names);
        if (flag == 0)
            array_push_back(&keywords, names);
        *flags_r |= flag;
    }
    for (names = value_texts(&operation->arguments, "keywords"); *names != NULL; names++)
        array_push_back(&keywords, names);
    array_append_zero(&keywords);
    *keywords_r = array_front(&keywords);
    return 0;
}

int marks_keywords(struct operation *operation, struct mailbox *box, const char *const *names,
                   struct mail_keywords **keywords_r)
{
    *keywords_r = NULL;
    if (*names == NULL || mailbox_keywords_create(box, names, keywords_r) == 0)
        return 0;
    return operation_fail_box(operation, box);
}

void marks_write_flags(vsmtp_out *out, enum mail_flags flags)
{
    static const struct {
        enum mail_flags flag;
        const char *name;
    } names[] = {{MAIL_ANSWERED, "\\Answered"}, {MAIL_FLAGGED, "\\Flagged"},
                 {MAIL_DELETED, "\\Deleted"},   {MAIL_SEEN, "\\Seen"},
                 {MAIL_DRAFT, "\\Draft"},       {MAIL_RECENT, "\\Recent"}};

    vsmtp_out_begin_array(out);
    for (size_t i = 0; i < N_ELEMENTS(names); i++) {
        if ((flags & names[i].flag) != 0)
            vsmtp_out_string(out, names[i].name);
    }
    vsmtp_out_end(out);
}

void marks_write_keywords(vsmtp_out *out, const char *const *keywords)
{
    vsmtp_out_begin_array(out);
    for (; keywords != NULL && *keywords != NULL; keywords++)
        vsmtp_out_string(out, *keywords);
    vsmtp_out_end(out);
}
