/*
 * Letters and names. A letter, once given, keeps its name: the file only grows. It is written anew into
 * its dotlock; its mtime must grow with every version, because that is what other readers look at.
 */
#include "maildir/keywords.h"

#include "maildir/failure.h"
#include "maildir/filename.h"
#include "maildir/mailbox.h"

#include "file-dotlock.h"
#include "write-full.h"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define KEYWORDS_NAME "dovecot-keywords"
enum { LOCK_SECONDS = 60, MAX_FILE_SIZE = 64 * 1024, NO_INDEX = -1 };

struct maildir_keywords {
    struct mailbox *box;
    char *directory, *path;
    struct timespec mtime; /* of what was read */
    ino_t inode;
    char *names[MAILDIR_KEYWORDS_MAX]; /* NULL: the letter is free */
    int idx[MAILDIR_KEYWORDS_MAX];     /* in the index */
    bool changed;                      /* since maildir_keywords_refresh() has told so */
};

struct maildir_keywords *maildir_keywords_alloc(struct mailbox *box)
{
    struct maildir_keywords *keywords = i_new(struct maildir_keywords, 1);
    const char *directory;

    if (mailbox_get_path_to(box, MAILBOX_LIST_PATH_TYPE_CONTROL, &directory) <= 0)
        directory = mailbox_get_path(box);
    keywords->box = box;
    keywords->directory = i_strdup(directory);
    keywords->path = i_strconcat(directory, "/" KEYWORDS_NAME, NULL);
    return keywords;
}

static void forget_names(struct maildir_keywords *keywords)
{
    for (unsigned int i = 0; i < MAILDIR_KEYWORDS_MAX; i++)
        i_free(keywords->names[i]);
}

void maildir_keywords_free(struct maildir_keywords **_keywords)
{
    struct maildir_keywords *keywords = *_keywords;

    *_keywords = NULL;
    if (keywords == NULL)
        return;
    forget_names(keywords);
    i_free(keywords->directory);
    i_free(keywords->path);
    i_free(keywords);
}

static void set_name(struct maildir_keywords *keywords, unsigned int letter, const char *name)
{
    unsigned int idx;

    i_free(keywords->names[letter]);
    keywords->names[letter] = i_strdup(name);
    mail_index_keyword_lookup_or_create(keywords->box->index, name, &idx);
    keywords->idx[letter] = idx < 64 ? (int)idx : NO_INDEX;
}

static void parse(struct maildir_keywords *keywords, char *text)
{
    const char *const *lines = t_strsplit_spaces(text, "\r\n"), *name;
    unsigned int letter;

    forget_names(keywords);
    for (; *lines != NULL; lines++) {
        if (str_parse_uint(*lines, &letter, &name) < 0 || *name != ' ' || name[1] == '\0') {
            e_error(keywords->box->event, "%s: broken line: %s", keywords->path, *lines);
            continue;
        }
        /* others may keep more names than there are letters */
        if (letter < MAILDIR_KEYWORDS_MAX)
            set_name(keywords, letter, name + 1);
    }
}

/* 0 or -1. */
static int read_file(struct maildir_keywords *keywords)
{
    buffer_t *text;
    const char *error;
    struct stat st;

    if (stat(keywords->path, &st) < 0) {
        if (errno != ENOENT)
            return maildir_failed(keywords->box, "stat", keywords->path);
        return 0;
    }
    if (st.st_ino == keywords->inode && st.st_mtim.tv_sec == keywords->mtime.tv_sec &&
        st.st_mtim.tv_nsec == keywords->mtime.tv_nsec)
        return 0;
    text = t_buffer_create(1024);
    if (buffer_append_full_file(text, keywords->path, MAX_FILE_SIZE, &error) != BUFFER_APPEND_OK) {
        mailbox_set_critical(keywords->box, "read(%s) failed: %s", keywords->path, error);
        return -1;
    }
    parse(keywords, str_c_modifiable(text));
    keywords->inode = st.st_ino;
    keywords->mtime = st.st_mtim;
    keywords->changed = TRUE;
    return 0;
}

int maildir_keywords_refresh(struct maildir_keywords *keywords)
{
    bool changed;

    if (read_file(keywords) < 0)
        return -1;
    changed = keywords->changed;
    keywords->changed = FALSE;
    return changed ? 1 : 0;
}

uint64_t maildir_keywords_to_index(struct maildir_keywords *keywords, uint32_t letters)
{
    uint64_t bits = 0;

    letters &= (UINT32_C(1) << MAILDIR_KEYWORDS_MAX) - 1;
    for (; letters != 0; letters &= letters - 1) {
        int letter = __builtin_ctz(letters);

        if (keywords->names[letter] != NULL && keywords->idx[letter] != NO_INDEX)
            bits |= UINT64_C(1) << keywords->idx[letter];
    }
    return bits;
}

uint32_t maildir_keywords_to_letters(struct maildir_keywords *keywords, uint64_t index_bits)
{
    uint32_t letters = 0;

    for (unsigned int i = 0; i < MAILDIR_KEYWORDS_MAX; i++) {
        if (keywords->names[i] != NULL && keywords->idx[i] != NO_INDEX &&
            (index_bits & (UINT64_C(1) << keywords->idx[i])) != 0)
            letters |= UINT32_C(1) << i;
    }
    return letters;
}

/* ---- New keywords ------------------------------------------------------------------------------ */

