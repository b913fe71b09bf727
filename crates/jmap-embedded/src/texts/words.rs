//! What is compared when texts are searched: words without capitals and punctuation.
//!
//! The same function makes the words of the index and those of questions, so both find the same.

/// The words of a text, in small letters. Each character of scripts that are written without spaces is a word.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for character in text.chars().flat_map(char::to_lowercase) {
        if !character.is_alphanumeric() {
            words.push(String::new());
        } else if is_alone(character) {
            words.extend([character.to_string(), String::new()]);
        } else if let Some(word) = words.last_mut() {
            word.push(character);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Chinese and Japanese.
fn is_alone(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// What is searched for: each phrase must be somewhere, its words one behind the other, the last one perhaps longer.
#[derive(Debug, PartialEq)]
pub(crate) struct Wanted(Vec<Vec<String>>);

impl Wanted {
    /// The words of a question, and its phrases in quotation marks, in which a backslash takes its meaning from what
    /// follows (JMAP Calendars, section 5.10.1).
    pub(crate) fn of(question: &str) -> Self {
        let phrases = phrases(question).iter().map(|phrase| words(phrase)).collect();
        Self(phrases)
    }

    /// Whether all of it is in these texts.
    pub(crate) fn is_in(&self, texts: &[String]) -> bool {
        let texts: Vec<Vec<String>> = texts.iter().map(|text| words(text)).collect();
        self.0.iter().all(|phrase| texts.iter().any(|text| has_phrase(text, phrase)))
    }

    /// As a question for the index, about some of its columns; `None` if it has no words, so that everything matches.
    pub(crate) fn question(&self, columns: &str) -> Option<String> {
        let phrase = |words: &Vec<String>| format!("{{{columns}}} : \"{}\" *", words.join(" "));
        let phrases: Vec<String> = self.0.iter().filter(|it| !it.is_empty()).map(phrase).collect();
        (!phrases.is_empty()).then(|| phrases.join(" AND "))
    }
}

fn has_phrase(text: &[String], phrase: &[String]) -> bool {
    let Some((last, before)) = phrase.split_last() else { return true };
    text.windows(phrase.len()).any(|part| {
        part.split_last()
            .is_some_and(|(end, begin)| begin == before && end.starts_with(last.as_str()))
    })
}

fn phrases(question: &str) -> Vec<String> {
    let mut phrases = vec![String::new()];
    let mut quoted = None;
    let mut characters = question.chars();
    while let Some(character) = characters.next() {
        match (character, quoted) {
            ('\\', _) => {
                let next = characters.next();
                if let (Some(phrase), Some(next)) = (phrases.last_mut(), next) {
                    phrase.push(next);
                }
            }
            (mark, Some(open)) if mark == open => {
                quoted = None;
                phrases.push(String::new());
            }
            ('"' | '\'', None) => {
                quoted = Some(character);
                phrases.push(String::new());
            }
            (space, None) if space.is_whitespace() => phrases.push(String::new()),
            (other, _) => {
                if let Some(phrase) = phrases.last_mut() {
                    phrase.push(other);
                }
            }
        }
    }
    phrases.retain(|phrase| !phrase.is_empty());
    phrases
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_texts() {
        assert_eq!(words("Tea, with  MILK!"), ["tea", "with", "milk"]);
        assert_eq!(words("jane@example.com"), ["jane", "example", "com"]);
        assert_eq!(words("東京 meeting"), ["東", "京", "meeting"]);
        assert!(words(" \"*: ").is_empty());
    }

    #[test]
    fn phrases_of_questions() {
        assert_eq!(phrases("tea  milk"), ["tea", "milk"]);
        assert_eq!(phrases(r#"tea "with milk" 'and \'cream'"#), ["tea", "with milk", "and 'cream"]);
        assert_eq!(phrases(r"a\\b"), [r"a\b"]);
        assert!(phrases("  ").is_empty());
    }

    #[test]
    fn what_matches() {
        let texts = ["Tea with Milk".to_owned(), "Berlin 東京駅".to_owned()];
        for question in ["TEA berlin", "\"with milk\"", "mil", "", "!", "京駅", "with-milk"] {
            assert!(Wanted::of(question).is_in(&texts), "{question}");
        }
        for question in ["\"tea milk\"", "ilk", "coffee", "milk-berlin"] {
            assert!(!Wanted::of(question).is_in(&texts), "{question}");
        }
    }

    #[test]
    fn a_question_has_nothing_but_words() {
        let question = Wanted::of(r#"tea" OR title : x* "new york" NEAR(" "#).question("title");
        assert_eq!(
            question.as_deref(),
            Some(
                r#"{title} : "tea" * AND {title} : "or title x" * AND {title} : "new" * AND {title} : "york" * AND {title} : "near" *"#
            )
        );
        assert_eq!(Wanted::of("!").question("title"), None);
    }
}
