//! The bodies of the fuzz targets, on seeds that are changed in ways that only a number decides: quick enough for every
//! run, and the same everywhere. `cargo xtask fuzz` looks further.

#[path = "../../../../fuzz/src/bodies.rs"]
#[allow(unreachable_pub, reason = "the fuzz targets need them public")]
mod bodies;

use std::fs;
use std::path::Path;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures");
const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");

/// Larger seeds take their time and hold little that smaller ones do not.
const LARGEST: usize = 6000;

const SCALARS: &[&str] = &[
    "2024-02-29T23:59:60 P1W2DT3H4M5S",
    "0000-01-01T00:00:00 -PT1S",
    "9999-12-31T23:59:59.999999999 PT0.000000001S",
    "2024-01-15T10:30:00Z P4294967295W",
    "1970-01-01T00:00:00.5Z PT4294967295H",
    "P1DT0S P7W",
    "-PT15M P1D",
    "PT1H0M0.25S",
    "Etc/GMT+12",
    "America/Argentina/Buenos_Aires",
    "/custom/zone",
    "a-b_9",
];

#[test]
fn content_lines() {
    let seeds = calendars();
    try_all(&seeds, b'\n', 4000, bodies::content_line);
}

#[test]
fn from_ical() {
    try_all(&calendars(), b'\n', 1500, bodies::from_ical);
}

#[test]
fn round_trip() {
    try_all(&calendars(), b'\n', 700, bodies::round_trip);
}

#[test]
fn to_ical() {
    try_all(&objects(), b',', 1500, bodies::to_ical);
}

#[test]
fn patches() {
    let mut seeds = Vec::new();
    for object in objects() {
        let line = flat(&object.bytes);
        for second in
            [&br#"{"title":"a","links/x/href":null,"alerts~1b":{"a":[1,null]}}"#[..], &line]
        {
            seeds.push(Seed { name: object.name.clone(), bytes: [&line, second].join(&b'\n') });
        }
    }
    try_all(&seeds, b',', 4000, bodies::patch);
}

#[test]
fn scalars() {
    let seed = |text: &&str| Seed { name: (*text).to_owned(), bytes: text.as_bytes().to_vec() };
    let seeds: Vec<_> = SCALARS.iter().map(seed).collect();
    try_all(&seeds, b'-', 20_000, bodies::scalars);
}

struct Seed {
    name: String,
    bytes: Vec<u8>,
}

/// Our own calendars, and the small ones of the corpus if it is there.
fn calendars() -> Vec<Seed> {
    let mut seeds = files(Path::new(FIXTURES), "ics");
    assert!(!seeds.is_empty(), "there are fixtures");
    seeds.extend(corpus("ical", "ics"));
    seeds
}

/// Our own JSCalendar objects, and those of the corpus if it is there.
fn objects() -> Vec<Seed> {
    let mut seeds = files(Path::new(FIXTURES), "json");
    assert!(!seeds.is_empty(), "there are fixtures");
    // Groups, and what lossless conversion keeps.
    for calendar in files(Path::new(FIXTURES), "ics") {
        if let Ok(json) = ical_jscal::FromIcal::new().json(&calendar.bytes) {
            seeds.push(Seed { name: calendar.name, bytes: json.value.into_bytes() });
        }
    }
    seeds.extend(corpus("jscalendar", "json"));
    seeds
}

fn corpus(folder: &str, extension: &str) -> Vec<Seed> {
    let folder = Path::new(CORPUS).join(folder);
    if !folder.is_dir() {
        println!("not run: corpus not found");
        return Vec::new();
    }
    let mut seeds = files(&folder, extension);
    seeds.retain(|seed| seed.bytes.len() <= LARGEST);
    seeds
}

fn files(folder: &Path, extension: &str) -> Vec<Seed> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut paths: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
    paths.sort();
    let seed = |path: &Path| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        Some(Seed { name, bytes: fs::read(path).ok()? })
    };
    paths.iter().filter_map(|path| seed(path)).collect()
}

/// A JSON text on one line.
fn flat(json: &[u8]) -> Vec<u8> {
    json.iter().map(|&byte| if byte == b'\n' || byte == b'\r' { b' ' } else { byte }).collect()
}

