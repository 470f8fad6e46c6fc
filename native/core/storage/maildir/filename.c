/*
 * Reading and writing file names. What we do not know in a name is kept when the rest is changed.
 */
#include "maildir/filename.h"

#include "hostpid.h"

#include <sys/time.h>

/* In the order of their letters, which is the one they are written in. */
static const struct {
    char letter;
    uint8_t flag;
} known_flags[] = {{'D', MAIL_DRAFT},
                   {'F', MAIL_FLAGGED},
                   {'R', MAIL_ANSWERED},
                   {'S', MAIL_SEEN},
                   {'T', MAIL_DELETED}};

size_t maildir_base_length(const char *name)
{
    return (size_t)(strchrnul(name, MAILDIR_INFO_SEP) - name);
}

static uint8_t flag_of(char letter)
{
    for (unsigned int i = 0; i < N_ELEMENTS(known_flags); i++) {
        if (known_flags[i].letter == letter)
            return known_flags[i].flag;
    }
    return 0;
}

/* Whether flags and letters say all that stands in `text`, and in the order they would be written. */
static bool parse_flags(const char *text, struct maildir_info *info)
{
    bool usual = TRUE;
    char before = '\0';

    for (; *text != '\0' && *text != ','; before = *text++) {
        uint8_t flag = flag_of(*text);

        usual = usual && *text > before;
        if (flag != 0)
            info->flags |= flag;
        else if (*text >= 'a' && *text <= 'z')
            info->letters |= UINT32_C(1) << (*text - 'a');
        else
            usual = FALSE;
    }
    return usual && *text == '\0';
}

void maildir_info_parse(const char *name, struct maildir_info *info_r)
{
    const char *text = name + maildir_base_length(name);

    i_zero(info_r);
    if (*text == '\0')
        return;
    if (!str_begins(text, ":2,")) {
        info_r->verbatim = text;
        return;
    }
    info_r->present = TRUE;
    if (!parse_flags(text + 3, info_r))
        info_r->verbatim = text;
}

/* Letters in ASCII order: those of flags and keywords, and unknown ones of `text`. */
static void append_letters(string_t *name, const char *text, uint8_t flags, uint32_t letters)
{
    bool set[UCHAR_MAX + 1] = {FALSE};

    for (; *text != '\0' && *text != ','; text++)
        set[(unsigned char)*text] = flag_of(*text) == 0 && (*text < 'a' || *text > 'z');
    for (unsigned int i = 0; i < N_ELEMENTS(known_flags); i++)
        set[(unsigned char)known_flags[i].letter] = (flags & known_flags[i].flag) != 0;
    for (unsigned int i = 0; i < MAILDIR_KEYWORDS_MAX; i++)
        set['a' + i] = (letters & (UINT32_C(1) << i)) != 0;
    for (unsigned int i = 0; i < N_ELEMENTS(set); i++) {
        if (set[i])
            str_append_c(name, (unsigned char)i);
    }
}

void maildir_info_append(string_t *name, const struct maildir_info *info)
{
    if (info->verbatim != NULL)
        str_append(name, info->verbatim);
    else if (info->present)
        maildir_info_append_changed(name, info, info->flags, info->letters);
}

void maildir_info_append_changed(string_t *name, const struct maildir_info *info, uint8_t flags,
                                 uint32_t letters)
{
    /* info in a format that is not ours is replaced */
    const char *text = info->present && info->verbatim != NULL ? info->verbatim + 3 : "";

    str_append(name, ":2,");
    append_letters(name, text, flags, letters);
    str_append(name, strchrnul(text, ','));
}

bool maildir_base_size(const char *base, char key, uoff_t *size_r)
{
    const char *end = base + maildir_base_length(base);

    for (const char *field = memchr(base, ',', (size_t)(end - base)); field != NULL;
         field = memchr(field + 1, ',', (size_t)(end - field - 1))) {
        if (field + 3 < end && field[1] == key && field[2] == '=') {
            const char *rest;

            return str_parse_uoff(field + 3, size_r, &rest) == 0 && (rest == end || *rest == ',');
        }
    }
    return FALSE;
}

/* A host's name as base names can have it. */
static const char *safe_host(void)
{
    string_t *host = t_str_new(64);

    for (const char *at = my_hostname; *at != '\0'; at++) {
        if (*at == '/' || *at == ':' || *at == ',')
            str_printfa(host, "\\%03o", (unsigned int)(unsigned char)*at);
        else
            str_append_c(host, *at);
    }
    return str_c(host);
}

const char *maildir_base_generate(void)
{
    static struct timeval last;
    struct timeval now;

    (void)gettimeofday(&now, NULL);
    /* this process never names two mails the same, even when the clock is set back */
    if (timercmp(&now, &last, <=)) {
        now = last;
        if (++now.tv_usec == 1000000) {
            now.tv_usec = 0;
            now.tv_sec++;
        }
    }
    last = now;
    return t_strdup_printf("%ld.M%ldP%s.%s", (long)now.tv_sec, (long)now.tv_usec, my_pid,
                           safe_host());
}

bool maildir_base_is_valid(const char *base)
{
    return *base != '\0' && *base != '.' && base[strcspn(base, "/:,")] == '\0';
}

int maildir_base_compare(const char *base1, const char *base2)
{
    unsigned long long time1 = strtoull(base1, NULL, 10), time2 = strtoull(base2, NULL, 10);

    if (time1 != time2)
        return time1 < time2 ? -1 : 1;
    base1 += strspn(base1, "0123456789");
    base2 += strspn(base2, "0123456789");
    if (str_begins(base1, ".M") && str_begins(base2, ".M")) {
        time1 = strtoull(base1 + 2, NULL, 10);
        time2 = strtoull(base2 + 2, NULL, 10);
        if (time1 != time2)
            return time1 < time2 ? -1 : 1;
    }
    return strcmp(base1, base2);
}
