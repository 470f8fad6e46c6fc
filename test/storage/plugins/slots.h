/*
 * Every method of the five tables, for plugins that override all of them.
 *
 * VALUE is for methods that return something, VOID for the others. Their arguments: the type (VALUE
 * only), the name, the parameters, the object that has the table, what the method is called with, and
 * a text that tells a reader of a trace what the name does not.
 */
#ifndef TEST_SLOTS_H
#define TEST_SLOTS_H

// clang-format off
#define USER_SLOTS(VALUE, VOID) \
    VOID(deinit, (struct mail_user *user), user, (user), "") \
    VOID(deinit_pre, (struct mail_user *user), user, (user), "") \
    VOID(stats_fill, (struct mail_user *user, struct stats *stats), user, (user, stats), "")

/* Without alloc, get_setting_parser_info, get_list_settings and autodetect, which no storage that
   exists is asked, but its class. */
#define STORAGE_SLOTS(VALUE, VOID) \
    VALUE(int, create, (struct mail_storage *storage, struct mail_namespace *ns, const char **error_r), \
        storage, (storage, ns, error_r), "") \
    VOID(destroy, (struct mail_storage *storage), storage, (storage), "") \
    VOID(add_list, (struct mail_storage *storage, struct mailbox_list *list), storage, (storage, list), "") \
    VALUE(struct mailbox *, mailbox_alloc, (struct mail_storage *storage, struct mailbox_list *list, \
        const char *vname, enum mailbox_flags flags), storage, (storage, list, vname, flags), vname) \
    VALUE(int, purge, (struct mail_storage *storage), storage, (storage), "") \
    VALUE(int, list_index_rebuild, (struct mail_storage *storage, \
        enum mail_storage_list_index_rebuild_reason reason), storage, (storage, reason), "")

/* Without alloc and init, which are over when a plugin sees the list. */
#define LIST_SLOTS(VALUE, VOID) \
    VOID(deinit, (struct mailbox_list *list), list, (list), "") \
    VALUE(int, get_storage, (struct mailbox_list **list, const char *vname, struct mail_storage **storage_r), \
        *list, (list, vname, storage_r), vname) \
    VALUE(char, get_hierarchy_sep, (struct mailbox_list *list), list, (list), "") \
    VALUE(const char *, get_vname, (struct mailbox_list *list, const char *name), list, (list, name), name) \
    VALUE(const char *, get_storage_name, (struct mailbox_list *list, const char *vname), \
        list, (list, vname), vname) \
    VALUE(int, get_path, (struct mailbox_list *list, const char *name, \
        enum mailbox_list_path_type type, const char **path_r), list, (list, name, type, path_r), \
        name == NULL ? "" : name) \
    VALUE(const char *, get_temp_prefix, (struct mailbox_list *list, bool global), \
        list, (list, global), "") \
    VALUE(const char *, join_refpattern, (struct mailbox_list *list, const char *ref, \
        const char *pattern), list, (list, ref, pattern), pattern) \
    VALUE(struct mailbox_list_iterate_context *, iter_init, (struct mailbox_list *list, \
        const char *const *patterns, enum mailbox_list_iter_flags flags), \
        list, (list, patterns, flags), patterns[0]) \
    VALUE(const struct mailbox_info *, iter_next, (struct mailbox_list_iterate_context *ctx), \
        ctx->list, (ctx), "") \
    VALUE(int, iter_deinit, (struct mailbox_list_iterate_context *ctx), ctx->list, (ctx), "") \
    VALUE(int, get_mailbox_flags, (struct mailbox_list *list, const char *dir, const char *fname, \
        enum mailbox_list_file_type type, enum mailbox_info_flags *flags_r), \
        list, (list, dir, fname, type, flags_r), fname) \
    VALUE(bool, is_internal_name, (struct mailbox_list *list, const char *name), list, (list, name), name) \
    VALUE(int, subscriptions_refresh, (struct mailbox_list *src, struct mailbox_list *dest), \
        src, (src, dest), "") \
    VALUE(int, set_subscribed, (struct mailbox_list *list, const char *name, bool set), \
        list, (list, name, set), name) \
    VALUE(int, delete_mailbox, (struct mailbox_list *list, const char *name), list, (list, name), name) \
    VALUE(int, delete_dir, (struct mailbox_list *list, const char *name), list, (list, name), name) \
    VALUE(int, delete_symlink, (struct mailbox_list *list, const char *name), list, (list, name), name) \
    VALUE(int, rename_mailbox, (struct mailbox_list *oldlist, const char *oldname, \
        struct mailbox_list *newlist, const char *newname), \
        oldlist, (oldlist, oldname, newlist, newname), newname) \
    VALUE(int, notify_init, (struct mailbox_list *list, enum mailbox_list_notify_event mask, \
        struct mailbox_list_notify **notify_r), list, (list, mask, notify_r), "") \
    VALUE(int, notify_next, (struct mailbox_list_notify *notify, \
        const struct mailbox_list_notify_rec **rec_r), notify->list, (notify, rec_r), "") \
    VOID(notify_deinit, (struct mailbox_list_notify *notify), notify->list, (notify), "") \
    VOID(notify_wait, (struct mailbox_list_notify *notify, void (*callback)(void *context), \
        void *context), notify->list, (notify, callback, context), "") \
    VOID(notify_flush, (struct mailbox_list_notify *notify), notify->list, (notify), "")