int maildir_keywords_too_many(struct mailbox *box, const char *name)
{
    mail_storage_set_error(
        box->storage, MAIL_ERROR_LIMIT,
        t_strdup_printf("Keyword %s can't be set: the mailbox has %d keywords already", name,
                        MAILDIR_KEYWORDS_MAX));
    return -1;
}

bool maildir_keywords_have_room(struct maildir_keywords *keywords)
{
    for (unsigned int i = 0; i < MAILDIR_KEYWORDS_MAX; i++) {
        if (keywords->names[i] == NULL)
            return TRUE;
    }
    return FALSE;
}

/* Bits of the index without a letter. */
static uint64_t without_letter(struct maildir_keywords *keywords, uint64_t index_bits)
{
    uint32_t letters = maildir_keywords_to_letters(keywords, index_bits);

    return index_bits & ~maildir_keywords_to_index(keywords, letters);
}

static int give_letters(struct maildir_keywords *keywords, uint64_t missing)
{
    const ARRAY_TYPE(keywords) *names = mail_index_get_keywords(keywords->box->index);

    for (; missing != 0; missing &= missing - 1) {
        const char *name = *array_idx(names, (unsigned int)__builtin_ctzll(missing));
        unsigned int letter = 0;

        while (letter < MAILDIR_KEYWORDS_MAX && keywords->names[letter] != NULL)
            letter++;
        if (letter == MAILDIR_KEYWORDS_MAX)
            return maildir_keywords_too_many(keywords->box, name);
        set_name(keywords, letter, name);
    }
    return 0;
}

static string_t *format(const struct maildir_keywords *keywords)
{
    string_t *text = t_str_new(512);

    for (unsigned int i = 0; i < MAILDIR_KEYWORDS_MAX; i++) {
        if (keywords->names[i] != NULL)
            str_printfa(text, "%u %s\n", i, keywords->names[i]);
    }
    return text;
}

/* Writes the lock file with an mtime above the last one. */
static int write_lock_file(struct maildir_keywords *keywords, int fd, const char *path)
{
    const string_t *text = format(keywords);
    struct timespec times[2] = {{0}, {0}};
    struct stat st;

    if (write_full(fd, str_data(text), str_len(text)) < 0)
        return maildir_failed(keywords->box, "write", path);
    if (fstat(fd, &st) < 0)
        return maildir_failed(keywords->box, "fstat", path);
    /* some readers compare whole seconds */
    if (st.st_mtim.tv_sec <= keywords->mtime.tv_sec) {
        times[0].tv_nsec = UTIME_OMIT;
        times[1].tv_sec = keywords->mtime.tv_sec + 1;
        times[1].tv_nsec = 0;
        if (futimens(fd, times) < 0)
            return maildir_failed(keywords->box, "futimens", path);
    }
    if (keywords->box->storage->set->parsed_fsync_mode != FSYNC_MODE_NEVER && fdatasync(fd) < 0)
        return maildir_failed(keywords->box, "fdatasync", path);
    if (fstat(fd, &st) < 0)
        return maildir_failed(keywords->box, "fstat", path);
    keywords->inode = st.st_ino;
    keywords->mtime = st.st_mtim;
    return 0;
}

static int lock(struct maildir_keywords *keywords, struct dotlock **lock_r)
{
    const struct mailbox_permissions *perm = mailbox_get_permissions(keywords->box);
    struct mail_storage *storage = keywords->box->storage;
    struct dotlock_settings set;
    int fd;

    i_zero(&set);
    set.timeout = mail_storage_get_lock_timeout(storage, LOCK_SECONDS);
    set.stale_timeout = LOCK_SECONDS;
    set.use_excl_lock = storage->set->dotlock_use_excl;
    set.nfs_flush = storage->set->mail_nfs_storage;
    fd = file_dotlock_open_group(&set, keywords->path, 0, perm->file_create_mode,
                                 perm->file_create_gid, perm->file_create_gid_origin, lock_r);
    if (fd < 0 && errno == EAGAIN)
        mail_storage_set_error(storage, MAIL_ERROR_TEMP, MAIL_ERRSTR_LOCK_TIMEOUT);
    else if (fd < 0)
        (void)maildir_failed(keywords->box, "file_dotlock_open", keywords->path);
    return fd;
}

int maildir_keywords_create(struct maildir_keywords *keywords, uint64_t index_bits)
{
    struct dotlock *dotlock;
    int fd, result;

    if (read_file(keywords) < 0)
        return -1;
    if (without_letter(keywords, index_bits) == 0)
        return 0;
    if (mailbox_create_missing_dir(keywords->box, MAILBOX_LIST_PATH_TYPE_CONTROL) < 0)
        return -1;
    fd = lock(keywords, &dotlock);
    if (fd < 0)
        return -1;
    /* another process may have given letters while we waited */
    result = read_file(keywords);
    if (result == 0)
        result = give_letters(keywords, without_letter(keywords, index_bits));
    if (result == 0)
        result = write_lock_file(keywords, fd, file_dotlock_get_lock_path(dotlock));
    if (result < 0) {
        file_dotlock_delete(&dotlock);
        /* what was given a letter here only is forgotten again */
        keywords->inode = 0;
        forget_names(keywords);
        mail_storage_last_error_push(keywords->box->storage);
        (void)read_file(keywords);
        mail_storage_last_error_pop(keywords->box->storage);
        return -1;
    }
    if (file_dotlock_replace(&dotlock, 0) < 0)
        return maildir_failed(keywords->box, "rename", keywords->path);
    if (maildir_sync_directory(keywords->box, keywords->directory) < 0)
        return maildir_failed(keywords->box, "fsync", keywords->directory);
    return 0;
}
