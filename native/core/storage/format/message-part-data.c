/*
 * What is asked about a part whose headers were read (message-part-data.h). Reading them is in
 * message-part-data-parse.c.
 */
#include "message-part-data.h"

#include "wildcard-match.h"

static const char *find_param(const struct message_part_param *params, unsigned int count,
                              const char *name)
{
    for (unsigned int i = 0; i < count; i++) {
        if (strcasecmp(params[i].name, name) == 0)
            return params[i].value;
    }
    return NULL;
}

bool message_part_data_is_plain_7bit(const struct message_part *part)
{
    const struct message_part_data *data = part->data;
    const char *charset;

    i_assert(part->parent == NULL || data != NULL);
    if (data->content_type != NULL &&
        (strcasecmp(data->content_type, "text") != 0 ||
         (data->content_subtype != NULL && strcasecmp(data->content_subtype, "plain") != 0)))
        return FALSE;
    if (data->content_transfer_encoding != NULL &&
        strcasecmp(data->content_transfer_encoding, "7bit") != 0)
        return FALSE;
    charset = find_param(data->content_type_params, data->content_type_params_count, "charset");
    return charset == NULL || strcasecmp(charset, MESSAGE_PART_DEFAULT_CHARSET) == 0;
}

bool message_part_data_get_filename(const struct message_part *part, const char **filename_r)
{
    const struct message_part_data *data = part->data;
    const char *name;

    name = find_param(data->content_disposition_params, data->content_disposition_params_count,
                      "filename");
    if (name == NULL)
        name = find_param(data->content_disposition_params, data->content_disposition_params_count,
                          "filename*");
    if (name == NULL)
        name = find_param(data->content_type_params, data->content_type_params_count, "name");
    if (name == NULL)
        name = find_param(data->content_type_params, data->content_type_params_count, "name*");
    if (name == NULL)
        return FALSE;
    *filename_r = name;
    return TRUE;
}

bool message_part_has_content_types(struct message_part *part, const char *const *types)
{
    const struct message_part_data *data = part->data;
    bool included = TRUE;
    const char *type;

    if (data->content_type == NULL)
        return FALSE;
    type = t_strconcat(data->content_type, "/",
                       data->content_subtype == NULL ? "" : data->content_subtype, NULL);
    for (; *types != NULL; types++) {
        bool exclude = **types == '!';

        if (wildcard_match_icase(type, *types + (exclude ? 1 : 0)))
            included = !exclude;
    }
    return included;
}

bool message_part_has_parameter(struct message_part *part, const char *parameter, bool has_value)
{
    const struct message_part_data *data = part->data;
    const char *value = find_param(data->content_disposition_params,
                                   data->content_disposition_params_count, parameter);

    return value != NULL && (!has_value || value[0] != '\0');
}

bool message_part_is_attachment(struct message_part *part,
                                const struct message_part_attachment_settings *set)
{
    const struct message_part_data *data = part->data;
    bool inlined;

    if (data->content_disposition == NULL)
        return FALSE;
    inlined = strcasecmp(data->content_disposition, "inline") == 0;
    if (!inlined && strcasecmp(data->content_disposition, "attachment") != 0)
        return FALSE;
    if (inlined &&
        (set->exclude_inlined || (!message_part_has_parameter(part, "filename", FALSE) &&
                                  !message_part_has_parameter(part, "filename*", FALSE))))
        return FALSE;
    return set->content_type_filter == NULL ||
           message_part_has_content_types(part, set->content_type_filter);
}
