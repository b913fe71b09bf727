//! Prints the JSON of a file and what comes back of it.
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let bytes = std::fs::read(path).unwrap();
    let converted = ical_jscal::FromIcal::new().groups(&bytes).unwrap();
    for d in &converted.diagnostics { eprintln!("{d}"); }
    for group in &converted.value { println!("{}", serde_json::to_string_pretty(group).unwrap()); }
    let back = ical_jscal::ToIcal::new().text(&converted.value[..]).unwrap();
    for d in &back.diagnostics { eprintln!("{d}"); }
    println!("{}", back.value);
}
