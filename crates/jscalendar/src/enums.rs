//! Open enumerations of events and tasks alike.

json_model::text_enum! {
    /// The iTIP method of a scheduling message (RFC 5546, section 1.4; RFC 8984, section 4.1.8).
    pub enum Method {
        /// Here it is; no answer wanted.
        Publish = "publish",
        /// Please take part.
        Request = "request",
        /// The answer.
        Reply = "reply",
        /// Further occurrences.
        Add = "add",
        /// It does not take place.
        Cancel = "cancel",
        /// Please send the latest version.
        Refresh = "refresh",
        /// Another suggestion.
        Counter = "counter",
        /// No to the suggestion.
        DeclineCounter = "declinecounter",
    }
}

json_model::text_enum! {
    /// Whether the time of an object counts as busy (RFC 8984, section 4.4.2).
    pub enum FreeBusyStatus {
        /// It does not.
        Free = "free",
        /// It does; the default.
        Busy = "busy",
    }
}

json_model::text_enum! {
    /// Who may see what of an object (RFC 8984, section 4.4.3).
    pub enum Privacy {
        /// Everybody everything; the default.
        Public = "public",
        /// Others see only when it is.
        Private = "private",
        /// Others do not see that it exists.
        Secret = "secret",
    }
}
