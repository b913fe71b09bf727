//! URL templates of level 1 (RFC 6570, section 1.2), as the session has them.

/// A template with its variables replaced: `{accountId}` by the value, percent-encoded except for letters, digits and
/// `-._~` (RFC 6570, section 3.2.2).
///
/// A variable without a value becomes nothing. What looks like no variable stays as it is.
///
/// ```
/// use jmap_core::wire::expand;
///
/// let url = expand("/download/{accountId}/{name}?t={type}", &[("accountId", "a"), ("name", "ä/b"), ("type", "*")]);
/// assert_eq!(url, "/download/a/%C3%A4%2Fb?t=%2A");
/// ```
pub fn expand(template: &str, variables: &[(&str, &str)]) -> String {
    let mut url = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        url.push_str(before);
        let Some((name, behind)) = behind.split_once('}') else {
            url.push('{');
            rest = behind;
            break;
        };
        let value = variables.iter().find(|(variable, _)| *variable == name);
        push_encoded(&mut url, value.map_or("", |(_, value)| value));
        rest = behind;
    }
    url.push_str(rest);
    url
}

fn push_encoded(url: &mut String, value: &str) {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for octet in value.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) {
            url.push(char::from(octet));
        } else {
            url.extend(['%', DIGITS[usize::from(octet >> 4)], DIGITS[usize::from(octet & 15)]]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn what_is_no_variable_stays() {
        assert_eq!(expand("/a{b", &[("b", "x")]), "/a{b");
        assert_eq!(expand("/a}{b}{c}", &[("b", "{c}")]), "/a}%7Bc%7D");
    }
}
