/* What is called for operations on mailboxes. */
#include "recording.h"

static void select_box(void)
{
    struct mailbox_status status;
    struct mailbox *box;

    record();
    box = box_alloc(user, "INBOX");
    ok(mailbox_open(box) == 0 && mailbox_sync(box, MAILBOX_SYNC_FLAG_FULL_READ) == 0,
       "INBOX is opened");
    mailbox_get_open_status(box, STATUS_MESSAGES | STATUS_UIDNEXT | STATUS_UIDVALIDITY, &status);
    compare("select");
    mailbox_free(&box);
}

static void subscribe(void)
{
    struct mailbox *box = box_alloc(user, "Work");

    record();
    ok(mailbox_set_subscribed(box, TRUE) == 0, "Work is subscribed");
    compare("subscribe");
    mailbox_free(&box);
}

static void rename_box(void)
{
    struct mailbox *box = box_alloc(user, "Work"), *dest = box_alloc(user, "Play");

    record();
    ok(mailbox_rename(box, dest) == 0, "Work becomes Play");
    compare("rename");
    mailbox_free(&box);
    mailbox_free(&dest);
}

static void delete_box(void)
{
    struct mailbox *box;

    record();
    box = box_alloc(user, "Play");
    ok(mailbox_delete(box) == 0, "Play is deleted");
    mailbox_free(&box);
    compare("delete");
}

int main(void)
{
    struct mailbox *box;

    traced_user();
    box = box_open(user, "Work");
    for (unsigned int i = 0; i < 2; i++)
        ok(box_save(box, "Subject: one\n\nhello\n") == 0, "a mail is saved");
    mailbox_free(&box);
    select_box();
    subscribe();
    rename_box();
    delete_box();
    return traced_end();
}
