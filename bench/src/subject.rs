//! What is compared: the same task, done by us and by each peer.
//!
//! Every task takes texts and gives a text or a structure that is dropped within the measured time, for that is what
//! a caller pays as well. A peer gets the quickest way that its documentation shows.

mod calcard;
mod icalendar;
mod ours;

/// One task and those who do it.
pub(crate) struct Contest {
    pub(crate) name: &'static str,
    pub(crate) ours: &'static [Subject],
    /// Each with the ratio that the design wants us to reach.
    pub(crate) peers: &'static [(Subject, f64)],
}

/// Somebody who does the task.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    /// What the task is given, made from an iCalendar text; `None` takes the text itself.
    pub(crate) prepare: Option<fn(&str) -> Result<Vec<String>, String>>,
    /// Does the task, and gives a number that depends on the result: it proves that there is one.
    pub(crate) run: fn(&str) -> Result<usize, String>,
}

pub(crate) const CONTESTS: &[Contest] = &[
    Contest {
        name: "parse",
        ours: &[
            Subject { name: "parse", prepare: None, run: ours::parse },
            Subject { name: "Blocks", prepare: None, run: ours::blocks },
        ],
        peers: &[
            (Subject { name: "calcard", prepare: None, run: calcard::parse }, 2.0),
            (Subject { name: "icalendar", prepare: None, run: icalendar::parse }, 5.0),
        ],
    },
    Contest {
        name: "to-json",
        ours: &[Subject { name: "ical-jscal", prepare: None, run: ours::to_json }],
        peers: &[(Subject { name: "calcard", prepare: None, run: calcard::to_json }, 4.0)],
    },
    Contest {
        name: "to-ical",
        ours: &[Subject { name: "ical-jscal", prepare: Some(ours::json), run: ours::to_ical }],
        peers: &[(
            Subject { name: "calcard", prepare: Some(calcard::json), run: calcard::to_ical },
            3.0,
        )],
    },
];
