//! JSON as Python's `json` reads it with `strict=False`, from text that need not end with a value: control characters
//! stand in strings, `NaN` and `Infinity` are numbers, of equal names in an object the last counts.

use bumpalo::Bump;
use std::borrow::Cow;

/// Levels of nesting: what Python's stack allows.
const DEEPEST: usize = 970;
/// Digits of a whole number: what Python converts at most.
const MOST_DIGITS: usize = 4300;

/// One value; all that it has stands in the text or in an arena.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    /// A whole number as Python writes it.
    Int(&'a str),
    Float(f64),
    Text(&'a str),
    List(&'a [Value<'a>]),
    Object(Object<'a>),
}

/// Names and values in the order of the text.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a>(pub &'a [(&'a str, Value<'a>)]);

impl<'a> Object<'a> {
    /// The value under a name, `Null` where there is none.
    pub fn get(self, name: &str) -> Value<'a> {
        self.0.iter().rev().find(|(n, _)| *n == name).map_or(Value::Null, |(_, value)| *value)
    }

    /// Whether there is a value under a name.
    pub fn has(self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| *n == name)
    }
}

impl<'a> Value<'a> {
    /// Whether Python takes it for true: it is neither zero nor empty.
    pub fn is_true(self) -> bool {
        match self {
            Value::Null => false,
            Value::Bool(truth) => truth,
            Value::Int(digits) => digits != "0",
            Value::Float(number) => number != 0.0,
            Value::Text(text) => !text.is_empty(),
            Value::List(values) => !values.is_empty(),
            Value::Object(object) => !object.0.is_empty(),
        }
    }

    /// Python's `or`.
    pub fn or(self, other: Value<'a>) -> Value<'a> {
        if self.is_true() {
            self
        } else {
            other
        }
    }

    /// The values of a list, or the one itself.
    pub fn listed(&self) -> &[Value<'a>] {
        match self {
            Value::List(values) => values,
            _ => std::slice::from_ref(self),
        }
    }

    pub fn object(self) -> Option<Object<'a>> {
        match self {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    /// `str(value)`; None of a list and an object.
    pub fn written(self) -> Option<Cow<'a, str>> {
        Some(match self {
            Value::Null => "None".into(),
            Value::Bool(true) => "True".into(),
            Value::Bool(false) => "False".into(),
            Value::Int(text) | Value::Text(text) => text.into(),
            Value::Float(number) => float(number).into(),
            Value::List(_) | Value::Object(_) => return None,
        })
    }
}

/// `str` of a Python float: the shortest digits that give it, with an exponent where that is below -4 or above 15.
pub fn float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>() {
        Ok(-4..=15) => {
            let plain = format!("{number}");
            if plain.contains('.') {
                plain
            } else {
                plain + ".0"
            }
        }
        Ok(exponent) => format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs()),
        Err(_) => scientific,
    }
}

/// What is no JSON.
#[derive(Debug)]
pub struct Broken;

/// Reads values from a text, one after the other.
pub struct Reader<'a> {
    text: &'a str,
    arena: &'a Bump,
    /// Where the next value begins.
    pub at: usize,
    // What stands in the lists and objects that are open.
    values: Vec<Value<'a>>,
    members: Vec<(&'a str, Value<'a>)>,
}

