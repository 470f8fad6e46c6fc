/*
 * Reading the uidlist: all of it once, then what was appended, and all again when it was replaced.
 * Version 1 is read too, and becomes version 3 with the next write.
 */
#include "maildir/uidlist.h"

#include "maildir/failure.h"
#include "maildir/mailbox.h"
#include "maildir/uidlist-format.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Adds the records of whole lines. False: uids do not ascend, so none of them means anything. */
static bool parse_records(struct maildir_uidlist *list, unsigned int version, char *text, char *end)
{
    while (text < end) {
        char *line = text, *line_end = memchr(text, '\n', (size_t)(end - text));
        const char *ext, *base;
        uint32_t uid;

        if (line_end == NULL)
            break;
        *line_end = '\0';
        text = line_end + 1;
        list->read_size += (uoff_t)(text - line);
        if (!maildir_uidlist_parse_record(version, line, &uid, &ext, &base)) {
            e_error(list->box->event, "%s: broken record for UID %s", list->path,
                    t_strcut(line, ' '));
            list->rewrite = TRUE;
            continue;
        }
        if (array_not_empty(&list->recs) && uid <= array_back(&list->recs)->uid) {
            e_error(list->box->event, "%s: UID %u stands after UID %u", list->path, uid,
                    array_back(&list->recs)->uid);
            return FALSE;
        }
        (void)maildir_uidlist_add(list, uid, base, maildir_base_length(base), ext);
        list->unseen = TRUE;
    }
    return TRUE;
}

/* ---- The whole file ---------------------------------------------------------------------------- */

static void clear(struct maildir_uidlist *list)
{
    list->pool = pool_alloconly_create(MEMPOOL_GROWING "maildir uidlist", 4096);
    list->block = NULL;
    i_array_init(&list->recs, 64);
    list->slots = NULL;
    list->slot_count = 0;
    list->dead_count = 0;
    list->uid_validity = 0;
    list->next_uid = 1;
    list->header_rest = "";
    list->rewrite = FALSE;
    list->read_size = 0;
    guid_128_empty(list->guid);
}

/* What the old records knew of files is still true. */
static void carry_over(struct maildir_uidlist *list, struct maildir_uidlist *old)
{
    struct maildir_rec *rec;

    if (array_is_empty(&old->recs))
        return;
    array_foreach_modifiable(&old->recs, rec)
    {
        const struct maildir_rec *now = maildir_uidlist_lookup(list, rec->uid);

        if (!rec->dead && rec->scan != 0 && now != NULL && strcmp(now->base, rec->base) != 0)
            list->renumbered = TRUE;
    }
    array_foreach_modifiable(&list->recs, rec)
    {
        const struct maildir_rec *was = maildir_uidlist_find(old, rec->base);

        if (was == NULL)
            continue;
        rec->scan = was->scan;
        rec->in_new = was->in_new;
        maildir_rec_set_info(list, rec, &was->info);
        if (was->dead && was->uid == rec->uid && old->uid_validity == list->uid_validity)
            maildir_uidlist_kill(list, rec);
    }
}

static void parse_file(struct maildir_uidlist *list, char *text, size_t size)
{
    char *end = text + size, *header_end = memchr(text, '\n', size);
    struct maildir_uidlist_header header;

    if (header_end == NULL || (*header_end = '\0', !maildir_uidlist_parse_header(text, &header))) {
        if (size > 0)
            e_error(list->box->event, "%s: broken header", list->path);
        return;
    }
    list->uid_validity = header.uid_validity;
    list->next_uid = I_MAX(1, header.next_uid);
    guid_128_copy(list->guid, header.guid);
    list->header_rest = p_strdup(list->pool, str_c(header.rest));
    list->read_size = (uoff_t)(header_end + 1 - text);
    list->rewrite = header.version != 3 || guid_128_is_empty(header.guid);
    if (!parse_records(list, header.version, header_end + 1, end)) {
        array_clear(&list->recs);
        i_free(list->slots);
        list->slot_count = list->dead_count = 0;
        list->uid_validity = 0;
        list->next_uid = 1;
    }
}

static void read_all(struct maildir_uidlist *list, char *text, const struct stat *st, size_t size)
{
    struct maildir_uidlist old = *list;

    clear(list);
    T_BEGIN
    {
        parse_file(list, text, size);
    }
    T_END;
    if (list->uid_validity == 0)
        list->rewrite = TRUE;
    list->device = st->st_dev;
    list->inode = st->st_ino;
    carry_over(list, &old);
    array_free(&old.recs);
    i_free(old.slots);
    pool_unref(&old.pool);
    free(old.block);
}

/* ---- What is new ------------------------------------------------------------------------------- */

/* Reads what `st` says is new. */
static int read_new(struct maildir_uidlist *list, int fd, const struct stat *st)
{
    bool appended = list->inode == st->st_ino && list->device == st->st_dev &&
                    list->read_size > 0 && (uoff_t)st->st_size >= list->read_size;
    uoff_t offset = appended ? list->read_size : 0;
    size_t size = (size_t)((uoff_t)st->st_size - offset);
    char *text;

    if (appended && size == 0)
        return 0;
    text = i_malloc(size + 1);
    if (maildir_uidlist_read_range(list, fd, text, offset, &size) < 0) {
        i_free(text);
        return -1;
    }
    if (!appended) {
        read_all(list, text, st, size);
    } else if (!parse_records(list, 3, text, text + size)) {
        /* read the whole again, which begins a new list */
        list->inode = 0;
        list->read_size = 0;
        i_free(text);
        return read_new(list, fd, st);
    }
    i_free(text);
    return appended && list->read_size == offset ? 0 : 1;
}

int maildir_uidlist_refresh(struct maildir_uidlist *list)
{
    struct stat st;
    int fd, result;

    if (list->read_size > 0 && stat(list->path, &st) == 0 && st.st_ino == list->inode &&
        st.st_dev == list->device && (uoff_t)st.st_size == list->read_size)
        return 0;
    fd = open(list->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        list->rewrite = TRUE;
        return 0;
    }
    if (fd < 0)
        return maildir_failed(list->box, "open", list->path);
    if (fstat(fd, &st) < 0)
        result = maildir_failed(list->box, "fstat", list->path);
    else
        result = read_new(list, fd, &st);
    (void)close(fd);
    return result;
}
