//! lexbor, the HTML parser (C, compiled beside this; `core/lexbor/tree.c`): a page's bytes to its tree.

use std::alloc::{alloc, alloc_zeroed, dealloc, realloc, Layout};
use std::ffi::c_void;
use std::ptr::{null_mut, NonNull};

extern "C" {
    fn tree_parse(source: *const u8, size: usize) -> *mut c_void;
    fn tree_destroy(document: *mut c_void);
    fn tree_walk(document: *mut c_void, to: *mut c_void);
}

/// A parsed page.
pub struct Document(NonNull<c_void>);

impl Document {
    /// Parses a page by the HTML standard, without scripting. Whatever the source is, it has a tree.
    pub fn parse(source: &str) -> Self {
        // SAFETY: lexbor copies what it keeps of the source.
        let document = unsafe { tree_parse(source.as_ptr(), source.len()) };
        Document(NonNull::new(document).expect("there is memory for a page's tree"))
    }

    /// Shows all nodes to `visitor` in document order.
    pub fn visit<'p>(&'p self, visitor: &mut impl Visitor<'p>) {
        let mut to: &mut dyn Visitor<'p> = visitor;
        // SAFETY: it comes back to the functions below, which know what it is, and nowhere else.
        unsafe { tree_walk(self.0.as_ptr(), (&raw mut to).cast()) };
    }
}

impl Drop for Document {
    fn drop(&mut self) {
        // SAFETY: nothing borrows from it any more.
        unsafe { tree_destroy(self.0.as_ptr()) };
    }
}

/// Who is shown a document's nodes.
pub trait Visitor<'p> {
    /// An attribute of the element that is opened next; a value that is not given is empty.
    fn attribute(&mut self, name: &'p str, value: &'p str);
    /// An element begins.
    fn open(&mut self, tag: &'p str);
    /// The element opened last ends.
    fn close(&mut self);
    fn text(&mut self, text: &'p str);
    fn comment(&mut self);
}

/// Who `tree_walk` was given. SAFETY: `to` is what it was given, which lives while it works.
unsafe fn visitor<'v, 'p>(to: *mut c_void) -> &'v mut dyn Visitor<'p> {
    *to.cast::<&mut dyn Visitor<'p>>()
}

/// A text of lexbor's. SAFETY: `text` is null or has `size` bytes, which live as long as the document. They are UTF-8
/// as the source is: lexbor cuts it at ASCII alone, and writes character references as UTF-8.
unsafe fn str_of<'p>(text: *const u8, size: usize) -> &'p str {
    if text.is_null() {
        return "";
    }
    std::str::from_utf8_unchecked(std::slice::from_raw_parts(text, size))
}

#[no_mangle]
unsafe extern "C" fn tree_attribute(to: *mut c_void, name: *const u8, name_size: usize, value: *const u8, size: usize) {
    visitor(to).attribute(str_of(name, name_size), str_of(value, size));
}

#[no_mangle]
unsafe extern "C" fn tree_open(to: *mut c_void, name: *const u8, size: usize) {
    visitor(to).open(str_of(name, size));
}

#[no_mangle]
unsafe extern "C" fn tree_close(to: *mut c_void) {
    visitor(to).close();
}

#[no_mangle]
unsafe extern "C" fn tree_text(to: *mut c_void, text: *const u8, size: usize) {
    visitor(to).text(str_of(text, size));
}

#[no_mangle]
unsafe extern "C" fn tree_comment(to: *mut c_void) {
    visitor(to).comment();
}

/// Where lexbor's memory comes from: before each piece stands its size, which Rust wants back with it.
const HEAD: usize = 16;

fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size.checked_add(HEAD)?, HEAD).ok()
}

/// SAFETY: `start` is null or a piece of memory for a head and `size` bytes more.
unsafe fn headed(start: *mut u8, size: usize) -> *mut c_void {
    if start.is_null() {
        return null_mut();
    }
    start.cast::<usize>().write(size);
    start.add(HEAD).cast()
}

/// SAFETY: `at` is a piece of memory of `headed`'s.
unsafe fn head_of(at: *mut c_void) -> (*mut u8, Layout) {
    let start = at.cast::<u8>().sub(HEAD);
    (start, Layout::from_size_align_unchecked(start.cast::<usize>().read() + HEAD, HEAD))
}

#[no_mangle]
unsafe extern "C" fn lexbor_malloc(size: usize) -> *mut c_void {
    layout(size).map_or(null_mut(), |layout| headed(alloc(layout), size))
}

#[no_mangle]
unsafe extern "C" fn lexbor_calloc(count: usize, size: usize) -> *mut c_void {
    let Some(size) = count.checked_mul(size) else { return null_mut() };
    layout(size).map_or(null_mut(), |layout| headed(alloc_zeroed(layout), size))
}

#[no_mangle]
unsafe extern "C" fn lexbor_realloc(at: *mut c_void, size: usize) -> *mut c_void {
    if at.is_null() {
        return lexbor_malloc(size);
    }
    let (start, old) = head_of(at);
    layout(size).map_or(null_mut(), |new| headed(realloc(start, old, new.size()), size))
}

/// Frees a piece of memory; nothing where it is null. It is null afterwards, as lexbor's callers expect.
#[no_mangle]
unsafe extern "C" fn lexbor_free(at: *mut c_void) -> *mut c_void {
    if !at.is_null() {
        let (start, layout) = head_of(at);
        dealloc(start, layout);
    }
    null_mut()
}