/// Calls `body` with every seed, and then with `count` mutations of them in turn. Pieces of an input end in `separator`.
fn try_all(seeds: &[Seed], separator: u8, count: usize, body: fn(&[u8])) {
    for seed in seeds {
        try_one(&seed.name, &seed.bytes, body);
    }
    let mut random = Random(0x5545_8984);
    for number in 0..count {
        let seed = &seeds[number * 7 % seeds.len()];
        let other = &seeds[random.below(seeds.len())];
        let mutated = mutate(seed, other, separator, &mut random);
        try_one(&format!("mutation {number} of {}", seed.name), &mutated, body);
    }
}

/// Shows the input if the body panics.
fn try_one(name: &str, bytes: &[u8], body: fn(&[u8])) {
    struct Shown<'a>(&'a str, &'a [u8]);
    impl Drop for Shown<'_> {
        fn drop(&mut self) {
            if std::thread::panicking() {
                println!("{}:\n{}", self.0, self.1.escape_ascii());
            }
        }
    }
    let _shown = Shown(name, bytes);
    body(bytes);
}

/// One to four changes, of which most leave the lines what they are and some do not.
fn mutate(seed: &Seed, other: &Seed, separator: u8, random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.bytes.clone();
    for _ in 0..=random.below(4) {
        match random.below(7) {
            0 => flip(&mut bytes, random),
            1 => replace_byte(&mut bytes, random),
            2 => replace_piece(&mut bytes, separator, &[], random),
            3 => {
                let piece = piece(&bytes, separator, random);
                insert(&mut bytes, separator, &piece, random);
            }
            4 => {
                let piece = piece(&other.bytes, separator, random);
                insert(&mut bytes, separator, &piece, random);
            }
            5 => {
                let piece = piece(&other.bytes, separator, random);
                replace_piece(&mut bytes, separator, &piece, random);
            }
            _ => cut(&mut bytes, random),
        }
    }
    bytes
}

fn flip(bytes: &mut [u8], random: &mut Random) {
    let at = random.below(bytes.len());
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << random.below(8);
    }
}

/// Puts a byte that means something where another one was.
fn replace_byte(bytes: &mut [u8], random: &mut Random) {
    const TELLING: &[u8] = b"\r\n\t ;:,=\"\\^/-+.0919TZP\0\xff{}[]";
    let at = random.below(bytes.len());
    if let Some(byte) = bytes.get_mut(at) {
        *byte = TELLING[random.below(TELLING.len())];
    }
}

fn cut(bytes: &mut Vec<u8>, random: &mut Random) {
    let start = random.below(bytes.len());
    let end = (start + 1 + random.below(12)).min(bytes.len());
    bytes.drain(start..end);
}

fn insert(bytes: &mut Vec<u8>, separator: u8, piece: &[u8], random: &mut Random) {
    let (start, _) = bounds(bytes, separator, random);
    bytes.splice(start..start, piece.iter().copied());
}

fn replace_piece(bytes: &mut Vec<u8>, separator: u8, by: &[u8], random: &mut Random) {
    let (start, end) = bounds(bytes, separator, random);
    bytes.splice(start..end, by.iter().copied());
}

fn piece(bytes: &[u8], separator: u8, random: &mut Random) -> Vec<u8> {
    let (start, end) = bounds(bytes, separator, random);
    bytes[start..end].to_vec()
}

/// One to three pieces of the input, the separators after them included.
fn bounds(bytes: &[u8], separator: u8, random: &mut Random) -> (usize, usize) {
    let after = |from: usize| {
        let found = bytes[from..].iter().position(|&byte| byte == separator);
        found.map_or(bytes.len(), |at| from + at + 1)
    };
    let middle = random.below(bytes.len());
    let start = bytes[..middle].iter().rposition(|&byte| byte == separator).map_or(0, |at| at + 1);
    let end = (0..=random.below(3)).fold(start, |end, _| after(end));
    (start, end)
}

/// xorshift64*: the same numbers everywhere.
struct Random(u64);

impl Random {
    /// A number below `bound`; 0 if there is none.
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let number = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap_or(0) % bound.max(1)
    }
}
