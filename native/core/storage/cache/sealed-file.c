/*
 * Readers never see a half of a file: it is written beside and renamed. Who writes holds a lock on the
 * file beside, so that what a killed process has left there is simply used again.
 */
#include "cache/sealed-file.h"

#include "cache/digest.h"

#include "mail-storage-private.h"
#include "read-full.h"
#include "write-full.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGE_PAGE = 2 * 1024 * 1024 };

const char *cache_path(struct mailbox *box, const char *name)
{
    const char *directory;

    if ((box->flags & MAILBOX_FLAG_NO_INDEX_FILES) != 0 ||
        mailbox_get_path_to(box, MAILBOX_LIST_PATH_TYPE_INDEX, &directory) <= 0)
        return NULL;
    return t_strconcat(directory, "/", name, NULL);
}

/* ---- Reading ----------------------------------------------------------------------------------- */

static bool is_whole(const struct cache_seal *seal, uint64_t format, size_t size)
{
    return seal->format == format && seal->size == size &&
           seal->digest == cache_digest(seal + 1, size - sizeof *seal);
}

/* Unlike memory of pools it is not filled with zeros first. Large blocks ask for large pages: without them
   a page fault for each 4 KiB costs more than reading them. */
static void *take_memory(size_t size)
{
    size_t rounded = (size + LARGE_PAGE - 1) & ~(size_t)(LARGE_PAGE - 1);
    void *block;

    if (size < LARGE_PAGE)
        return malloc(size);
    block = aligned_alloc(LARGE_PAGE, rounded);
    if (block != NULL)
        (void)madvise(block, rounded, MADV_HUGEPAGE);
    return block;
}

static void *read_block(int fd, uint64_t format, size_t *size_r)
{
    struct stat st;
    void *block;

    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size < (off_t)sizeof(struct cache_seal))
        return NULL;
    *size_r = (size_t)st.st_size;
    block = take_memory(*size_r);
    if (block != NULL && read_full(fd, block, *size_r) > 0 && is_whole(block, format, *size_r))
        return block;
    free(block);
    return NULL;
}

void *cache_sealed_read(struct mailbox *box, const char *name, uint64_t format, size_t *size_r)
{
    const char *path = cache_path(box, name);
    void *block;
    int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0)
        return NULL;
    block = read_block(fd, format, size_r);
    (void)close(fd);
    return block;
}

/* ---- Writing ----------------------------------------------------------------------------------- */

static int create(const struct mailbox_permissions *perm, const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, perm->file_create_mode);

    if (fd < 0)
        return -1;
    if (perm->file_create_gid != (gid_t)-1)
        (void)!fchown(fd, (uid_t)-1, perm->file_create_gid);
    if ((perm->file_create_mode & 077) != 0)
        (void)fchmod(fd, perm->file_create_mode);
    return fd;
}

int cache_create(struct mailbox *box, const char *path)
{
    const struct mailbox_permissions *perm = mailbox_get_permissions(box);
    int fd = create(perm, path), made;

    if (fd >= 0 || errno != ENOENT)
        return fd;
    mail_storage_last_error_push(box->storage);
    made = mailbox_create_missing_dir(box, MAILBOX_LIST_PATH_TYPE_INDEX);
    mail_storage_last_error_pop(box->storage);
    return made < 0 ? -1 : create(perm, path);
}

bool cache_has_name(int fd, const char *path)
{
    struct stat st, named;

    return fstat(fd, &st) == 0 && stat(path, &named) == 0 && st.st_ino == named.st_ino &&
           st.st_dev == named.st_dev;
}

static bool fill(int fd, const buffer_t *content)
{
    return ftruncate(fd, 0) == 0 && write_full(fd, content->data, content->used) == 0;
}

bool cache_replace(struct mailbox *box, const char *name, const buffer_t *content)
{
    const char *path = cache_path(box, name);
    const char *beside = path == NULL ? NULL : t_strconcat(path, ".tmp", NULL);
    int fd = path == NULL ? -1 : cache_create(box, beside);
    bool replaced = FALSE;

    if (fd < 0)
        return FALSE;
    /* another writer may have renamed the file while this one waited */
    if (flock(fd, LOCK_EX | LOCK_NB) == 0 && cache_has_name(fd, beside)) {
        replaced = fill(fd, content) && rename(beside, path) == 0;
        if (!replaced)
            (void)unlink(beside);
    }
    (void)close(fd);
    return replaced;
}

void cache_sealed_write(struct mailbox *box, const char *name, uint64_t format, buffer_t *block)
{
    struct cache_seal *seal = buffer_get_modifiable_data(block, NULL);

    seal->format = format;
    seal->size = block->used;
    seal->digest = cache_digest(seal + 1, block->used - sizeof *seal);
    (void)cache_replace(box, name, block);
}