#define MAILBOX_SLOTS(VALUE, VOID) \
    VALUE(bool, is_readonly, (struct mailbox *box), box, (box), "") \
    VALUE(int, enable, (struct mailbox *box, enum mailbox_feature features), box, (box, features), "") \
    VALUE(int, exists, (struct mailbox *box, bool auto_boxes, enum mailbox_existence *existence_r), \
        box, (box, auto_boxes, existence_r), "") \
    VALUE(int, open, (struct mailbox *box), box, (box), "") \
    VOID(close, (struct mailbox *box), box, (box), "") \
    VOID(free, (struct mailbox *box), box, (box), "") \
    VALUE(int, create_box, (struct mailbox *box, const struct mailbox_update *update, bool directory), \
        box, (box, update, directory), "") \
    VALUE(int, update_box, (struct mailbox *box, const struct mailbox_update *update), \
        box, (box, update), "") \
    VALUE(int, delete_box, (struct mailbox *box), box, (box), "") \
    VALUE(int, rename_box, (struct mailbox *src, struct mailbox *dest), src, (src, dest), "") \
    VALUE(int, get_status, (struct mailbox *box, enum mailbox_status_items items, \
        struct mailbox_status *status_r), box, (box, items, status_r), "") \
    VALUE(int, get_metadata, (struct mailbox *box, enum mailbox_metadata_items items, \
        struct mailbox_metadata *metadata_r), box, (box, items, metadata_r), "") \
    VALUE(int, set_subscribed, (struct mailbox *box, bool set), box, (box, set), "") \
    VALUE(int, attribute_set, (struct mailbox_transaction_context *t, enum mail_attribute_type type, \
        const char *key, const struct mail_attribute_value *value), t->box, (t, type, key, value), key) \
    VALUE(int, attribute_get, (struct mailbox *box, enum mail_attribute_type type, const char *key, \
        struct mail_attribute_value *value_r), box, (box, type, key, value_r), key) \
    VALUE(struct mailbox_attribute_iter *, attribute_iter_init, (struct mailbox *box, \
        enum mail_attribute_type type, const char *prefix), box, (box, type, prefix), prefix) \
    VALUE(const char *, attribute_iter_next, (struct mailbox_attribute_iter *iter), iter->box, (iter), "") \
    VALUE(int, attribute_iter_deinit, (struct mailbox_attribute_iter *iter), iter->box, (iter), "") \
    VALUE(int, list_index_has_changed, (struct mailbox *box, struct mail_index_view *view, \
        uint32_t seq, bool quick, const char **reason_r), box, (box, view, seq, quick, reason_r), "") \
    VOID(list_index_update_sync, (struct mailbox *box, struct mail_index_transaction *trans, \
        uint32_t seq), box, (box, trans, seq), "") \
    VALUE(struct mailbox_sync_context *, sync_init, (struct mailbox *box, enum mailbox_sync_flags flags), \
        box, (box, flags), "") \
    VALUE(bool, sync_next, (struct mailbox_sync_context *ctx, struct mailbox_sync_rec *rec_r), \
        ctx->box, (ctx, rec_r), "") \
    VALUE(int, sync_deinit, (struct mailbox_sync_context *ctx, struct mailbox_sync_status *status_r), \
        ctx->box, (ctx, status_r), "") \
    VOID(sync_notify, (struct mailbox *box, uint32_t uid, enum mailbox_sync_type type), \
        box, (box, uid, type), uid == 0 ? "end" : "") \
    VOID(notify_changes, (struct mailbox *box), box, (box), "") \
    VALUE(struct mailbox_transaction_context *, transaction_begin, (struct mailbox *box, \
        enum mailbox_transaction_flags flags, const char *reason), box, (box, flags, reason), "") \
    VALUE(int, transaction_commit, (struct mailbox_transaction_context *t, \
        struct mail_transaction_commit_changes *changes_r), t->box, (t, changes_r), "") \
    VOID(transaction_rollback, (struct mailbox_transaction_context *t), t->box, (t), "") \
    VALUE(enum mail_flags, get_private_flags_mask, (struct mailbox *box), box, (box), "") \
    VALUE(struct mail *, mail_alloc, (struct mailbox_transaction_context *t, \
        enum mail_fetch_field wanted_fields, struct mailbox_header_lookup_ctx *headers), \
        t->box, (t, wanted_fields, headers), "") \
    VALUE(struct mail_search_context *, search_init, (struct mailbox_transaction_context *t, \
        struct mail_search_args *args, const enum mail_sort_type *sort_program, \
        enum mail_fetch_field wanted_fields, struct mailbox_header_lookup_ctx *headers), \
        t->box, (t, args, sort_program, wanted_fields, headers), "") \
    VALUE(int, search_deinit, (struct mail_search_context *ctx), ctx->transaction->box, (ctx), "") \
    VALUE(bool, search_next_nonblock, (struct mail_search_context *ctx, struct mail **mail_r, \
        bool *tryagain_r), ctx->transaction->box, (ctx, mail_r, tryagain_r), "") \
    VALUE(bool, search_next_update_seq, (struct mail_search_context *ctx), \
        ctx->transaction->box, (ctx), "") \
    VALUE(int, search_next_match_mail, (struct mail_search_context *ctx, struct mail *mail), \
        ctx->transaction->box, (ctx, mail), "") \
    VALUE(struct mail_save_context *, save_alloc, (struct mailbox_transaction_context *t), \
        t->box, (t), "") \
    VALUE(int, save_begin, (struct mail_save_context *ctx, struct istream *input), \
        ctx->transaction->box, (ctx, input), save_bits(ctx)) \
    VALUE(int, save_continue, (struct mail_save_context *ctx), \
        ctx->transaction->box, (ctx), save_bits(ctx)) \
    VALUE(int, save_finish, (struct mail_save_context *ctx), \
        ctx->transaction->box, (ctx), save_bits(ctx)) \
    VOID(save_cancel, (struct mail_save_context *ctx), \
        ctx->transaction->box, (ctx), save_bits(ctx)) \
    VALUE(int, copy, (struct mail_save_context *ctx, struct mail *mail), \
        ctx->transaction->box, (ctx, mail), save_bits(ctx)) \
    VALUE(int, transaction_save_commit_pre, (struct mail_save_context *ctx), \
        ctx->transaction->box, (ctx), "") \
    VOID(transaction_save_commit_post, (struct mail_save_context *ctx, \
        struct mail_index_transaction_commit_result *result_r), \
        ctx->transaction->box, (ctx, result_r), "") \
    VOID(transaction_save_rollback, (struct mail_save_context *ctx), ctx->transaction->box, (ctx), "") \
    VALUE(bool, is_inconsistent, (struct mailbox *box), box, (box), "")

