//! `RecurrenceRule::generates` against the reference answers of several calendar libraries.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Span, ToSpan};
use jscalendar::{LocalDateTime, RecurrenceRule};

use crate::answers::{Answer, answers, report};

#[test]
fn answers_of_other_libraries() {
    let Some(answers) = answers() else { return };
    let cases: Vec<Case> = answers.into_iter().filter_map(Case::new).collect();
    let mut agreed = Tally::default();
    let mut disputed = Tally::default();
    for case in &cases {
        // What dateutil gives too is taken for settled.
        let tally = if case.settled { &mut agreed } else { &mut disputed };
        tally.add(case);
    }
    report(&format_args!("settled: {agreed}"));
    report(&format_args!("other answers, not relied on: {disputed}"));
    assert!(agreed.wrong.is_empty(), "{:#?}", agreed.wrong);
    // Those that cannot be decided are few: ordinals in weekly and shorter rules, and parts that
    // RFC 8984 takes from the start and dateutil does not.
    assert!(agreed.undecided.len() * 10 < agreed.cases, "{:#?}", agreed.undecided);
}

#[derive(Default)]
struct Tally {
    cases: usize,
    instances: usize,
    others: usize,
    undecided: Vec<String>,
    wrong: Vec<String>,
}

impl Tally {
    fn add(&mut self, case: &Case) {
        self.cases += 1;
        let series = case.rule.membership(case.start);
        let mut undecided = 0;
        let mut ask = |at: LocalDateTime, expected: bool| match series.contains(at) {
            None => undecided += 1,
            Some(answer) if answer == expected => {}
            Some(_) => self.wrong.push(format!("{}: {at} should be {expected}", case.name)),
        };
        for at in &case.instances {
            ask(*at, true);
            let answer = case.rule.generates(case.start, *at);
            assert_eq!(series.contains(*at), answer, "{} {at}", case.name);
        }
        let others = case.others();
        others.iter().for_each(|at| ask(*at, false));
        self.instances += case.instances.len();
        self.others += others.len();
        if undecided > 0 {
            self.undecided.push(format!("{}: {undecided}", case.name));
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cases, instances, others, undecided, wrong } = self;
        let wrong_cases: BTreeSet<&str> =
            wrong.iter().filter_map(|line| line.split(": ").next()).collect();
        writeln!(
            f,
            "{cases} rules, {instances} instances and {others} other moments; \
             {} rules not decided everywhere, {} answers of {} rules differ",
            undecided.len(),
            wrong.len(),
            wrong_cases.len(),
        )?;
        undecided.iter().try_for_each(|line| writeln!(f, "  not decided: {line}"))?;
        wrong_cases.iter().try_for_each(|line| writeln!(f, "  differs: {line}"))
    }
}

struct Case {
    name: String,
    rule: RecurrenceRule,
    start: LocalDateTime,
    /// Sorted; the first of them is the start.
    instances: Vec<LocalDateTime>,
    /// Whether there are no other instances.
    complete: bool,
    settled: bool,
}

impl Case {
    /// `None` for a case that is about something else: other lines, refusals, rules that the reader
    /// of the answers does not read.
    fn new(answer: Answer) -> Option<Self> {
        if !answer.extra.is_empty() || answer.refused || answer.from.is_some() {
            return None;
        }
        let Answer { id, text, start, mut instances, complete, settled, .. } = answer;
        let rule = answer.rule?;
        instances.sort_unstable();
        // Most libraries leave out a start that the rule does not give, and `count` with it.
        if instances.first() != Some(&start) {
            instances.insert(0, start);
            if rule.count.is_some_and(|count| instances.len() as u64 > count) {
                instances.pop();
            }
        }
        let complete = complete && answer.window_end.is_none();
        Some(Self {
            name: format!("{id} {text} from {start}"),
            rule,
            start,
            instances,
            complete,
            settled,
        })
    }

    /// Moments that are no instances: beside each instance, halfway to the next one, and all days
    /// between the first ones.
    fn others(&self) -> Vec<LocalDateTime> {
        let mut others = BTreeSet::new();
        let steps: [Span; 6] = [1.second(), 1.minute(), 1.hour(), 1.day(), 1.week(), 1.month()];
        for instance in &self.instances {
            for step in steps {
                others.extend(instance.to_civil().checked_add(step).ok().map(local));
                others.extend(instance.to_civil().checked_sub(step).ok().map(local));
            }
        }
        for pair in self.instances.windows(2) {
            let [from, to] = pair else { continue };
            let half = from.to_civil().duration_until(to.to_civil()).as_secs() / 2;
            others.insert(local(from.to_civil() + SignedDuration::from_secs(half)));
        }
        others.extend(self.start.to_civil().series(1.day()).take(400).map(local));
        let last = self.instances.last().copied();
        let is_instance = |at: &LocalDateTime| self.instances.binary_search(at).is_ok();
        others.retain(|at| !is_instance(at) && (self.complete || Some(*at) < last));
        others.into_iter().collect()
    }
}

fn local(at: DateTime) -> LocalDateTime {
    at.to_string().parse().unwrap()
}
