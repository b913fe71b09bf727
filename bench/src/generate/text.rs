//! A text of content lines, folded at 75 octets. It shares no code with the crates that are measured.

const WIDTH: usize = 75;

#[derive(Default)]
pub(super) struct Text(String);

impl Text {
    /// Adds a content line, folded between characters.
    pub(super) fn line(&mut self, line: &str) {
        let mut rest = line;
        let mut width = WIDTH;
        while rest.len() > width {
            let mut at = width;
            while !rest.is_char_boundary(at) {
                at -= 1;
            }
            let (now, later) = rest.split_at(at);
            self.0.push_str(now);
            self.0.push_str("\r\n ");
            rest = later;
            width = WIDTH - 1;
        }
        self.0.push_str(rest);
        self.0.push_str("\r\n");
    }

    pub(super) fn append(&mut self, other: &Self) {
        self.0.push_str(&other.0);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
