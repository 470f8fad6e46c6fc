/*
 * What lies in the snapshot file, for those who write it and who read it.
 */
#ifndef MAILDIR_SNAPSHOT_FORMAT_H
#define MAILDIR_SNAPSHOT_FORMAT_H

#include "cache/sealed-file.h"
#include "guid.h"
#include "maildir/snapshot.h"

/* "vsmtpix" and the version, which changes with the structs below. */
#define SNAPSHOT_FORMAT UINT64_C(0x76736d7470697801)

enum { MAIL_IN_NEW = 0x01, MAIL_HAS_INFO = 0x02, MAIL_IS_VERBATIM = 0x04 };

struct snapshot_mail {
    uint32_t uid;
    uint32_t base; /* offset of its name; a verbatim info follows it as another string */
    uint32_t ext;  /* offset */
    uint32_t letters;
    uint8_t flags, bits, unused[2];
};

struct snapshot_dir {
    uint64_t inode;
    int64_t mtime[2], read_at[2];
};

struct snapshot {
    struct cache_seal seal;
    uint64_t inode, size; /* of the uidlist */
    int64_t mtime[2];
    uint64_t edges;
    struct snapshot_dir new_dir, cur_dir;
    guid_128_t guid;
    uint32_t uid_validity, next_uid, dead_count;
    uint32_t mails;
    uint32_t names_size, exts_size; /* exts begins with an empty one and the rest of the header */
    struct snapshot_mail mail[];
};

/** A digest of the bytes at both ends of the first `size` ones of a uidlist. */
bool maildir_snapshot_digest_edges(int fd, uoff_t size, uint64_t *digest_r);

#endif