/// A list or an object that is open.
struct Open<'a> {
    /// The name that waits for its value; None in a list.
    name: Option<&'a str>,
    /// The first of its values or members.
    from: usize,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a str, arena: &'a Bump) -> Self {
        Reader { text, arena, at: 0, values: Vec::new(), members: Vec::new() }
    }

    /// The value that begins here.
    pub fn value(&mut self) -> Result<Value<'a>, Broken> {
        self.values.clear();
        self.members.clear();
        let mut open: Vec<Open<'a>> = Vec::new();
        loop {
            let mut value = match self.byte() {
                Some(b'"') => Value::Text(self.string()?),
                Some(b'{') => {
                    self.skip();
                    if self.byte() != Some(b'}') {
                        open.push(Open { name: Some(self.name()?), from: self.members.len() });
                        if open.len() > DEEPEST {
                            return Err(Broken);
                        }
                        continue;
                    }
                    self.at += 1;
                    Value::Object(Object(&[]))
                }
                Some(b'[') => {
                    self.skip();
                    if self.byte() != Some(b']') {
                        open.push(Open { name: None, from: self.values.len() });
                        if open.len() > DEEPEST {
                            return Err(Broken);
                        }
                        continue;
                    }
                    self.at += 1;
                    Value::List(&[])
                }
                _ => self.word()?,
            };
            loop {
                let Some(last) = open.last_mut() else { return Ok(value) };
                self.space();
                match last.name {
                    Some(name) => self.members.push((name, value)),
                    None => self.values.push(value),
                }
                match (self.byte(), last.name) {
                    (Some(b','), name) => {
                        self.skip();
                        if name.is_some() {
                            last.name = Some(self.name()?);
                        }
                        break;
                    }
                    (Some(b'}'), Some(_)) => {
                        value = Value::Object(Object(self.arena.alloc_slice_copy(&self.members[last.from..])));
                        self.members.truncate(last.from);
                    }
                    (Some(b']'), None) => {
                        value = Value::List(self.arena.alloc_slice_copy(&self.values[last.from..]));
                        self.values.truncate(last.from);
                    }
                    _ => return Err(Broken),
                }
                self.at += 1;
                open.pop();
            }
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte() {
            self.at += 1;
        }
    }

    /// One character and the white space after it.
    fn skip(&mut self) {
        self.at += 1;
        self.space();
    }

    /// The name of a member and its colon.
    fn name(&mut self) -> Result<&'a str, Broken> {
        if self.byte() != Some(b'"') {
            return Err(Broken);
        }
        let name = self.string()?;
        self.space();
        if self.byte() != Some(b':') {
            return Err(Broken);
        }
        self.skip();
        Ok(name)
    }

    fn string(&mut self) -> Result<&'a str, Broken> {
        let text = self.text;
        let bytes = text.as_bytes();
        let begin = self.at + 1;
        let mut at = begin;
        let mut read: Option<bumpalo::collections::String<'a>> = None;
        loop {
            let part = at;
            at += memchr::memchr2(b'"', b'\\', &bytes[at..]).ok_or(Broken)?;
            if bytes[at] == b'"' {
                self.at = at + 1;
                return Ok(match read {
                    Some(mut out) => {
                        out.push_str(&text[part..at]);
                        out.into_bump_str()
                    }
                    None => &text[begin..at],
                });
            }
            let out = read.get_or_insert_with(|| bumpalo::collections::String::new_in(self.arena));
            out.push_str(&text[part..at]);
            at += 2;
            out.push(match bytes.get(at - 1) {
                Some(&c @ (b'"' | b'\\' | b'/')) => c as char,
                Some(b'b') => '\u{8}',
                Some(b'f') => '\u{c}',
                Some(b'n') => '\n',
                Some(b'r') => '\r',
                Some(b't') => '\t',
                Some(b'u') => {
                    let mut code = four(bytes, at)?;
                    at += 4;
                    if (0xd800..0xdc00).contains(&code) && bytes[at..].starts_with(b"\\u") {
                        let low = four(bytes, at + 2)?;
                        if (0xdc00..0xe000).contains(&low) {
                            code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                            at += 6;
                        }
                    }
                    // Half of a surrogate pair is no character.
                    char::from_u32(code).unwrap_or('\u{fffd}')
                }
                _ => return Err(Broken),
            });
        }
    }

    /// A number, a truth value or nothing.
    fn word(&mut self) -> Result<Value<'a>, Broken> {
        let rest = &self.text[self.at..];
        let words = [
            ("null", Value::Null),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("NaN", Value::Float(f64::NAN)),
            ("Infinity", Value::Float(f64::INFINITY)),
            ("-Infinity", Value::Float(f64::NEG_INFINITY)),
        ];
        if let Some((word, value)) = words.iter().find(|(word, _)| rest.starts_with(word)) {
            self.at += word.len();
            return Ok(*value);
        }
        let bytes = rest.as_bytes();
        let digits = |from: usize| bytes[from..].iter().take_while(|c| c.is_ascii_digit()).count();
        let sign = usize::from(bytes.first() == Some(&b'-'));
        let mut end = match bytes.get(sign) {
            Some(b'0') => sign + 1,
            Some(b'1'..=b'9') => sign + digits(sign),
            _ => return Err(Broken),
        };
        let whole = end;
        if bytes.get(end) == Some(&b'.') && digits(end + 1) > 0 {
            end += 1 + digits(end + 1);
        }
        if let Some(b'e' | b'E') = bytes.get(end) {
            let from = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            if from < bytes.len() && digits(from) > 0 {
                end = from + digits(from);
            }
        }
        self.at += end;
        if end > whole {
            return rest[..end].parse().map(Value::Float).map_err(|_| Broken);
        }
        match &rest[..end] {
            "-0" => Ok(Value::Int("0")),
            _ if end - sign > MOST_DIGITS => Err(Broken),
            number => Ok(Value::Int(number)),
        }
    }
}

/// Four hexadecimal digits.
fn four(bytes: &[u8], at: usize) -> Result<u32, Broken> {
    let digits = bytes.get(at..at + 4).ok_or(Broken)?;
    digits.iter().try_fold(0, |code, &c| Ok(code << 4 | (c as char).to_digit(16).ok_or(Broken)?))
}
