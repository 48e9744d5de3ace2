//! What the core asks of its host: the words of dates, and dates that its own tables do not hold.

#[cfg(target_arch = "wasm32")]
mod imports {
    #[link(wasm_import_module = "host")]
    extern "C" {
        /// Asks a question; gives the size of the answer, which `take` then fetches.
        pub fn ask(what: u32, text: *const u8, size: usize) -> usize;
        pub fn take(to: *mut u8);
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod imports {
    use std::sync::OnceLock;

    pub type Ask = unsafe extern "C" fn(u32, *const u8, usize) -> usize;
    pub type Take = unsafe extern "C" fn(*mut u8);
    pub static HOST: OnceLock<(Ask, Take)> = OnceLock::new();

    #[no_mangle]
    pub extern "C" fn set_host(ask: Ask, take: Take) {
        let _ = HOST.set((ask, take));
    }

    pub unsafe fn ask(what: u32, text: *const u8, size: usize) -> usize {
        HOST.get().map_or(0, |(ask, _)| ask(what, text, size))
    }

    pub unsafe fn take(to: *mut u8) {
        if let Some((_, take)) = HOST.get() {
            take(to);
        }
    }
}

/// What can be asked: `services/parser/core.py` answers by these numbers.
#[derive(Clone, Copy)]
pub enum Question {
    /// JSON `{text, language}` -> how many microseconds before now that says, nothing where it says no time, and no
    /// number where it is beyond the calendar (`relative_dates`).
    LeftOver = 0,
    /// JSON `[language, …]` -> JSON `{language: table or null}` with those languages' words for dates, everyday ones
    /// by the empty text (`date_words`).
    DateWords = 1,
    /// Nothing -> the year now (`dates`).
    Year = 2,
}

/// Asks the host.
pub fn ask(what: Question, text: &str) -> String {
    // SAFETY: the host reads `text` while it is asked, and writes as many bytes as it said.
    unsafe {
        let size = imports::ask(what as u32, text.as_ptr(), text.len());
        let mut answer = vec![0u8; size];
        if size > 0 {
            imports::take(answer.as_mut_ptr());
        }
        String::from_utf8_unchecked(answer)
    }
}
