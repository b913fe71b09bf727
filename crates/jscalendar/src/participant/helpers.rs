//! Finding, answering for, adding and removing participants.

use json_model::pointer;

use crate::{
    Event, Id, LocalDateTime, Map, Participant, ParticipationStatus, PatchObject, Task,
    same_address,
};

impl Participant {
    /// Whether this is its calendar address, as [`same_address`] compares them.
    pub fn has_address(&self, address: &str) -> bool {
        self.calendar_address.as_deref().is_some_and(|own| same_address(own, address))
    }
}

macro_rules! helpers {
    ($name:ident) => {
        impl $name {
            /// The participant with a calendar address, such as `mailto:ann@example.com`, and its key.
            pub fn participant(&self, address: &str) -> Option<(&Id, &Participant)> {
                self.participants.iter().find(|(_, participant)| participant.has_address(address))
            }

            /// The participant with a calendar address, to change.
            pub fn participant_mut(&mut self, address: &str) -> Option<&mut Participant> {
                self.participants.values_mut().find(|participant| participant.has_address(address))
            }

            /// Answers for the participant with a calendar address; `false` if there is none.
            ///
            /// For one occurrence of a series, do this in [`Series::edit_occurrence`](crate::Series::edit_occurrence).
            ///
            /// ```
            #[doc = concat!("use jscalendar::{", stringify!($name), ", Participant, ParticipationStatus};")]
            ///
            #[doc = concat!("let mut object = ", stringify!($name), "::default();")]
            /// let key = object.add_participant(Participant::new("mailto:ann@example.com"));
            /// assert!(object.respond("MAILTO:Ann@Example.com", ParticipationStatus::Accepted));
            /// let status = object.participants[&key].participation_status.clone();
            /// assert_eq!(status, Some(ParticipationStatus::Accepted));
            /// assert!(object.remove_participant("mailto:ann@example.com").is_some());
            /// ```
            pub fn respond(&mut self, address: &str, status: ParticipationStatus) -> bool {
                let Some(participant) = self.participant_mut(address) else { return false };
                participant.participation_status = Some(status);
                true
            }

            /// Adds a participant, and says its key. If one with its calendar address is there, it is left as it is,
            /// and the key is its own.
            pub fn add_participant(&mut self, participant: Participant) -> Id {
                let address = participant.calendar_address.as_deref();
                if let Some((key, _)) = address.and_then(|address| self.participant(address)) {
                    return key.clone();
                }
                let key = free_key(&self.participants);
                self.participants.insert(key.clone(), participant);
                key
            }

            /// Removes the participant with a calendar address, also from the overrides, whose patches would not be
            /// valid otherwise.
            pub fn remove_participant(&mut self, address: &str) -> Option<Participant> {
                let key = self.participant(address)?.0.clone();
                forget(&key, &mut self.recurrence_overrides);
                self.participants.remove(&key)
            }
        }
    };
}

helpers!(Event);
helpers!(Task);

/// The first number that is no key.
fn free_key(participants: &Map<Id, Participant>) -> Id {
    let mut number = participants.len() + 1;
    loop {
        let key = Id::from(number.to_string());
        if !participants.contains_key(&key) {
            return key;
        }
        number += 1;
    }
}

/// Removes what the overrides say of a participant.
fn forget(key: &Id, overrides: &mut Map<LocalDateTime, PatchObject>) {
    for patch in overrides.values_mut() {
        patch.0.retain(|pointer, _| {
            let mut tokens = pointer::tokens(pointer);
            tokens.next().as_deref() != Some("participants")
                || tokens.next().as_deref() != Some(key.as_str())
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_forget_who_is_removed() {
        let text = r#"{"@type":"Event","uid":"a","participants":{"a/b":{"calendarAddress":"mailto:a@example.com"},"2":{"name":"B"}},
            "recurrenceOverrides":{"2024-01-15T10:00:00":{"participants/a~1b/name":"A","participants/2/name":"C"}}}"#;
        let mut event = Event::from_json(text).unwrap().value;
        assert!(event.remove_participant("mailto:nobody@example.com").is_none());
        assert!(event.remove_participant("mailto:a@example.com").is_some());
        let patch = event.recurrence_overrides.values().next().unwrap();
        assert_eq!(serde_json::to_string(patch).unwrap(), r#"{"participants/2/name":"C"}"#);
        // The key 2 is taken.
        assert_eq!(event.add_participant(Participant::default()).as_str(), "3");
    }
}