#define MAIL_SLOTS(VALUE, VOID) \
    VOID(close, (struct mail *mail), mail, (mail), "") \
    VOID(free, (struct mail *mail), mail, (mail), "") \
    VOID(set_seq, (struct mail *mail, uint32_t seq, bool saving), mail, (mail, seq, saving), \
        saving ? "saving" : "") \
    VALUE(bool, set_uid, (struct mail *mail, uint32_t uid), mail, (mail, uid), "") \
    VOID(set_uid_cache_updates, (struct mail *mail, bool set), mail, (mail, set), "") \
    VALUE(bool, prefetch, (struct mail *mail), mail, (mail), "") \
    VALUE(int, precache, (struct mail *mail), mail, (mail), "") \
    VOID(add_temp_wanted_fields, (struct mail *mail, enum mail_fetch_field fields, \
        struct mailbox_header_lookup_ctx *headers), mail, (mail, fields, headers), "") \
    VALUE(enum mail_flags, get_flags, (struct mail *mail), mail, (mail), "") \
    VALUE(const char *const *, get_keywords, (struct mail *mail), mail, (mail), "") \
    VALUE(const ARRAY_TYPE(keyword_indexes) *, get_keyword_indexes, (struct mail *mail), \
        mail, (mail), "") \
    VALUE(uint64_t, get_modseq, (struct mail *mail), mail, (mail), "") \
    VALUE(uint64_t, get_pvt_modseq, (struct mail *mail), mail, (mail), "") \
    VALUE(int, get_parts, (struct mail *mail, struct message_part **parts_r), mail, (mail, parts_r), "") \
    VALUE(int, get_date, (struct mail *mail, time_t *date_r, int *timezone_r), \
        mail, (mail, date_r, timezone_r), "") \
    VALUE(int, get_received_date, (struct mail *mail, time_t *date_r), mail, (mail, date_r), "") \
    VALUE(int, get_save_date, (struct mail *mail, time_t *date_r), mail, (mail, date_r), "") \
    VALUE(int, get_virtual_size, (struct mail *mail, uoff_t *size_r), mail, (mail, size_r), "") \
    VALUE(int, get_physical_size, (struct mail *mail, uoff_t *size_r), mail, (mail, size_r), "") \
    VALUE(int, get_first_header, (struct mail *mail, const char *field, bool decode, \
        const char **value_r), mail, (mail, field, decode, value_r), field) \
    VALUE(int, get_headers, (struct mail *mail, const char *field, bool decode, \
        const char *const **value_r), mail, (mail, field, decode, value_r), field) \
    VALUE(int, get_header_stream, (struct mail *mail, struct mailbox_header_lookup_ctx *headers, \
        struct istream **stream_r), mail, (mail, headers, stream_r), "") \
    VALUE(int, get_stream, (struct mail *mail, bool get_body, struct message_size *hdr_size, \
        struct message_size *body_size, struct istream **stream_r), \
        mail, (mail, get_body, hdr_size, body_size, stream_r), "") \
    VALUE(int, get_binary_stream, (struct mail *mail, const struct message_part *part, \
        bool include_hdr, uoff_t *size_r, unsigned int *lines_r, bool *binary_r, \
        struct istream **stream_r), mail, (mail, part, include_hdr, size_r, lines_r, binary_r, stream_r), "") \
    VALUE(int, get_special, (struct mail *mail, enum mail_fetch_field field, const char **value_r), \
        mail, (mail, field, value_r), field == MAIL_FETCH_GUID ? "guid" : "") \
    VALUE(int, get_backend_mail, (struct mail *mail, struct mail **real_mail_r), \
        mail, (mail, real_mail_r), "") \
    VOID(update_flags, (struct mail *mail, enum modify_type modify_type, enum mail_flags flags), \
        mail, (mail, modify_type, flags), "") \
    VOID(update_keywords, (struct mail *mail, enum modify_type modify_type, \
        struct mail_keywords *keywords), mail, (mail, modify_type, keywords), "") \
    VOID(update_modseq, (struct mail *mail, uint64_t min_modseq), mail, (mail, min_modseq), "") \
    VOID(update_pvt_modseq, (struct mail *mail, uint64_t min_modseq), mail, (mail, min_modseq), "") \
    VOID(update_pop3_uidl, (struct mail *mail, const char *uidl), mail, (mail, uidl), "") \
    VOID(expunge, (struct mail *mail), mail, (mail), "") \
    VOID(set_cache_corrupted, (struct mail *mail, enum mail_fetch_field field, const char *reason), \
        mail, (mail, field, reason), reason) \
    VALUE(int, istream_opened, (struct mail *mail, struct istream **input), mail, (mail, input), "")
// clang-format on

#endif
