/*
 * Two files with one base name: never made by a Maildir's writers, but by crashes and by hand.
 */
#ifndef MAILDIR_DUPLICATES_H
#define MAILDIR_DUPLICATES_H

struct maildir_scan;

/** Removes second names of the same file, renames other files so that they become mails of their own. */
void maildir_resolve_duplicates(struct maildir_scan *scan);

#endif
