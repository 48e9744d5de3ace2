/* Parses a page with lexbor and hands its tree over in document order, to core/src/dom.rs. */

#include "lexbor/html/interfaces/document.h"
#include "lexbor/html/node.h"
#include "lexbor/dom/interfaces/attr.h"
#include "lexbor/dom/interfaces/character_data.h"
#include "lexbor/dom/interfaces/element.h"

/* What Rust does with a tree. Texts are valid as long as the document. */
void tree_attribute(void *to, const uint8_t *name, size_t name_size, const uint8_t *value, size_t value_size);
void tree_open(void *to, const uint8_t *name, size_t size);
void tree_close(void *to);
void tree_text(void *to, const uint8_t *text, size_t size);
void tree_comment(void *to);

/* The document of a page in UTF-8; NULL where there is no memory for it. */
void *tree_parse(const uint8_t *source, size_t size)
{
    lxb_html_document_t *document = lxb_html_document_create();
    if (document != NULL && lxb_html_document_parse(document, source, size) != LXB_STATUS_OK) {
        document = lxb_html_document_destroy(document);
    }
    return document;
}

void tree_destroy(void *document)
{
    lxb_html_document_destroy(document);
}

static void enter(void *to, lxb_dom_node_t *node)
{
    size_t size, value_size;
    const lxb_char_t *name, *value;
    lxb_dom_attr_t *attribute;
    lxb_dom_character_data_t *text;

    switch (node->type) {
        case LXB_DOM_NODE_TYPE_ELEMENT:
            attribute = lxb_dom_interface_element(node)->first_attr;
            for (; attribute != NULL; attribute = attribute->next) {
                name = lxb_dom_attr_qualified_name(attribute, &size);
                value = lxb_dom_attr_value(attribute, &value_size);
                tree_attribute(to, name, size, value, value != NULL ? value_size : 0);
            }
            name = lxb_dom_element_qualified_name(lxb_dom_interface_element(node), &size);
            tree_open(to, name, size);
            break;
        case LXB_DOM_NODE_TYPE_TEXT:
            text = lxb_dom_interface_character_data(node);
            tree_text(to, text->data.data, text->data.length);
            break;
        case LXB_DOM_NODE_TYPE_COMMENT:
            tree_comment(to);
            break;
        default: /* A doctype, or what only XML has. */
            break;
    }
}

/* What a template holds is a document of its own, and left out. */
void tree_walk(void *document, void *to)
{
    lxb_dom_node_t *root = lxb_dom_interface_node(document), *node = root->first_child;

    while (node != NULL) {
        enter(to, node);
        if (node->first_child != NULL) {
            node = node->first_child;
            continue;
        }
        for (; node != root; node = node->parent) {
            if (node->type == LXB_DOM_NODE_TYPE_ELEMENT) {
                tree_close(to);
            }
            if (node->next != NULL) {
                break;
            }
        }
        node = node != root ? node->next : NULL;
    }
}
