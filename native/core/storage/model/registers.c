/*
 * The registers that hand out the numbers of plugins' contexts. One number of
 * mail_storage_module_register serves storages, mailboxes, transactions and searches.
 */
#include "mail-storage-private.h"

struct mail_user_module_register mail_user_module_register = {0};
struct mailbox_list_module_register mailbox_list_module_register = {0};
struct mail_storage_module_register mail_storage_module_register = {0};
struct mail_module_register mail_module_register = {0};
